import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  InferenceService,
  PredictRequest,
  PredictSymbolsRequest,
  SymbolDecisionSchema,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { StatusSchema } from "../../gen/ts/google/rpc/status_pb.ts";
import type { CallContext } from "../domain/call-context.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import { InvalidInputError } from "../domain/errors.ts";
import type { DecisionRequest } from "../domain/request.ts";
import type { AppendOptions } from "../monitor/audit/audit-log.ts";
import { createBatchPredict } from "./batch-predict.ts";
import type { DecisionMaker } from "./decision-maker.ts";
import { symbolsMax } from "./inference-limits.ts";
import { PredictBodyReader } from "./json/predict-body-reader.ts";
import { toPredictJson } from "./predict-json.ts";
import { toPredictResponse, toSymbolDecision } from "./prediction-message.ts";
import type { ServiceHandlers } from "./service-handlers.ts";
import { fromTimestamp } from "./timestamp-message.ts";
import { type PredictAnswer, PredictCodec } from "./wire/predict-codec.ts";
import type { PredictInput } from "./wire/predict-request-reader.ts";

export interface InferenceOptions {
  readonly decisionMaker: DecisionMaker;
  /** Records a decision; undefined or the promise resolves once the answer may leave. */
  readonly record: (event: DecisionEvent, options?: AppendOptions) => Promise<void> | undefined;
  /** Writes what was left to be written later. Throws UnavailableError; then none of it may be answered. @default every record is written at once */
  readonly flushRecords?: () => void;
  /** An error as the item that stands in its place. */
  readonly toStatus: (error: unknown, requestId: string) => MessageInitShape<typeof StatusSchema>;
  readonly mlVersion: string;
}

/** Answers InferenceService. */
export function createInferenceHandlers(options: InferenceOptions): ServiceHandlers<typeof InferenceService> {
  const { mlVersion } = options;
  return {
    predict(request, call) {
      const decided = decideAndRecord(request, request.requestId, fromTimestamp(request.barTime), call, options);
      return decided instanceof Promise
        ? decided.then((event) => toPredictResponse(event, mlVersion, request.omitExplanation))
        : toPredictResponse(decided, mlVersion, request.omitExplanation);
    },
    predictSymbols: (request, call) => predictSymbols(request, call.requestId, options),
    batchPredict: createBatchPredict(options),
  };
}

/** The same Predict from bytes to bytes. */
export function createDirectPredict(options: InferenceOptions) {
  const codec = new PredictCodec(options.mlVersion);
  return {
    read: (message: Buffer) => codec.read(message),
    handle: (request: PredictInput, call: CallContext) => answerInput(request, call, options),
    write: (answer: PredictAnswer) => codec.write(answer),
  };
}

/** The same Predict from a JSON body to JSON. */
export function createJsonPredict(options: InferenceOptions) {
  const reader = new PredictBodyReader();
  return {
    read: (body: Buffer) => reader.read(body),
    toRequest: (message: PredictRequest): PredictInput => ({
      ...message,
      barTimeMicros: fromTimestamp(message.barTime),
    }),
    handle: (request: PredictInput, call: CallContext) => answerInput(request, call, options),
    write: ({ event, omitExplanation }: PredictAnswer) =>
      JSON.stringify(toPredictJson(event, options.mlVersion, omitExplanation)),
  };
}

function answerInput(
  request: PredictInput,
  call: CallContext,
  options: InferenceOptions,
): PredictAnswer | Promise<PredictAnswer> {
  const { requestId, barTimeMicros, omitExplanation } = request;
  const decided = decideAndRecord(request, requestId, barTimeMicros, call, options);
  return decided instanceof Promise
    ? decided.then((event) => ({ event, omitExplanation }))
    : { event: decided, omitExplanation };
}

/** Decides, and lets the answer leave when it is recorded. Answers at once when the models and the audit log do. */
function decideAndRecord(
  request: DecisionRequest,
  requestId: string,
  barTimeMicros: number | undefined,
  call: CallContext,
  { decisionMaker, record }: InferenceOptions,
): DecisionEvent | Promise<DecisionEvent> {
  const recordEvent = (event: DecisionEvent): DecisionEvent | Promise<DecisionEvent> =>
    record(event)?.then(() => event) ?? event;
  const decided = decisionMaker.decide(request, requestId === "" ? call.requestId : requestId, barTimeMicros);
  return decided instanceof Promise ? decided.then(recordEvent) : recordEvent(decided);
}

async function predictSymbols(
  request: PredictSymbolsRequest,
  requestId: string,
  options: InferenceOptions,
): Promise<{ results: Record<string, MessageInitShape<typeof SymbolDecisionSchema>> }> {
  assertSymbols(request.symbols);
  const results: Record<string, MessageInitShape<typeof SymbolDecisionSchema>> = {};
  const decided: DecisionEvent[] = [];
  for (const symbol of new Set(request.symbols)) {
    try {
      const event = await decideSymbol(symbol, request, requestId, options.decisionMaker);
      decided.push(event);
      results[symbol] = toSymbolDecision(event, request.omitExplanation);
    } catch (error) {
      results[symbol] = { error: options.toStatus(error, requestId) };
    }
  }
  // All symbols share the audit log: when it fails for one, the call as a whole is not answered.
  await Promise.all(decided.map(async (event) => options.record(event)));
  return { results };
}

function decideSymbol(
  symbol: string,
  request: PredictSymbolsRequest,
  requestId: string,
  decisionMaker: DecisionMaker,
): DecisionEvent | Promise<DecisionEvent> {
  const features = Object.hasOwn(request.features, symbol) ? request.features[symbol]?.features : undefined;
  if (features === undefined) {
    throw new InvalidInputError([
      { field: `features["${symbol}"]`, description: "is missing for a symbol that is asked for" },
    ]);
  }
  const qseOutput = Object.hasOwn(request.qseOutputs, symbol) ? request.qseOutputs[symbol] : undefined;
  return decisionMaker.decide({ symbol, timeframe: request.timeframe, features, qseOutput }, requestId, undefined);
}

function assertSymbols(symbols: readonly string[]): void {
  if (symbols.length === 0) {
    throw new InvalidInputError([{ field: "symbols", description: "must name at least one symbol" }]);
  }
  if (symbols.length > symbolsMax) {
    throw new InvalidInputError([
      { field: "symbols", description: `${symbols.length} symbols; at most ${symbolsMax} are read` },
    ]);
  }
  // A plain object cannot hold this key, and an answer that silently lacks a symbol is worse than none.
  const unusable = symbols.indexOf("__proto__");
  if (unusable !== -1) {
    throw new InvalidInputError([{ field: `symbols[${unusable}]`, description: "__proto__ cannot be a symbol" }]);
  }
}
