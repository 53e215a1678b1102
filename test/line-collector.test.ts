import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LineCollector } from "../src/line-collector.ts";

function createCollector() {
  const pieces: string[] = [];
  let flushes = 0;
  const collector = new LineCollector({ write: (lines) => void pieces.push(lines), flushSync: () => flushes++ });
  return { collector, pieces, flushes: () => flushes };
}

describe("a collector of lines", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("hands on 32 Ki characters at once, and no fewer", () => {
    const { collector, pieces } = createCollector();
    const line = `${"x".repeat(1_023)}\n`;
    for (let count = 0; count < 31; count++) collector.write(line);
    expect(pieces).toEqual([]);
    collector.write(line);
    expect(pieces).toEqual([line.repeat(32)]);
  });

  it("keeps a line for a quarter of a second", () => {
    const { collector, pieces } = createCollector();
    collector.write("a\n");
    vi.advanceTimersByTime(249);
    collector.write("b\n");
    expect(pieces).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(pieces).toEqual(["a\nb\n"]);
    vi.advanceTimersByTime(1_000);
    expect(pieces).toHaveLength(1);
  });

  it("has everything written when it is flushed", () => {
    const { collector, pieces, flushes } = createCollector();
    collector.write("a\n");
    collector.flushSync();
    expect([pieces, flushes()]).toEqual([["a\n"], 1]);
  });
});
