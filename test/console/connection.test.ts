import { describe, expect, it } from "vitest";
import {
  type Connection,
  describeConnection,
  loseConnection,
  pauseConnection,
  silenceMaxMs,
} from "../../console/model/connection.ts";
import { baseMs } from "./decision-records.ts";

const live: Connection = { kind: "live", lastMs: baseMs };

describe("the connection", () => {
  it.each<[name: string, connection: Connection, nowMs: number, level: string]>([
    ["fresh", live, baseMs, "live"],
    ["just fresh enough", live, baseMs + silenceMaxMs, "live"],
    ["silent, though nothing failed", live, baseMs + silenceMaxMs + 1, "lost"],
    ["not heard yet", { kind: "connecting", sinceMs: baseMs }, baseMs, "wait"],
    ["not looked at", { kind: "paused", lastMs: baseMs }, baseMs, "wait"],
    ["failed", { kind: "lost", sinceMs: baseMs, lastMs: undefined, reason: "refused" }, baseMs, "lost"],
  ])("that is %s is shown as it is", (_, connection, nowMs, level) => {
    const text = describeConnection(connection, nowMs);
    expect(text.level).toBe(level);
    expect(text.notice === "").toBe(level === "live");
  });

  it("says since when it is lost, why, and how old the figures are", () => {
    const lost = loseConnection(live, "Failed to fetch", baseMs + 2_000);
    expect(describeConnection(lost, baseMs + 75_000).notice).toBe(
      "No answer since 10:20:32 UTC (1 min 13 s): Failed to fetch. Everything below is as of 10:20:30 UTC.",
    );
  });

  it("stays lost since the first failure", () => {
    const first = loseConnection(live, "Failed to fetch", baseMs + 2_000);
    expect(loseConnection(first, "draining", baseMs + 9_000)).toEqual({ ...first, reason: "draining" });
  });

  it("that failed before the first answer has nothing to show", () => {
    const lost = loseConnection({ kind: "connecting", sinceMs: baseMs }, "refused", baseMs);
    expect(describeConnection(lost, baseMs).notice).toContain("Nothing has been read yet.");
  });

  it("is not live after a pause until there is an answer", () => {
    const paused = pauseConnection(live);
    expect(describeConnection(paused, baseMs)).toMatchObject({ level: "wait", badge: "Paused" });
    expect(describeConnection(paused, baseMs).notice).toContain("as of 10:20:30 UTC");
  });
});
