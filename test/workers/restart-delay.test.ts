import { expect, it } from "vitest";
import { restartDelayMaxMs, restartDelayMs, stableMs } from "../../src/workers/restart-delay.ts";

it.each([
  ["the first early end", 0, stableMs - 1, 1, 100],
  ["the third in a row", 2, 0, 3, 400],
  ["the seventh", 6, 0, 7, 6_400],
  ["the eighth", 7, 0, 8, restartDelayMaxMs],
  ["the thousandth", 999, 0, 1_000, restartDelayMaxMs],
  ["an end after a long life", 5, stableMs, 0, 0],
])("%s", (_what, failures, livedMs, nextFailures, delayMs) => {
  expect(restartDelayMs(failures, livedMs)).toEqual([nextFailures, delayMs]);
});
