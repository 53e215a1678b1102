import { describe, expect, it } from "vitest";
import { WithheldItem } from "../../src/domain/pending.ts";
import { OrderedAnswers } from "../../src/transport/ordered-answers.ts";
import { pendingUntil } from "../support/pending.ts";

function createAnswers() {
  const told: unknown[] = [];
  const answers = new OrderedAnswers(
    () => told.push("ready"),
    (error) => told.push(error),
  );
  return { answers, told };
}

const withhold = (value: unknown, until: Promise<void>) =>
  new WithheldItem(value, pendingUntil(until), (failure) => ({ failure }));
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("answers of a stream", () => {
  it("leave in the order of their requests, however they come", async () => {
    const { answers, told } = createAnswers();
    const [slow, sync] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()];
    answers.push("at once");
    answers.push(slow.promise);
    answers.push(withhold("first of a sync", sync.promise));
    answers.push(withhold("second of it", sync.promise));
    expect(answers.take(9)).toEqual(["at once"]);
    sync.resolve();
    await turn();
    expect([answers.take(9), answers.length, told]).toEqual([[], 3, ["ready"]]);
    slow.resolve("slow");
    await turn();
    expect([answers.take(2), answers.take(9)]).toEqual([["slow", "first of a sync"], ["second of it"]]);
    expect([answers.length, told]).toEqual([0, ["ready", "ready"]]);
  });

  it("wait for their sync, and are told of once for all that it has made durable", async () => {
    const { answers, told } = createAnswers();
    const sync = Promise.withResolvers<void>();
    for (let at = 0; at < 100; at++) answers.push(withhold(at, sync.promise));
    await turn();
    expect([told, answers.take(200)]).toEqual([[], []]);
    sync.resolve();
    await turn();
    expect([told, answers.take(200)]).toEqual([["ready"], Array.from({ length: 100 }, (_, at) => at)]);
  });

  it("are what takes their place where they were withheld in vain", async () => {
    const { answers } = createAnswers();
    const failure = new Error("disk");
    answers.push(withhold("lost", Promise.reject(failure)));
    answers.push("kept");
    await turn();
    expect(answers.take(9)).toEqual([{ failure }, "kept"]);
  });

  it("end the stream when a promise is rejected", async () => {
    const { answers, told } = createAnswers();
    const error = new Error("none");
    answers.push(Promise.reject(error));
    await turn();
    expect(told).toEqual([error]);
  });
});
