import type { Bar } from "../../upstream/bar.ts";

/** A label under the bar at which a new year, month, day or hour starts. */
export interface TimeTick {
  readonly barIndex: number;
  readonly label: string;
  /** False for labels that a narrow screen has no room for. */
  readonly major: boolean;
}

/** Lengths of an ISO time that name a year, a month, a day, an hour, a minute. */
const granularities = [4, 7, 10, 13, 16];
const ticksMin = 3;
const ticksMax = 24;
const majorTicksMax = 6;

/** Labels for a time axis on which every bar takes the same room, at most {@link ticksMax}. */
export function chooseTimeTicks(bars: readonly Bar[]): TimeTick[] {
  const times = bars.map((bar) => new Date(bar.timeMs).toISOString());
  let starts: number[] = [];
  let length = 4;
  for (length of granularities) {
    starts = findStarts(times, length);
    if (starts.length >= ticksMin) break;
  }
  const step = Math.ceil(starts.length / ticksMax);
  const kept = starts.filter((_, index) => index % step === 0);
  const majorStep = Math.ceil(kept.length / majorTicksMax);
  return kept.map((barIndex, index) => ({
    barIndex,
    label: (times[barIndex] ?? "").slice(length > 10 ? 5 : 0, length).replace("T", " "),
    major: index % majorStep === 0,
  }));
}

/** Bars whose time, cut to `length`, differs from that of the bar before. */
function findStarts(times: readonly string[], length: number): number[] {
  return times.flatMap((time, index) => {
    const before = times[index - 1];
    return before !== undefined && before.slice(0, length) !== time.slice(0, length) ? [index] : [];
  });
}
