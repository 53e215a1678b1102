/** As much of an HTTP/2 server as it takes to see a client's header blocks as they come, and to answer with a block of one's own. */

import { once } from "node:events";
import { createServer, type Socket } from "node:net";

export interface RawServer extends AsyncDisposable {
  readonly port: number;
  /** Header blocks in the order in which they came, those of a connection one after another. */
  readonly blocks: readonly Buffer[];
  /** Sends the connections that are open a SETTINGS_HEADER_TABLE_SIZE, and waits until they have acknowledged it. */
  setTableBytes(bytes: number): Promise<void>;
}

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const types = { headers: 1, settings: 4, ping: 6, continuation: 9 } as const;
const flags = { ack: 1, endStream: 1, endHeaders: 4, padded: 8, priority: 32 } as const;
const headBytes = 9;

/**
 * @param answer block of the headers that every request is answered with, and nothing else
 * @param firstAnswer the block of a connection's first answer
 */
export async function startRawServer(answer: Buffer, firstAnswer = answer): Promise<RawServer> {
  const connections = new Set<RawConnection>();
  const blocks: Buffer[] = [];
  const server = createServer((socket) => {
    const connection = new RawConnection(socket, answer, firstAnswer, blocks);
    connections.add(connection);
    socket.on("close", () => connections.delete(connection));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no address");
  return {
    port: address.port,
    blocks,
    async setTableBytes(bytes) {
      await Promise.all([...connections].map((connection) => connection.setTableBytes(bytes)));
    },
    async [Symbol.asyncDispose]() {
      for (const { socket } of connections) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

class RawConnection {
  readonly socket: Socket;
  readonly #answer: Buffer;
  #nextAnswer: Buffer;
  readonly #blocks: Buffer[];
  #bytes = Buffer.alloc(0);
  #isGreeted = false;
  #fragments: Buffer[] = [];
  /** Called as the settings are acknowledged, in their order. */
  readonly #onAcknowledged: (() => void)[] = [() => undefined];

  constructor(socket: Socket, answer: Buffer, firstAnswer: Buffer, blocks: Buffer[]) {
    this.socket = socket;
    this.#answer = answer;
    this.#nextAnswer = firstAnswer;
    this.#blocks = blocks;
    socket.setNoDelay(true);
    this.#send(types.settings, 0, 0, Buffer.alloc(0));
    socket.on("data", (piece) => this.#read(piece));
    // A client that goes away while it is answered is no failure of a test.
    socket.on("error", () => socket.destroy());
  }

  setTableBytes(bytes: number): Promise<void> {
    const payload = Buffer.alloc(6);
    payload.writeUInt16BE(1, 0);
    payload.writeUInt32BE(bytes, 2);
    this.#send(types.settings, 0, 0, payload);
    return new Promise((resolve) => this.#onAcknowledged.push(resolve));
  }

  #send(type: number, flag: number, stream: number, payload: Buffer): void {
    const head = Buffer.alloc(headBytes);
    head.writeUIntBE(payload.length, 0, 3);
    head[3] = type;
    head[4] = flag;
    head.writeUInt32BE(stream, 5);
    this.socket.write(Buffer.concat([head, payload]));
  }

  #read(piece: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, piece]);
    if (!this.#isGreeted) {
      if (this.#bytes.length < preface.length) return;
      if (this.#bytes.toString("latin1", 0, preface.length) !== preface) throw new Error("no HTTP/2 client");
      this.#bytes = this.#bytes.subarray(preface.length);
      this.#isGreeted = true;
    }
    while (this.#bytes.length >= headBytes) {
      const end = headBytes + this.#bytes.readUIntBE(0, 3);
      if (this.#bytes.length < end) return;
      this.#take(this.#bytes.subarray(0, headBytes), this.#bytes.subarray(headBytes, end));
      this.#bytes = this.#bytes.subarray(end);
    }
  }

  #take(head: Buffer, payload: Buffer): void {
    const [type, flag, stream] = [head.readUInt8(3), head.readUInt8(4), head.readUInt32BE(5)];
    if (type === types.settings) {
      if (flag & flags.ack) this.#onAcknowledged.shift()?.();
      else this.#send(types.settings, flags.ack, 0, Buffer.alloc(0));
    } else if (type === types.ping && !(flag & flags.ack)) {
      this.#send(types.ping, flags.ack, 0, payload);
    } else if (type === types.headers || type === types.continuation) {
      const start = type === types.headers ? (flag & flags.padded ? 1 : 0) + (flag & flags.priority ? 5 : 0) : 0;
      const padding = type === types.headers && flag & flags.padded ? payload.readUInt8(0) : 0;
      this.#fragments.push(payload.subarray(start, payload.length - padding));
      if (flag & flags.endHeaders) this.#finish(stream);
    }
  }

  #finish(stream: number): void {
    this.#blocks.push(Buffer.concat(this.#fragments));
    this.#fragments = [];
    this.#send(types.headers, flags.endHeaders | flags.endStream, stream, this.#nextAnswer);
    this.#nextAnswer = this.#answer;
  }
}
