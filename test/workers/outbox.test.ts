import { describe, expect, it } from "vitest";
import { RowVocabulary } from "../../src/monitor/rows/row-vocabulary.ts";
import type { ToPrimary, WorkerFigures } from "../../src/workers/messages.ts";
import { Outbox } from "../../src/workers/outbox.ts";
import { tellFacts, type WorkerFacts } from "../../src/workers/worker-facts.ts";
import { createFactListener } from "./fact-listener.ts";

/** An outbox whose messages wait until they are let go, and whose time passes when told. */
function createOutbox(factsMax = 1_000) {
  const sent: { readonly waits: number; readonly dropped: number }[] = [];
  const underWay: (() => void)[] = [];
  const due: (() => void)[] = [];
  const outbox = new Outbox({
    batchMax: 4,
    factsMax,
    send(message: ToPrimary, onSent) {
      if (message.kind !== "facts") throw new Error(message.kind);
      sent.push({ waits: countWaits(message.facts), dropped: message.figures.dropped });
      underWay.push(onSent);
    },
    figures: (dropped) => ({ dropped }) as WorkerFigures,
    schedule: (task) => void due.push(task),
  });
  const add = (count: number): void => {
    for (let fact = 0; fact < count; fact++) {
      outbox.facts.onAuditWait(1);
      outbox.noteFact();
    }
  };
  const runAll = (tasks: (() => void)[]): void => {
    for (const task of tasks.splice(0)) task();
  };
  const pass = (): void => runAll(due);
  const letGo = (): void => runAll(underWay);
  return { outbox, sent, add, pass, letGo, waiting: () => due.length };
}

function countWaits(facts: WorkerFacts): number {
  const listener = createFactListener();
  tellFacts(facts, new RowVocabulary(), listener);
  return listener.told.length;
}

describe("an outbox", () => {
  it.each([
    [3, 0],
    [4, 1],
  ])("sends at once from four facts on: %i make %i messages", (facts, messages) => {
    const { sent, add } = createOutbox();
    add(facts);
    expect(sent).toHaveLength(messages);
  });

  it("sends what is fewer when its time has come, and then waits for nothing", () => {
    const { sent, add, pass, waiting } = createOutbox();
    add(2);
    pass();
    expect(sent).toEqual([{ waits: 2, dropped: 0 }]);
    expect(waiting()).toBe(0);
  });

  it("collects larger batches while four messages are on their way", () => {
    const { sent, add, pass, letGo } = createOutbox();
    add(4 * 4 + 30);
    pass();
    expect(sent).toHaveLength(4);
    letGo();
    expect(sent.slice(4)).toEqual([{ waits: 30, dropped: 0 }]);
  });

  it("keeps what there is room for and tells how much it dropped", () => {
    const { sent, add, letGo } = createOutbox(10);
    add(4 * 4 + 13);
    letGo();
    expect(sent.at(-1)).toEqual({ waits: 10, dropped: 3 });
  });

  it("tells everything at once when somebody asks, whatever is on its way", () => {
    const { outbox, sent, add } = createOutbox();
    add(4 * 4 + 3);
    outbox.tell();
    expect(sent.at(-1)).toEqual({ waits: 3, dropped: 0 });
    outbox.tell();
    expect(sent.at(-1)).toEqual({ waits: 0, dropped: 0 });
  });
});
