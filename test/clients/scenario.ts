/** clients/scenarios/scenarios.json, typed. What each part means stands in clients/scenarios/README.md. */

import { readFileSync } from "node:fs";

const tableFile = new URL("../../clients/scenarios/scenarios.json", import.meta.url);

/** A feature window and what goes with it, written down in few words. */
export interface WindowSpec {
  readonly symbol?: string;
  readonly timeframe?: string;
  /** Bars of every series. @default 120 */
  readonly bars?: number;
  /** Number of the first bar; bars of one walk fit together. @default 0 */
  readonly first?: number;
  /** Seed of random series; without it every series is constant and every gate passes. */
  readonly walk?: number;
  /** Bars of single series. */
  readonly seriesBars?: Readonly<Record<string, number>>;
  /** Single values: a number, "NaN" or "Infinity". */
  readonly put?: readonly { readonly series: string; readonly bar: number; readonly value: number | string }[];
  /** Further series that nobody reads. */
  readonly extraSeries?: number;
  readonly historyBars?: number;
  readonly barIndex?: number;
  readonly requestId?: string;
  /** Of an appended bar: so many items alike. @default 1 */
  readonly repeat?: number;
  /** @default every check passes */
  readonly qse?: "none";
}

/** Parts that a reply must have; "$name" is what an earlier step captured. */
export type Expectation = Readonly<Record<string, unknown>>;

/** Something that the client does. */
export interface ClientStep {
  readonly client:
    | "waitForHealth"
    | "predict"
    | "predictSymbols"
    | "openSession"
    | "window"
    | "append"
    | "closeSession"
    | "call";
  /** Of predict and window. */
  readonly window?: WindowSpec;
  /** Of predict: reference decisions of the former system, from and to. */
  readonly references?: readonly [number, number];
  /** Of append, one item each. */
  readonly bars?: readonly WindowSpec[];
  /** Of predictSymbols. */
  readonly symbols?: { readonly count: number; readonly window: WindowSpec };
  readonly service?: string;
  readonly method?: string;
  /** Of call: the message as protobuf's JSON; "$model:NAME" and "$metadata:NAME" stand for a model of the registry's fixtures. */
  readonly request?: Readonly<Record<string, unknown>>;
  /** Of a decision; "default" is the client's own. @default 20 s, since a busy machine is no fault of the client's */
  readonly deadlineMs?: number | "default";
  readonly timeoutMs?: number;
  readonly expect?: Expectation;
  /** A name for the answer; of several, for the last one. */
  readonly as?: string;
  /** The answer of that name has to be this one to the last bit. */
  readonly equals?: string;
  /** Names for fields of the answer, by their paths. */
  readonly capture?: Readonly<Record<string, string>>;
}

/** Something that happens to the service, or on the way to it. */
export type EventStep =
  | { readonly service: "restart" | "stop" | "start" | "breakAuditLog" }
  | { readonly front: "hold" | "release" | "cut" }
  | { readonly front: "refuse"; readonly method: string; readonly code: number; readonly times: number };

/** What the front saw of a method since the scenario began. */
export interface CheckStep {
  readonly check: "calls";
  readonly method: string;
  readonly count?: number;
  readonly token?: string;
  /** Every attempt had this request_id, or the same one where it is "same". */
  readonly requestId?: string;
  /** Every attempt told the service its deadline, none more than this. */
  readonly timeoutMsMax?: number;
}

export type Step = ClientStep | EventStep | CheckStep;

export interface Scenario {
  readonly name: string;
  /** Through the front. @default straight to the service */
  readonly front?: { readonly tls?: boolean; readonly token?: string };
  readonly service?: { readonly inFlightMax?: number };
  readonly steps: readonly Step[];
}

export function readScenarios(): readonly Scenario[] {
  return JSON.parse(readFileSync(tableFile, "utf8")).scenarios;
}
