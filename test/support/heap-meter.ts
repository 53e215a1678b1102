/** Loaded before a service (`node --import`): answers its parent, whenever it asks, what the process holds. */

import { getHeapSpaceStatistics } from "node:v8";

export interface HeapReading {
  /** In JavaScript's own heap. */
  readonly heapBytes: number;
  /** In buffers outside of it. */
  readonly bufferBytes: number;
  /** In the part of the heap that only full collections look through. */
  readonly oldBytes: number;
}

process.on("message", () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const oldBytes = getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space")?.space_used_size ?? 0;
  process.send?.({ heapBytes: heapUsed, bufferBytes: arrayBuffers, oldBytes } satisfies HeapReading);
});
