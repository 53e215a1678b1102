/** A logarithmic axis: equal distances are equal ratios. */
export interface PriceScale {
  /** 0 at the top of the plot, 1 at its bottom. */
  toShare(price: number): number;
  /** Natural logarithm of the price at the top. */
  readonly logTop: number;
  /** How much less it is at the bottom. */
  readonly logHeight: number;
  /** Round prices inside the range, lowest first. */
  readonly ticks: readonly number[];
}

/** Room above the highest and below the lowest price, in parts of the range. */
const margin = 0.04;
const roundMantissas = [1, 1.5, 2, 3, 4, 5, 7];
const linearSteps = [1, 2, 2.5, 5, 10];
const ticksWanted = 5;

export function createPriceScale(prices: readonly number[]): PriceScale {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const price of prices) {
    low = Math.min(low, price);
    high = Math.max(high, price);
  }
  // A price that never moves still needs a range to stand in.
  const span = Math.max(Math.log(high / low), 1e-6);
  const logTop = Math.log(high) + margin * span;
  const logHeight = span * (1 + 2 * margin);
  return {
    toShare: (price) => (logTop - Math.log(price)) / logHeight,
    logTop,
    logHeight,
    ticks: high / low >= 3 ? findRoundPrices(low, high) : findEvenPrices(low, high),
  };
}

function findRoundPrices(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power += 1) {
    for (const mantissa of roundMantissas) {
      const price = Number((mantissa * 10 ** power).toPrecision(2));
      if (price >= low && price <= high) ticks.push(price);
    }
  }
  return ticks;
}

/** Within a factor of three the logarithm is nearly straight, and even steps read better. */
function findEvenPrices(low: number, high: number): number[] {
  const rough = (high - low) / ticksWanted;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = (linearSteps.find((each) => each * magnitude >= rough) ?? 10) * magnitude;
  const ticks: number[] = [];
  if (!(step > 0)) return [low];
  // 1.2 / 0.05 is a hair below 24; a ten-millionth of a step makes up for it.
  for (let count = Math.ceil(low / step); count <= high / step + 1e-7; count += 1) {
    ticks.push(Number((count * step).toPrecision(6)));
  }
  return ticks;
}
