import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createInputLookup, findLoggedConfig } from "../../../src/cli/dataset/audit-source.ts";
import { type AuditTable, type AuditTableOptions, buildAuditTable } from "../../../src/cli/dataset/audit-table.ts";
import { type Cell, type Table, writeTable } from "../../../src/cli/dataset/table-file.ts";
import { hashConfig, toCanonicalJson } from "../../../src/config/config-hash.ts";
import { mergeConfig } from "../../../src/config/config-merge.ts";
import { defaultConfig } from "../../../src/config/config-schema.ts";
import { featureNames } from "../../../src/domain/feature-schema.ts";
import type { Outcome } from "../../../src/domain/outcome.ts";
import type { DecisionRequest } from "../../../src/domain/request.ts";
import type { ModelLease, TrainedModel } from "../../../src/domain/trained-model.ts";
import { createDecisionEngine } from "../../../src/engine/decision-engine.ts";
import { readRow } from "../../../src/engine/model-row.ts";
import { shippedModelsDirectory } from "../../../src/environment.ts";
import { type AuditBody, type AuditRecord, encodeBody } from "../../../src/monitor/audit/audit-record.ts";
import { EncodedBody } from "../../../src/monitor/audit/encoded-body.ts";
import { DecisionRecordWriter } from "../../../src/monitor/decision-record.ts";
import { toOutcomeRecord } from "../../../src/monitor/outcomes/outcome-record.ts";
import { type ModelRegistry, openModelRegistry } from "../../../src/registry/model-registry.ts";
import { computePanelFeatures } from "../../../src/upstream/feature-panel.ts";
import { buildRequestWindow } from "../../../src/upstream/request-window.ts";
import { simulateMarket } from "../../../src/upstream/simulator/market-simulation.ts";
import { registerFixture } from "../../registry/model-fixtures.ts";

const horizonBars = 10;
const config = hashConfig(mergeConfig(defaultConfig, { training: { momentumHorizon: horizonBars } }));
const shipped = openModelRegistry(shippedModelsDirectory);
const rules = {
  regimeModel: shipped.loadRegimeModel("v1.0.0_rule_based"),
  signalModel: shipped.loadSignalModel("v1.0.0_rule_based"),
};

/** A log in memory: what was asked, and the records that came of it. */
class Log {
  readonly requests = new Map<string, DecisionRequest>();
  readonly #records: AuditRecord[] = [];

  async *read(): AsyncGenerator<AuditRecord> {
    yield* this.#records;
  }

  /** As it is after it went through the file. */
  add(body: AuditBody | EncodedBody): void {
    const fields = JSON.parse(`${body instanceof EncodedBody ? body : encodeBody(body)}}`);
    this.#records.push({ seq: this.#records.length + 1, hash: "", prevHash: "", kind: fields.kind, fields });
  }
}

/** Requests at the bars of two simulated symbols, 20 of each. */
function askMarket(): { readonly request: DecisionRequest; readonly timeMs: number }[] {
  const market = simulateMarket({ seed: 11, bars: 300, symbols: 2 });
  const bars = new Map(market.symbols.map(({ name, bars: series }) => [name, series] as const));
  const panel = computePanelFeatures(bars);
  return [...panel.features].flatMap(([symbol, features]) =>
    Array.from({ length: 20 }, (_, step) => {
      const bar = 200 + 5 * step;
      const window = buildRequestWindow(features, bar) ?? {};
      const request = { symbol, timeframe: "4H", features: window, qseOutput: undefined };
      return { request, timeMs: bars.get(symbol)?.[bar]?.timeMs ?? Number.NaN };
    }),
  );
}

const records = new DecisionRecordWriter();

const idOf = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;

async function decideAll(
  log: Log,
  models: { regime?: TrainedModel | undefined; signal?: TrainedModel | undefined },
): Promise<void> {
  const engine = createDecisionEngine({
    config,
    regimeModel: models.regime ?? rules.regimeModel,
    signalModel: models.signal ?? rules.signalModel,
    findHalt: () => undefined,
  });
  for (const [index, { request, timeMs }] of askMarket().entries()) {
    const predictionId = idOf(log.requests.size + 1);
    log.requests.set(predictionId, request);
    const event = { predictionId, timestampMicros: 1000 * timeMs + 5_000_000, barTimeMicros: 1000 * timeMs };
    const asked = { symbol: request.symbol, timeframe: "4H", barIndex: index, requestId: "", processingTimeMs: 0.1 };
    log.add(records.write({ ...event, ...asked, decision: await engine.decide(request) }));
  }
}

function tell(log: Log, predictionId: string, outcome: Partial<Outcome> = {}): void {
  const told = {
    predictionId,
    success: true,
    realisedReturn: undefined,
    realisedRegime: undefined,
    timeMicros: undefined,
  };
  log.add(toOutcomeRecord({ ...told, ...outcome }, 1_800_000_000_000_000));
}

const build = (log: Log, options: Partial<AuditTableOptions> = {}): Promise<AuditTable> =>
  buildAuditTable(() => log.read(), { config, ...rules, findInputs: () => [], rowsMax: 1000, ...options });

const cell = ({ columns }: Table, row: readonly Cell[] | undefined, name: string): Cell | undefined =>
  row?.[columns.indexOf(name)];

describe("a table of trained decisions", () => {
  let registry: ModelRegistry;
  let leases: ModelLease[] = [];
  const log = new Log();
  const folder = mkdtempSync(join(tmpdir(), "audit-table-"));

  beforeAll(async () => {
    cpSync(shippedModelsDirectory, join(folder, "models"), { recursive: true });
    registry = openModelRegistry(join(folder, "models"));
    const regime = await registerFixture(registry, "regime-lightgbm.onnx", "v9.0.0");
    const signal = await registerFixture(registry, "signal-lightgbm.onnx", "v9.0.0");
    leases = [await registry.acquire("regime_classifier", regime), await registry.acquire("signal_filter", signal)];
    await decideAll(log, { regime: leases[0]?.model, signal: leases[1]?.model });
    for (const id of log.requests.keys()) tell(log, id, { success: id.endsWith("1"), realisedRegime: "RANGING" });
  });
  afterAll(async () => {
    for (const lease of leases) await lease.release();
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(["table.csv", "table.parquet"])("holds in %s what the serving code read, bit for bit", async (name) => {
    const table = await build(log, { findInputs: createInputLookup(registry, () => undefined) });
    const path = join(folder, name);
    await writeTable(table, path);
    const rows = await readTableFile(path);
    expect(rows.length).toBe(40);
    for (const [id, request] of log.requests) {
      const row = rows.find((each) => each["prediction_id"] === id);
      const newest = (request.features["atr"]?.values.length ?? 0) - 1;
      for (const { model } of leases) {
        const read = readRow(request, model, newest);
        const held = model.inputs.map((input) => Number(row?.[input.name]));
        expect(held.every((value, index) => Object.is(value, read[index]))).toBe(true);
      }
    }
  });

  it("labels by the outcomes and names the decision", async () => {
    const table = await build(log, { findInputs: createInputLookup(registry, () => undefined) });
    const [first, second] = [idOf(1), idOf(2)].map((id) => table.rows.find((row) => row.includes(id)));
    // A row that the rules call stressed has no label of the signal.
    const labels = [first, second].map((row) => cell(table, row, "label_success"));
    expect(labels.every((label) => label === "" || label === 1 || label === 0)).toBe(true);
    expect(cell(table, first, "label_regime")).toBe("RANGING");
    expect(cell(table, first, "feature_version")).toBe("1.0.0");
    const labelled = table.rows.filter((row) => cell(table, row, "label_success") !== "");
    expect(labelled.length).toBe(40 - table.excluded.stressed);
    for (const row of labelled) {
      expect(cell(table, row, "label_success")).toBe(String(cell(table, row, "prediction_id")).endsWith("1") ? 1 : 0);
    }
  });

  it("says once of a model that the registry has no more that its inputs have no names", async () => {
    const unknown: string[] = [];
    const table = await build(log, { findInputs: createInputLookup(shipped, (model) => unknown.push(model)) });
    expect(unknown).toEqual(["regime_classifier v9.0.0", "signal_filter v9.0.0"]);
    expect(table.rows.every((row) => cell(table, row, "atr") === "")).toBe(true);
    expect(table.rows.every((row) => typeof cell(table, row, "momentum_score") === "number")).toBe(true);
  });
});

describe("a table of decisions by rules", () => {
  it("holds what rules read and leaves empty what stood in for something absent", async () => {
    const log = new Log();
    await decideAll(log, {});
    tell(log, idOf(1));
    const table = await build(log);
    const row = table.rows[0];
    const request = log.requests.get(idOf(1));
    expect(cell(table, row, "momentum_score")).toBe(
      Math.fround(request?.features["momentum_score"]?.values.at(-1) ?? 0),
    );
    // The requests carry no statistics.
    expect(cell(table, row, "qse_output.metrics.trend_persistence_score")).toBe("");
    expect(cell(table, row, "qse_output.validation.autocorr_check_passed")).toBe("");
    const recorded = ["momentum_score", "efficiency_ratio", "trend_consistency", "vol_percentile"];
    expect(featureNames.filter((name) => cell(table, row, name) !== "").toSorted()).toEqual(recorded.toSorted());
  });

  it("asks the rules again, under the thresholds it is given", async () => {
    const log = new Log();
    await decideAll(log, {});
    const strict = hashConfig(mergeConfig(defaultConfig, { regime: { stressedMinVolatilityPct: 21 } }));
    const table = await build(log, { config: strict });
    const stressed = table.rows.filter((row) => cell(table, row, "rules_regime") === "STRESSED").length;
    const before = await build(log);
    expect(stressed).toBeGreaterThan(
      before.rows.filter((row) => cell(before, row, "rules_regime") === "STRESSED").length,
    );
  });

  it("counts a return as a rise or a fall, whatever the direction was", async () => {
    const log = new Log();
    await decideAll(log, {});
    for (const id of log.requests.keys()) tell(log, id, { realisedReturn: 0.01 });
    const table = await build(log);
    for (const row of table.rows) {
      const direction = Math.sign(Number(cell(table, row, "momentum_score")));
      expect(cell(table, row, "label_return")).toBe(0.01 * direction);
    }
  });
});

describe("what a table of decisions leaves out", () => {
  const makeLog = async (change: (fields: Record<string, unknown>) => void): Promise<AuditTable> => {
    const whole = new Log();
    await decideAll(whole, {});
    const log = new Log();
    for await (const record of whole.read()) {
      if (record.kind !== "decision" || log.requests.size === 2) continue;
      const fields = structuredClone(record.fields) as Record<string, unknown>;
      change(fields);
      log.requests.set(String(fields["prediction_id"]), { symbol: "", timeframe: "", features: {} });
      log.add(fields as unknown as AuditBody);
      tell(log, String(fields["prediction_id"]));
    }
    return build(log, { config: hashConfig(mergeConfig(defaultConfig, { training: { excludeStressed: false } })) });
  };

  it.each([
    ["nothing of two bars with outcomes", () => undefined, {}],
    [
      "too few bars",
      (fields: Record<string, unknown>) => void Object.assign(inputsOf(fields), { bars: 40 }),
      { insufficient_data: 2 },
    ],
    [
      "a bar that was asked about before",
      (fields: Record<string, unknown>) => void Object.assign(fields, { bar_time: "2026-01-01T04:00:00.000000Z" }),
      { repeated_bar: 1 },
    ],
    [
      "a time that nobody can tell",
      (fields: Record<string, unknown>) => void Object.assign(fields, { bar_time: null, timeframe: "renko" }),
      { no_bar_time: 2 },
    ],
    [
      "nothing where the timeframe tells the time",
      (fields: Record<string, unknown>) => void Object.assign(fields, { bar_time: null }),
      {},
    ],
    [
      "no direction",
      (fields: Record<string, unknown>) => void Object.assign(inputsOf(fields), { momentum_score: 0 }),
      { neutral: 2 },
    ],
  ])("is %s", async (_, change, expected) => {
    const { excluded } = await makeLog(change);
    const none = { insufficient_data: 0, no_bar_time: 0, repeated_bar: 0, no_outcome: 0, neutral: 0, stressed: 0 };
    expect(excluded).toEqual({ ...none, ...expected });
  });

  it("is a decision without an outcome", async () => {
    const log = new Log();
    await decideAll(log, {});
    const { excluded, rows } = await build(log);
    expect(excluded.no_outcome + excluded.stressed).toBe(40);
    expect(rows.length).toBe(40);
  });

  it("is more than memory is meant for", async () => {
    const log = new Log();
    await decideAll(log, {});
    await expect(build(log, { rowsMax: 39 })).rejects.toThrow("more than 39 decisions");
    expect((await build(log, { rowsMax: 40 })).rows.length).toBe(40);
  });
});

describe("the configuration of a log", () => {
  it("is the newest that a record holds, with the keys that were given", async () => {
    const log = new Log();
    const older = mergeConfig(defaultConfig, { training: { momentumHorizon: 7 } });
    const newer = mergeConfig(defaultConfig, { training: { momentumHorizon: 8 } });
    for (const each of [older, newer]) log.add({ kind: "start", config: JSON.parse(toCanonicalJson(each)) });
    expect((await findLoggedConfig(log.read(), {})).config).toEqual(newer);
    const set = await findLoggedConfig(log.read(), { training: { excludeStressed: false } });
    expect(set.config.training).toMatchObject({ momentumHorizon: 8, excludeStressed: false });
  });
});

function inputsOf(fields: Record<string, unknown>): object {
  const { inputs } = fields;
  if (typeof inputs !== "object" || inputs === null) throw new Error("the record has no inputs");
  return inputs;
}

async function readTableFile(path: string): Promise<Record<string, unknown>[]> {
  if (path.endsWith(".parquet")) return parquetReadObjects({ file: await asyncBufferFromFile(path) });
  const [header = "", ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
  const names = header.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((text, index) => [names[index], text])));
}
