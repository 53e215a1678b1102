import { describe, expect, it } from "vitest";
import { OverloadedError, UnmetConditionError } from "../../src/domain/errors.ts";
import type { TrainedModel } from "../../src/domain/trained-model.ts";
import { createLoadedVersions } from "../../src/registry/loaded-versions.ts";

/** Models that count how often they are loaded and released. */
function createFixture(loadedMax = 2, pinned: readonly string[] = []) {
  const moves: string[] = [];
  const counts = { loads: 0, releases: 0 };
  const versions = createLoadedVersions({
    loadedMax,
    isPinned: (key) => pinned.includes(key),
    onMove: (key, _from, to) => moves.push(`${key} ${to.state}`),
  });
  const load = async (): Promise<TrainedModel> => {
    counts.loads++;
    return {
      identity: { name: "signal_filter", version: "v1.0.0", sha256: "" },
      inputs: [],
      outputCount: 1,
      run: async () => new Float32Array(),
      release: async () => {
        counts.releases++;
      },
    };
  };
  return { versions, load, counts, moves };
}

describe("loaded versions", () => {
  it("load once for everybody who asks meanwhile", async () => {
    const { versions, load, counts } = createFixture();
    const leases = await Promise.all([versions.acquire("a", load), versions.acquire("a", load)]);
    expect(counts.loads).toBe(1);
    expect(leases[0]?.model).toBe(leases[1]?.model);
  });

  it("release a model with the last of its leases, and not before", async () => {
    const { versions, load, counts, moves } = createFixture();
    const first = await versions.acquire("a", load);
    const second = first.share();
    await versions.unload("a", "deleted");
    expect(versions.status("a")).toEqual({ state: "UNLOADING", reason: "deleted" });
    await first.release();
    await first.release();
    expect(counts.releases).toBe(0);
    await second.release();
    expect(counts.releases).toBe(1);
    expect(versions.status("a")).toEqual({ state: "END", reason: "deleted" });
    expect(moves).toEqual(["a LOADING", "a AVAILABLE", "a UNLOADING", "a END"]);
  });

  it("keep a model that nobody leases", async () => {
    const { versions, load, counts } = createFixture();
    await (await versions.acquire("a", load)).release();
    await (await versions.acquire("a", load)).release();
    expect(counts).toEqual({ loads: 1, releases: 0 });
  });

  it("lease nothing of a version that is being unloaded", async () => {
    const { versions, load } = createFixture();
    await versions.acquire("a", load);
    await versions.unload("a", "deleted");
    await expect(versions.acquire("a", load)).rejects.toThrow(UnmetConditionError);
  });

  it("load again what was unloaded", async () => {
    const { versions, load, counts } = createFixture();
    await (await versions.acquire("a", load)).release();
    await versions.unload("a", "no longer needed");
    await versions.acquire("a", load);
    expect(versions.status("a").state).toBe("AVAILABLE");
    expect(counts).toEqual({ loads: 2, releases: 1 });
  });

  it("make room by unloading what was leased least recently, is not leased and not pinned", async () => {
    const { versions, load } = createFixture(4, ["pinned"]);
    const leased = await versions.acquire("leased", load);
    for (const key of ["pinned", "a", "b"]) await (await versions.acquire(key, load)).release();
    await (await versions.acquire("a", load)).release();
    await versions.acquire("new", load);
    const states = ["leased", "pinned", "a", "b", "new"].map((key) => versions.status(key).state);
    expect(states).toEqual(["AVAILABLE", "AVAILABLE", "AVAILABLE", "END", "AVAILABLE"]);
    await leased.release();
  });

  it("refuse one more when all are needed, and say so without loading it", async () => {
    const { versions, load, counts } = createFixture(1, ["a"]);
    await (await versions.acquire("a", load)).release();
    await expect(versions.acquire("b", load)).rejects.toThrow(OverloadedError);
    expect(versions.status("b").state).toBe("START");
    expect(counts.loads).toBe(1);
  });

  it("never load more than the limit when many ask at once", async () => {
    const { versions, load, counts } = createFixture(2);
    const asked = await Promise.allSettled(["a", "b", "c", "d"].map((key) => versions.acquire(key, load)));
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    expect(counts.loads).toBe(2);
  });

  it("end with the reason when loading fails, and try again when asked again", async () => {
    const { versions, load } = createFixture();
    const fail = () => Promise.reject(new Error("no such disk"));
    await expect(versions.acquire("a", fail)).rejects.toThrow("no such disk");
    expect(versions.status("a")).toEqual({ state: "END", reason: "it cannot be loaded: no such disk" });
    await versions.acquire("a", load);
    expect(versions.status("a").state).toBe("AVAILABLE");
  });

  it("close by releasing what is idle at once and the rest with its lease", async () => {
    const { versions, load, counts } = createFixture();
    await (await versions.acquire("a", load)).release();
    const lease = await versions.acquire("b", load);
    await versions.close();
    expect(counts.releases).toBe(1);
    await lease.release();
    expect(counts.releases).toBe(2);
  });
});
