import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/domain/outcome.ts";
import type { AuditRecord, JsonValue } from "../../../src/monitor/audit/audit-record.ts";
import { readRecordedOutcome, toOutcomeRecord } from "../../../src/monitor/outcomes/outcome-record.ts";

const predictionId = "0198c0de-0000-7000-8000-000000000001";
const full: Outcome = {
  predictionId,
  success: true,
  realisedReturn: 0.1 + 0.2,
  realisedRegime: "RANGING",
  timeMicros: 1_735_689_600_000_001,
};
const bare: Outcome = {
  predictionId,
  success: false,
  realisedReturn: undefined,
  realisedRegime: undefined,
  timeMicros: undefined,
};

function readBack(fields: Readonly<Record<string, JsonValue>>): ReturnType<typeof readRecordedOutcome> {
  const written: AuditRecord["fields"] = JSON.parse(JSON.stringify(fields));
  return readRecordedOutcome({ seq: 7, hash: "", prevHash: "", kind: "outcome", fields: written });
}

describe("the audit record of an outcome", () => {
  it("says every field, null where nothing is known", () => {
    expect(toOutcomeRecord(full, 1_735_689_600_000_000)).toEqual({
      kind: "outcome",
      timestamp: "2025-01-01T00:00:00.000000Z",
      prediction_id: predictionId,
      success: true,
      realised_return: 0.30000000000000004,
      realised_regime: "RANGING",
      outcome_time: "2025-01-01T00:00:00.000001Z",
    });
    expect(toOutcomeRecord(bare, 0)).toMatchObject({
      success: false,
      realised_return: null,
      realised_regime: null,
      outcome_time: null,
    });
  });

  it.each([full, bare])("is read back as it was written", (outcome) => {
    const { timeMicros, ...rest } = outcome;
    const time = timeMicros === undefined ? undefined : "2025-01-01T00:00:00.000001Z";
    expect(readBack(toOutcomeRecord(outcome, 0))).toEqual({ ...rest, seq: 7, time });
  });

  it.each([
    ["prediction_id", 1, "a string"],
    ["success", null, "true or false"],
    ["realised_return", "0.1", "a number"],
    ["realised_regime", "UNKNOWN", "one of TRENDING, RANGING, STRESSED"],
    ["outcome_time", 5, "a string"],
  ])("names the field that is not what it should be: %s", (field, value, expected) => {
    expect(() => readBack({ ...toOutcomeRecord(full, 0), [field]: value })).toThrow(
      `record 7: ${field}: expected ${expected}`,
    );
  });
});
