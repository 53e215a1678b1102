import { validate, version } from "uuid";
import { describe, expect, it } from "vitest";
import { createIdSource } from "../src/id-source.ts";

describe("an id source", () => {
  it("makes UUIDv7s, each once, in order", () => {
    const newId = createIdSource();
    const ids = Array.from({ length: 5_000 }, newId);
    expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
  });

  it("stays in order when the clock stands still or goes back", () => {
    const times = [5_000, 5_000, 4_000, 5_000, 5_001, 1];
    const newId = createIdSource(() => times.shift() ?? 0);
    const ids = Array.from({ length: 6 }, newId);
    expect(ids.toSorted()).toEqual(ids);
  });

  it("makes other ids than another source", () => {
    expect(createIdSource(() => 1)()).not.toBe(createIdSource(() => 1)());
  });
});
