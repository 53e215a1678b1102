/** What becomes of a stream whose answer is complete before its request. */

import { constants, type ServerHttp2Stream } from "node:http2";

/**
 * Time for a client to take in an answer that came before its request was complete. A reset sent together with the
 * trailers overtakes them (seen with Node 24 on both sides).
 */
const earlyAnswerGraceMs = 1_000;

/**
 * Tells a client that goes on sending when its answer is complete to stop (RFC 9113, 8.1). Otherwise the stream of
 * an oversized request stays open for as long as the client likes.
 */
export function closeWhenAnswered(stream: ServerHttp2Stream): void {
  stream.once("finish", () => {
    if (stream.readableEnded) return;
    const timer = setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), earlyAnswerGraceMs);
    stream.once("close", () => clearTimeout(timer));
  });
}
