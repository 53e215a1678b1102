import { expect, it } from "vitest";
import { formatMicros } from "../../src/domain/timestamp.ts";
import { MicrosFormat } from "../../src/monitor/micros-format.ts";

const second = Date.UTC(2026, 10, 30, 12, 0, 0) * 1000;

it.each([
  ["one second", [0, 1, 9, 10, 999, 1000, 1001, 99_999, 100_000, 999_999]],
  ["seconds that come and go", [0, 1_000_000, 999_999, 86_400_000_000, 5, -1]],
])("formats times of %s as they are formatted one by one", (_, offsets) => {
  const format = new MicrosFormat();
  for (const offset of offsets) expect(format.format(second + offset)).toBe(formatMicros(second + offset));
});

it("formats times before 1970", () => {
  expect(new MicrosFormat().format(-1)).toBe("1969-12-31T23:59:59.999999Z");
});
