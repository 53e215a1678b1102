/** Messages from the few words of the scenario table. */

import { create, type DescMethod, fromJson, type JsonValue, toBinary } from "@bufbuild/protobuf";
import { ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import {
  BatchPredictRequest_AppendBarsSchema,
  type PredictRequest,
  PredictRequestSchema,
  PredictSymbolsRequestSchema,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { readFixture } from "../registry/model-fixtures.ts";
import { createPredictRequest, toPredictRequest } from "../support/predict-requests.ts";
import { readReferenceDecisions } from "../support/reference-decisions.ts";
import type { ClientStep, WindowSpec } from "./scenario.ts";

/** Series of a random walk and the range of each. */
const walkRanges: Readonly<Record<string, readonly [from: number, to: number]>> = {
  momentum_score: [-2, 2],
  efficiency_ratio: [0, 1],
  vol_percentile: [0, 100],
  trend_consistency: [0, 1],
  atr: [0.001, 0.003],
  log_return_1: [-0.01, 0.01],
};

/** A number in [0, 1) with all its bits used, the same for the same seed, series and bar. */
function noise(seed: number, series: number, bar: number): number {
  let state = (seed * 73_856_093) ^ (series * 19_349_663) ^ (bar * 83_492_791);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return (next() * 2 ** 20 + (next() >>> 12)) / 2 ** 52;
}

function toFeatures(spec: WindowSpec): Record<string, { values: number[] }> {
  const { bars = 120, first = 0, walk, seriesBars = {}, put = [], extraSeries = 0 } = spec;
  const constant = createPredictRequest(1).features;
  const names = walk === undefined ? Object.keys(constant) : Object.keys(walkRanges);
  const features: Record<string, { values: number[] }> = {};
  for (const [index, name] of names.entries()) {
    const [from, to] = walkRanges[name] ?? [0, 1];
    const valueAt = (bar: number) =>
      walk === undefined
        ? (constant[name]?.values[0] ?? 0)
        : // Mostly yesterday's value, so that there are trends.
          from +
          (to - from) *
            (0.8 * noise(walk, index, Math.trunc((first + bar) / 40)) + 0.2 * noise(walk, index + 100, first + bar));
    features[name] = { values: Array.from({ length: seriesBars[name] ?? bars }, (_, bar) => valueAt(bar)) };
  }
  for (let extra = 0; extra < extraSeries; extra++) features[`extra_${extra}`] = { values: new Array(bars).fill(0) };
  for (const { series, bar, value } of put) {
    const values = features[series]?.values;
    if (values === undefined) throw new Error(`no series ${series}`);
    values[bar] = Number(value);
  }
  return features;
}

export function toWindowMessage(spec: WindowSpec): PredictRequest {
  const { qseOutput: passing } = createPredictRequest();
  // Models of the fixtures read the standard score as well.
  const qseOutput = { ...passing, metrics: { ...passing.metrics, zScore: 0.25 } };
  const { symbol = "EURUSD", timeframe = "4H", historyBars, barIndex, requestId = "" } = spec;
  return create(PredictRequestSchema, {
    symbol,
    timeframe,
    requestId,
    features: toFeatures(spec),
    ...(spec.qse === undefined && { qseOutput }),
    ...(historyBars !== undefined && { historyBars }),
    ...(barIndex !== undefined && { barIndex }),
  });
}

function toAppendMessage(spec: WindowSpec) {
  const { symbol, timeframe, features, qseOutput } = toWindowMessage({ bars: 1, ...spec });
  return create(BatchPredictRequest_AppendBarsSchema, {
    symbol,
    timeframe,
    features,
    ...(qseOutput !== undefined && { qseOutput }),
  });
}

function toSymbolsMessage({ count, window }: NonNullable<ClientStep["symbols"]>) {
  const { timeframe, features, qseOutput } = toWindowMessage(window);
  const symbols = Array.from({ length: count }, (_, index) => `SYMBOL${index}`);
  return create(PredictSymbolsRequestSchema, {
    symbols,
    timeframe,
    features: Object.fromEntries(symbols.slice(0, 20).map((symbol) => [symbol, { features }])),
    qseOutputs: Object.fromEntries(symbols.slice(0, 20).map((symbol) => [symbol, qseOutput ?? {}])),
  });
}

const services = [ModelRegistryService, ConfigService, MonitoringService];

export function findMethod(service: string | undefined, name: string | undefined): DescMethod {
  const method = services.find((each) => each.name === service)?.methods.find((each) => each.name === name);
  if (method === undefined) throw new Error(`the table calls ${service}/${name}, which does not exist`);
  return method;
}

const patientDeadlineMs = 20_000;

/** The commands that a step of the table means, references being many. */
export function toCommands(step: ClientStep, captured: ReadonlyMap<string, unknown>): Record<string, unknown>[] {
  const { client: op, deadlineMs = patientDeadlineMs, timeoutMs, service, method } = step;
  const rest = {
    op,
    ...(deadlineMs !== "default" && { deadlineMs }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
  if (step.references !== undefined) {
    return readReferenceDecisions()
      .slice(...step.references)
      .map((reference) => ({
        ...rest,
        request: toBase64(toBinary(PredictRequestSchema, create(PredictRequestSchema, toPredictRequest(reference)))),
      }));
  }
  if (step.window !== undefined) {
    return [{ ...rest, request: toBase64(toBinary(PredictRequestSchema, toWindowMessage(step.window))) }];
  }
  if (step.bars !== undefined) {
    const bars = step.bars.flatMap((spec) => {
      const bar = toBase64(toBinary(BatchPredictRequest_AppendBarsSchema, toAppendMessage(spec)));
      return new Array<string>(spec.repeat ?? 1).fill(bar);
    });
    return [{ ...rest, bars }];
  }
  if (step.symbols !== undefined) {
    return [{ ...rest, request: toBase64(toBinary(PredictSymbolsRequestSchema, toSymbolsMessage(step.symbols))) }];
  }
  if (op !== "call") return [rest];
  const { input } = findMethod(service, method);
  const request = fromJson(input, fillIn(step.request ?? {}, captured) as JsonValue);
  return [{ ...rest, service, method, request: toBase64(toBinary(input, request)) }];
}

/** Replaces "$name" by what was captured under that name, and models by their files. */
export function fillIn(value: unknown, captured: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === "string" && value.startsWith("$")) return resolveName(value.slice(1), captured);
  if (Array.isArray(value)) return value.map((each) => fillIn(each, captured));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fillIn(each, captured)]));
}

function resolveName(name: string, captured: ReadonlyMap<string, unknown>): unknown {
  const [kind, file] = name.split(":");
  if (kind === "model" && file !== undefined) return toBase64(readFixture(file).bytes);
  if (kind === "metadata" && file !== undefined) return readFixture(file).metadata;
  if (!captured.has(name)) throw new Error(`the table uses $${name}, which nothing captured`);
  return captured.get(name);
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
