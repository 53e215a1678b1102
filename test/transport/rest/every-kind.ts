/** A message with a field of every kind, most of which the API itself does not use. */

import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";

const dependencies = [
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
];

interface FieldOptions {
  readonly label?: Label;
  readonly typeName?: string;
  readonly oneofIndex?: number;
  readonly proto3Optional?: boolean;
}

function field(name: string, number: number, type: Type, options: FieldOptions = {}) {
  const jsonName = name.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
  return { name, jsonName, number, type, label: Label.OPTIONAL, ...options };
}

function messageField(name: string, number: number, typeName: string, options: FieldOptions = {}) {
  return field(name, number, Type.MESSAGE, { typeName, ...options });
}

function mapEntry(name: string, key: Type, value: Type, typeName?: string) {
  const options = typeName === undefined ? {} : { typeName };
  return { name, options: { mapEntry: true }, field: [field("key", 1, key), field("value", 2, value, options)] };
}

const repeated = { label: Label.REPEATED };

const file = create(FileDescriptorProtoSchema, {
  name: "test/every_kind.proto",
  package: "test",
  syntax: "proto3",
  dependency: dependencies.map((dependency) => `${dependency.name}.proto`),
  enumType: [
    {
      name: "Color",
      value: [
        { name: "UNKNOWN", number: 0 },
        { name: "RED", number: 1 },
        { name: "DEEP_BLUE", number: 7 },
      ],
    },
  ],
  messageType: [
    {
      name: "EveryKind",
      field: [
        field("a_double", 1, Type.DOUBLE),
        field("a_float", 2, Type.FLOAT),
        field("an_int32", 3, Type.INT32),
        field("a_uint32", 4, Type.UINT32),
        field("an_int64", 5, Type.INT64),
        field("a_uint64", 6, Type.UINT64),
        field("a_bool", 7, Type.BOOL),
        field("a_string", 8, Type.STRING),
        field("some_bytes", 9, Type.BYTES),
        field("a_color", 10, Type.ENUM, { typeName: ".test.Color" }),
        messageField("nested", 11, ".test.EveryKind"),
        field("maybe", 12, Type.DOUBLE, { oneofIndex: 1, proto3Optional: true }),
        field("this_one", 13, Type.STRING, { oneofIndex: 0 }),
        messageField("that_one", 14, ".test.Names", { oneofIndex: 0 }),
        field("doubles", 15, Type.DOUBLE, repeated),
        field("longs", 16, Type.INT64, repeated),
        messageField("many", 17, ".test.EveryKind", repeated),
        field("colors", 18, Type.ENUM, { ...repeated, typeName: ".test.Color" }),
        messageField("by_name", 19, ".test.EveryKind.ByNameEntry", repeated),
        messageField("by_number", 20, ".test.EveryKind.ByNumberEntry", repeated),
        messageField("names", 21, ".test.Names"),
        messageField("at", 22, ".google.protobuf.Timestamp"),
        messageField("lasts", 23, ".google.protobuf.Duration"),
        messageField("struct", 24, ".google.protobuf.Struct"),
        messageField("value", 25, ".google.protobuf.Value"),
        messageField("list_value", 26, ".google.protobuf.ListValue"),
        messageField("wrapped", 27, ".google.protobuf.Int64Value"),
        messageField("wrapped_many", 28, ".google.protobuf.StringValue", repeated),
        messageField("by_flag", 29, ".test.EveryKind.ByFlagEntry", repeated),
        messageField("any", 30, ".google.protobuf.Any"),
        messageField("structs", 31, ".google.protobuf.Struct", repeated),
      ],
      oneofDecl: [{ name: "choice" }, { name: "_maybe" }],
      nestedType: [
        mapEntry("ByNameEntry", Type.STRING, Type.MESSAGE, ".test.Names"),
        mapEntry("ByNumberEntry", Type.INT32, Type.DOUBLE),
        mapEntry("ByFlagEntry", Type.BOOL, Type.STRING),
      ],
    },
    { name: "Names", field: [field("names", 1, Type.STRING, repeated)] },
    {
      name: "Counts",
      field: [messageField("counts", 1, ".test.Counts.CountsEntry", repeated)],
      nestedType: [mapEntry("CountsEntry", Type.STRING, Type.INT32)],
    },
  ],
});

const registry = createFileRegistry(
  create(FileDescriptorSetSchema, { file: [...dependencies.map((dependency) => dependency.proto), file] }),
);

function requireMessage(typeName: string): DescMessage {
  const desc = registry.getMessage(typeName);
  if (desc === undefined) throw new Error(`no such message: ${typeName}`);
  return desc;
}

export const everyKind: DescMessage = requireMessage("test.EveryKind");
export const names: DescMessage = requireMessage("test.Names");
export const counts: DescMessage = requireMessage("test.Counts");
