/** A kill during a change leaves the old state or the new one; what was acknowledged stays. `scripts/kill-governance.ts` does more rounds. */

import { expect, it } from "vitest";
import { describeCounts, runKillRounds } from "../control/kill-rounds.ts";

it.each(["UpdateConfig", "RegisterModel"] as const)(
  "is either old or new after kill -9 during %s",
  async (name) => {
    const counts = await runKillRounds(name, 10, 11);
    console.info(describeCounts(name, counts));
    expect(counts).toMatchObject({ rounds: 10, failedStarts: [], broken: [] });
    expect(["intact", "torn"]).toContain(counts.auditStatus);
  },
  60_000,
);
