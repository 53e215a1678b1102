/** The same numbers in every run. */

export type Random = (limit: number) => number;

/** Whole numbers from 0 up to below a limit, by Marsaglia's xorshift of 32 bits. */
export function createRandom(seed: number): Random {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
