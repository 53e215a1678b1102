/** Random numbers that a seed repeats on every machine. */
export interface SeededRandom {
  /** In (0, 1): never an end, so that its logarithm exists. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/** Draws thrown away at the start: seeds that differ in one bit give like states for about ten steps. */
const warmUpDraws = 20;

/** The generator sfc32 (Doty-Humphrey, PractRand), 128 bits of state; normals by Box and Muller. */
export function createSeededRandom(seed: number): SeededRandom {
  let a = seed >>> 0;
  let b = Math.floor(seed / 2 ** 32) >>> 0;
  let c = 0x9e3779b9;
  let counter = 1;
  const draw = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let count = 0; count < warmUpDraws; count += 1) draw();
  const uniform = (): number => (draw() + 0.5) / 2 ** 32;
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}
