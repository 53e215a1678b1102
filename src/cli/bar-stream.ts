import type { Client } from "@connectrpc/connect";
import type { InferenceService, PredictResponse } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { MlError } from "../domain/errors.ts";
import { type ReplayPlan, toPredictRequest, toStreamItem } from "./replay-plan.ts";

export type InferenceClient = Client<typeof InferenceService>;

/** The answer to one bar. */
export interface StreamedAnswer {
  readonly barIndex: number;
  readonly response: PredictResponse;
  /** From handing the bar to the stream to having its answer, milliseconds. */
  readonly roundTripMs: number;
}

/** The service answered a bar with an error, or not at all. */
export class ReplayError extends MlError {
  constructor(message: string, options?: ErrorOptions) {
    super("REPLAY_FAILED", message, options);
  }
}

export interface BarStreamOptions {
  readonly signal: AbortSignal;
  readonly monotonicMs: () => number;
  /** Bars sent and not answered, at most. @default 32: enough to keep the service busy, few enough to measure it */
  readonly outstandingMax?: number;
}

/** @default of {@link BarStreamOptions.outstandingMax} */
export const outstandingDefault = 32;

/**
 * Streams every bar of a plan through BatchPredict and yields the answers in the order of the bars.
 *
 * @throws ReplayError when a bar is answered with an error or the stream ends early, ConnectError when it breaks.
 */
export async function* streamBars(
  client: InferenceClient,
  plan: ReplayPlan,
  { signal, monotonicMs, outstandingMax = outstandingDefault }: BarStreamOptions,
): AsyncGenerator<StreamedAnswer> {
  const sentMs: number[] = [];
  let barIndex = plan.firstBarIndex;
  let answered = 0;
  let wake: () => void = () => undefined;
  async function* send() {
    for (let index = plan.firstBarIndex; index < plan.bars.length; index += 1) {
      while (sentMs.length - answered >= outstandingMax && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (signal.aborted) return;
      sentMs.push(monotonicMs());
      yield toStreamItem(plan, index);
    }
  }
  const release = (): void => wake();
  signal.addEventListener("abort", release, { once: true });
  try {
    for await (const { result } of client.batchPredict(send(), { signal })) {
      const bar = plan.bars[barIndex]?.time;
      if (result.case !== "response")
        throw new ReplayError(`bar ${bar}: ${result.value?.message ?? "an empty answer"}`);
      const roundTripMs = monotonicMs() - (sentMs[answered] ?? Number.NaN);
      yield { barIndex, response: result.value, roundTripMs };
      barIndex += 1;
      answered += 1;
      wake();
    }
  } finally {
    signal.removeEventListener("abort", release);
    release();
  }
  if (barIndex < plan.bars.length)
    throw new ReplayError(`the service ended the stream at bar ${plan.bars[barIndex]?.time}`);
}

/** Round trips of unary calls, and how often they agreed with the stream. */
export interface UnarySample {
  readonly roundTripsMs: readonly number[];
  readonly agreeing: number;
}

/** Calls whose time is not counted: they open the connection and warm both ends up. */
const warmUpCalls = 20;
/** Calls that are counted; p99 of 200 is the second-slowest. */
const sampleCalls = 200;

/** Asks for a sample of the bars again, evenly spread, one unary call at a time with a full window each. */
export async function sampleUnary(
  client: InferenceClient,
  plan: ReplayPlan,
  answers: readonly StreamedAnswer[],
  { signal, monotonicMs }: Pick<BarStreamOptions, "signal" | "monotonicMs">,
): Promise<UnarySample> {
  const calls = Math.min(sampleCalls + warmUpCalls, answers.length);
  // A file too short for both still gets a sample, if a cold one.
  const counted = calls > 2 * warmUpCalls ? calls - warmUpCalls : calls;
  const roundTripsMs: number[] = [];
  let agreeing = 0;
  for (let call = 0; call < calls; call += 1) {
    const streamed = answers[Math.floor((call * answers.length) / calls)];
    if (streamed === undefined) continue;
    const request = toPredictRequest(plan, streamed.barIndex);
    const startMs = monotonicMs();
    const response = await client.predict(request, { signal });
    const elapsedMs = monotonicMs() - startMs;
    if (call < calls - counted) continue;
    roundTripsMs.push(elapsedMs);
    if (isSameDecision(response, streamed.response)) agreeing += 1;
  }
  return { roundTripsMs, agreeing };
}

function isSameDecision(left: PredictResponse, right: PredictResponse): boolean {
  const [a, b] = [left.prediction, right.prediction];
  return (
    a?.allowTrade === b?.allowTrade &&
    a?.regime?.regimeLabel === b?.regime?.regimeLabel &&
    a?.signal?.momentumSuccessProb === b?.signal?.momentumSuccessProb
  );
}
