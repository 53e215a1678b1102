import { describe, expect, it } from "vitest";
import { resolveLimits } from "../../src/transport/transport-limits.ts";

describe("resolveLimits", () => {
  it("keeps every default that is not given another value", () => {
    const limits = resolveLimits({ connectionsMax: 5 });
    expect(limits.connectionsMax).toBe(5);
    expect(limits.readMaxBytes).toBe(4_194_304);
    expect(Object.isFrozen(limits)).toBe(true);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("names a limit of %d", (readMaxBytes) => {
    expect(() => resolveLimits({ readMaxBytes })).toThrow(/readMaxBytes must be a positive integer/);
  });
});
