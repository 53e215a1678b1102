import type { BackwardWriter } from "./backward-writer.ts";
import { doubleTag, lengthTag, varintTag } from "./wire-tag.ts";

/** A value that is its field's default is left out, as proto3 has it; minus zero is none. */
export function writeDouble(writer: BackwardWriter, field: number, value: number): void {
  if (Object.is(value, 0)) return;
  writer.double(doubleTag(field), value);
}

export function writeText(writer: BackwardWriter, field: number, value: string): void {
  if (value !== "") writer.text(lengthTag(field), value);
}

/** An item of a repeated field is written even if it is empty. */
export function writeItem(writer: BackwardWriter, field: number, value: string): void {
  writer.text(lengthTag(field), value);
}

export function writeFlag(writer: BackwardWriter, field: number, value: boolean): void {
  if (value) writeCode(writer, field, 1);
}

/** An enum or a count. */
export function writeCode(writer: BackwardWriter, field: number, value: number): void {
  if (value === 0) return;
  writer.varint(value);
  writer.tag(varintTag(field));
}

/** Closes the message that was written since the writer had `before` bytes. */
export function closeMessage(writer: BackwardWriter, field: number, before: number): void {
  writer.varint(writer.length - before);
  writer.tag(lengthTag(field));
}
