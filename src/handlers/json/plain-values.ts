import { fromJson } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import { fromTimestamp } from "../timestamp-message.ts";

/**
 * Takes parsed JSON for what clients usually write. Everything else (a number as text, a wrong type, another name of a field) it
 * leaves: `isPlain` turns false, and the general reader decides what the value means or how its error is worded.
 */
export class PlainValues {
  isPlain = true;

  leave(): undefined {
    this.isPlain = false;
    return undefined;
  }

  /** The members of an object; none of anything else. */
  members(json: unknown): Readonly<Record<string, unknown>> {
    if (isRecord(json)) return json;
    this.leave();
    return noMembers;
  }

  /** A key that is read elsewhere or nowhere. Fields have a second name in camelCase; unknown keys are passed over. */
  pass(key: string): void {
    if (key !== key.toLowerCase()) this.leave();
  }

  text(json: unknown): string | undefined {
    return typeof json === "string" ? json : this.leave();
  }

  flag(json: unknown): boolean | undefined {
    return typeof json === "boolean" ? json : this.leave();
  }

  /** 1e999 is read as Infinity, which is refused. */
  double(json: unknown): number | undefined {
    return typeof json === "number" && Number.isFinite(json) ? json : this.leave();
  }

  integer(json: unknown, min: number, max: number): number | undefined {
    return typeof json === "number" && Number.isInteger(json) && json >= min && json <= max ? json : this.leave();
  }

  /** A time as text in microseconds since 1970; what is finer is cut off. */
  micros(json: unknown): number | undefined {
    if (typeof json !== "string") return this.leave();
    try {
      return fromTimestamp(fromJson(TimestampSchema, json));
    } catch {
      // The general reader says what is wrong with it.
      return this.leave();
    }
  }
}

const noMembers: Readonly<Record<string, unknown>> = {};

function isRecord(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
