import { create, type DescMethod, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { StatusSchema } from "../../gen/ts/google/rpc/status_pb.ts";
import type { CallContext } from "../domain/call-context.ts";
import { MlError, NotImplementedError } from "../domain/errors.ts";
import type { ServiceLog } from "../service-log.ts";
import { canceledError, toRpcStatus } from "../transport/chain/status.ts";
import { type ServiceBinding, streamHandler, unaryHandler } from "../transport/service-binding.ts";
import type { ForwardedCall, ToPrimary, ToWorker } from "./messages.ts";

/** What a worker says of calls that it hands over. */
export type CallMessage = Extract<ToPrimary, { readonly kind: "call" | "part" | "end" | "cancel" }>;

export interface CallServerOptions {
  readonly bindings: readonly ServiceBinding[];
  readonly log: ServiceLog;
  readonly send: (message: ToWorker) => void;
  /** Resolves when everything that has happened in any worker is counted. */
  readonly collect: () => Promise<void>;
}

interface OpenCall {
  readonly controller: AbortController;
  readonly requests: MessageQueue;
}

/** Probes ask when something hangs, and must not wait for it. */
const probes: ReadonlySet<DescMethod> = new Set([
  MonitoringService.method.getServiceInfo,
  MonitoringService.method.getHealth,
  MonitoringService.method.getReadiness,
]);

/** Answers the calls that one worker hands over. */
export class CallServer {
  readonly #options: CallServerOptions;
  readonly #open = new Map<number, OpenCall>();

  constructor(options: CallServerOptions) {
    this.#options = options;
  }

  receive(message: CallMessage): void {
    const { call } = message;
    switch (message.kind) {
      case "call":
        void this.#answer(call, message.forwarded);
        break;
      case "part":
        this.#open.get(call)?.requests.push(message.request);
        break;
      case "end":
        this.#open.get(call)?.requests.end();
        break;
      case "cancel":
        this.#open.get(call)?.controller.abort(canceledError());
        break;
      default:
        message satisfies never;
    }
  }

  /** The worker is gone, and nobody waits for the answers any more. */
  abandon(): void {
    for (const { controller } of this.#open.values()) controller.abort(canceledError());
  }

  /** Never rejects: a failure is an answer. */
  async #answer(call: number, forwarded: ForwardedCall): Promise<void> {
    const controller = new AbortController();
    const requests = new MessageQueue(() => this.#options.send({ kind: "more", call }), controller.signal);
    this.#open.set(call, { controller, requests });
    try {
      const response = await this.#run(forwarded, requests, controller.signal);
      this.#options.send({ kind: "answer", call, response });
    } catch (error) {
      this.#logFailure(forwarded, error);
      this.#options.send({ kind: "failure", call, status: toBinary(StatusSchema, toRpcStatus(error)) });
    } finally {
      this.#open.delete(call);
    }
  }

  async #run(forwarded: ForwardedCall, requests: MessageQueue, signal: AbortSignal): Promise<Uint8Array> {
    const { service, method: methodName, protocol, requestId, request } = forwarded;
    const binding = this.#options.bindings.find((each) => each.service.typeName === service);
    const method = binding?.service.methods.find((each) => each.localName === methodName);
    if (binding === undefined || method === undefined) throw new NotImplementedError(`no such method: ${methodName}`);
    const context: CallContext = { protocol, method: `${service}/${method.name}`, requestId, signal };
    if (method.parent === MonitoringService && !probes.has(method)) await this.#options.collect();
    const handler = unaryHandler(binding, method);
    if (handler !== undefined && request !== undefined) {
      return encode(method, await handler(fromBinary(method.input, request), context));
    }
    const stream = streamHandler(binding, method);
    if (stream === undefined) throw new NotImplementedError(`${context.method} is not implemented`);
    for await (const answer of stream(requests.decode(method), context)) return encode(method, answer);
    throw new Error(`${context.method} gave no answer`);
  }

  #logFailure({ method, requestId }: ForwardedCall, error: unknown): void {
    if (error instanceof MlError && error.cause === undefined) return;
    this.#options.log.logger.error({ request_id: requestId, method, err: error }, "forwarded call failed");
  }
}

function encode(method: DescMethod, answer: Parameters<typeof create>[1]): Uint8Array {
  return toBinary(method.output, create(method.output, answer));
}

/** Messages of a stream, one at a time: the next is asked for when one has been taken. */
class MessageQueue {
  readonly #askForMore: () => void;
  readonly #signal: AbortSignal;
  #waiting: Uint8Array[] = [];
  #isEnded = false;
  #wake = (): void => undefined;

  constructor(askForMore: () => void, signal: AbortSignal) {
    this.#askForMore = askForMore;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#wake());
  }

  push(message: Uint8Array): void {
    this.#waiting.push(message);
    this.#wake();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  async *decode(method: DescMethod): AsyncGenerator<Message> {
    for (;;) {
      this.#signal.throwIfAborted();
      const next = this.#waiting.shift();
      if (next !== undefined) {
        this.#askForMore();
        yield fromBinary(method.input, next);
      } else if (this.#isEnded) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
