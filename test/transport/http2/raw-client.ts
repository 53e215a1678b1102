/** A client of HTTP/2 that does only what it is told to: it writes the frames it is given and keeps those it reads. */

import { connect, type Socket } from "node:net";
import { HpackDecoder } from "../../../src/transport/http2/hpack-decoder.ts";
import { flags, preface, settings, settingsAck, types } from "./frames.ts";
import { decodeAll, type Field } from "./hpack-blocks.ts";

export interface ReadFrame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
  /** Of HEADERS, decoded. */
  readonly fields: readonly Field[];
}

export interface Answer {
  readonly status: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly trailers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export class RawClient implements Disposable {
  readonly socket: Socket;
  /** Everything read so far. */
  readonly frames: ReadFrame[] = [];
  isClosed = false;
  /** Told of every frame, to answer it. */
  onFrame: (frame: ReadFrame) => void = () => undefined;
  readonly #decoder = new HpackDecoder(4_096);
  #bytes: Buffer = Buffer.alloc(0);
  readonly #checks = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (piece) => this.#read(piece));
    // Being cut off is what many tests are about.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.isClosed = true;
      this.#check();
    });
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  write(...frames: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** Waits until something can be found among what has been read; rejects when the connection ends before. */
  wait<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = () => {
        try {
          const found = find();
          if (found !== undefined) resolve(found);
          else if (!this.isClosed) return;
          else throw new Error(`the connection ended after ${this.frames.slice(-9).map(describe).join(", ")}`);
        } catch (error) {
          reject(error);
        }
        this.#checks.delete(check);
      };
      this.#checks.add(check);
      check();
    });
  }

  /** The first frame of a kind. */
  frame(type: number, streamId = 0, flag = 0): Promise<ReadFrame> {
    return this.wait(() => this.find(type, streamId, flag));
  }

  find(type: number, streamId = 0, flag = 0): ReadFrame | undefined {
    return this.frames.find((each) => each.type === type && each.streamId === streamId && (each.flags & flag) === flag);
  }

  /** Code of the last GOAWAY, once the connection has ended. */
  async goAwayCode(): Promise<number | undefined> {
    await this.closed();
    return this.frames.findLast(({ type }) => type === types.goAway)?.payload.readUInt32BE(4);
  }

  async resetCode(streamId: number): Promise<number> {
    return (await this.frame(types.reset, streamId)).payload.readUInt32BE(0);
  }

  closed(): Promise<true> {
    return this.wait(() => this.isClosed || undefined);
  }

  /** The whole answer on a stream. */
  async answer(streamId: number): Promise<Answer> {
    await this.wait(() => {
      const reset = this.find(types.reset, streamId);
      if (reset !== undefined) throw new Error(`stream ${streamId} was reset: ${reset.payload.readUInt32BE(0)}`);
      return this.find(types.headers, streamId, flags.endStream) ?? this.find(types.data, streamId, flags.endStream);
    });
    const blocks = this.frames.filter((each) => each.type === types.headers && each.streamId === streamId);
    const [first = [], ...rest] = blocks.map(({ fields }) => fields);
    const answered = Object.fromEntries(first);
    return {
      status: answered[":status"],
      headers: answered,
      trailers: Object.fromEntries(rest.flat()),
      body: Buffer.concat(this.bodyPieces(streamId)),
    };
  }

  bodyPieces(streamId: number): Buffer[] {
    return this.frames.filter((each) => each.type === types.data && each.streamId === streamId).map((it) => it.payload);
  }

  #read(piece: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? piece : Buffer.concat([this.#bytes, piece]);
    let start = 0;
    while (this.#bytes.length - start >= 9) {
      const end = start + 9 + this.#bytes.readUIntBE(start, 3);
      if (this.#bytes.length < end) break;
      const type = this.#bytes.readUInt8(start + 3);
      const payload = this.#bytes.subarray(start + 9, end);
      const read = {
        type,
        flags: this.#bytes.readUInt8(start + 4),
        streamId: this.#bytes.readUInt32BE(start + 5),
        payload,
        fields: type === types.headers ? decodeAll(this.#decoder, payload) : [],
      };
      start = end;
      this.frames.push(read);
      this.onFrame(read);
    }
    this.#bytes = this.#bytes.subarray(start);
    this.#check();
  }

  #check(): void {
    for (const check of this.#checks) check();
  }
}

/** Connects and says nothing. */
export function connectRaw(port: number): RawClient {
  return new RawClient(connect({ port, host: "127.0.0.1" }));
}

/** Connects and makes its settings; the server's have come and are acknowledged. */
export async function openRaw(
  port: number,
  ...pairs: readonly (readonly [id: number, value: number])[]
): Promise<RawClient> {
  const client = connectRaw(port);
  client.write(preface, settings(...pairs));
  await client.frame(types.settings, 0, flags.ack);
  client.write(settingsAck);
  return client;
}

function describe({ type, flags: flag, streamId, payload }: ReadFrame): string {
  return `type ${type} flags ${flag} stream ${streamId} of ${payload.length} bytes (${payload.toString("hex", 0, 8)})`;
}
