/**
 * A lane for bidirectional gRPC streams, uncompressed, over HTTP/2, of methods that have a direct way. All messages of one
 * piece of data are answered in one write. Like the unary lane it enters the same call chain and leaves what it
 * does not handle to the general path, before anything has been read.
 */

import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { DeadlineExceededError } from "../domain/errors.ts";
import type { CallChain, DrainingStream, StreamPlace } from "./chain/call-chain.ts";
import { canceledError } from "./chain/status.ts";
import { EnvelopeReader } from "./envelope-reader.ts";
import { GrpcCall, type GrpcLane, isPlainGrpc } from "./grpc-call.ts";
import { protocolError } from "./grpc-message.ts";
import type { Http2Stream, StreamOwner } from "./http2/http2-stream.ts";
import { OrderedAnswers } from "./ordered-answers.ts";
import type { DirectStream, DirectStreamMethod, ServiceBinding } from "./service-binding.ts";
import { tooManyUnfinished, type UnfinishedRequests } from "./unfinished-requests.ts";

export interface GrpcStreamOptions {
  readonly bindings: readonly ServiceBinding[];
  readonly chain: CallChain;
  /** Largest message that is read. */
  readonly readMaxBytes: number;
  /** Bytes of answers that may wait for the client before the stream stops being read. */
  readonly streamWindowBytes: number;
  readonly unfinished: UnfinishedRequests;
}

/** Answers that are written together; more would only make the first of them wait. */
const answersPerWrite = 64;

interface Route {
  readonly method: DescMethod;
  readonly direct: DirectStreamMethod;
}

/** What all exchanges of a lane share. */
interface Lane extends GrpcStreamOptions {
  open: number;
}

export function createGrpcStreamLane(options: GrpcStreamOptions): GrpcLane {
  const routes = new Map<string, Route>();
  for (const { service, direct } of options.bindings) {
    for (const method of service.methods) {
      const way = direct.streams?.[method.localName];
      if (way !== undefined) routes.set(`/${service.typeName}/${method.name}`, { method, direct: way });
    }
  }
  const lane: Lane = { ...options, open: 0 };
  return {
    take(stream) {
      const route = routes.get(String(stream.headers[":path"]));
      if (route === undefined || !isPlainGrpc(stream.headers)) return false;
      const exchange = new GrpcStreamExchange(lane, route, stream);
      stream.owner = exchange;
      exchange.start();
      return true;
    },
    open: () => lane.open,
  };
}

class GrpcStreamExchange implements DrainingStream, StreamOwner {
  readonly #lane: Lane;
  readonly #route: Route;
  readonly #stream: Http2Stream;
  readonly #grpc: GrpcCall;
  readonly #reader: EnvelopeReader;
  #place: StreamPlace | undefined;
  #session: DirectStream | undefined;
  #client: AbortController | undefined;
  readonly #answers = new OrderedAnswers(
    () => this.#advance(),
    (error) => this.#fail(error),
  );
  /** The client has sent everything. */
  #hasEnded = false;
  /** Set when no further request is taken: with what the call ends once all answers are written. */
  #ending: { readonly error: unknown } | undefined;
  /** The call has its result; what is written from now on is trailers. */
  #isOver = false;
  /** Answers wait for the client to read. */
  #isBlocked = false;
  /** Bytes of requests that have come and were not read yet, as they are counted with those of all calls. */
  #unfinishedBytes = 0;

  constructor(lane: Lane, route: Route, stream: Http2Stream) {
    this.#lane = lane;
    this.#route = route;
    this.#stream = stream;
    this.#reader = new EnvelopeReader(lane.readMaxBytes);
    this.#grpc = new GrpcCall(lane.chain, route.method, stream.headers, () => this.#clientSignal());
  }

  start(): void {
    const { call } = this.#grpc;
    this.#lane.open++;
    try {
      this.#place = this.#lane.chain.admitStream(call, this);
      this.#session = this.#route.direct.open(call);
    } catch (error) {
      this.#fail(error);
      return;
    }
    call.startTimer(() => this.#fail(new DeadlineExceededError()));
  }

  /** Those taken before are still answered. */
  refuseRequests(reason: Error): void {
    this.#takeNoMore(reason);
    this.#advance();
  }

  onData(piece: Buffer): void {
    if (this.#isOver || this.#ending !== undefined) return;
    this.#reader.add(piece);
    this.#advance();
  }

  onDrain(): void {
    this.#isBlocked = false;
    this.#advance();
  }

  /** A Node client that cancels ends its stream and resets it right after; half a stream must not pass for a whole. */
  onEnd(): void {
    setImmediate(() => {
      if (!this.#stream.isWritable) return;
      this.#hasEnded = true;
      this.#advance();
    });
  }

  onClose(): void {
    this.#lane.open--;
    if (this.#isOver) return;
    this.#client?.abort(canceledError());
    this.#end();
    this.#lane.chain.refuse(this.#grpc.call, canceledError());
  }

  /** Answers what has come, writes what is answered, and reads on unless answers wait for the client or the audit log. */
  #advance(): void {
    if (this.#isOver) return;
    try {
      while (this.#ending === undefined && !this.#mustWait()) {
        const message = this.#reader.next();
        if (message === undefined) {
          if (this.#hasEnded) this.#takeNoMore(this.#reader.endError());
          break;
        }
        this.#answers.push(this.#read(message));
        if (this.#answers.length >= answersPerWrite) this.#flush();
      }
    } catch (error) {
      this.#takeNoMore(error);
    }
    this.#flush();
    if (this.#reader.heldBytes !== this.#unfinishedBytes) this.#countUnfinished();
    if (this.#mustWait() && this.#ending === undefined) this.#stream.pause();
    else this.#stream.resume();
  }

  #countUnfinished(): void {
    const { unfinished } = this.#lane;
    const { heldBytes } = this.#reader;
    unfinished.giveBack(this.#unfinishedBytes);
    this.#unfinishedBytes = 0;
    if (unfinished.take(heldBytes)) this.#unfinishedBytes = heldBytes;
    else {
      this.#takeNoMore(tooManyUnfinished());
      this.#flush();
    }
  }

  /** Lets go of what has come and was not read. */
  #clearReader(): void {
    this.#reader.clear();
    this.#lane.unfinished.giveBack(this.#unfinishedBytes);
    this.#unfinishedBytes = 0;
  }

  #mustWait(): boolean {
    return this.#isBlocked || this.#answers.length >= this.#route.direct.pendingMax;
  }

  #takeNoMore(error: unknown): void {
    if (this.#isOver || this.#ending !== undefined) return;
    this.#ending = { error };
    this.#clearReader();
  }

  #read(message: Buffer): unknown {
    if (this.#session === undefined) throw new Error("a stream is read before it is open");
    try {
      return this.#session.answer(message);
    } catch (cause) {
      // In the words of the general path.
      throw protocolError(Code.InvalidArgument, `parse binary: ${cause instanceof Error ? cause.message : cause}`);
    }
  }

  #flush(): void {
    while (!this.#isOver && !this.#isBlocked) {
      const ready = this.#answers.take(answersPerWrite);
      if (ready.length === 0) break;
      this.#write(ready);
    }
    if (this.#isOver || this.#ending === undefined || this.#answers.length > 0) return;
    if (this.#ending.error === undefined) this.#succeed();
    else this.#fail(this.#ending.error);
  }

  #write(answers: readonly unknown[]): void {
    const stream = this.#stream;
    if (this.#session === undefined || !stream.isWritable) return;
    try {
      if (this.#grpc.call.isExpired()) throw new DeadlineExceededError();
      const frames = this.#session.write(answers);
      if (!stream.headersSent) stream.respond(this.#grpc.headers());
      if (!stream.write(frames)) this.#isBlocked = stream.pendingBytes >= this.#lane.streamWindowBytes;
    } catch (error) {
      this.#fail(error);
    }
  }

  #succeed(): void {
    this.#place?.succeed();
    this.#end();
    this.#close(this.#grpc.okTrailers());
  }

  /** Ends the call at once; what waits is not answered any more. */
  #fail(error: unknown): void {
    if (this.#isOver) return;
    const failure = this.#lane.chain.refuse(this.#grpc.call, error);
    this.#end();
    this.#close(this.#grpc.errorTrailers(failure));
  }

  #close(trailers: Buffer): void {
    const stream = this.#stream;
    if (!stream.isWritable) return;
    if (!stream.headersSent) stream.respond(this.#grpc.headers());
    stream.end(trailers);
    // What still arrives is let go of, so that the stream can end.
    stream.resume();
  }

  /** Lets go of everything. */
  #end(): void {
    this.#isOver = true;
    this.#answers.clear();
    this.#clearReader();
    this.#session?.close();
    this.#place?.release();
  }

  #clientSignal(): AbortSignal {
    this.#client = new AbortController();
    if (this.#stream.isClosed) this.#client.abort(canceledError());
    return this.#client.signal;
  }
}
