import { existsSync } from "node:fs";
import { join } from "node:path";
import { UnavailableError } from "../domain/errors.ts";
import { readCatalog, readVerified } from "./registry-catalog.ts";
import { createRegistryDisk, type RegistryDisk } from "./registry-disk.ts";
import { formatRegistryIndex } from "./registry-index.ts";
import { acquireRegistryLock, lockFile } from "./registry-lock.ts";
import { scanRegistry } from "./registry-scan.ts";
import { indexFile, readRegistryIndex, writeDurably } from "./registry-writer.ts";

const lockTimeoutMs = 5000;

/**
 * Gives a models folder without an index the models that the package ships. The index comes last, so that an
 * interrupted start is made good by the next one.
 *
 * @returns whether it did anything
 * @throws UnavailableError when the folder has models but no index: that is a loss, not a beginning.
 */
export async function seedModelRegistry(
  directory: string,
  seedDirectory: string,
  disk: RegistryDisk = createRegistryDisk(),
): Promise<boolean> {
  if (existsSync(join(directory, indexFile))) return false;
  await disk.makeDirectory(directory);
  const release = await acquireRegistryLock(join(directory, lockFile), lockTimeoutMs);
  try {
    if (existsSync(join(directory, indexFile))) return false;
    const index = readRegistryIndex(seedDirectory);
    const catalog = readCatalog(seedDirectory, index, undefined, false);
    const stray = scanRegistry(directory, { index, versions: catalog.versions }).find(({ kind }) => kind === "STRAY");
    if (stray !== undefined) {
      throw new UnavailableError(
        `${directory} holds ${stray.path} but no ${indexFile}; restore the index, or start with an empty folder`,
        "REGISTRY_DAMAGED",
      );
    }
    for (const entry of catalog.versions) {
      for (const [file, sha256] of [
        [entry.file, entry.sha256] as const,
        [entry.metadataFile, entry.metadataSha256] as const,
      ]) {
        await writeDurably(disk, join(directory, file), readVerified(seedDirectory, file, sha256));
      }
    }
    await writeDurably(disk, join(directory, indexFile), Buffer.from(formatRegistryIndex(index)));
    return true;
  } finally {
    release();
  }
}
