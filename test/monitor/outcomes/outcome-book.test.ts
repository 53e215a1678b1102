import { describe, expect, it } from "vitest";
import { UnavailableError } from "../../../src/domain/errors.ts";
import type { Outcome } from "../../../src/domain/outcome.ts";
import { createIdSource } from "../../../src/id-source.ts";
import type { AuditBody } from "../../../src/monitor/audit/audit-record.ts";
import type { JudgedOutcome } from "../../../src/monitor/outcomes/judged-outcome.ts";
import {
  futureMicrosMax,
  OutcomeBook,
  type OutcomeSink,
  outcomesPerTurn,
} from "../../../src/monitor/outcomes/outcome-book.ts";
import { pendingUntil } from "../../support/pending.ts";
import { createAllowedRequest, createWindow } from "../../support/requests.ts";
import { createEvent, FakeClock } from "../decision-events.ts";

const newId = createIdSource();

function won(predictionId: string, change: Partial<Outcome> = {}): Outcome {
  const nothing = { realisedReturn: undefined, realisedRegime: undefined, timeMicros: undefined };
  return { predictionId, success: true, ...nothing, ...change };
}

function createBook(options: { audit?: OutcomeSink; predictionsMax?: number } = {}) {
  const clock = new FakeClock(1_000_000);
  const records: AuditBody[] = [];
  const judged: JudgedOutcome[] = [];
  const audit = options.audit ?? { add: (record) => void records.push(record) };
  const book = new OutcomeBook({ ...options, clock, audit, onOutcome: (each) => judged.push(each) });
  const decide = (request = createAllowedRequest()): string => {
    const predictionId = newId();
    book.expect(createEvent(request, { predictionId }));
    return predictionId;
  };
  return { book, clock, records, judged, decide };
}

describe("the outcome book", () => {
  it("writes an outcome before it counts and judges it", async () => {
    const { book, records, judged, decide } = createBook();
    const predictionId = decide();
    expect(book.awaiting).toBe(1);
    const outcome = won(predictionId, { realisedReturn: 0.01, realisedRegime: "TRENDING", timeMicros: 5 });
    expect(await book.record([outcome])).toEqual({ recorded: 1, duplicates: 0, refused: [] });
    expect(records).toMatchObject([{ kind: "outcome", prediction_id: predictionId, realised_return: 0.01 }]);
    expect(judged).toMatchObject([{ outcome, prediction: { regime: "TRENDING", allowed: true } }]);
    expect(book.awaiting).toBe(0);
  });

  it("takes the same outcome again as a duplicate, whatever its time, and another one as a conflict", async () => {
    const { book, records, judged, decide } = createBook();
    const predictionId = decide();
    const first = won(predictionId, { realisedReturn: 0.01 });
    await book.record([first]);
    const report = await book.record([
      { ...first, timeMicros: 7 },
      { ...first, realisedReturn: 0.02 },
      { ...first, realisedReturn: undefined },
      { ...first, realisedRegime: "RANGING" },
    ]);
    expect(report).toMatchObject({ recorded: 0, duplicates: 1 });
    expect(report.refused.map(({ index, reason }) => [index, reason])).toEqual([1, 2, 3].map((at) => [at, "CONFLICT"]));
    expect(report.refused[0]?.message).toBe("another outcome is recorded: realised_return 0.01");
    expect([records.length, judged.length]).toEqual([1, 1]);
  });

  it("refuses each that it cannot take for its own reason, and takes the others", async () => {
    const { book, decide } = createBook({ predictionsMax: 3 });
    const old = decide();
    const short = decide(createAllowedRequest(40));
    const still = createAllowedRequest();
    const flat = decide({ ...still, features: { ...still.features, ...createWindow(120, { momentum_score: 0 }) } });
    const good = decide();
    const future = won(good, { timeMicros: 1_000_000_000 + futureMicrosMax + 1 });
    const sent = [
      won(old),
      won(short),
      won(flat),
      won("ffffffff-ffff-7fff-bfff-ffffffffffff"),
      won("no id"),
      { predictionId: good, fault: "success: is missing" },
      future,
      { ...future, timeMicros: -1 },
      { ...future, timeMicros: 1_000_000_000 + futureMicrosMax },
    ];
    const { recorded, duplicates, refused } = await book.record(sent);
    expect([recorded, duplicates]).toEqual([1, 0]);
    expect(refused.map(({ index, reason }) => [index, reason])).toEqual([
      [0, "TOO_OLD"],
      [1, "NOT_ELIGIBLE"],
      [2, "NOT_ELIGIBLE"],
      [3, "UNKNOWN_ID"],
      [4, "INVALID"],
      [5, "INVALID"],
      [6, "INVALID"],
      [7, "INVALID"],
    ]);
    const none = { duplicate: 0, conflict: 0 };
    expect(book.counts).toEqual({ recorded: 1, too_old: 1, not_eligible: 2, unknown_id: 1, invalid: 4, ...none });
  });

  it("expects an outcome of a decision whose caller sent no momentum", async () => {
    const { book, decide } = createBook();
    const { features, ...rest } = createAllowedRequest();
    const { momentum_score: _, ...others } = features;
    expect(await book.record([won(decide({ ...rest, features: others }))])).toMatchObject({ recorded: 1 });
  });

  it("acknowledges nothing before it is durable, not even what another call has sent", async () => {
    const durable = Promise.withResolvers<void>();
    const { book, decide } = createBook({ audit: { add: () => pendingUntil(durable.promise) } });
    const predictionId = decide();
    const acknowledged: string[] = [];
    const first = book.record([won(predictionId)]).then(() => acknowledged.push("first"));
    const second = book.record([won(predictionId)]).then(() => acknowledged.push("second"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(acknowledged).toEqual([]);
    durable.resolve();
    await Promise.all([first, second]);
    expect(acknowledged).toEqual(["first", "second"]);
  });

  it("keeps what went before a failure of the audit log, so that all can be sent again", async () => {
    let room = 1;
    const add = (): undefined => {
      if (room-- === 0) throw new UnavailableError("the audit log is full", "AUDIT_UNAVAILABLE");
    };
    const { book, judged, decide } = createBook({ audit: { add } });
    const sent = [won(decide()), won(decide())];
    await expect(book.record(sent)).rejects.toThrow("the audit log is full");
    expect(judged).toHaveLength(1);
    room = 1;
    expect(await book.record(sent)).toMatchObject({ recorded: 1, duplicates: 1 });
  });

  it("lets others have their turn in a large batch", async () => {
    const { book, judged, decide } = createBook();
    const sent = Array.from({ length: outcomesPerTurn + 1 }, () => won(decide()));
    const recorded = book.record(sent);
    await Promise.resolve();
    expect(judged).toHaveLength(outcomesPerTurn);
    expect(await recorded).toMatchObject({ recorded: outcomesPerTurn + 1 });
  });
});
