import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LineCollector } from "../src/line-collector.ts";

function createCollector() {
  // Kept as they come, as a writer does.
  const pieces: (string | Uint8Array)[] = [];
  let flushes = 0;
  const write = (piece: string | Uint8Array): void => void pieces.push(piece);
  let onWritten: (bytes: number) => void = () => undefined;
  const on = (_event: "write", listener: (bytes: number) => void): void => {
    onWritten = listener;
  };
  const collector = new LineCollector({ write, flushSync: () => flushes++, on });
  return {
    collector,
    written: (bytes: number) => onWritten(bytes),
    texts: () => pieces.map((piece) => Buffer.from(piece).toString()),
    flushes: () => flushes,
  };
}

describe("a collector of lines", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("hands on in pieces of at most 96 KiB, whole lines and all of them in order", () => {
    const { collector, texts } = createCollector();
    const lines = Array.from({ length: 1_500 }, (_, index) => `${index} ${"€x".repeat(index % 200)}\n`);
    for (const [index, line] of lines.entries()) collector.write(index % 3 === 0 ? Buffer.from(line) : line);
    const early = texts();
    expect(early.length).toBeGreaterThan(2);
    for (const piece of early) expect(Buffer.byteLength(piece)).toBeGreaterThan(95_000);
    for (const piece of early) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(98_304);
    collector.flushSync();
    expect(texts().join("")).toBe(lines.join(""));
  });

  it("hands on a line that is longer than a piece by itself, behind those before it", () => {
    const { collector, texts } = createCollector();
    const long = `${"€".repeat(40_000)}\n`;
    collector.write("before\n");
    collector.write(long);
    collector.write("after\n");
    collector.write(Buffer.from(long));
    collector.flushSync();
    expect(texts()).toEqual(["before\n", long, "after\n", long]);
  });

  it("keeps a line for a quarter of a second", () => {
    const { collector, texts } = createCollector();
    collector.write("a\n");
    vi.advanceTimersByTime(249);
    collector.write("b\n");
    expect(texts()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(texts()).toEqual(["a\nb\n"]);
    vi.advanceTimersByTime(1_000);
    expect(texts()).toHaveLength(1);
  });

  it("has everything written when it is flushed", () => {
    const { collector, texts, flushes } = createCollector();
    collector.write("a\n");
    collector.flushSync();
    expect([texts(), flushes()]).toEqual([["a\n"], 1]);
  });

  it("is drained when the last byte is written", async () => {
    const { collector, texts, written } = createCollector();
    await collector.drain();
    collector.write("first\n");
    vi.advanceTimersByTime(250);
    collector.write("second\n");
    let isDrained = false;
    const drained = collector.drain().then(() => {
      isDrained = true;
    });
    expect(texts()).toEqual(["first\n", "second\n"]);
    for (const bytes of [6, 3, 3]) {
      written(bytes);
      await Promise.resolve();
      expect(isDrained).toBe(false);
    }
    written(1);
    await drained;
    await collector.drain();
  });

  it("waits two seconds for a reader that does not read", async () => {
    const { collector } = createCollector();
    collector.write("a\n");
    let isOver = false;
    const drained = collector.drain().then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(1_999);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await drained;
  });
});
