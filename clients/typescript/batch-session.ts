import { clone, create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { v7 as uuidv7 } from "uuid";
import {
  BatchPredictRequest_AppendBarsSchema,
  type BatchPredictResponse,
  PredictRequestSchema,
  type PredictResponse,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { BatchStream, type OpenBatchPredict } from "./batch-stream.ts";
import { pause } from "./retry.ts";
import { MlRpcError } from "./rpc-error.ts";
import { applyChange, type StreamWindow, toFullWindow, type WindowChange } from "./stream-window.ts";

export interface ItemOptions {
  /** Time for the answer, reconnections included. @default the session's */
  readonly deadlineMs?: number;
  /** The caller's name for this item; echoed, logged. @default a UUID */
  readonly requestId?: string;
}

export interface SessionOptions {
  /** Time for the answer to one item. @default 1000 */
  readonly deadlineMs?: number;
}

/** One item from its sending to its answer. One whose deadline has passed stays, since its bars are facts. */
interface Item {
  readonly requestId: string;
  readonly key: string;
  readonly change: WindowChange;
  readonly resolve: (response: PredictResponse) => void;
  readonly reject: (error: MlRpcError) => void;
  readonly timer: NodeJS.Timeout;
  isLost: boolean;
  /** The stream it last went out on. */
  sentOn: BatchStream | undefined;
}

/** Items without an answer; past this a service that does not answer is not sent more. */
const unansweredMax = 1_024;
const backoffMsMin = 20;
const backoffMsMax = 200;
/** Time that the service has to end its side of a stream when the session closes. */
const closeTimeoutMs = 1_000;

/** What a stream ends with that another stream may not. */
const passingCodes: ReadonlySet<Code> = new Set([Code.Unavailable, Code.Canceled, Code.Internal, Code.Unknown]);

/**
 * Decides bar by bar: a full window once for each symbol and timeframe, then the newest bars only. When the stream
 * breaks the session opens another and sends the window again, so that the answers are those of an unbroken stream.
 */
export class BatchSession implements AsyncDisposable {
  readonly #open: OpenBatchPredict;
  readonly #deadlineMs: number;
  readonly #windows = new Map<string, StreamWindow>();
  /** In the order of sending. */
  readonly #unanswered = new Map<string, Item>();
  /** Items of a key that wait for the answer to another, by that one's id: it brings the window, or is the last on its way to a lost one. */
  readonly #gates = new Map<string, { readonly opener: string; readonly waiting: Item[] }>();
  readonly #closing = new AbortController();
  #stream: BatchStream | undefined;
  #isReconnecting = false;
  #backoffMs = backoffMsMin;
  #lastFailure: MlRpcError | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(open: OpenBatchPredict, options: SessionOptions = {}) {
    this.#open = open;
    this.#deadlineMs = options.deadlineMs ?? 1_000;
  }

  /**
   * Decides on a full window, which the session keeps.
   *
   * @throws MlRpcError
   */
  window(request: MessageInitShape<typeof PredictRequestSchema>, options: ItemOptions = {}): Promise<PredictResponse> {
    const value = clone(PredictRequestSchema, create(PredictRequestSchema, request));
    return this.#send({ case: "window", value }, { requestId: value.requestId, ...options });
  }

  /**
   * Decides on the newest bars of a window that the session keeps. Need not be awaited before the next one is sent.
   *
   * @throws MlRpcError
   */
  append(
    bars: MessageInitShape<typeof BatchPredictRequest_AppendBarsSchema>,
    options: ItemOptions = {},
  ): Promise<PredictResponse> {
    const schema = BatchPredictRequest_AppendBarsSchema;
    return this.#send({ case: "append", value: clone(schema, create(schema, bars)) }, options);
  }

  /** Waits for the answers that are still to come. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#stream?.end();
    const timer = setTimeout(() => this.#stream?.cancel(), closeTimeoutMs);
    await this.#reading;
    clearTimeout(timer);
    this.#failAll(new MlRpcError("the session was closed before the answer came", Code.Canceled));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @param change nobody else's: what may have to be sent again must not change. */
  #send(change: WindowChange, options: ItemOptions): Promise<PredictResponse> {
    if (this.#closing.signal.aborted) return Promise.reject(new MlRpcError("the session is closed", Code.Canceled));
    if (this.#stream === undefined) this.#foldLost();
    if (this.#unanswered.size >= unansweredMax) {
      return Promise.reject(new MlRpcError(`${unansweredMax} items have no answer yet`, Code.ResourceExhausted));
    }
    const requestId = options.requestId || uuidv7();
    if (this.#unanswered.has(requestId)) {
      return Promise.reject(new MlRpcError(`request_id ${requestId} has no answer yet`, Code.InvalidArgument));
    }
    return new Promise((resolve, reject) => {
      const deadlineMs = options.deadlineMs ?? this.#deadlineMs;
      const key = `${change.value.symbol}\u0000${change.value.timeframe}`;
      const timer = setTimeout(() => this.#expire(item, deadlineMs), deadlineMs);
      const item: Item = { requestId, key, change, resolve, reject, timer, isLost: false, sentOn: undefined };
      this.#unanswered.set(requestId, item);
      if (!this.#isReconnecting) this.#put(this.#stream ?? this.#openStream(), item);
    });
  }

  #expire(item: Item, deadlineMs: number): void {
    item.isLost = true;
    const cause = this.#lastFailure;
    const last = cause === undefined ? "" : `; the stream before: ${cause.message}`;
    item.reject(
      new MlRpcError(`no answer within ${deadlineMs} ms${last}`, Code.DeadlineExceeded, undefined, { cause }),
    );
  }

  #openStream(): BatchStream {
    const stream = new BatchStream(this.#open);
    this.#stream = stream;
    this.#gates.clear();
    this.#reading = this.#read(stream);
    return stream;
  }

  /**
   * Hands an item to the stream; bars whose window the stream does not hold go out as that window with the bars. The next
   * items wait for the answer, so that a refused window does not take them along.
   */
  #put(stream: BatchStream, item: Item): void {
    const { requestId, key } = item;
    if (stream.known.has(key) && this.#isAfterUnsent(stream, item)) this.#loseStep(stream, key);
    const gate = this.#gates.get(key);
    if (gate !== undefined) {
      gate.waiting.push(item);
      return;
    }
    const change = stream.known.has(key) ? item.change : this.#toOpening(item);
    if (change.case === "window" && !stream.known.has(key)) {
      stream.known.add(key);
      this.#gates.set(key, { opener: requestId, waiting: [] });
    }
    item.sentOn = stream;
    stream.send(requestId, change);
  }

  /** Whether bars that the stream was never sent come before an item: those of one whose deadline passed before the stream was opened. */
  #isAfterUnsent(stream: BatchStream, item: Item): boolean {
    for (const earlier of this.#unanswered.values()) {
      if (earlier === item) return false;
      if (earlier.key === item.key && earlier.isLost && earlier.sentOn !== stream) return true;
    }
    return false;
  }

  /** The item as a full window, unless there is none. */
  #toOpening(item: Item): WindowChange {
    if (item.change.case === "window") return item.change;
    const window = this.#windowWith(item);
    return window === undefined ? item.change : { case: "window", value: toFullWindow(window, item.change.value) };
  }

  /** The window with every change up to an item. */
  #windowWith(last: Item): StreamWindow | undefined {
    let window = this.#windows.get(last.key);
    for (const item of this.#unanswered.values()) {
      if (item.key === last.key) window = applyChange(window, item.change);
      if (item === last) break;
    }
    return window;
  }

  async #read(stream: BatchStream): Promise<void> {
    let failure = new MlRpcError("the service ended the stream", Code.Unavailable);
    try {
      for await (const response of stream) this.#take(stream, response);
    } catch (error) {
      failure = MlRpcError.from(error);
    }
    // Answers have resumed their callers by now, who may have sent more.
    await this.#onStreamEnd(failure);
  }

  #take(stream: BatchStream, { requestId, result }: BatchPredictResponse): void {
    this.#backoffMs = backoffMsMin;
    const item = this.#unanswered.get(requestId);
    if (item === undefined) return;
    clearTimeout(item.timer);
    const gate = this.#gates.get(item.key);
    const isOpener = gate?.opener === requestId;
    if (result.case === "response") {
      this.#confirm(item);
      item.resolve(result.value);
    } else {
      this.#unanswered.delete(requestId);
      const error =
        result.case === "error"
          ? MlRpcError.fromStatus(result.value)
          : new MlRpcError("the service answered without a result", Code.Internal);
      // Only after a plain refusal is the stream's window surely where it was.
      if (isOpener || error.code !== Code.InvalidArgument) this.#loseStep(stream, item.key);
      item.reject(error);
    }
    if (gate === undefined || !isOpener) return;
    this.#gates.delete(item.key);
    for (const waiting of gate.waiting) this.#put(stream, waiting);
  }

  /** The next bars of a key need their window sent with them, and wait for the answers on their way, which may move it. */
  #loseStep(stream: BatchStream, key: string): void {
    stream.known.delete(key);
    if (this.#gates.has(key)) return;
    const last = [...this.#unanswered.values()].findLast((item) => item.key === key && item.sentOn === stream);
    if (last !== undefined) this.#gates.set(key, { opener: last.requestId, waiting: [] });
  }

  /** The service has made an item's change, and those before it: answers to one key keep their order. */
  #confirm(last: Item): void {
    const window = this.#windowWith(last);
    for (const item of this.#unanswered.values()) {
      if (item.key === last.key) this.#unanswered.delete(item.requestId);
      if (item === last) break;
    }
    if (window !== undefined) this.#windows.set(last.key, window);
  }

  /** Lost items that no stream will answer any more become part of their windows, or an outage would end the session for good. */
  #foldLost(): void {
    const waiting = new Set<string>();
    for (const item of [...this.#unanswered.values()]) {
      if (!item.isLost) waiting.add(item.key);
      else if (!waiting.has(item.key)) this.#confirm(item);
    }
  }

  async #onStreamEnd(failure: MlRpcError): Promise<void> {
    this.#stream = undefined;
    this.#lastFailure = failure;
    if (this.#closing.signal.aborted) return;
    if (!passingCodes.has(failure.code)) {
      this.#failAll(failure);
      return;
    }
    if (!this.#isAwaited()) return;
    this.#isReconnecting = true;
    await pause(this.#backoffMs, this.#closing.signal);
    this.#isReconnecting = false;
    this.#backoffMs = Math.min(this.#backoffMs * 2, backoffMsMax);
    if (this.#closing.signal.aborted || !this.#isAwaited()) return;
    const stream = this.#openStream();
    for (const item of [...this.#unanswered.values()]) if (!item.isLost) this.#put(stream, item);
  }

  #isAwaited(): boolean {
    return [...this.#unanswered.values()].some(({ isLost }) => !isLost);
  }

  #failAll(error: MlRpcError): void {
    for (const item of this.#unanswered.values()) {
      clearTimeout(item.timer);
      item.reject(error);
    }
    this.#unanswered.clear();
  }
}
