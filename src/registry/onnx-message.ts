/** Walks over the fields of a protobuf message whose schema is not generated, and decodes only those asked for. */
import { MessageCursor, wireTypes } from "./message-cursor.ts";

/** What to do with a field, by number; other fields are skipped. */
export interface FieldReaders {
  readonly bytes?: Readonly<Record<number, (bytes: Uint8Array) => void>>;
  readonly varints?: Readonly<Record<number, (value: number) => void>>;
  /** Single or repeated float, packed or one by one. */
  readonly floats?: Readonly<Record<number, (value: number) => void>>;
  /** Single or repeated int64, packed or one by one. */
  readonly integers?: Readonly<Record<number, (value: number) => void>>;
}

/** Reads the value of a field from the cursor. */
type ValueReader = (cursor: MessageCursor) => void;

/** @throws Error where the message breaks off or a known field has another wire type. */
export function walkMessage(bytes: Uint8Array, readers: FieldReaders): void {
  const cursor = new MessageCursor(bytes);
  let lastTag = 0;
  let read: ValueReader = () => undefined;
  while (!cursor.isAtEnd) {
    const tag = cursor.readTag();
    // Lists whose values stand one by one repeat their tag thousands of times.
    if (tag !== lastTag) read = chooseReader(tag, readers);
    lastTag = tag;
    read(cursor);
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @throws TypeError for bytes that are no text. */
export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Parsers disagree about a known field of another wire type; nothing that a converter writes has one. */
function chooseReader(tag: number, readers: FieldReaders): ValueReader {
  const fieldNo = tag >>> 3;
  const readBytes = readers.bytes?.[fieldNo];
  if (readBytes !== undefined) {
    assertWireType(tag, wireTypes.lengthDelimited);
    return (cursor) => readBytes(cursor.readBytes());
  }
  const readVarint = readers.varints?.[fieldNo];
  if (readVarint !== undefined) {
    assertWireType(tag, wireTypes.varint);
    return (cursor) => readVarint(cursor.readUint32());
  }
  const readFloat = readers.floats?.[fieldNo];
  if (readFloat !== undefined) return readNumbers(tag, wireTypes.bit32, (cursor) => readFloat(cursor.readFloat()));
  const readInteger = readers.integers?.[fieldNo];
  if (readInteger !== undefined) {
    return readNumbers(tag, wireTypes.varint, (cursor) => readInteger(cursor.readInteger()));
  }
  return (cursor) => cursor.skip(tag);
}

function readNumbers(tag: number, single: number, read: ValueReader): ValueReader {
  if ((tag & 7) !== wireTypes.lengthDelimited) {
    assertWireType(tag, single);
    return read;
  }
  return (cursor) => {
    const packed = new MessageCursor(cursor.readBytes());
    while (!packed.isAtEnd) read(packed);
  };
}

function assertWireType(tag: number, expected: number): void {
  if ((tag & 7) === expected) return;
  throw new RangeError(`field ${tag >>> 3} has wire type ${tag & 7} instead of ${expected}`);
}
