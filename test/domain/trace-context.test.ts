import { expect, it } from "vitest";
import { parseTraceparent, traceIdOf } from "../../src/domain/trace-context.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";

it.each([
  ["01", true],
  ["00", false],
  ["03", true],
  ["fe", false],
])("reads ids and the sampled bit of flags %s", (flags, isSampled) => {
  const header = `00-${traceId}-${spanId}-${flags}`;
  expect(parseTraceparent(header)).toEqual({ traceId, spanId, isSampled });
  expect(traceIdOf(header)).toBe(traceId);
});

it.each([
  ["an empty header", ""],
  ["another version", `01-${traceId}-${spanId}-01`],
  ["the invalid version", `ff-${traceId}-${spanId}-01`],
  ["upper case", `00-${traceId.toUpperCase()}-${spanId}-01`],
  ["a trace id of zeros", `00-${"0".repeat(32)}-${spanId}-01`],
  ["a span id of zeros", `00-${traceId}-${"0".repeat(16)}-01`],
  ["a short trace id", `00-${traceId.slice(1)}-${spanId}-01`],
  ["a short span id", `00-${traceId}-${spanId.slice(1)}-01`],
  ["flags of one digit", `00-${traceId}-${spanId}-1`],
  ["something behind the flags", `00-${traceId}-${spanId}-01-more`],
  ["a line break behind the flags", `00-${traceId}-${spanId}-01\n`],
  ["a space before the version", ` 00-${traceId}-${spanId}-01`],
  ["a letter that is no digit", `00-${traceId.replace("b", "g")}-${spanId}-01`],
  ["two headers in one", `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`],
])("counts %s for nothing", (_name, header) => {
  expect(parseTraceparent(header)).toBeUndefined();
  expect(traceIdOf(header)).toBeUndefined();
});
