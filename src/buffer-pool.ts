import { Buffer } from "node:buffer";

/** As it was in Node for its first years. */
const poolBytes = 8_192;

/**
 * Node cuts small buffers, such as a call's headers, from a pool of 64 KB. It lasts for some seventy calls, which is long enough to grow old in
 * V8's heap, and then only a full collection gives it back: that alone brought one on every 4 s at 28 000 calls a second. A small one is gone before that.
 */
export function keepBufferPoolYoung(): void {
  Buffer.poolSize = poolBytes;
}
