import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

/** Random bytes of one id. */
const idBytes = 16;
/** Ids per refill: asking the system for 4 KB at once instead of 16 bytes takes an id from about 2.2 to 0.4 µs. */
const poolIds = 256;

/**
 * Makes UUIDv7s that sort in the order they were made within one process: ids of one millisecond count on from a
 * random start, and a clock that goes back does not take the ids with it.
 */
export function createIdSource(nowMs: () => number = Date.now): () => string {
  const pool = Buffer.alloc(idBytes * poolIds);
  let next = pool.length;
  let msecs = 0;
  let seq = 0;
  return () => {
    if (next === pool.length) {
      randomFillSync(pool);
      next = 0;
    }
    const now = nowMs();
    if (now > msecs) {
      msecs = now;
      // The highest bit is left free, so that counting on cannot overflow within a millisecond.
      seq = pool.readUInt32BE(next) >>> 1;
    } else seq++;
    const random = pool.subarray(next, next + idBytes);
    next += idBytes;
    return v7({ random, msecs, seq });
  };
}
