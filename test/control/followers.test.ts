/** The control plane takes other processes along in every change, or changes nothing. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { defaultConfig } from "../../src/config/config-schema.ts";
import type { Halt } from "../../src/config/halt.ts";
import { ControlPlane } from "../../src/control/control-plane.ts";
import { Follower } from "../../src/control/follower.ts";
import type { Challengers, DecidingState, Followers, PreparedChange } from "../../src/control/followers.ts";
import { createSystemClock } from "../../src/domain/clock.ts";
import { createFolder, createModelsFolder, readFixture } from "../registry/model-fixtures.ts";
import { createTrendingRequest } from "./trained-requests.ts";

/** Notes what it is told, beside what stands on the disk at that moment. */
class NotingFollowers implements Followers {
  readonly notes: string[] = [];
  readonly look: () => string;
  refusal: Error | undefined;
  challengers: Challengers = {};
  /** Holds commits and halts back until it is resolved. */
  held: Promise<void> | undefined;

  constructor(look: () => string) {
    this.look = look;
  }

  async prepare({ configHash, models }: DecidingState): Promise<PreparedChange> {
    this.#note(`prepare ${models.signal_filter.version}`);
    if (this.refusal !== undefined) throw this.refusal;
    return {
      commit: async () => {
        this.#note(`commit ${configHash.length}`);
        await this.held;
        this.#note("committed");
      },
      discard: () => this.#note("discard"),
    };
  }

  async putHalts(halts: readonly Halt[]): Promise<void> {
    this.#note(`halts ${halts.length}`);
    await this.held;
    this.#note("halted");
  }

  follow(challengers: Challengers): void {
    this.challengers = challengers;
  }

  #note(what: string): void {
    this.notes.push(`${what}${this.look()}`);
  }
}

async function openLed() {
  const modelsDirectory = createModelsFolder();
  const configDirectory = join(createFolder(), "config");
  const countLines = (name: string): number => {
    try {
      return readFileSync(join(configDirectory, name), "utf8").trimEnd().split("\n").filter(Boolean).length;
    } catch {
      return 0;
    }
  };
  const followers = new NotingFollowers(() => ` | ${countLines("history.jsonl")} ${countLines("halts.jsonl")}`);
  const plane = await ControlPlane.open({
    modelsDirectory,
    configDirectory,
    defaults: defaultConfig,
    clock: createSystemClock(),
    recordAction: () => undefined,
    onComparison: () => undefined,
    onOmission: () => undefined,
    onFault: (message, error) => {
      throw new Error(message, { cause: error });
    },
    followers,
  });
  onTestFinished(() => plane.close());
  return { plane, followers, modelsDirectory, configDirectory };
}

const patch = { signalFilter: { entryThreshold: 0.6 } };
const note = { actor: "ada", reason: "test" };
const halt = { scope: "SERVICE", target: "", ...note } as const;
const register = (plane: ControlPlane, version: string) =>
  plane.register({ modelName: "signal_filter", version, ...readFixture("signal-column.onnx"), actor: "ada" });

describe("a change", () => {
  it("is prepared everywhere, then written, then committed, then answered", async () => {
    const { plane, followers } = await openLed();
    const { promise, resolve } = Promise.withResolvers<void>();
    followers.held = promise;
    let isAnswered = false;
    const answered = plane.updateConfig(patch, note).then(() => {
      isAnswered = true;
    });
    while (followers.notes.length < 2) await new Promise((turn) => setImmediate(turn));
    expect(followers.notes).toEqual(["prepare v1.0.0_rule_based | 1 0", "commit 16 | 2 0"]);
    expect(isAnswered).toBe(false);
    resolve();
    await answered;
    expect(followers.notes.at(-1)).toBe("committed | 2 0");
  });

  it("does not happen when a follower is not ready for it", async () => {
    const { plane, followers } = await openLed();
    const before = plane.inForce;
    followers.refusal = new Error("not ready");
    await expect(plane.updateConfig(patch, note)).rejects.toThrow("not ready");
    expect(plane.inForce).toEqual(before);
    expect(followers.notes).toEqual(["prepare v1.0.0_rule_based | 1 0"]);
    followers.refusal = undefined;
    await plane.updateConfig(patch, note);
    expect(plane.inForce.config.config.signalFilter.entryThreshold).toBe(0.6);
  });

  it("is given up everywhere when it cannot be written", async () => {
    const { plane, followers, modelsDirectory } = await openLed();
    await register(plane, "v2.0.0");
    await plane.updateConfig({ signalFilter: { useMlModel: true } }, note);
    followers.notes.length = 0;
    // The index cannot be replaced any more.
    rmSync(join(modelsDirectory, "registry_index.json"));
    const request = { modelName: "signal_filter", version: "v2.0.0", alias: "champion", actor: "ada" };
    await expect(plane.setAlias(request)).rejects.toThrow();
    expect(followers.notes).toEqual(["prepare v2.0.0 | 2 0", "discard | 2 0"]);
    expect(plane.inForce.models[1].version).not.toBe("v2.0.0");
  });

  it("is only looked at in a dry run", async () => {
    const { plane, followers } = await openLed();
    await plane.updateConfig(patch, { ...note, dryRun: true });
    expect(followers.notes).toEqual(["prepare v1.0.0_rule_based | 1 0", "discard | 1 0"]);
  });

  it("of an alias tells which versions shadow", async () => {
    const { plane, followers } = await openLed();
    await register(plane, "v2.0.0");
    await plane.setAlias({ modelName: "signal_filter", version: "v2.0.0", alias: "challenger", actor: "ada" });
    expect(followers.challengers).toEqual({ signal_filter: "v2.0.0" });
  });
});

describe("a halt", () => {
  it("is in force everywhere before it is answered, and does not wait for the disk", async () => {
    const { plane, followers } = await openLed();
    await plane.halt(halt);
    expect(followers.notes).toEqual(["halts 1 | 1 0", expect.stringMatching(/^halted/)]);
  });

  it("is written before it is lifted anywhere", async () => {
    const { plane, followers } = await openLed();
    await plane.halt(halt);
    followers.notes.length = 0;
    await plane.resume(halt);
    expect(followers.notes).toEqual(["halts 0 | 1 2", "halted | 1 2"]);
  });

  it("is not answered while a follower may still trade", async () => {
    const { plane, followers } = await openLed();
    const { promise, resolve } = Promise.withResolvers<void>();
    followers.held = promise;
    let isAnswered = false;
    const answered = plane.halt(halt).then(() => {
      isAnswered = true;
    });
    while (followers.look() !== " | 1 1") await new Promise((turn) => setImmediate(turn));
    expect(isAnswered).toBe(false);
    resolve();
    await answered;
  });
});

describe("a follower", () => {
  function openFollower(modelsDirectory: string): Follower {
    const faults: string[] = [];
    const follower = new Follower({
      modelsDirectory,
      clock: createSystemClock(),
      onComparison: () => undefined,
      onOmission: () => undefined,
      onFault: (message) => faults.push(message),
      stageObserver: { monotonicMs: () => 0, observe: () => undefined },
    });
    onTestFinished(async () => {
      await follower.close();
      expect(faults).toEqual([]);
    });
    return follower;
  }
  const request = createTrendingRequest(1);

  it("decides as the plane does, after every change", async () => {
    const { plane, modelsDirectory } = await openLed();
    const follower = openFollower(modelsDirectory);
    const follow = async (change: number): Promise<void> => {
      await follower.prepare(change, plane.decidingState);
      follower.commit(change);
      expect(await follower.decide(request)).toEqual(await plane.decide(request));
    };
    await follow(1);
    await register(plane, "v2.0.0");
    await plane.updateConfig({ signalFilter: { useMlModel: true, entryThreshold: 0.6 } }, note);
    await plane.setAlias({ modelName: "signal_filter", version: "v2.0.0", alias: "champion", actor: "ada" });
    await follow(2);
    expect(follower.inForce).toEqual(plane.inForce);
  });

  it("goes on with what is in force until it is told otherwise", async () => {
    const { plane, modelsDirectory } = await openLed();
    const follower = openFollower(modelsDirectory);
    await follower.prepare(1, plane.decidingState);
    follower.commit(1);
    const before = follower.inForce;
    await plane.updateConfig(patch, note);
    await follower.prepare(2, plane.decidingState);
    expect(follower.inForce).toEqual(before);
    follower.discard(2);
    expect(() => follower.commit(2)).toThrow("change 2 was not prepared");
    expect(() => follower.commit(1)).toThrow("change 1 was not prepared");
  });

  it.each<[string, (state: DecidingState) => DecidingState, RegExp]>([
    ["another configuration", (state) => ({ ...state, configHash: "0".repeat(16) }), /configuration reads as/],
    [
      "another file of a model",
      (state) => ({
        ...state,
        models: { ...state.models, signal_filter: { ...state.models.signal_filter, sha256: "0".repeat(64) } },
      }),
      /another file/,
    ],
  ])("refuses to prepare %s than it is told", async (_what, change, message) => {
    const { plane, modelsDirectory } = await openLed();
    const follower = openFollower(modelsDirectory);
    await expect(follower.prepare(1, change(plane.decidingState))).rejects.toThrow(message);
    expect(() => follower.commit(1)).toThrow("was not prepared");
  });

  it("cannot be ready with a file that was damaged meanwhile", async () => {
    const { plane, modelsDirectory } = await openLed();
    const follower = openFollower(modelsDirectory);
    await register(plane, "v2.0.0");
    await plane.updateConfig({ signalFilter: { useMlModel: true }, model: { signalFilterVersion: "v2.0.0" } }, note);
    writeFileSync(join(modelsDirectory, "signal_filter", "v2.0.0.onnx"), "damaged");
    await expect(follower.prepare(1, plane.decidingState)).rejects.toThrow(/SHA-256/);
  });

  it("halts from the next decision on", async () => {
    const { plane, modelsDirectory } = await openLed();
    const follower = openFollower(modelsDirectory);
    await follower.prepare(1, plane.decidingState);
    follower.commit(1);
    await plane.halt(halt);
    follower.putHalts(plane.halts);
    expect((await follower.decide(request)).gates[0]).toMatchObject({ name: "TRADING_ENABLED", passed: false });
    follower.putHalts([]);
    expect((await follower.decide(request)).gates[0]).toMatchObject({ passed: true });
  });
});
