/**
 * A lane for the common case: one unary gRPC call, uncompressed, over HTTP/2. It reads and writes the stream itself, without
 * the request and response objects and the web streams and headers of the general path, and enters the same call chain.
 * Whatever it does not handle it leaves to the general path, before anything has been read.
 */

import type { DescMethod } from "@bufbuild/protobuf";
import { DeadlineExceededError } from "../domain/errors.ts";
import type { CallChain } from "./chain/call-chain.ts";
import type { AnswerReceiver } from "./chain/held-answer.ts";
import { canceledError } from "./chain/status.ts";
import { GrpcCall, type GrpcLane, isPlainGrpc } from "./grpc-call.ts";
import { prefixBytes, throughMessages, tooLarge, unwrapMessage } from "./grpc-message.ts";
import type { Http2Stream, StreamOwner } from "./http2/http2-stream.ts";
import { JoinedPieces } from "./joined-pieces.ts";
import { ReadSweep, type SweptRead } from "./read-sweep.ts";
import { type DirectMethod, type ServiceBinding, unaryHandler } from "./service-binding.ts";
import { tooManyUnfinished, type UnfinishedRequests } from "./unfinished-requests.ts";

export interface GrpcUnaryOptions {
  readonly bindings: readonly ServiceBinding[];
  readonly chain: CallChain;
  /** Largest message that is read. */
  readonly readMaxBytes: number;
  readonly unfinished: UnfinishedRequests;
  /** Time for the request to arrive. */
  readonly requestTimeoutMs: number;
}

interface Route {
  readonly method: DescMethod;
  /** The short way, where the method has one. */
  readonly direct: DirectMethod | undefined;
  readonly general: DirectMethod;
}

export function createGrpcUnaryLane(options: GrpcUnaryOptions): GrpcLane {
  const routes = new Map<string, Route>();
  for (const binding of options.bindings) {
    for (const method of binding.service.methods) {
      const handler = unaryHandler(binding, method);
      if (handler === undefined) continue;
      const direct = binding.direct.unary?.[method.localName];
      const general = throughMessages(method, handler);
      routes.set(`/${binding.service.typeName}/${method.name}`, { method, direct, general });
    }
  }
  const lane: Lane = { ...options, sweep: new ReadSweep(options.requestTimeoutMs), open: 0 };
  return {
    take(stream) {
      const route = routes.get(String(stream.headers[":path"]));
      if (route === undefined || !isPlainGrpc(stream.headers)) return false;
      const exchange = new GrpcUnaryExchange(lane, route, stream);
      stream.owner = exchange;
      exchange.start();
      return true;
    },
    open: () => lane.open,
  };
}

/** What all exchanges of a lane share. */
interface Lane extends GrpcUnaryOptions {
  readonly sweep: ReadSweep;
  open: number;
}

class GrpcUnaryExchange implements StreamOwner, SweptRead, AnswerReceiver<Buffer> {
  readonly #lane: Lane;
  readonly #route: Route;
  readonly #stream: Http2Stream;
  readonly #grpc: GrpcCall;
  readonly #body = new JoinedPieces();
  #client: AbortController | undefined;
  #isRead = false;
  #isAnswered = false;
  dueMs = 0;
  place = -1;

  constructor(lane: Lane, route: Route, stream: Http2Stream) {
    this.#lane = lane;
    this.#route = route;
    this.#stream = stream;
    this.#grpc = new GrpcCall(lane.chain, route.method, stream.headers, () => this.#clientSignal());
  }

  start(): void {
    const { chain, sweep } = this.#lane;
    this.#lane.open++;
    const refusal = chain.refusal(this.#route.method);
    if (refusal === undefined) sweep.add(this);
    else this.#refuse(refusal);
  }

  isExpired(): boolean {
    return this.#grpc.call.isExpired();
  }

  expire(): void {
    this.#refuse(new DeadlineExceededError());
  }

  onData(piece: Buffer): void {
    if (this.#isRead) return;
    const lane = this.#lane;
    if (this.#body.length + piece.length > lane.readMaxBytes + prefixBytes) this.#refuse(tooLarge(lane.readMaxBytes));
    else if (lane.unfinished.take(piece.length)) this.#body.add(piece);
    else this.#refuse(tooManyUnfinished());
  }

  /** No await on this line: a handler that answers at once is answered for at once. */
  onEnd(): void {
    if (this.#isRead) return;
    this.#stopReading();
    const { chain, readMaxBytes } = this.#lane;
    const { direct, general } = this.#route;
    let method = direct ?? general;
    let request: unknown;
    try {
      const message = unwrapMessage(this.#body.take(), readMaxBytes);
      request = direct?.read(message);
      if (request === undefined) {
        method = general;
        request = general.read(message);
      }
    } catch (error) {
      this.onFailure(chain.refuse(this.#grpc.call, error));
      return;
    }
    chain.deliver(this.#grpc.call, request, method, this);
  }

  onAnswer(frame: Buffer): void {
    const stream = this.#stream;
    if (!stream.isWritable) return;
    this.#isAnswered = true;
    stream.respond(this.#grpc.headers());
    stream.write(frame);
    stream.end(this.#grpc.okTrailers());
  }

  onFailure(error: unknown): void {
    if (!this.#stream.isWritable) return;
    this.#isAnswered = true;
    this.#stream.respondAndEnd(Buffer.concat([this.#grpc.headers(), this.#grpc.errorTrailers(error)]));
  }

  /** Ends a call whose request has not been read. */
  #refuse(error: unknown): void {
    if (this.#isRead) return;
    this.#stopReading();
    this.#body.clear();
    this.onFailure(this.#lane.chain.refuse(this.#grpc.call, error));
  }

  #stopReading(): void {
    this.#isRead = true;
    this.#lane.unfinished.giveBack(this.#body.length);
    this.#lane.sweep.delete(this);
  }

  /** An answer is small, and the stream keeps what the client does not read. */
  onDrain(): void {}

  onClose(): void {
    this.#lane.open--;
    if (this.#isAnswered) return;
    if (!this.#isRead) this.#stopReading();
    this.#client?.abort(canceledError());
    this.#lane.chain.refuse(this.#grpc.call, canceledError());
  }

  #clientSignal(): AbortSignal {
    this.#client = new AbortController();
    if (this.#stream.isClosed) this.#client.abort(canceledError());
    return this.#client.signal;
  }
}
