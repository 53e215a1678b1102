import { create } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { expect, it } from "vitest";
import { readProtoComments } from "../../../src/transport/openapi/proto-comments.ts";

const file = {
  name: "a.proto",
  package: "a",
  messageType: [
    {
      name: "M",
      field: [{ name: "x" }, { name: "y" }],
      nestedType: [{ name: "N", enumType: [{ name: "E", value: [{ name: "ZERO" }] }] }],
      oneofDecl: [{ name: "o" }],
    },
  ],
  enumType: [{ name: "T", value: [{ name: "ONE" }, { name: "TWO" }] }],
  service: [{ name: "S", method: [{ name: "Do" }, { name: "Undo" }] }],
};

function commentsAt(...locations: readonly (readonly [path: number[], comment: string])[]) {
  const sourceCodeInfo = { location: locations.map(([path, leadingComments]) => ({ path, leadingComments })) };
  return readProtoComments([create(FileDescriptorProtoSchema, { ...file, sourceCodeInfo })]);
}

it.each([
  [[4, 0], "a.M"],
  [[4, 0, 2, 1], "a.M.y"],
  [[4, 0, 8, 0], "a.M.o"],
  [[4, 0, 3, 0], "a.M.N"],
  [[4, 0, 3, 0, 4, 0, 2, 0], "a.M.N.E.ZERO"],
  [[5, 0], "a.T"],
  [[5, 0, 2, 1], "a.T.TWO"],
  [[6, 0], "a.S"],
  [[6, 0, 2, 1], "a.S.Undo"],
])("finds what the comment at %j stands on", (path, name) => {
  expect([...commentsAt([path, " Words.\n"])]).toEqual([[name, "Words."]]);
});

it("keeps paragraphs and drops the margin", () => {
  expect(commentsAt([[4, 0], " First.\n\n - Item\n   goes on.\n"]).get("a.M")).toBe("First.\n\n- Item\n  goes on.");
});

it("has no comment for what has none, nor for what is not there", () => {
  expect(commentsAt([[4, 0], ""], [[4, 7], " Nothing here.\n"], [[12], " Syntax.\n"]).size).toBe(0);
});
