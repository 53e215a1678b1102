import { formatCount } from "./report/number-text.ts";

/** What a report of progress is written to. */
export interface TextOutput {
  write(text: string): unknown;
  /** True for a terminal. @default false */
  readonly isTTY?: boolean;
  /** Width of the terminal; 0 where it does not say. @default 80 */
  readonly columns?: number;
}

/** Shows how far a long task has come. */
export interface ProgressBar {
  advanceTo(done: number): void;
  /** Leaves the cursor at the start of an empty line. */
  finish(): void;
}

/** Redraws a second at most: more only costs time. */
const redrawsPerSecond = 20;
/** Without a terminal a line is written each time this share is passed. */
const lineShare = 0.2;
const barWidthMax = 40;

/** A bar that redraws itself on a terminal, a line every 20 % elsewhere. */
export function createProgressBar(
  output: TextOutput,
  label: string,
  total: number,
  monotonicMs: () => number,
): ProgressBar {
  return output.isTTY === true
    ? createDrawnBar(output, label, total, monotonicMs)
    : createLineBar(output, label, total);
}

function createDrawnBar(output: TextOutput, label: string, total: number, monotonicMs: () => number): ProgressBar {
  const startMs = monotonicMs();
  let drawnMs = Number.NEGATIVE_INFINITY;
  let drawn = false;
  return {
    advanceTo(done) {
      const nowMs = monotonicMs();
      if (done < total && nowMs - drawnMs < 1000 / redrawsPerSecond) return;
      drawnMs = nowMs;
      drawn = true;
      const perSecond = done / Math.max((nowMs - startMs) / 1000, 0.001);
      const facts = ` ${formatShare(done, total)}  ${formatCount(done)} of ${formatCount(total)}  ${formatCount(perSecond)}/s`;
      const width = Math.min(barWidthMax, (output.columns || 80) - label.length - facts.length - 2);
      output.write(`\r\u001B[2K${label} ${width > 4 ? drawBar(done / total, width) : ""}${facts}`);
    },
    finish() {
      if (drawn) output.write("\n");
    },
  };
}

function createLineBar(output: TextOutput, label: string, total: number): ProgressBar {
  let passed = 0;
  return {
    advanceTo(done) {
      const reached = Math.floor(done / total / lineShare + 1e-9);
      if (reached <= passed) return;
      passed = reached;
      output.write(`${label} ${formatShare(done, total).trim()}  ${formatCount(done)} of ${formatCount(total)}\n`);
    },
    finish() {
      passed = Number.POSITIVE_INFINITY;
    },
  };
}

function drawBar(share: number, width: number): string {
  const filled = Math.round(share * width);
  return `${"━".repeat(filled)}${"╌".repeat(width - filled)}`;
}

function formatShare(done: number, total: number): string {
  return `${Math.floor((100 * done) / total)} %`.padStart(5);
}
