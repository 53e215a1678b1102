/**
 * ListDecisions, in turns: ten thousand decisions are a third of a second of work, and whoever asks for them must not keep a signal
 * waiting for its answer. A few are put together and written, then the event loop goes on to other calls.
 */

import { setImmediate } from "node:timers/promises";
import { create, type DescMessage, fromBinary, type JsonValue, type Message, toBinary } from "@bufbuild/protobuf";
import { RegimePrediction_Label } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import {
  type DecisionRecord,
  DecisionRecordSchema,
  type ListDecisionsRequest,
  ListDecisionsRequestSchema,
  ListDecisionsResponseSchema,
} from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import type { CallContext } from "../domain/call-context.ts";
import type { Clock } from "../domain/clock.ts";
import { InvalidInputError } from "../domain/errors.ts";
import { type RegimeLabel, regimeLabels } from "../domain/regime.ts";
import { type DecisionFilter, decisionsKept } from "../monitor/decision-history.ts";
import type { Monitor } from "../monitor/monitor.ts";
import { toDecisionMessage } from "./decision-message.ts";
import { fromTimestamp, toTimestamp } from "./timestamp-message.ts";

export interface DecisionListOptions {
  readonly monitor: Pick<Monitor, "history" | "shadow">;
  readonly clock: Pick<Clock, "nowMicros">;
}

/** Decisions listed when the caller does not say how many. */
const decisionsListed = 100;
/** Decisions of one turn: about half a millisecond. */
const decisionsPerTurn = 16;

/** The list as a message, for the protocols that have it encoded by somebody else. */
export async function listDecisions(request: ListDecisionsRequest, call: CallContext, options: DecisionListOptions) {
  const decisions: DecisionRecord[] = [];
  for await (const records of recordsInTurns(request, call, options)) decisions.push(...records);
  return { timestamp: toTimestamp(options.clock.nowMicros()), count: decisions.length, decisions };
}

/** The same list as protobuf, written in turns as well: messages that are joined are one message. */
export function createDirectListDecisions(options: DecisionListOptions) {
  return {
    hasLargeAnswers: true,
    read: (message: Buffer) => readRequest(message),
    handle: async (request: ListDecisionsRequest, call: CallContext) => {
      const parts: Uint8Array[] = [];
      const count = await writeInTurns(request, call, options, (decisions) => {
        parts.push(toBinary(ListDecisionsResponseSchema, create(ListDecisionsResponseSchema, { decisions })));
      });
      return toEnvelope([toBinary(ListDecisionsResponseSchema, toHead(count, options)), ...parts]);
    },
    write: (envelope: Buffer) => envelope,
  };
}

/** The same list as JSON. `toJson` is how REST writes a message. */
export function createJsonListDecisions(
  options: DecisionListOptions,
  toJson: (desc: DescMessage, message: Message) => JsonValue,
) {
  return {
    /** It is asked for with a query. */
    read: () => undefined,
    toRequest: (message: ListDecisionsRequest) => message,
    handle: async (request: ListDecisionsRequest, call: CallContext) => {
      const parts: string[] = [];
      const count = await writeInTurns(request, call, options, (decisions) => {
        for (const decision of decisions) parts.push(JSON.stringify(toJson(DecisionRecordSchema, decision)));
      });
      // The list stands last, and is empty here.
      const head = JSON.stringify(toJson(ListDecisionsResponseSchema, toHead(count, options)));
      return `${head.slice(0, -"]}".length)}${parts.join(",")}]}`;
    },
    write: (json: string) => json,
  };
}

function toHead(count: number, { clock }: DecisionListOptions) {
  return create(ListDecisionsResponseSchema, { timestamp: toTimestamp(clock.nowMicros()), count });
}

/** Undefined where it takes the general decoder to say what is wrong. */
function readRequest(message: Buffer): ListDecisionsRequest | undefined {
  try {
    return fromBinary(ListDecisionsRequestSchema, message, { readUnknownFields: false });
  } catch {
    return undefined;
  }
}

/** Hands each turn's decisions to `write`; returns how many there were. */
async function writeInTurns(
  request: ListDecisionsRequest,
  call: CallContext,
  options: DecisionListOptions,
  write: (decisions: DecisionRecord[]) => void,
): Promise<number> {
  let count = 0;
  for await (const decisions of recordsInTurns(request, call, options)) {
    write(decisions);
    count += decisions.length;
  }
  return count;
}

/** The decisions asked for, as they are when it begins, those of each turn by themselves. */
async function* recordsInTurns(
  request: ListDecisionsRequest,
  call: CallContext,
  { monitor }: DecisionListOptions,
): AsyncGenerator<DecisionRecord[]> {
  let records: DecisionRecord[] = [];
  for (const event of monitor.history.find(toFilter(request))) {
    if (records.length === decisionsPerTurn) {
      yield records;
      records = [];
      await setImmediate();
      call.signal.throwIfAborted();
    }
    records.push(create(DecisionRecordSchema, toDecisionMessage(event, monitor.shadow.find(event.predictionId))));
  }
  yield records;
}

/** What gRPC puts before a message, and the message. */
function toEnvelope(parts: readonly Uint8Array[]): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(
    parts.reduce((bytes, part) => bytes + part.length, 0),
    1,
  );
  return Buffer.concat([prefix, ...parts]);
}

function toFilter(request: ListDecisionsRequest): DecisionFilter {
  const limit = request.limit === 0 ? decisionsListed : request.limit;
  if (limit > decisionsKept) {
    throw new InvalidInputError([
      { field: "limit", description: `${limit} is above ${decisionsKept}, the number kept` },
    ]);
  }
  return {
    limit,
    symbol: request.symbol === "" ? undefined : request.symbol,
    allowed: request.allowed,
    regime: request.regime === undefined ? undefined : labelOf(request.regime),
    sinceMicros: fromTimestamp(request.since),
    untilMicros: fromTimestamp(request.until),
  };
}

function labelOf(label: RegimePrediction_Label): RegimeLabel {
  for (const name of ["UNKNOWN", ...regimeLabels] as const) if (RegimePrediction_Label[name] === label) return name;
  throw new InvalidInputError([{ field: "regime", description: `${label} is no regime` }]);
}
