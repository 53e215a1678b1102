/** Plays one scenario with one language's runner against a real service. */

import { fromBinary } from "@bufbuild/protobuf";
import { expect } from "vitest";
import { PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { FaultyFs, failNth } from "../monitor/audit/faulty-fs.ts";
import { startTestService, type TestService } from "../support/start-service.ts";
import { createSelfSigned } from "../transport/self-signed.ts";
import { type Front, startFront } from "./front.ts";
import type { Runner } from "./runner.ts";
import type { CheckStep, ClientStep, EventStep, Expectation, Scenario, Step } from "./scenario.ts";
import { fillIn, toCommands } from "./scenario-messages.ts";
import { comparable, type ReadOutcome, readReply } from "./scenario-replies.ts";

/** Everything that a client did in a scenario, to be held against another's. */
export type Transcript = readonly unknown[];

/** One scenario under way: the service, what stands before it, and what is known so far. */
class Stage implements AsyncDisposable {
  readonly #scenario: Scenario;
  readonly #fs = new FaultyFs();
  readonly captured = new Map<string, unknown>();
  readonly answers = new Map<string, unknown>();
  #service: TestService | undefined;
  #port = 0;
  front: Front | undefined;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  /** Opens everything; answers how to connect to it. */
  async open(): Promise<Record<string, unknown>> {
    await this.#start();
    const { front } = this.#scenario;
    if (front === undefined) return { op: "connect", address: `127.0.0.1:${this.#port}` };
    const tls = front.tls === true ? createSelfSigned() : undefined;
    this.front = await startFront({ targetPort: this.#port, ...(tls !== undefined && { tls }) });
    return {
      op: "connect",
      address: `${tls === undefined ? "127.0.0.1" : "localhost"}:${this.front.port}`,
      ...(front.token !== undefined && { token: front.token }),
      ...(tls !== undefined && { ca: tls.cert }),
    };
  }

  async happen(step: EventStep): Promise<void> {
    if ("service" in step) return this.#happenToService(step.service);
    const { front } = this;
    if (front === undefined) throw new Error("the scenario has no front");
    if (step.front === "refuse") front.refuse(step.method, step.code, step.times);
    else if (step.front === "cut") front.cut();
    else front.hold(step.front === "hold");
  }

  async #happenToService(event: "restart" | "stop" | "start" | "breakAuditLog"): Promise<void> {
    if (event === "breakAuditLog") {
      this.#fs.onCall = failNth("fdatasync", this.#fs.count("fdatasync") + 1, "EIO");
      return;
    }
    if (event !== "start") await this.#stop();
    if (event !== "stop") await this.#start();
  }

  /** On the port that it had before, if any. */
  async #start(): Promise<void> {
    this.#service = await startTestService({
      ...this.#scenario.service,
      audit: { fs: this.#fs },
      environment: { port: this.#port, auditDurability: "strict" },
    });
    this.#port = this.#service.port;
  }

  async #stop(): Promise<void> {
    await this.#service?.[Symbol.asyncDispose]();
    this.#service = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.front?.[Symbol.asyncDispose]();
    // A service whose audit log was broken says so once more when it stops.
    await this.#stop().catch(() => undefined);
  }
}

/** Plays it, holding every reply against the table. */
export async function playScenario(scenario: Scenario, runner: Runner): Promise<Transcript> {
  await using stage = new Stage(scenario);
  expect(await runner.obey(await stage.open())).toEqual({ ok: {} });
  const transcript: unknown[] = [];
  for (const [index, step] of scenario.steps.entries()) {
    const where = `${scenario.name}, step ${index + 1}`;
    if (isClientStep(step)) transcript.push(...(await playClientStep(where, step, runner, stage)));
    else if ("check" in step) checkCalls(where, step, stage.front);
    else await stage.happen(step);
  }
  return transcript;
}

function isClientStep(step: Step): step is ClientStep {
  return "client" in step;
}

async function playClientStep(where: string, step: ClientStep, runner: Runner, stage: Stage): Promise<unknown[]> {
  const outcomes: ReadOutcome[] = [];
  for (const command of toCommands(step, stage.captured)) {
    const outcome = readReply(step, await runner.obey(command));
    outcomes.push(outcome);
    const { ok, items, error } = outcome;
    const seen = {
      ...(ok !== undefined && { ok }),
      ...(items !== undefined && { items, itemAt: { ...items } }),
      ...(error !== undefined && { error }),
    };
    const expected = fillIn(step.expect ?? everythingWell(step), stage.captured) as Expectation;
    expect(seen, where).toMatchObject(expected);
    for (const [name, path] of Object.entries(step.capture ?? {})) stage.captured.set(name, readPath(ok, path));
  }
  const last = outcomes.at(-1);
  const named = last && comparable(last.items?.at(-1) ?? last);
  if (step.as !== undefined) stage.answers.set(step.as, named);
  if (step.equals !== undefined) expect(named, where).toEqual(stage.answers.get(step.equals));
  return outcomes.map(comparable);
}

/** What a step that says nothing expects. */
function everythingWell({ bars }: ClientStep): Expectation {
  return bars === undefined
    ? { ok: {} }
    : { items: bars.flatMap(({ repeat = 1 }) => new Array(repeat).fill({ ok: {} })) };
}

function readPath(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined), value);
}

function checkCalls(where: string, step: CheckStep, front: Front | undefined): void {
  const calls = front?.calls.filter(({ path }) => path.endsWith(`/${step.method}`)) ?? [];
  expect(calls.length, where).toBe(step.count ?? calls.length);
  expect(calls.length, where).toBeGreaterThan(0);
  for (const call of calls) {
    if (step.token !== undefined) expect(call.authorization, where).toBe(`Bearer ${step.token}`);
    if (step.timeoutMsMax !== undefined) {
      const timeoutMs = readTimeoutMs(call.timeout);
      // Some languages round up to three digits.
      expect(timeoutMs, where).toBeGreaterThan(0);
      expect(timeoutMs, where).toBeLessThanOrEqual(step.timeoutMsMax * 1.02);
    }
  }
  if (step.requestId === undefined) return;
  // A frame has five bytes before its message.
  const ids = calls.map((call) => fromBinary(PredictRequestSchema, call.body().subarray(5)).requestId);
  expect(new Set(ids).size, where).toBe(1);
  if (step.requestId === "same") expect(ids[0], where).toMatch(/^[0-9a-f-]{36}$/);
  else expect(ids[0], where).toBe(step.requestId);
}

/** gRPC's header: a number and its unit. */
function readTimeoutMs(header: string | undefined): number {
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(header ?? "") ?? [];
  const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };
  return Number(digits) * (unitMs[unit ?? ""] ?? Number.NaN);
}
