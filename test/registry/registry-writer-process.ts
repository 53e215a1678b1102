/**
 * Adds rule-based versions to a models folder until it is killed, or kills itself before a given step of the disk.
 * Arguments: folder, versions to add, step to die at (0: none).
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { layOutVersion } from "../../src/registry/registration.ts";
import { createRegistryDisk, type RegistryDisk } from "../../src/registry/registry-disk.ts";
import { addVersion, chooseVersion } from "../../src/registry/registry-edits.ts";
import { createRegistryWriter } from "../../src/registry/registry-writer.ts";

const [directory = "", count = "0", deadlyStep = "0"] = process.argv.slice(2);
let step = 0;

function createMortalDisk(): RegistryDisk {
  const disk = createRegistryDisk();
  const survive = (atDeath: () => void = () => undefined): void => {
    step++;
    process.send?.(step);
    if (step !== Number(deadlyStep)) return;
    atDeath();
    process.kill(process.pid, "SIGKILL");
  };
  return {
    async makeDirectory(path) {
      survive();
      await disk.makeDirectory(path);
    },
    async createFile(path, bytes) {
      // Dies with half of the file written.
      survive(() => {
        const file = openSync(path, "wx");
        writeSync(file, bytes.subarray(0, bytes.byteLength / 2));
        closeSync(file);
      });
      await disk.createFile(path, bytes);
    },
    async rename(from, to) {
      survive();
      await disk.rename(from, to);
    },
    async syncDirectory(path) {
      survive();
      await disk.syncDirectory(path);
    },
    async remove(path) {
      survive();
      await disk.remove(path);
    },
  };
}

const writer = createRegistryWriter(directory, createMortalDisk(), 30_000);
for (let made = 0; made < Number(count); made++) {
  await writer.change((current) => {
    const bytes = Buffer.from(JSON.stringify({ process: process.pid, made }));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const version = chooseVersion(current, "signal_filter", "rule_based");
    const read = {
      modelName: "signal_filter",
      version,
      format: "rule_based",
      bytes,
      sha256,
      metadata: {},
      actor: "test",
    } as const;
    const { entry, files } = layOutVersion(current, read, version, "2024-01-01T00:00:00.000Z");
    return { index: addVersion(current, "signal_filter", entry, 10_000), newFiles: files };
  });
}
