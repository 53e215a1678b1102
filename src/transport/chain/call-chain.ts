/**
 * What every call of every protocol passes: a name, a place among the calls in flight, a deadline, one vocabulary of
 * errors, one report.
 */

import { create, type DescMethod, type Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { CallContext, CallObserver } from "../../domain/call-context.ts";
import { DeadlineExceededError, MlError, OverloadedError, UnavailableError } from "../../domain/errors.ts";
import { Withheld } from "../../domain/pending.ts";
import type { MaybePromise, StreamHandler, UnaryHandler } from "../service-binding.ts";
import { Call, type CallStart } from "./call.ts";
import { type AnswerReceiver, type AnswerWriter, HeldAnswer } from "./held-answer.ts";
import { acceptRequestId } from "./request-id.ts";
import { canceledError, codeName, toConnectError } from "./status.ts";
import { StreamCall } from "./stream-call.ts";

export interface CallChainOptions {
  /** Told of every call once. */
  readonly observe: CallObserver;
  /** A clock that never goes back, in milliseconds. */
  readonly monotonicMs: () => number;
  /** Makes the id of a call whose caller gave none. */
  readonly newRequestId: () => string;
  /** Calls that may be in a handler at a time. @default 1024 */
  readonly inFlightMax?: number;
  /** Time for a call whose client set no deadline; streams have none then. @default no limit */
  readonly defaultTimeoutMs?: number;
  /** Longest deadline a client may set; a longer one is shortened to this. @default 600000 */
  readonly timeoutMsMax?: number;
  /** Methods that are answered while draining and when full, as probes must be. @default none */
  readonly isExempt?: (method: DescMethod) => boolean;
  /** Told of a handler that failed after its call had been answered (deadline, cancellation). */
  readonly onLateFailure?: (call: CallContext, error: unknown) => void;
  /** What an error is to its client; one of the runtime's own is changed in place. @default `toConnectError`: all details */
  readonly mapError?: (error: unknown) => ConnectError;
}

/**
 * A protocol opens a call when it has the headers, then hands it to exactly one of `invokeUnary`, `invokeStream`
 * and `refuse`, which report it. Errors come out as ConnectError, mapped and complete with details.
 */
export interface CallChain {
  /** Names the call and starts its clock. Holds nothing: a call that is dropped leaks nothing. */
  open(start: CallStart): Call;
  /** Why a call would be refused now; asked before its body is read, so that a full service reads none. */
  refusal(method: DescMethod): MlError | undefined;
  /** Answers without a promise when the handler does. Throws, or rejects, a ConnectError. */
  invokeUnary(call: Call, request: Message, handler: UnaryHandler): MaybePromise<Message>;
  /** As `invokeUnary`, for a method whose requests and answers need not be messages. */
  invokeMethod<Q, A, R>(call: Call, request: Q, method: UnaryMethod<Q, A, R>): MaybePromise<R>;
  /** As `invokeMethod`, but tells a receiver, so that an answer that is withheld costs no promises. */
  deliver<Q, A, R>(call: Call, request: Q, method: UnaryMethod<Q, A, R>, receiver: AnswerReceiver<R>): void;
  /** Throws a ConnectError at once when the call is refused; later ones come from `next()`. */
  invokeStream(call: Call, requests: AsyncIterable<Message>, handler: StreamHandler): AsyncIterableIterator<Message>;
  /** Admits a stream whose messages its protocol moves by itself. Throws a ConnectError when it is refused. */
  admitStream(call: Call, stream: DrainingStream): StreamPlace;
  /** The error as the client sees it. Says nothing of a call. */
  mapError(error: unknown): ConnectError;
  /** Ends a call that never reached its handler: malformed, too large, not implemented. */
  refuse(call: Call, error: unknown): ConnectError;
  /** From now on refuses new calls, and new requests on open streams, with UNAVAILABLE. */
  startDraining(): void;
  /** Calls whose handler has not let go yet. */
  inFlight(): number;
}

/** A stream that can be told to take no further request. */
export interface DrainingStream {
  refuseRequests(reason: Error): void;
}

/** The place of an admitted stream among the calls in flight. */
export interface StreamPlace {
  /** The stream ended as its handler wanted. One that fails is ended with `refuse`. */
  succeed(): void;
  /** Nothing is held for the stream any more. Idempotent. */
  release(): void;
}

/** How a unary call is answered, and how its answer becomes what is sent. */
export interface UnaryMethod<Q, A, R> extends AnswerWriter<A, R> {
  handle(request: Q, call: CallContext): MaybePromise<A> | Withheld<A>;
}

/** A full service is usually free again within a few calls' time. */
const overloadedRetryAfterMs = 100;
/** Time for a load balancer to look elsewhere. */
const drainingRetryAfterMs = 1_000;

export function createCallChain(options: CallChainOptions): CallChain {
  return new Chain(options);
}

/** The failure that a call is answered with; one that the chain has not seen is reported. */
export function failureOf(chain: CallChain, call: Call, error: unknown): ConnectError {
  return call.reported && error instanceof ConnectError ? error : chain.refuse(call, error);
}

class Chain implements CallChain {
  readonly #options: CallChainOptions;
  readonly #inFlightMax: number;
  readonly #timeoutMsMax: number;
  readonly mapError: (error: unknown) => ConnectError;
  readonly #methodNames = new Map<DescMethod, string>();
  readonly #streams = new Set<DrainingStream>();
  #inFlight = 0;
  #draining = false;

  constructor(options: CallChainOptions) {
    this.#options = options;
    this.#inFlightMax = options.inFlightMax ?? 1024;
    this.#timeoutMsMax = options.timeoutMsMax ?? 600_000;
    this.mapError = options.mapError ?? toConnectError;
  }

  open(start: CallStart): Call {
    const { monotonicMs } = this.#options;
    const startedMs = monotonicMs();
    const isUnary = start.method.methodKind === "unary";
    const timeoutMs = start.timeoutMs ?? (isUnary ? this.#options.defaultTimeoutMs : undefined);
    const deadlineMs = timeoutMs === undefined ? undefined : startedMs + Math.min(timeoutMs, this.#timeoutMsMax);
    const requestId = acceptRequestId(start.requestId) ?? this.#options.newRequestId();
    return new Call(start, this.#nameOf(start.method), requestId, { startedMs, deadlineMs, monotonicMs });
  }

  refusal(method: DescMethod): MlError | undefined {
    if (!this.#draining && this.#inFlight < this.#inFlightMax) return undefined;
    if (this.#options.isExempt?.(method) === true) return undefined;
    return this.#draining ? drainingError() : overloadedError(this.#inFlightMax);
  }

  invokeUnary(call: Call, request: Message, handler: UnaryHandler): MaybePromise<Message> {
    const { output } = call.descriptor;
    return this.invokeMethod(call, request, { handle: handler, write: (answer) => create(output, answer) });
  }

  invokeMethod<Q, A, R>(call: Call, request: Q, method: UnaryMethod<Q, A, R>): MaybePromise<R> {
    const result = this.#handle(call, request, method);
    if (result instanceof Withheld) {
      return new Promise<R>((resolve, reject) =>
        this.#hold(call, result, method, { onAnswer: resolve, onFailure: reject }),
      );
    }
    if (result instanceof Promise) return this.#awaitAnswer(call, result, method);
    this.#inFlight--;
    return this.#answer(call, result, method);
  }

  deliver<Q, A, R>(call: Call, request: Q, method: UnaryMethod<Q, A, R>, receiver: AnswerReceiver<R>): void {
    let answer: R;
    try {
      const result = this.#handle(call, request, method);
      if (result instanceof Withheld) {
        this.#hold(call, result, method, receiver);
        return;
      }
      if (result instanceof Promise) {
        this.#awaitAnswer(call, result, method).then(
          (later) => receiver.onAnswer(later),
          (error: unknown) => receiver.onFailure(error),
        );
        return;
      }
      this.#inFlight--;
      answer = this.#answer(call, result, method);
    } catch (error) {
      receiver.onFailure(error);
      return;
    }
    receiver.onAnswer(answer);
  }

  invokeStream(call: Call, requests: AsyncIterable<Message>, handler: StreamHandler): AsyncIterableIterator<Message> {
    this.#admit(call);
    this.#inFlight++;
    try {
      const stream: StreamCall = new StreamCall(call, requests, handler, {
        onSuccess: () => this.#report(call, "ok"),
        onFailure: (error) => this.refuse(call, error),
        onRelease: () => {
          this.#inFlight--;
          this.#streams.delete(stream);
        },
        onLateFailure: (error) => this.#options.onLateFailure?.(call, error),
      });
      this.#streams.add(stream);
      return stream;
    } catch (error) {
      this.#inFlight--;
      throw this.refuse(call, error);
    }
  }

  admitStream(call: Call, stream: DrainingStream): StreamPlace {
    this.#admit(call);
    this.#inFlight++;
    this.#streams.add(stream);
    return {
      succeed: () => this.#report(call, "ok"),
      release: () => {
        if (this.#streams.delete(stream)) this.#inFlight--;
      },
    };
  }

  refuse(call: Call, error: unknown): ConnectError {
    const failure = this.#toFailure(call, error);
    this.#report(call, codeName(failure.code), isServerFault(failure) ? error : undefined);
    return failure;
  }

  startDraining(): void {
    this.#draining = true;
    for (const stream of this.#streams) stream.refuseRequests(drainingError());
  }

  inFlight(): number {
    return this.#inFlight;
  }

  #admit(call: Call): void {
    const refusal = call.isExpired() ? new DeadlineExceededError() : this.refusal(call.descriptor);
    if (refusal !== undefined) throw this.refuse(call, refusal);
  }

  #handle<Q, A, R>(call: Call, request: Q, method: UnaryMethod<Q, A, R>): MaybePromise<A> | Withheld<A> {
    this.#admit(call);
    this.#inFlight++;
    try {
      return method.handle(request, call);
    } catch (error) {
      this.#inFlight--;
      throw this.refuse(call, error);
    }
  }

  #answer<A, R>(call: Call, result: A, method: AnswerWriter<A, R>): R {
    if (call.isExpired()) throw this.refuse(call, new DeadlineExceededError());
    let answer: R;
    try {
      answer = method.write(result);
    } catch (error) {
      throw this.refuse(call, error);
    }
    this.#report(call, "ok");
    return answer;
  }

  /** Waits for the handler or the deadline. The place in flight is kept until the handler itself is done. */
  #awaitAnswer<A, R>(call: Call, result: Promise<A>, method: AnswerWriter<A, R>): Promise<R> {
    return new Promise((resolve, reject) => {
      call.startTimer(() => reject(this.refuse(call, new DeadlineExceededError())));
      const settle = (answer: () => void) => {
        this.#inFlight--;
        try {
          answer();
        } catch (error) {
          reject(error);
        }
      };
      result.then(
        (value) => settle(() => (call.reported ? reject(canceledError()) : resolve(this.#answer(call, value, method)))),
        (error: unknown) =>
          settle(() => {
            if (call.reported) this.#options.onLateFailure?.(call, error);
            else reject(this.refuse(call, error));
          }),
      );
    });
  }

  /** The same for an answer that is there already: what is sent is made meanwhile. */
  #hold<A, R>(
    call: Call,
    { value, until }: Withheld<A>,
    method: AnswerWriter<A, R>,
    receiver: AnswerReceiver<R>,
  ): void {
    call.startTimer(() => receiver.onFailure(this.refuse(call, new DeadlineExceededError())));
    until.tell(new HeldAnswer(call, value, method, receiver, this.#settleHeld));
  }

  readonly #settleHeld = <A, R>(held: HeldAnswer<A, R>, failure: Error | undefined): void => {
    this.#inFlight--;
    const { call, receiver } = held;
    if (call.reported) {
      if (failure !== undefined) this.#options.onLateFailure?.(call, failure);
      receiver.onFailure(canceledError());
      return;
    }
    let answer: R;
    try {
      if (failure !== undefined) throw this.refuse(call, failure);
      answer = this.#answer(call, undefined, held);
    } catch (error) {
      receiver.onFailure(error);
      return;
    }
    receiver.onAnswer(answer);
  };

  #toFailure(call: Call, error: unknown): ConnectError {
    if (call.isExpired()) return this.mapError(new DeadlineExceededError());
    if (call.isAbandoned() && !(error instanceof MlError)) return canceledError();
    return this.mapError(error);
  }

  #report(call: Call, code: string, error?: unknown): void {
    if (call.reported) return;
    call.reported = true;
    call.stopTimer();
    this.#options.observe({
      protocol: call.protocol,
      method: call.method,
      code,
      durationMs: this.#options.monotonicMs() - call.startedMs,
      requestId: call.requestId,
      traceparent: call.traceparent,
      ...(call.requestBytes === undefined ? {} : { requestBytes: call.requestBytes }),
      ...(error === undefined ? {} : { error }),
    });
  }

  #nameOf(method: DescMethod): string {
    let name = this.#methodNames.get(method);
    if (name === undefined) {
      name = `${method.parent.typeName}/${method.name}`;
      this.#methodNames.set(method, name);
    }
    return name;
  }
}

/** The protocol runtime names a cause for what a caller sent malformed, too, and quotes it: that is nobody's to read. */
function isServerFault({ code, cause }: ConnectError): boolean {
  return code === Code.Internal || (code === Code.Unavailable && cause !== undefined);
}

function drainingError(): UnavailableError {
  return new UnavailableError("the service is shutting down", "DRAINING", drainingRetryAfterMs);
}

function overloadedError(inFlightMax: number): OverloadedError {
  return new OverloadedError(
    `${inFlightMax} calls are in flight already`,
    overloadedRetryAfterMs,
    "TOO_MANY_IN_FLIGHT",
  );
}
