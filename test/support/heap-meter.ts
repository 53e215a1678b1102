/**
 * Loaded before a service (`node --import`): answers its parent, whenever it asks, what the process holds. Started with `--expose-gc` as well, it leaves out
 * what a collection of the young generation gives back.
 */

import { setTimeout as wait } from "node:timers/promises";
import { getHeapSpaceStatistics } from "node:v8";

/** Buffers are given back by a thread of their own. */
const sweepingMs = 50;

export interface HeapReading {
  /** In JavaScript's own heap. */
  readonly heapBytes: number;
  /** In buffers outside of it. */
  readonly bufferBytes: number;
  /** In the part of the heap that only full collections look through. */
  readonly oldBytes: number;
}

async function read(): Promise<HeapReading> {
  if (globalThis.gc !== undefined) {
    globalThis.gc({ type: "minor", execution: "sync" });
    await wait(sweepingMs);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const oldBytes = getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space")?.space_used_size ?? 0;
  return { heapBytes: heapUsed, bufferBytes: arrayBuffers, oldBytes };
}

process.on("message", async () => process.send?.(await read()));
