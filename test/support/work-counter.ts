/** Counts work that costs time wherever it is done, instead of measuring the time. */

import { promiseHooks } from "node:v8";
import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";

export interface WorkCounts {
  /** Promises made, by `await` as well. */
  readonly promises: number;
  /** Timers started. */
  readonly timers: number;
  /** Bytes copied from one piece of memory to another by way of JavaScript. */
  readonly copiedBytes: number;
  /** Doubles read out of received bytes. */
  readonly doubles: number;
  /** Fields read by the general decoder. */
  readonly decodedFields: number;
  /** Messages, or parts of one, written by the general encoder. */
  readonly encodedMessages: number;
  /** Characters of JSON that were parsed. */
  readonly parsedCharacters: number;
}

type Method = (...args: unknown[]) => unknown;

/** What is counted in everything that runs in this process until `run` is done. */
export async function countWork(run: () => Promise<void>): Promise<WorkCounts> {
  const counts = {
    promises: 0,
    timers: 0,
    copiedBytes: 0,
    doubles: 0,
    decodedFields: 0,
    encodedMessages: 0,
    parsedCharacters: 0,
  };
  const restores = [
    wrap(Buffer, "concat", (_self, result) => {
      counts.copiedBytes += lengthOf(result);
    }),
    wrap(Uint8Array.prototype, "set", (_self, _result, [source]) => {
      counts.copiedBytes += lengthOf(source);
    }),
    wrap(Uint8Array.prototype, "slice", (_self, result) => {
      counts.copiedBytes += lengthOf(result);
    }),
    wrap(DataView.prototype, "getFloat64", () => counts.doubles++),
    wrap(BinaryReader.prototype, "tag", () => counts.decodedFields++),
    wrap(BinaryWriter.prototype, "finish", () => counts.encodedMessages++),
    wrap(JSON, "parse", (_self, _result, [text]) => {
      counts.parsedCharacters += typeof text === "string" ? text.length : 0;
    }),
    wrap(globalThis, "setTimeout", () => counts.timers++),
    promiseHooks.onInit(() => counts.promises++),
  ];
  try {
    await run();
  } finally {
    for (const restore of restores) restore();
  }
  return counts;
}

function wrap(
  owner: object,
  name: string,
  count: (self: unknown, result: unknown, args: readonly unknown[]) => unknown,
): () => unknown {
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== "function") throw new Error(`${name} is no function`);
  const counting: Method = function (this: unknown, ...args) {
    const result: unknown = Reflect.apply(original, this, args);
    count(this, result, args);
    return result;
  };
  Object.defineProperty(counting, "prototype", { value: original.prototype });
  Reflect.set(owner, name, counting);
  return () => Reflect.set(owner, name, original);
}

function lengthOf(value: unknown): number {
  return value instanceof Uint8Array ? value.byteLength : 0;
}
