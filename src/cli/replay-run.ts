import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { InferenceService } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { Clock } from "../domain/clock.ts";
import type { Bar } from "../upstream/bar.ts";
import {
  type InferenceClient,
  outstandingDefault,
  type StreamedAnswer,
  sampleUnary,
  streamBars,
} from "./bar-stream.ts";
import { toDecisionRow, toModelIdentity } from "./decision-answers.ts";
import { createProgressBar, type TextOutput } from "./progress-bar.ts";
import { type OutcomeCounts, recordReplayOutcomes } from "./replay-outcomes.ts";
import { planReplay, type ReplayPlan } from "./replay-plan.ts";
import type { DecisionRow, RunFacts } from "./report/decision-row.ts";
import { type DecisionSummary, summariseDecisions } from "./report/decision-summary.ts";
import { renderHtmlReport } from "./report/html-report.ts";

/** Bars to be decided on, and where they come from. */
export interface ReplayInput {
  readonly symbol: string;
  readonly timeframe: string;
  readonly fileName: string;
  readonly bars: readonly Bar[];
  readonly warnings: readonly string[];
}

/** What a run needs besides its bars. */
export interface ReplayContext {
  /** Base URL of the service. */
  readonly baseUrl: string;
  /** Whether it runs in this process. */
  readonly sharedProcess: boolean;
  readonly progress: TextOutput;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether the service is told what its decisions came to. */
  readonly tellsOutcomes: boolean;
}

/** A finished run. */
export interface ReplayResult {
  readonly summary: DecisionSummary;
  /** Absent when outcomes were not to be told. */
  readonly outcomes: OutcomeCounts | undefined;
  readonly html: string;
}

/**
 * Streams bars through a service and condenses the decisions.
 *
 * @throws ReplayError when a bar has no decision, ConnectError when the service cannot be reached.
 */
export async function runReplay(input: ReplayInput, context: ReplayContext): Promise<ReplayResult> {
  const plan = planReplay(input.symbol, input.timeframe, input.bars);
  const sessions = new Http2SessionManager(context.baseUrl);
  try {
    const transport = createGrpcTransport({ baseUrl: context.baseUrl, sessionManager: sessions });
    const client = createClient(InferenceService, transport);
    const { rows, facts, answers } = await decideBars(client, plan, input, context);
    const outcomes = context.tellsOutcomes ? await recordReplayOutcomes(transport, plan, answers) : undefined;
    const summary = summariseDecisions(rows, facts);
    return { summary, outcomes, html: renderHtmlReport(summary, rows, facts.bars) };
  } finally {
    sessions.abort();
  }
}

async function decideBars(
  client: InferenceClient,
  plan: ReplayPlan,
  input: ReplayInput,
  { progress, clock, signal, sharedProcess }: ReplayContext,
): Promise<{ rows: DecisionRow[]; facts: RunFacts; answers: readonly StreamedAnswer[] }> {
  const { monotonicMs } = clock;
  const bar = createProgressBar(progress, `${input.symbol} ${input.timeframe}`, plan.bars.length, monotonicMs);
  const answers: StreamedAnswer[] = [];
  const startMs = monotonicMs();
  try {
    for await (const answer of streamBars(client, plan, { signal, monotonicMs })) {
      answers.push(answer);
      bar.advanceTo(answer.barIndex + 1);
    }
  } finally {
    bar.finish();
  }
  const streamMs = monotonicMs() - startMs;
  const sample = await sampleUnary(client, plan, answers, { signal, monotonicMs });
  const last = answers.at(-1)?.response;
  const facts: RunFacts = {
    ...input,
    mlVersion: last?.mlVersion ?? "",
    configHash: last?.configHash ?? "",
    regimeModel: toModelIdentity(last?.regimeModel),
    signalModel: toModelIdentity(last?.signalModel),
    streamMs,
    outstandingMax: outstandingDefault,
    unaryRoundTripsMs: sample.roundTripsMs,
    unaryAgreeing: sample.agreeing,
    sharedProcess,
    madeAtMs: Math.floor(clock.nowMicros() / 1000),
  };
  return { rows: answers.map((answer) => toDecisionRow(answer, plan)), facts, answers };
}

/** Writes a report, making its folder when there is none. */
export async function writeReport(path: string, html: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, html);
}
