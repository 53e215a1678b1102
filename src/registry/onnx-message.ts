/** Walks over the fields of a protobuf message whose schema is not generated, and decodes only those asked for. */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** What to do with a field, by number; other fields are skipped. */
export interface FieldReaders {
  readonly bytes?: Readonly<Record<number, (bytes: Uint8Array) => void>>;
  readonly varints?: Readonly<Record<number, (value: number) => void>>;
  /** Single or repeated float, packed or one by one. */
  readonly floats?: Readonly<Record<number, (value: number) => void>>;
  /** Single or repeated int64, packed or one by one. */
  readonly integers?: Readonly<Record<number, (value: number) => void>>;
}

/** @throws Error where the message breaks off or a known field has another wire type. */
export function walkMessage(bytes: Uint8Array, readers: FieldReaders): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [fieldNo, wireType] = reader.tag();
    const readBytes = readers.bytes?.[fieldNo];
    const readVarint = readers.varints?.[fieldNo];
    const readFloat = readers.floats?.[fieldNo];
    const readInteger = readers.integers?.[fieldNo];
    if (readBytes !== undefined) {
      assertWireType(fieldNo, wireType, WireType.LengthDelimited);
      readBytes(reader.bytes());
    } else if (readVarint !== undefined) {
      assertWireType(fieldNo, wireType, WireType.Varint);
      readVarint(reader.uint32());
    } else if (readFloat !== undefined) {
      walkNumbers(reader, fieldNo, wireType, WireType.Bit32, (each) => readFloat(each.float()));
    } else if (readInteger !== undefined) {
      walkNumbers(reader, fieldNo, wireType, WireType.Varint, (each) => readInteger(toNumber(each.int64())));
    } else reader.skip(wireType, fieldNo);
  }
  if (reader.pos > reader.len) throw new RangeError("it ends inside a field");
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @throws TypeError for bytes that are no text. */
export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

function walkNumbers(
  reader: BinaryReader,
  fieldNo: number,
  found: WireType,
  single: WireType,
  read: (reader: BinaryReader) => void,
): void {
  if (found !== WireType.LengthDelimited) {
    assertWireType(fieldNo, found, single);
    read(reader);
    return;
  }
  const packed = new BinaryReader(reader.bytes());
  while (packed.pos < packed.len) read(packed);
  if (packed.pos > packed.len) throw new RangeError("it ends inside a field");
}

/** Parsers disagree about a known field of another wire type; nothing that a converter writes has one. */
function assertWireType(fieldNo: number, found: WireType, expected: WireType): void {
  if (found !== expected) throw new RangeError(`field ${fieldNo} has wire type ${found} instead of ${expected}`);
}

function toNumber(value: bigint | string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError(`${value} is out of range`);
}
