/** One candle of one symbol. */
export interface Bar {
  /** When the bar is of, as its file writes it: a date or a date with a time. */
  readonly time: string;
  /** The same in milliseconds since 1970-01-01 UTC. */
  readonly timeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** 0 where the source has none. */
  readonly volume: number;
}

/**
 * Refuses a bar that would poison every later value of a running average.
 *
 * @throws RangeError
 */
export function assertUsableBar(bar: Bar): void {
  const { open, high, low, close } = bar;
  for (const [name, price] of Object.entries({ open, high, low, close })) {
    if (!(Number.isFinite(price) && price > 0)) throw new RangeError(`bar ${bar.time}: ${name} is ${price}`);
  }
  if (!Number.isFinite(bar.timeMs)) throw new RangeError(`bar ${bar.time}: timeMs is ${bar.timeMs}`);
}
