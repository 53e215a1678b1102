/** Points in (0, 1) and their weights: the weighted sum over n points is the integral of any polynomial of degree ≤ 2n − 1. */
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/** Newton's method doubles the right digits each time; from the start it is given, five rounds reach the last one. */
const roundCount = 8;

/** Gauss–Legendre quadrature over [0, 1]. */
export function createQuadrature(count: number): Quadrature {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    let root = Math.cos((Math.PI * (index + 0.75)) / (count + 0.5));
    for (let round = 0; round < roundCount; round++) {
      const { value, slope } = evaluateLegendre(count, root);
      root -= value / slope;
    }
    const { slope } = evaluateLegendre(count, root);
    points[index] = (1 - root) / 2;
    weights[index] = 1 / ((1 - root * root) * slope * slope);
  }
  return { points, weights };
}

/** Legendre's polynomial of a degree ≥ 1 and its derivative, by the three-term recurrence. */
function evaluateLegendre(degree: number, at: number): { readonly value: number; readonly slope: number } {
  let before = 1;
  let value = at;
  for (let order = 2; order <= degree; order++) {
    const next = ((2 * order - 1) * at * value - (order - 1) * before) / order;
    before = value;
    value = next;
  }
  return { value, slope: (degree * (before - at * value)) / (1 - at * at) };
}
