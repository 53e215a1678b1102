import type { DecisionEvent } from "../../src/domain/decision-event.ts";
import type { RegimeLabel } from "../../src/domain/regime.ts";
import type { DecisionRequest } from "../../src/domain/request.ts";
import { createTestEngine } from "../support/engine.ts";
import { createAllowedRequest } from "../support/requests.ts";

const engine = createTestEngine();

export const allowedRequest = createAllowedRequest();
export const refusedRequest: DecisionRequest = { ...createAllowedRequest(), symbol: "GBPUSD", qseOutput: undefined };

/** A decision on the request, changed afterwards. */
export function createEvent(
  request: DecisionRequest = allowedRequest,
  change: Partial<DecisionEvent> = {},
): DecisionEvent {
  return {
    predictionId: "id",
    timestampMicros: 1_000_000,
    symbol: request.symbol,
    timeframe: request.timeframe,
    barIndex: 119,
    barTimeMicros: undefined,
    requestId: "",
    processingTimeMs: 1,
    decision: engine.decide(request),
    ...change,
  };
}

/** An allowed decision whose regime is said to be another. */
export function createRegimeEvent(label: RegimeLabel, confidence: number, isStable = true): DecisionEvent {
  const event = createEvent();
  const regime = { ...event.decision.regime, label, confidence, stable: isStable };
  return { ...event, decision: { ...event.decision, regime } };
}

/** One decision of every shape that there is, and the values at which writers of numbers and texts go wrong. */
export function everyKindOfEvent(): { readonly kind: string; readonly event: DecisionEvent }[] {
  const allowed = createEvent();
  const { decision } = allowed;
  const explanation = { ...decision.signal.explanation, unit: "LOG_ODDS" as const };
  const gate = { threshold: 1, message: "outside" };
  const change = (change: Partial<DecisionEvent["decision"]>): DecisionEvent => ({
    ...allowed,
    decision: { ...decision, ...change },
  });
  const inputs = {
    ...decision.inputs,
    regimeRows: [
      [1, 2.5],
      [3, -0.125],
    ],
    signalRow: [1e-300, 1e21, 5e-324],
  };
  return [
    { kind: "allowed by rules", event: allowed },
    { kind: "refused, nothing from upstream", event: createEvent(refusedRequest) },
    { kind: "too few bars", event: createEvent({ ...allowedRequest, features: shorten(allowedRequest.features, 60) }) },
    {
      kind: "window too short",
      event: createEvent({ ...allowedRequest, historyBars: 500, features: shorten(allowedRequest.features, 9) }),
    },
    { kind: "trained models", event: change({ inputs, regime: { ...decision.regime, explanation } }) },
    {
      kind: "scores of what trained models read, one of them 0",
      event: change({
        regime: { ...decision.regime, outOfDistribution: 0 },
        signal: { ...decision.signal, outOfDistribution: 2.5 },
        gates: [...decision.gates, { ...gate, name: "IN_DISTRIBUTION", passed: false, value: 2.5, margin: 1.5 }],
      }),
    },
    {
      kind: "an explanation that says why it is empty",
      event: change({
        signal: {
          ...decision.signal,
          explanation: { base: 0.5, contributions: [], unit: "LOG_ODDS", note: "no covers" },
        },
      }),
    },
    {
      kind: "hundreds of features",
      event: change({ inputs: { ...inputs, signalRow: Array.from({ length: 300 }, (_, index) => index / 7) } }),
    },
    {
      kind: "numbers that JSON has not",
      event: change({ inputs: { ...inputs, momentumScore: Number.NaN, signalRow: [-0, Number.POSITIVE_INFINITY] } }),
    },
    {
      kind: "texts that need escaping",
      event: createEvent({ ...allowedRequest, symbol: 'A"\\\u2028\n€' }, { predictionId: "\u0000", requestId: '"' }),
    },
    {
      kind: "times with and without a fraction",
      event: { ...allowed, timestampMicros: 1_767_322_999_999_999, barTimeMicros: 1_767_322_800_000_000 },
    },
    { kind: "a time before 1970", event: { ...allowed, timestampMicros: -1 } },
  ];
}

function shorten(features: DecisionRequest["features"], bars: number): DecisionRequest["features"] {
  return Object.fromEntries(
    Object.entries(features).map(([name, { values }]) => [
      name,
      {
        values: Array.from(
          { length: Math.min(bars, values.length) },
          (_, at) => values.at(at - Math.min(bars, values.length)) ?? 0,
        ),
      },
    ]),
  );
}

/** Time that moves when it is told to. */
export class FakeClock {
  ms: number;

  constructor(startMs = 0) {
    this.ms = startMs;
  }

  nowMicros = (): number => Math.floor(this.ms * 1000);
  monotonicMs = (): number => this.ms;
}
