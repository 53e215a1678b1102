import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { typescriptRunner } from "./languages.ts";
import { type Runner, type RunnerCommand, startRunner } from "./runner.ts";
import { readScenarios } from "./scenario.ts";
import { playScenario, type Transcript } from "./scenario-play.ts";

/** What the TypeScript client did, by scenario: it need not do so twice for two clients of one language. */
const references = new Map<string, Transcript>();

/**
 * Plays every scenario with a language's runner: each reply is what the table says, and each decision is the TypeScript
 * client's to the last bit.
 *
 * @param prepare builds the runner, or skips with a reason
 */
export function describeScenarios(
  language: string,
  prepare: (skip: (note: string) => never) => RunnerCommand | Promise<RunnerCommand>,
): void {
  describe(`the ${language} client`, () => {
    let reference: Runner | undefined;
    let runner: Runner | undefined;
    let missing: string | undefined;

    beforeAll(async () => {
      try {
        runner = startRunner(
          await prepare((note) => {
            missing = note;
            throw new Error(note);
          }),
        );
      } catch (error) {
        if (missing === undefined || process.env["CI"] === "true") throw error;
      }
      reference = language === "TypeScript" ? undefined : startRunner(typescriptRunner);
    }, 300_000);
    afterAll(async () => {
      await reference?.[Symbol.asyncDispose]();
      await runner?.[Symbol.asyncDispose]();
    });

    for (const scenario of readScenarios()) {
      it(scenario.name, async ({ skip }) => {
        if (missing !== undefined) skip(missing);
        const play = async (each: Runner | undefined): Promise<Transcript | undefined> =>
          each && playScenario(scenario, each);
        const expected = references.get(scenario.name) ?? (await play(reference));
        if (expected !== undefined) references.set(scenario.name, expected);
        const seen = await play(runner);
        if (expected !== undefined) expect(seen).toEqual(expected);
      });
    }
  });
}
