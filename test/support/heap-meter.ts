/** Loaded before a service (`node --import`): answers its parent, whenever it asks, what the process holds. */

export interface HeapReading {
  /** In JavaScript's own heap. */
  readonly heapBytes: number;
  /** In buffers outside of it. */
  readonly bufferBytes: number;
}

process.on("message", () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  process.send?.({ heapBytes: heapUsed, bufferBytes: arrayBuffers } satisfies HeapReading);
});
