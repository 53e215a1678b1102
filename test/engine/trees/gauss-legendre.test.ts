import { describe, expect, it } from "vitest";
import { createQuadrature } from "../../../src/engine/trees/gauss-legendre.ts";

describe("createQuadrature", () => {
  it.each([1, 2, 3, 4, 8, 12, 64])("integrates every power up to the degree that %d points allow", (count) => {
    const { points, weights } = createQuadrature(count);
    for (let degree = 0; degree < 2 * count; degree++) {
      const sum = weights.reduce((total, weight, index) => total + weight * (points[index] ?? Number.NaN) ** degree, 0);
      expect(sum).toBeCloseTo(1 / (degree + 1), 14);
    }
  });

  it("keeps its points between 0 and 1, where no factor of a product is 0", () => {
    expect(createQuadrature(128).points.every((point) => point > 0 && point < 1)).toBe(true);
  });
});
