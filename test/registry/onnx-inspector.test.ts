import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../src/domain/errors.ts";
import { inspectOnnx } from "../../src/registry/onnx-inspector.ts";
import { readFixture } from "./model-fixtures.ts";

const sizeMax = 1024 ** 2;
const inspect = (name: string) => inspectOnnx(readFixture(name).bytes, sizeMax);

/** `levels` branches, each inside the one before. */
function nestGraphs(levels: number): Uint8Array {
  let graph: Uint8Array = new Uint8Array();
  for (let level = 0; level < levels; level++) {
    const attribute = new BinaryWriter()
      .uint32(6 * 8 + 2)
      .bytes(graph)
      .finish();
    const node = new BinaryWriter()
      .uint32(5 * 8 + 2)
      .bytes(attribute)
      .finish();
    graph = new BinaryWriter()
      .uint32(1 * 8 + 2)
      .bytes(node)
      .finish();
  }
  return new BinaryWriter()
    .uint32(7 * 8 + 2)
    .bytes(graph)
    .finish();
}

describe("inspectOnnx", () => {
  it.each([
    ["signal-lightgbm.onnx", ["features"], ["label", "probabilities"]],
    ["signal-logistic.onnx", ["features"], ["label", "probabilities"]],
    [
      "regime-softmax.onnx",
      ["vol_percentile", "efficiency_ratio", "rolling_vol", "qse_output.regime.trend_strength", "order_flow"],
      ["shares"],
    ],
  ])("reads the inputs and outputs of %s", (name, inputs, outputs) => {
    expect(inspect(name)).toEqual({ inputs, outputs });
  });

  it.each([
    ["refused-external-initializer.onnx", "another file"],
    ["refused-external-constant.onnx", "another file"],
    ["refused-external-hidden.onnx", "another file"],
    ["refused-external-branch.onnx", "another file"],
    ["refused-custom-op.onnx", '"com.example"'],
    ["refused-custom-op-branch.onnx", '"com.example"'],
    ["refused-function.onnx", "com.example"],
    ["refused-zipmap.onnx", "output_probability is no tensor"],
  ])("refuses %s", (name, why) => {
    expect(() => inspect(name)).toThrow(InvalidInputError);
    expect(() => inspect(name)).toThrow(why);
  });

  it("refuses a function even of a standard domain", () => {
    const graph = readFixture("signal-column.onnx").bytes;
    const withFunction = Buffer.concat([
      graph,
      new BinaryWriter()
        .uint32(25 * 8 + 2)
        .bytes(new Uint8Array())
        .finish(),
    ]);
    expect(() => inspectOnnx(withFunction, sizeMax)).toThrow("functions");
  });

  it("refuses two graphs, which parsers would merge", () => {
    const { bytes } = readFixture("signal-column.onnx");
    expect(() => inspectOnnx(Buffer.concat([bytes, bytes]), sizeMax)).toThrow("two graphs");
  });

  it("accepts 16 nested branches and refuses 17", () => {
    expect(inspectOnnx(nestGraphs(16), sizeMax)).toEqual({ inputs: [], outputs: [] });
    expect(() => inspectOnnx(nestGraphs(17), sizeMax)).toThrow("nested");
  });

  it("accepts a file of the largest size and refuses one byte more", () => {
    const { bytes } = readFixture("signal-column.onnx");
    expect(() => inspectOnnx(bytes, bytes.byteLength)).not.toThrow();
    expect(() => inspectOnnx(bytes, bytes.byteLength - 1)).toThrow(`are more than ${bytes.byteLength - 1}`);
  });

  it.each([
    ["nothing", ""],
    ["text", "no model at all"],
    ["JSON", '{"graph":{}}'],
    ["zeros", "\0\0\0\0"],
  ])("refuses %s", (_, text) => {
    expect(() => inspectOnnx(Buffer.from(text), sizeMax)).toThrow(InvalidInputError);
  });

  it("answers each prefix and each flipped bit of a model with a structure or a refusal, nothing else", () => {
    const { bytes } = readFixture("refused-endless.onnx");
    const answers = { structures: 0, refusals: 0 };
    const tryBytes = (each: Uint8Array): void => {
      try {
        inspectOnnx(each, sizeMax);
        answers.structures++;
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidInputError);
        answers.refusals++;
      }
    };
    for (let length = 0; length < bytes.byteLength; length++) tryBytes(bytes.subarray(0, length));
    for (let bit = 0; bit < bytes.byteLength * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      tryBytes(flipped);
    }
    expect(answers.structures + answers.refusals).toBe(bytes.byteLength * 9);
    expect(answers.refusals).toBeGreaterThan(bytes.byteLength);
  });
});
