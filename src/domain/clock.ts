/** Where time comes from, so that tests bring their own. */
export interface Clock {
  /** Wall-clock time in whole microseconds since 1970-01-01 UTC. */
  nowMicros(): number;
  /** Time since an arbitrary start, in milliseconds; never goes back. */
  monotonicMs(): number;
}

/** Farthest the two clocks may drift apart before the anchor is taken anew, in milliseconds. */
const driftMsMax = 2;

/**
 * The machine's clock. `Date.now()` has whole milliseconds only, `performance.now()` has microseconds
 * but does not follow adjustments of the wall clock; so the second is anchored to the first, and
 * anchored again whenever they disagree.
 */
export function createSystemClock(): Clock {
  let anchorMs = Date.now() - performance.now();
  return {
    nowMicros() {
      const monotonic = performance.now();
      const wall = Date.now();
      const drift = wall - (anchorMs + monotonic);
      if (drift > driftMsMax || drift < -driftMsMax) anchorMs = wall - monotonic;
      return Math.floor((anchorMs + monotonic) * 1000);
    },
    monotonicMs: () => performance.now(),
  };
}
