import { fromBinary } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { StatusSchema } from "../../gen/ts/google/rpc/status_pb.ts";
import type { ForwardedCall, ToPrimary, ToWorker } from "./messages.ts";

/** What the primary says of a call that it answers. */
export type CallReply = Extract<ToWorker, { readonly kind: "answer" | "failure" | "more" }>;

interface Pending {
  readonly resolve: (response: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
  /** Lets the next message of a stream go. */
  proceed: () => void;
  isSettled: boolean;
}

/** Calls that this worker hands to the primary. */
export class PrimaryLink {
  readonly #send: (message: ToPrimary) => void;
  readonly #pending = new Map<number, Pending>();
  #lastCall = 0;

  constructor(send: (message: ToPrimary) => void) {
    this.#send = send;
  }

  /**
   * Has the primary answer a unary call.
   *
   * @throws ConnectError as the primary's handler failed, details included; the reason of the signal when it fires.
   */
  ask(forwarded: ForwardedCall, signal: AbortSignal): Promise<Uint8Array> {
    const [call, answered] = this.#open(signal);
    this.#send({ kind: "call", call, forwarded });
    return answered;
  }

  /** As {@link ask}, for a method that takes a stream: one message is under way at a time. */
  async askStream(
    forwarded: ForwardedCall,
    requests: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const [call, answered] = this.#open(signal);
    const pending = this.#pending.get(call);
    // Who waits for the answer is told; until then it must not count as unhandled.
    answered.catch(() => undefined);
    this.#send({ kind: "call", call, forwarded });
    for await (const request of requests) {
      if (pending === undefined || pending.isSettled) break;
      const taken = new Promise<void>((resolve) => {
        pending.proceed = resolve;
      });
      this.#send({ kind: "part", call, request });
      await taken;
    }
    if (pending?.isSettled === false) this.#send({ kind: "end", call });
    return answered;
  }

  receive(reply: CallReply): void {
    const pending = this.#pending.get(reply.call);
    // Canceled here meanwhile.
    if (pending === undefined) return;
    switch (reply.kind) {
      case "answer":
        pending.resolve(reply.response);
        break;
      case "failure":
        pending.reject(toError(reply.status));
        break;
      case "more":
        pending.proceed();
        break;
      default:
        reply satisfies never;
    }
  }

  #open(signal: AbortSignal): [number, Promise<Uint8Array>] {
    if (signal.aborted) throw signal.reason;
    const call = ++this.#lastCall;
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const settle = (finish: () => void): void => {
      this.#pending.delete(call);
      signal.removeEventListener("abort", cancel);
      pending.isSettled = true;
      finish();
      pending.proceed();
    };
    const cancel = (): void => {
      this.#send({ kind: "cancel", call });
      settle(() => reject(signal.reason));
    };
    const pending: Pending = {
      resolve: (response) => settle(() => resolve(response)),
      reject: (error) => settle(() => reject(error)),
      proceed: () => undefined,
      isSettled: false,
    };
    this.#pending.set(call, pending);
    signal.addEventListener("abort", cancel);
    return [call, promise];
  }
}

/** The error as the primary's handler meant it. */
function toError(bytes: Uint8Array): ConnectError {
  const { code, message, details } = fromBinary(StatusSchema, bytes);
  const error = new ConnectError(message, code);
  for (const { typeUrl, value } of details) {
    error.details.push({ type: typeUrl.slice(typeUrl.lastIndexOf("/") + 1), value });
  }
  return error;
}
