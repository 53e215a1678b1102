/** A worker that lived this long has not failed at starting. */
export const stableMs = 30_000;
const firstDelayMs = 100;
/** Longest time between two tries; a cause that lies outside, such as a full disk, is noticed soon after it is gone. */
export const restartDelayMaxMs = 10_000;

/**
 * How long to wait before a worker is started anew: not at all when it had been stable, else twice as long each time.
 *
 * @param failures ends in a row that came soon after the start, without this one
 * @returns the same with this one, and the delay
 */
export function restartDelayMs(failures: number, livedMs: number): readonly [failures: number, delayMs: number] {
  if (livedMs >= stableMs) return [0, 0];
  return [failures + 1, Math.min(restartDelayMaxMs, firstDelayMs * 2 ** Math.min(failures, 10))];
}
