/** Frames of many connections that are put together in the same memory. */

import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { FrameWriter, WriteScratch } from "../../../src/transport/http2/frame-writer.ts";
import { frame, types, uint32 } from "./frames.ts";
import { createRandom } from "./seeded-random.ts";

/** Looks at what it is given only when the system takes it, which may be at once, or much later. */
class LazySocket extends Socket {
  isLazy = false;
  #taken: Buffer[] = [];
  #onTaken: (() => void) | undefined;

  /** Everything that has been written, in one piece. */
  takeAll(): Buffer {
    while (this.#onTaken !== undefined) this.#onTaken();
    return Buffer.concat(this.#taken);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#hand([chunk], done);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: () => void): void {
    this.#hand(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  #hand(chunks: readonly Buffer[], done: () => void): void {
    const take = () => {
      this.#onTaken = undefined;
      this.#taken.push(...chunks.map((chunk) => Buffer.from(chunk)));
      done();
    };
    if (this.isLazy) this.#onTaken = take;
    else take();
  }
}

describe("writers that share their memory", () => {
  it.each([1, 2, 3, 4, 5])("write whole frames, each its own, in order: seed %i", async (seed) => {
    const random = createRandom(seed * 7_919);
    const scratch = new WriteScratch();
    const connections = Array.from({ length: 4 }, () => {
      const socket = new LazySocket();
      return { socket, writer: new FrameWriter(socket, scratch), expected: [] as Buffer[] };
    });
    for (let turn = 0; turn < 2_000; turn++) {
      const connection = connections[random(4)];
      if (connection === undefined) throw new Error("there are four");
      const { socket, writer, expected } = connection;
      const payload = Buffer.alloc(random(6) === 0 ? random(16_385) : random(300), random(256));
      const streamId = 1 + random(1_000);
      const doings = [
        () => {
          writer.writeFrame(types.data, 1, streamId, payload);
          expected.push(frame(types.data, 1, streamId, payload));
        },
        () => {
          writer.writeNumberFrame(types.windowUpdate, streamId, turn);
          expected.push(frame(types.windowUpdate, 0, streamId, uint32(turn)));
        },
        () => writer.hold(),
        () => writer.release(),
        () => {
          socket.isLazy = random(2) === 0;
        },
      ];
      doings[random(doings.length)]?.();
      if (random(10) === 0) await Promise.resolve();
    }
    for (const { socket, writer, expected } of connections) {
      writer.release();
      expect(socket.takeAll().equals(Buffer.concat(expected))).toBe(true);
    }
  });
});

describe("headers", () => {
  it.each([
    ["one frame", 16_384, [16_384]],
    ["two frames", 16_385, [16_384, 1]],
    ["three frames", 40_000, [16_384, 16_384, 7_232]],
  ])("go out in %s when they have %i bytes", async (_what, bytes, lengths) => {
    const socket = new LazySocket();
    const writer = new FrameWriter(socket, new WriteScratch());
    const block = Buffer.alloc(bytes, "h");
    writer.writeHeaders(7, block, true);
    await Promise.resolve();
    const last = lengths.length - 1;
    const frames = lengths.map((length, nth) =>
      frame(
        nth === 0 ? types.headers : types.continuation,
        (nth === 0 ? 1 : 0) | (nth === last ? 4 : 0),
        7,
        block.subarray(0, length),
      ),
    );
    expect(socket.takeAll().equals(Buffer.concat(frames))).toBe(true);
  });
});
