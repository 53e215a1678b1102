/**
 * P(Z ≤ z) of a standard normal Z, to about 1e-15: the series of Marsaglia (2004), ½ + φ(z)·Σ z^(2k+1) / (1·3·5…(2k+1)), whose
 * terms all have the sign of z. Beyond 8 the answer is 0 or 1 to that accuracy.
 */
export function normalShareBelow(z: number): number {
  if (z < -8) return 0;
  if (z > 8) return 1;
  let term = z;
  let sum = z;
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
