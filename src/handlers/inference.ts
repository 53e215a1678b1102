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
import { type Pending, Withheld } from "../domain/pending.ts";
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
  /** Records a decision; the answer may leave at once, or when what is returned is done. */
  readonly record: (event: DecisionEvent, options?: AppendOptions) => Pending | undefined;
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
      const barTimeMicros = fromTimestamp(request.barTime);
      const toMessage = ({ event, omitExplanation }: PredictAnswer) =>
        toPredictResponse(event, mlVersion, omitExplanation);
      const answer = answerInput({ ...request, barTimeMicros }, call, options);
      if (answer instanceof Withheld) return promiseOf(answer).then(toMessage);
      return answer instanceof Promise ? answer.then(toMessage) : toMessage(answer);
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

/** Decides, and lets the answer leave when it is recorded. Answers at once when the models and the audit log do. */
function answerInput(
  request: PredictInput,
  call: CallContext,
  options: InferenceOptions,
): PredictAnswer | Promise<PredictAnswer> | Withheld<PredictAnswer> {
  const { requestId, barTimeMicros, omitExplanation } = request;
  const { decisionMaker } = options;
  const decided = decisionMaker.decide(request, requestId === "" ? call.requestId : requestId, barTimeMicros);
  if (!(decided instanceof Promise)) return recordAnswer({ event: decided, omitExplanation }, options);
  return decided.then((event) => {
    const answer = recordAnswer({ event, omitExplanation }, options);
    return answer instanceof Withheld ? promiseOf(answer) : answer;
  });
}

function recordAnswer(answer: PredictAnswer, { record }: InferenceOptions): PredictAnswer | Withheld<PredictAnswer> {
  const pending = record(answer.event);
  return pending === undefined ? answer : new Withheld(answer, pending);
}

function promiseOf<T>({ value, until }: Withheld<T>): Promise<T> {
  return until.done.then(() => value);
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
  await Promise.all(decided.map(async (event) => options.record(event)?.done));
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
