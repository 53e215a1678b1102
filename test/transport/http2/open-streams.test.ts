import { expect, it } from "vitest";
import { Http2Stream, type StreamPort } from "../../../src/transport/http2/http2-stream.ts";
import { OpenStreams } from "../../../src/transport/http2/open-streams.ts";
import { createRandom } from "./seeded-random.ts";

const port: StreamPort = {
  sendHeaders: () => undefined,
  sendData: () => 0,
  sendEnd: () => undefined,
  sendReset: () => undefined,
  creditConnection: () => undefined,
  creditStream: () => undefined,
  waitForRoom: () => undefined,
  onStreamClosed: () => undefined,
};
const createStream = (id: number) =>
  new Http2Stream(port, id, { headers: {}, contentLength: undefined, sendWindowBytes: 0, receiveWindowBytes: 0 });

it("knows what is open as a Map does, in whatever order it is closed", () => {
  const random = createRandom(7);
  const streams = new OpenStreams();
  const expected = new Map<number, Http2Stream>();
  let newest = 1;
  for (let step = 0; step < 3000; step++) {
    const known = [...expected.keys()];
    if (expected.size < 40 && random(2) === 0) {
      newest += 2 * (1 + random(3));
      const stream = createStream(newest);
      streams.add(stream);
      expected.set(newest, stream);
    } else {
      // Also one that is not open, or never was.
      const id = random(5) === 0 ? random(newest + 3) : (known[random(known.length + 1)] ?? 1);
      streams.delete(id);
      expected.delete(id);
    }
    const asked = random(newest + 3);
    expect(streams.get(asked)).toBe(expected.get(asked));
    expect(streams.size).toBe(expected.size);
    expect(streams.list()).toEqual([...expected.values()]);
  }
});
