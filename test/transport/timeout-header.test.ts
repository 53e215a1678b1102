import { describe, expect, it } from "vitest";
import { parseTimeoutMs } from "../../src/transport/timeout-header.ts";

describe("parseTimeoutMs", () => {
  it.each([
    ["grpc", "1H", 3_600_000],
    ["grpc", "2M", 120_000],
    ["grpc", "3S", 3_000],
    ["grpc", "50m", 50],
    ["grpc-web", "500u", 0.5],
    ["grpc", "99999999n", 99.999999],
    ["connect", "250", 250],
    ["connect", "0", 0],
  ] as const)("reads %s %j", (protocol, value, expected) => {
    expect(parseTimeoutMs(protocol, value)).toBeCloseTo(expected, 9);
  });

  it.each([
    ["grpc", "5"],
    ["grpc", "m"],
    ["grpc", "-1m"],
    ["grpc", "123456789m"],
    ["grpc", "1h"],
    ["connect", "5m"],
    ["connect", ""],
    ["connect", "12345678901"],
  ] as const)("does not read %s %j", (protocol, value) => {
    expect(parseTimeoutMs(protocol, value)).toBeUndefined();
  });
});
