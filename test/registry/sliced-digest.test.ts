import { hash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { digestInSlices } from "../../src/registry/sliced-digest.ts";

const mebibyte = 1024 ** 2;

describe("a digest in slices", () => {
  it.each([0, 1, mebibyte - 1, mebibyte, mebibyte + 1, 3.5 * mebibyte])(
    "is that of all of %i bytes",
    async (length) => {
      const bytes = Buffer.alloc(length, "model");
      expect(await digestInSlices(bytes)).toBe(hash("sha256", bytes, "hex"));
    },
  );

  it("lets others have a turn after each mebibyte", async () => {
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    await digestInSlices(Buffer.alloc(8 * mebibyte));
    isDone = true;
    expect(turns).toBeGreaterThanOrEqual(7);
  });
});
