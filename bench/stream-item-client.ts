/**
 * A client of one BatchPredict stream that sends an appended bar when the answer to the one before is there:
 * `node stream-item-client.ts URL BODY_FILE SECONDS ANSWER_BYTES`. Prints JSON. Bare node:http2, so that little of the time is its own.
 */
import { readFileSync } from "node:fs";
import { connect } from "node:http2";
import { quantile } from "./measurement.ts";

const [, , url = "", bodyFile = "", seconds = "1", answerBytes = "0"] = process.argv;
const { origin, pathname } = new URL(url);
const [window, ...appends] = splitFrames(readFileSync(bodyFile));
if (window === undefined || appends.length === 0) throw new Error(`${bodyFile} holds no window with appended bars`);

const session = connect(origin);
const stream = session.request({
  ":method": "POST",
  ":path": pathname,
  "content-type": "application/grpc",
  te: "trailers",
});
const answers = readFrames();
await exchange(window);
const micros: number[] = [];
const beganMs = performance.now();
const endMs = beganMs + Number(seconds) * 1000;
let startedMs = beganMs;
while (startedMs < endMs) {
  await exchange(appends[micros.length % appends.length] ?? window);
  const answeredMs = performance.now();
  micros.push((answeredMs - startedMs) * 1000);
  startedMs = answeredMs;
}
stream.close();
session.close();
const sorted = Float64Array.from(micros).sort();
process.stdout.write(
  JSON.stringify({
    answers: micros.length,
    seconds: (startedMs - beganMs) / 1000,
    p50Micros: quantile(sorted, 0.5),
    p99Micros: quantile(sorted, 0.99),
  }),
);

/** Sends one message and waits for its answer. */
async function exchange(frame: Buffer): Promise<void> {
  stream.write(frame);
  const { done, value } = await answers.next();
  if (done === true) throw new Error("the stream ended before it had answered");
  // An item's error is an answer too, and a short one.
  if (value.length < 0.5 * Number(answerBytes)) throw new Error(`an answer of ${value.length} bytes is an error`);
}

/** gRPC messages as they arrive. */
async function* readFrames(): AsyncGenerator<Buffer, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const frames = splitFrames(rest);
    for (const frame of frames) yield frame;
    rest = rest.subarray(frames.reduce((total, { length }) => total + length, 0));
  }
}

/** Whole messages with their five bytes in front. */
function splitFrames(data: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  let at = 0;
  while (data.length - at >= 5) {
    const end = at + 5 + data.readUInt32BE(at + 1);
    if (end > data.length) break;
    frames.push(data.subarray(at, end));
    at = end;
  }
  return frames;
}
