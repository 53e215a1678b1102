import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { expect, it } from "vitest";
import { BackwardWriter } from "../../../src/handlers/wire/backward-writer.ts";
import { doubleTag, lengthTag, varintTag } from "../../../src/handlers/wire/wire-tag.ts";

type Field =
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "double"; readonly value: number }
  | { readonly kind: "int32"; readonly value: number };

const anyField: fc.Arbitrary<Field> = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), value: fc.string({ unit: "grapheme", maxLength: 60 }) }),
  fc.record({ kind: fc.constant("double" as const), value: fc.double() }),
  fc.record({ kind: fc.constant("int32" as const), value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) }),
);

function write(writer: BackwardWriter, fields: readonly Field[]): Buffer {
  writer.drop();
  for (const { kind, value } of fields.toReversed()) {
    if (kind === "text") writer.text(lengthTag(1), value);
    else if (kind === "double") writer.double(doubleTag(2), value);
    else {
      writer.int32(value);
      writer.tag(varintTag(3));
    }
  }
  return writer.take();
}

function read(bytes: Uint8Array): Field[] {
  const reader = new BinaryReader(bytes);
  const fields: Field[] = [];
  while (reader.pos < reader.len) {
    const [, wireType] = reader.tag();
    if (wireType === WireType.LengthDelimited) fields.push({ kind: "text", value: reader.string() });
    else if (wireType === WireType.Bit64) fields.push({ kind: "double", value: reader.double() });
    else fields.push({ kind: "int32", value: reader.int32() });
  }
  return fields;
}

it("writes what a reader reads, wherever its memory ends, and leaves what it gave away alone", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(anyField, { maxLength: 12 }), { maxLength: 8 }),
      fc.integer({ min: 16, max: 300 }),
      (messages, slabBytes) => {
        const writer = new BackwardWriter(slabBytes);
        const given = messages.map((fields) => write(writer, fields));
        expect(given.map(read)).toEqual(messages);
      },
    ),
    { numRuns: 500 },
  );
});

it("forgets a message that was begun and dropped", () => {
  const writer = new BackwardWriter(64);
  writer.text(lengthTag(1), "half an answer");
  expect(read(write(writer, [{ kind: "double", value: 1.5 }]))).toEqual([{ kind: "double", value: 1.5 }]);
});
