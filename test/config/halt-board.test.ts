import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type HaltBoard, type HaltRequest, haltsMax } from "../../src/config/halt-board.ts";
import { writeRecordLine } from "../../src/config/record-line.ts";
import { ConfigFileError } from "../../src/config/record-recovery.ts";
import type { ModelIdentity } from "../../src/domain/decision.ts";
import { InvalidInputError, NotFoundError, UnavailableError } from "../../src/domain/errors.ts";
import { FaultyFs } from "./faulty-fs.ts";
import { errorOf, haltsPath, makeTemporaryDirectory, openTestBoard, readLines } from "./temporary-config.ts";

const service: HaltRequest = { scope: "SERVICE", target: "", reason: "outage", actor: "ops" };
const symbol: HaltRequest = { scope: "SYMBOL", target: "EURUSD", reason: "fat finger", actor: "ops" };
const model: HaltRequest = { scope: "MODEL", target: "signal_filter", reason: "drift", actor: "" };
const version: HaltRequest = { scope: "MODEL", target: "signal_filter/v2.0.0", reason: "bad", actor: "ops" };

const identity = (name: string, modelVersion: string): ModelIdentity => ({ name, version: modelVersion, sha256: "" });
const models = [identity("regime_classifier", "v1.0.0"), identity("signal_filter", "v2.0.0")];
const olderModels = [identity("regime_classifier", "v1.0.0"), identity("signal_filter", "v1.0.0")];

const open = (options: { directory?: string; fs?: FaultyFs } = {}) =>
  openTestBoard({ directory: makeTemporaryDirectory(), ...options });

/** What a restart would find. */
const restart = (directory: string): HaltBoard => open({ directory });

describe("a halt", () => {
  it.each<[string, HaltRequest, string, readonly ModelIdentity[], string | undefined]>([
    [
      "of the service stops everything",
      service,
      "GBPUSD",
      models,
      "trading is halted for the service: outage (by ops)",
    ],
    ["of a symbol stops it", symbol, "EURUSD", models, "trading is halted for symbol EURUSD: fat finger (by ops)"],
    [
      "of a symbol stops it in any case",
      symbol,
      "eurUsd ",
      models,
      "trading is halted for symbol EURUSD: fat finger (by ops)",
    ],
    ["of a symbol stops no other", symbol, "EURUSDX", models, undefined],
    [
      "of a model stops all its versions",
      model,
      "EURUSD",
      olderModels,
      "trading is halted for model signal_filter: drift",
    ],
    ["of a version stops it", version, "X", models, "trading is halted for model signal_filter/v2.0.0: bad (by ops)"],
    ["of a version stops no other", version, "EURUSD", olderModels, undefined],
    ["of a model stops no decision without it", model, "EURUSD", [identity("regime_classifier", "v1.0.0")], undefined],
  ])("%s", async (_what, request, asked, takingPart, text) => {
    const board = open();
    expect(board.find(asked, takingPart)).toBeUndefined();
    await board.halt(request);
    expect(board.find(asked, takingPart)).toBe(text);
    await board.resume({ ...request, reason: "over" });
    expect(board.find(asked, takingPart)).toBeUndefined();
  });

  it("names the widest of several reasons, and the next when that one is lifted", async () => {
    const board = open();
    for (const request of [model, symbol, service]) await board.halt(request);
    expect(board.find("EURUSD", models)).toContain("outage");
    await board.resume(service);
    expect(board.find("EURUSD", models)).toContain("fat finger");
    await board.resume(symbol);
    expect(board.find("EURUSD", models)).toContain("drift");
    await board.resume(model);
    expect(board.find("EURUSD", models)).toBeUndefined();
  });

  it("is listed with who, why and since when", async () => {
    const board = open();
    await board.halt(symbol);
    await board.halt(model);
    expect(board.list()).toEqual([
      { ...symbol, sinceMicros: 1_735_787_046_000_000 },
      { ...model, sinceMicros: 1_735_787_047_000_000 },
    ]);
  });

  it("that is repeated gets the new reason and stays as old as it is", async () => {
    const board = open();
    await board.halt(symbol);
    await board.halt({ ...symbol, target: "eurusd", reason: "still wrong", actor: "risk" });
    expect(board.list()).toEqual([
      { scope: "SYMBOL", target: "eurusd", reason: "still wrong", actor: "risk", sinceMicros: 1_735_787_046_000_000 },
    ]);
  });

  it("outlives a restart, and so does its end", async () => {
    const directory = makeTemporaryDirectory();
    const board = open({ directory });
    for (const request of [service, symbol, version]) await board.halt(request);
    await board.resume(service);
    await board.close();
    const again = restart(directory);
    expect(again.list()).toEqual(board.list());
    expect(again.find("EURUSD", models)).toBe(board.find("EURUSD", models));
    await again.resume(symbol);
    await again.resume(version);
    await again.close();
    expect(restart(directory).list()).toEqual([]);
  });

  const long = (length: number) => "x".repeat(length);
  it.each<[string, object, string]>([
    ["no reason", { reason: "" }, "reason"],
    ["a blank reason", { reason: " \n" }, "reason"],
    ["too long a reason", { reason: long(501) }, "reason"],
    ["too long an actor", { actor: long(129) }, "actor"],
    ["another scope", { scope: "ACCOUNT" }, "scope"],
    ["no symbol", { target: "" }, "target"],
    ["a blank symbol", { target: "  " }, "target"],
    ["too long a symbol", { target: long(130) }, "target"],
    ["a target for the service", { scope: "SERVICE", target: "EURUSD" }, "target"],
    ["no model", { scope: "MODEL", target: "" }, "target"],
    ["a model that does not decide", { scope: "MODEL", target: "signal_filtre" }, "target"],
    ["no version behind the slash", { scope: "MODEL", target: "signal_filter/" }, "target"],
    ["two slashes", { scope: "MODEL", target: "signal_filter/v1/x" }, "target"],
  ])("with %s is refused, and so is such a resume", async (_what, change, field) => {
    const directory = makeTemporaryDirectory();
    const board = open({ directory });
    const request = { ...symbol, ...change };
    for (const attempt of [board.halt(request), board.resume(request)]) {
      const error = await errorOf(attempt);
      expect(error).toBeInstanceOf(InvalidInputError);
      expect(error).toMatchObject({ violations: [expect.objectContaining({ field })] });
    }
    expect([board.list(), readLines(haltsPath(directory))]).toEqual([[], []]);
  });

  it("may be as long as its limits", async () => {
    const board = open();
    await board.halt({ ...symbol, target: long(129), reason: long(500), actor: long(128) });
    expect(board.list()).toHaveLength(1);
  });

  it("is refused beyond the most there may be, unless it stops the service", async () => {
    const board = open({ fs: new FaultyFs() });
    await Promise.all(Array.from({ length: haltsMax }, (_, index) => board.halt({ ...symbol, target: `S${index}` })));
    expect(await errorOf(board.halt(symbol))).toMatchObject({ reason: "TOO_MANY_HALTS" });
    await board.halt({ ...symbol, target: "S7", reason: "again" });
    await board.halt(service);
    expect(board.list()).toHaveLength(haltsMax + 1);
  });
});

describe("a resume", () => {
  it("of what is not halted is refused", async () => {
    const board = open();
    await board.halt(version);
    for (const request of [service, symbol, model]) {
      expect(await errorOf(board.resume(request))).toBeInstanceOf(NotFoundError);
    }
    expect(board.list()).toHaveLength(1);
  });

  it("that is given twice at once succeeds once", async () => {
    const board = open();
    await board.halt(symbol);
    const outcomes = await Promise.allSettled([board.resume(symbol), board.resume(symbol)]);
    expect(outcomes).toMatchObject([{ status: "fulfilled" }, { reason: expect.any(NotFoundError) }]);
  });

  it("does not lift a halt that was given after it", async () => {
    const directory = makeTemporaryDirectory();
    const fs = new FaultyFs();
    const board = open({ directory, fs });
    await board.halt(symbol);
    fs.isHoldingSyncs = true;
    const resumed = board.resume(symbol);
    await expect.poll(() => fs.count("fdatasync")).toBe(2);
    const halted = board.halt({ ...symbol, reason: "again" });
    fs.endSync();
    await resumed;
    expect(board.find("EURUSD", models)).toContain("again");
    await expect.poll(() => fs.count("fdatasync")).toBe(3);
    fs.endSync();
    await halted;
    expect(restart(directory).list()).toEqual(board.list());
  });

  it("that waits behind a new halt of the same target gives way to it", async () => {
    const board = open();
    await board.halt(symbol);
    const resumed = errorOf(board.resume(symbol));
    await board.halt({ ...symbol, reason: "again" });
    expect(await resumed).toMatchObject({ reason: "HALTED_ANEW" });
    expect(board.find("EURUSD", models)).toContain("again");
  });
});

describe("on the way to the disk", () => {
  it("a halt is in force already", async () => {
    const fs = new FaultyFs();
    const board = open({ fs });
    fs.isHoldingSyncs = true;
    const halted = board.halt(symbol);
    expect(board.find("EURUSD", models)).toBeDefined();
    await expect.poll(() => fs.count("fdatasync")).toBe(1);
    fs.endSync();
    await halted;
  });

  it("a resume is not in force yet", async () => {
    const fs = new FaultyFs();
    const board = open({ fs });
    await board.halt(symbol);
    fs.isHoldingSyncs = true;
    const resumed = board.resume(symbol);
    await expect.poll(() => fs.count("fdatasync")).toBe(2);
    expect(board.find("EURUSD", models)).toBeDefined();
    fs.endSync();
    await resumed;
    expect(board.find("EURUSD", models)).toBeUndefined();
  });

  it.each<["fdatasync" | "writeSync" | "statSync"]>([["fdatasync"], ["writeSync"], ["statSync"]])(
    "a failing %s stops no halt, and lets no resume through",
    async (operation) => {
      const directory = makeTemporaryDirectory();
      const fs = new FaultyFs();
      const board = open({ directory, fs });
      await board.halt(symbol);
      fs.faults.set(operation, new Error("EIO"));
      const error = await errorOf(board.halt(service));
      expect(error).toBeInstanceOf(UnavailableError);
      expect(error).toMatchObject({ reason: "HALT_NOT_DURABLE" });
      expect(board.find("GBPUSD", models)).toContain("outage");
      await errorOf(board.resume(service));
      await errorOf(board.resume(symbol));
      expect(board.list()).toHaveLength(2);
      expect(restart(directory).find("EURUSD", models)).toBeDefined();
    },
  );

  it("a halt whose sync failed is kept for the restart as well as can be", async () => {
    const directory = makeTemporaryDirectory();
    const fs = new FaultyFs();
    const board = open({ directory, fs });
    fs.faults.set("fdatasync", new Error("EIO"));
    await errorOf(board.halt(symbol));
    expect(restart(directory).find("EURUSD", models)).toBeDefined();
  });

  it("a halt that a full disk refused is written with the next change", async () => {
    const directory = makeTemporaryDirectory();
    const fs = new FaultyFs();
    const board = open({ directory, fs });
    fs.freeBytes = 10;
    await errorOf(board.halt(symbol));
    fs.freeBytes = Number.POSITIVE_INFINITY;
    await board.halt(model);
    expect(restart(directory).list()).toEqual(board.list());
    expect(board.list()).toHaveLength(2);
  });
});

describe("recovery", () => {
  it("cuts an unfinished line off", async () => {
    const directory = makeTemporaryDirectory();
    const board = open({ directory });
    await board.halt(symbol);
    const before = board.list();
    await board.halt(service);
    await board.close();
    const whole = readFileSync(haltsPath(directory));
    const lastStart = whole.lastIndexOf("\n", whole.length - 2) + 1;
    const cut = join(directory, "cut");
    mkdirSync(cut);
    for (let bytes = lastStart; bytes <= whole.length; bytes += bytes + 41 < whole.length ? 41 : 1) {
      writeFileSync(haltsPath(cut), whole.subarray(0, bytes));
      const again = open({ directory: cut, fs: new FaultyFs() });
      await again.close();
      expect(again.list()).toEqual(bytes === whole.length ? board.list() : before);
    }
  });

  const halts = (each: unknown) => writeRecordLine(1, { action: "halt", halts: [each] });
  it.each<[string, string | Uint8Array]>([
    ["is no record", "[]\n"],
    ["holds no halts", writeRecordLine(1, { action: "halt" })],
    ["holds a halt without a scope", halts({ ...symbol, scope: "ALL", since_micros: 1 })],
    ["holds a halt without a reason", halts({ scope: "SYMBOL", target: "X", actor: "", since_micros: 1 })],
    ["holds a halt without a time", halts(symbol)],
    ["holds null", halts(null)],
  ])("stops the start when a whole line %s", (_what, line) => {
    const directory = makeTemporaryDirectory();
    appendFileSync(haltsPath(directory), line);
    expect(() => open({ directory })).toThrow(ConfigFileError);
  });
});

it("costs a decision nothing while nothing is halted", async () => {
  const board = open({ fs: new FaultyFs() });
  await board.halt(symbol);
  await board.resume(symbol);
  // A look at the request would throw.
  const untouchable = new Proxy<ModelIdentity[]>([], {
    get: () => {
      throw new Error("the models were looked at");
    },
  });
  expect(board.find("EURUSD", untouchable)).toBeUndefined();
});
