import { describe, expect, it } from "vitest";
import { PollLoop } from "../../console/service/poll-loop.ts";

interface Round {
  readonly signal: AbortSignal;
  readonly answer: (reading: string) => void;
  readonly fail: (error: Error) => void;
}

function createLoop() {
  const rounds: Round[] = [];
  const readings: string[] = [];
  const failures: unknown[] = [];
  const delays: { readonly run: () => void; isCancelled: boolean }[] = [];
  const loop = new PollLoop<string>({
    read: (signal) => new Promise((answer, fail) => rounds.push({ signal, answer, fail })),
    onReading: (reading) => readings.push(reading),
    onFailure: (error) => failures.push(error),
    intervalMs: 1_500,
    delay(run) {
      const entry = { run, isCancelled: false };
      delays.push(entry);
      return () => {
        entry.isCancelled = true;
      };
    },
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { loop, rounds, readings, failures, delays, settle };
}

describe("the loop of questions", () => {
  it("asks again only after the answer", async () => {
    const { loop, rounds, readings, delays, settle } = createLoop();
    loop.start();
    expect([rounds.length, delays.length]).toEqual([1, 0]);
    rounds[0]?.answer("first");
    await settle();
    expect(readings).toEqual(["first"]);
    delays[0]?.run();
    expect(rounds.length).toBe(2);
  });

  it("goes on after a failure", async () => {
    const { loop, rounds, failures, delays, settle } = createLoop();
    loop.start();
    rounds[0]?.fail(new Error("refused"));
    await settle();
    expect(failures).toHaveLength(1);
    expect(delays).toHaveLength(1);
  });

  it("gives up the round under way when it starts anew, and lets its answer fall", async () => {
    const { loop, rounds, readings, settle } = createLoop();
    loop.start();
    loop.start();
    expect(rounds.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    rounds[0]?.answer("old");
    rounds[1]?.answer("new");
    await settle();
    expect(readings).toEqual(["new"]);
  });

  it("asks nothing any more once stopped", async () => {
    const { loop, rounds, readings, failures, delays, settle } = createLoop();
    loop.start();
    rounds[0]?.answer("first");
    await settle();
    loop.stop();
    expect(delays[0]?.isCancelled).toBe(true);
    loop.start();
    loop.stop();
    rounds[1]?.fail(new Error("aborted"));
    await settle();
    expect([readings.length, failures.length, delays.length]).toEqual([1, 0, 1]);
  });
});
