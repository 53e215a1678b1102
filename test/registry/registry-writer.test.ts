import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { UnavailableError } from "../../src/domain/errors.ts";
import { readCatalog } from "../../src/registry/registry-catalog.ts";
import { createRegistryDisk, type RegistryDisk } from "../../src/registry/registry-disk.ts";
import { pointAlias } from "../../src/registry/registry-edits.ts";
import { acquireRegistryLock, lockFile } from "../../src/registry/registry-lock.ts";
import { scanRegistry } from "../../src/registry/registry-scan.ts";
import {
  createRegistryWriter,
  indexFile,
  readRegistryIndex,
  writeDurably,
} from "../../src/registry/registry-writer.ts";
import { createModelsFolder, createRandom } from "./model-fixtures.ts";

const script = fileURLToPath(new URL("registry-writer-process.ts", import.meta.url));

/** A hundred processes compile the same files; this halves their start. */
const compileCache = mkdtempSync(join(tmpdir(), "compile-cache-"));
afterAll(() => rmSync(compileCache, { recursive: true, force: true }));

/** Starts a writer process; `onStep` hears of each step of its disk before it is taken. */
function startWriter(
  folder: string,
  count: number,
  deadlyStep = 0,
  onStep?: (child: ChildProcess, step: number) => void,
) {
  const child = fork(script, [folder, String(count), String(deadlyStep)], {
    execArgv: [],
    env: { NODE_COMPILE_CACHE: compileCache },
  });
  if (onStep !== undefined) child.on("message", (step) => onStep(child, Number(step)));
  return new Promise<NodeJS.Signals | number | null>((resolve) => {
    child.on("exit", (code, signal) => resolve(signal ?? code));
  });
}

/** Versions that the folder's index names, each with intact files. */
function countVersions(folder: string): number {
  const catalog = readCatalog(folder, readRegistryIndex(folder), undefined, true);
  expect(catalog.versions.filter(({ fault }) => fault !== undefined)).toEqual([]);
  return catalog.versions.filter(({ modelName }) => modelName === "signal_filter").length;
}

/** Of the twelve steps of one version, the renaming of its index is the eleventh. */
const stepsPerVersion = 12;
const decidingStep = 11;

describe("a writer that is killed", () => {
  it("leaves the old index or the new one, whichever of 72 steps it was about to take", async () => {
    const folder = createModelsFolder();
    for (let deadlyStep = 1; deadlyStep <= 6 * stepsPerVersion; deadlyStep++) {
      const before = countVersions(folder);
      expect(await startWriter(folder, 6, deadlyStep)).toBe("SIGKILL");
      const complete = Math.floor((deadlyStep - 1 - decidingStep) / stepsPerVersion) + 1;
      expect(countVersions(folder) - before).toBe(complete);
    }
  }, 120_000);

  it("leaves an intact index when the kill comes at any moment, 28 times", async () => {
    const folder = createModelsFolder();
    const random = createRandom(7);
    for (let round = 0; round < 28; round++) {
      const before = countVersions(folder);
      const fatalStep = 1 + random(5 * stepsPerVersion);
      let seen = 0;
      await startWriter(folder, 1000, 0, (child, step) => {
        seen = step;
        if (step === fatalStep) child.kill("SIGKILL");
      });
      const added = countVersions(folder) - before;
      expect(added).toBeGreaterThanOrEqual(Math.floor((seen - stepsPerVersion) / stepsPerVersion));
    }
  }, 120_000);

  it("leaves files that are reported, named by no index, and do not hinder the next writer", async () => {
    const folder = createModelsFolder();
    await startWriter(folder, 1, 2);
    await startWriter(folder, 1, 10);
    const index = readRegistryIndex(folder);
    const findings = scanRegistry(folder, readCatalog(folder, index, undefined, true));
    expect(findings.map(({ kind }) => kind).toSorted()).toEqual(["STRAY", "STRAY", "UNFINISHED", "UNFINISHED"]);
    expect(await startWriter(folder, 1)).toBe(0);
    expect(countVersions(folder)).toBe(2);
  });
});

describe("two writers", () => {
  it("lose nothing of one another's", async () => {
    const folder = createModelsFolder();
    expect(await Promise.all([startWriter(folder, 25), startWriter(folder, 25)])).toEqual([0, 0]);
    expect(countVersions(folder)).toBe(51);
  }, 30_000);

  it("of one process take turns, too", async () => {
    const folder = createModelsFolder();
    const order: string[] = [];
    const release = await acquireRegistryLock(join(folder, lockFile), 0);
    const second = acquireRegistryLock(join(folder, lockFile), 10_000).then((releaseSecond) => {
      order.push("second");
      releaseSecond();
    });
    order.push("first");
    release();
    await second;
    expect(order).toEqual(["first", "second"]);
  });

  it("give up on a lock that stays taken", async () => {
    const folder = createModelsFolder();
    const release = await acquireRegistryLock(join(folder, lockFile), 0);
    const writer = createRegistryWriter(folder, createRegistryDisk(), 20);
    await expect(writer.change((index) => ({ index }))).rejects.toMatchObject({ reason: "REGISTRY_LOCKED" });
    release();
    await writer.change((index) => ({ index }));
  });
});

describe("a disk that fails", () => {
  const steps = ["makeDirectory", "createFile", "rename"] as const;
  it.each(steps)("in %s leaves index and folder as they were", async (step) => {
    const folder = createModelsFolder();
    const before = readFileSync(join(folder, indexFile));
    const names = readdirSync(folder);
    const disk: RegistryDisk = { ...createRegistryDisk(), [step]: () => Promise.reject(new Error("ENOSPC")) };
    const writer = createRegistryWriter(folder, disk, 1000);
    const change = writer.change((index) => ({
      index: pointAlias(index, "signal_filter", "challenger", "v1.0.0_rule_based"),
    }));
    await expect(change).rejects.toThrow(UnavailableError);
    expect(readFileSync(join(folder, indexFile))).toEqual(before);
    expect(readdirSync(folder).filter((name) => name !== lockFile)).toEqual(names);
  });

  it("tells of a folder whose names could not be made durable", async () => {
    const folder = createModelsFolder();
    const disk: RegistryDisk = { ...createRegistryDisk(), syncDirectory: () => Promise.reject(new Error("EIO")) };
    await expect(createRegistryWriter(folder, disk, 1000).change((index) => ({ index }))).rejects.toMatchObject({
      reason: "REGISTRY_UNWRITABLE",
    });
  });
});

describe("writeDurably", () => {
  it("syncs file, name and folder in this order", async () => {
    const folder = createModelsFolder();
    const order: string[] = [];
    const disk = createRegistryDisk();
    const watch =
      <Arguments extends unknown[]>(name: string, take: (...given: Arguments) => Promise<void>) =>
      (...given: Arguments): Promise<void> => {
        order.push(name);
        return take(...given);
      };
    const watched: RegistryDisk = {
      makeDirectory: watch("makeDirectory", disk.makeDirectory),
      createFile: watch("createFile", disk.createFile),
      rename: watch("rename", disk.rename),
      syncDirectory: watch("syncDirectory", disk.syncDirectory),
      remove: watch("remove", disk.remove),
    };
    const path = join(folder, "signal_filter", "x.onnx");
    await writeDurably(watched, path, Buffer.from("model"));
    expect(order).toEqual(["makeDirectory", "createFile", "rename", "syncDirectory"]);
    expect(readFileSync(path, "utf8")).toBe("model");
  });

  it("makes folders that are not there yet", async () => {
    const path = join(createModelsFolder(), "a", "b", "c");
    await writeDurably(createRegistryDisk(), path, Buffer.from("model"));
    expect(existsSync(path)).toBe(true);
  });
});

describe("the index", () => {
  it.each(["../secret.json", "/etc/passwd", "a/../../b", "a\\b"])("names no file such as %s", (path) => {
    const folder = createModelsFolder();
    const text = readFileSync(join(folder, indexFile), "utf8").replace(
      "signal_filter/v1.0.0_rule_based.json",
      JSON.stringify(path).slice(1, -1),
    );
    writeFileSync(join(folder, indexFile), text);
    expect(() => readRegistryIndex(folder)).toThrow("leads out of the models folder");
  });
});
