import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../src/domain/errors.ts";
import { readTreeEnsemble } from "../../src/registry/tree-ensemble-reader.ts";
import { takeAllSteps } from "../support/taken-steps.ts";
import { readFixture } from "./model-fixtures.ts";
import { type Attributes, type OtherNode, twoTrees, twoTreesCovers, writeTreeModel } from "./tree-model.ts";

const readNow = (bytes: Uint8Array, covers: unknown, featureCount: number) =>
  takeAllSteps(readTreeEnsemble(bytes, covers, featureCount));
const read = (attributes: Attributes, covers: unknown = twoTreesCovers) =>
  readNow(writeTreeModel(attributes), covers, 2);

/** A chain of splits, each with a leaf to the left: the deepest tree of its size. */
function writeChain(depth: number): { attributes: Attributes; covers: number[][] } {
  const nodes = Array.from({ length: 2 * depth + 1 }, (_, node) => node);
  const isSplit = (node: number): boolean => node % 2 === 0 && node < 2 * depth;
  const leaves = nodes.filter((node) => !isSplit(node));
  const attributes: Attributes = {
    ...twoTrees,
    nodes_treeids: nodes.map(() => 0),
    nodes_nodeids: nodes,
    nodes_featureids: nodes.map((node) => ((node / 2) % 2) | 0),
    nodes_modes: nodes.map((node) => (isSplit(node) ? "BRANCH_LEQ" : "LEAF")),
    nodes_values: nodes.map(() => 0),
    nodes_truenodeids: nodes.map((node) => (isSplit(node) ? node + 1 : 0)),
    nodes_falsenodeids: nodes.map((node) => (isSplit(node) ? node + 2 : 0)),
    nodes_hitrates: nodes.map(() => 1),
    nodes_missing_value_tracks_true: nodes.map(() => 0),
    class_treeids: leaves.map(() => 0),
    class_nodeids: leaves,
    class_ids: leaves.map(() => 0),
    class_weights: leaves.map(() => 1),
  };
  return { attributes, covers: [nodes.map((node) => (isSplit(node) ? depth + 1 - node / 2 : 1))] };
}

describe("readTreeEnsemble", () => {
  it.each([
    ["one by one", false],
    ["packed", true],
  ])("reads trees whose numbers are written %s", (_, isPacked) => {
    const bytes = writeTreeModel({ ...twoTrees, base_values: [0.25] }, [], isPacked);
    expect(readNow(bytes, twoTreesCovers, 2)).toEqual({
      featureCount: 2,
      classCount: 2,
      baseScores: Float64Array.of(0.25),
      treeStarts: Int32Array.of(0, 5, 6),
      treeOutputs: Int32Array.of(0, 0),
      features: Int32Array.of(0, -1, 1, -1, -1, -1),
      thresholds: Float32Array.of(0.5, 0, -1.5, 0, 0, 0),
      leftNodes: Int32Array.of(1, -1, 3, -1, -1, -1),
      rightNodes: Int32Array.of(2, -1, 4, -1, -1, -1),
      leafScores: Float64Array.of(0, -1, 0, 2, 4, 0.125),
      covers: Float64Array.of(10, 6, 4, 1, 3, 10),
    });
  });

  it("reads trees whose nodes have other names than their places", () => {
    const names = ["nodes_nodeids", "nodes_truenodeids", "nodes_falsenodeids", "class_nodeids"];
    const renamed = Object.entries(twoTrees).map(([name, value]) =>
      names.includes(name) && Array.isArray(value) ? [name, value.map((node) => 7 * Number(node) + 3)] : [name, value],
    );
    expect(read(Object.fromEntries(renamed))).toEqual(read(twoTrees));
  });

  it("reads in steps, one for each number of a node and more", () => {
    const steps = [...readTreeEnsemble(writeTreeModel(twoTrees), twoTreesCovers, 2)];
    expect(steps.length).toBeGreaterThan(Object.keys(twoTrees).length);
  });

  it("takes the file's hit rates for covers when the metadata have none", () => {
    const { covers } = readNow(writeTreeModel({ ...twoTrees, nodes_hitrates: [10, 6, 4, 1, 3, 10] }), undefined, 2);
    expect([...covers]).toEqual(twoTreesCovers.flat());
  });

  it("reads one output a class where the scores become a softmax", () => {
    const { baseScores, treeOutputs, classCount } = read({
      ...twoTrees,
      class_ids: [2, 2, 2, 0],
      classlabels_int64s: [0, 1, 2],
      post_transform: "SOFTMAX",
    });
    expect([classCount, baseScores.length, [...treeOutputs]]).toEqual([3, 3, [2, 0]]);
  });

  it.each<[string, OtherNode]>([
    ["Identity", { operator: "Identity", inputs: ["probability_tensor"] }],
    ["Cast", { operator: "Cast", inputs: ["label_tensor"] }],
    ["a product with ones", { operator: "Mul", inputs: ["probability_tensor", "one"] }],
  ])("lets %s stand behind the trees", (_, other) => {
    expect(readNow(writeTreeModel(twoTrees, [other]), twoTreesCovers, 2).classCount).toBe(2);
  });

  it.each<[string, OtherNode]>([
    ["a product with anything else", { operator: "Mul", inputs: ["probability_tensor", "half"] }],
    ["a calibration", { operator: "Sigmoid", inputs: ["probability_tensor"] }],
  ])("refuses %s behind the trees", (_, other) => {
    const bytes = writeTreeModel(twoTrees, [other]);
    expect(() => readNow(bytes, twoTreesCovers, 2)).toThrow(`the operator ${other.operator}`);
  });

  it.each([
    ["no trees", readFixture("signal-logistic.onnx").bytes, "expected one TreeEnsembleClassifier, found 0"],
    ["two ensembles", writeTreeModel(twoTrees, [], false, 2), "found 2"],
    ["a file that breaks off", writeTreeModel(twoTrees).subarray(0, 200), "damaged"],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readNow(bytes, twoTreesCovers, 2)).toThrow(InvalidInputError);
    expect(() => readNow(bytes, twoTreesCovers, 2)).toThrow(message);
  });

  it.each<[string, Attributes, string]>([
    [
      "a categorical split",
      { nodes_modes: ["BRANCH_EQ", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF", "LEAF"] },
      "node 0 of tree 0 splits by BRANCH_EQ",
    ],
    ["a feature that no row has", { nodes_featureids: [0, 0, 2, 0, 0, 0] }, "node 2 of tree 0 reads feature 2 of 2"],
    ["a threshold that is no number", { nodes_values: [Number.NaN, 0, 0, 0, 0, 0] }, "has the threshold NaN"],
    ["lists of different lengths", { nodes_values: [0.5] }, "1 nodes_values of 6 nodes"],
    ["nodes of a tree that stand apart", { nodes_treeids: [0, 0, 0, 1, 1, 0] }, "tree 0 do not stand together"],
    ["a node twice", { nodes_nodeids: [0, 1, 2, 3, 3, 0] }, "node 3 of tree 0 is there twice"],
    ["a circle", { nodes_truenodeids: [1, 0, 0, 0, 0, 0] }, "has a child that does not stand after it"],
    [
      "a child that is not there",
      { nodes_truenodeids: [7, 0, 3, 0, 0, 0] },
      "has a child that does not stand after it",
    ],
    ["a node with two parents", { nodes_falsenodeids: [2, 0, 3, 0, 0, 0] }, "node 3 of tree 0 has two parents"],
    [
      "a stray node",
      { nodes_modes: ["LEAF", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF", "LEAF"] },
      "node 1 of tree 0 has no parent",
    ],
    [
      "a leaf without a weight",
      { class_weights: [-1, 2, 4], class_nodeids: [1, 3, 4], class_treeids: [0, 0, 0] },
      "node 0 of tree 1 has no weight",
    ],
    ["a leaf with two weights", { class_nodeids: [1, 3, 3, 0] }, "leaf 3 of tree 0 has more than one weight"],
    ["a weight for what is no leaf", { class_nodeids: [1, 2, 4, 0] }, "there is no leaf 2 of tree 0"],
    [
      "a weight that is no number",
      { class_weights: [-1, 2, Number.POSITIVE_INFINITY, 0] },
      "leaf 4 of tree 0 adds Infinity",
    ],
    [
      "a tree for two classes",
      { class_ids: [0, 1, 0, 0], classlabels_int64s: [0, 1, 2], post_transform: "SOFTMAX" },
      "expected one class a tree",
    ],
    ["a class that there is not", { class_ids: [0, 0, 0, 1] }, "adds to class 1"],
    ["scores that are no log-odds", { post_transform: "PROBIT" }, "post_transform is PROBIT"],
    ["a logistic of three classes", { classlabels_int64s: [0, 1, 2] }, "LOGISTIC over 3 classes"],
    ["too many base values", { base_values: [0, 1] }, "expected 1 finite base_values, found 2"],
    ["an attribute unknown here", { nodes_values_as_tensor: [1] }, "nodes_values_as_tensor"],
  ])("refuses %s", (_, changed, message) => {
    expect(() => read({ ...twoTrees, ...changed })).toThrow(InvalidInputError);
    expect(() => read({ ...twoTrees, ...changed })).toThrow(message);
  });

  it.each<[string, unknown, string]>([
    ["no list", "10", "metadata.tree_covers: expected a list for each of 2 trees"],
    ["a tree too few", [[10, 6, 4, 1, 3]], "expected a list for each of 2 trees, found 1"],
    ["a node too few", [[10, 6, 4, 1], [10]], "metadata.tree_covers[0]: expected a number for each of 5 nodes"],
    ["a text among them", [[10, 6, 4, 1, 3], ["10"]], "metadata.tree_covers[1]"],
    ["a node that no row came through", [[10, 10, 0, 0, 0], [10]], "node 2 of tree 0 has the cover 0"],
    ["another order", [[10, 4, 6, 1, 3], [10]], "node 2 of tree 0 has the cover 6, but its children have 4"],
    ["nothing, beside hit rates that are all 1", undefined, "metadata.tree_covers: is missing"],
  ])("refuses covers that are %s", (_, covers, message) => {
    expect(() => readNow(writeTreeModel(twoTrees), covers, 2)).toThrow(message);
  });

  it("accepts the deepest tree that can be explained in time and refuses one a little deeper", () => {
    const readChain = (depth: number) => {
      const { attributes, covers } = writeChain(depth);
      return readNow(writeTreeModel(attributes), covers, 256);
    };
    expect(readChain(3905).features.length).toBe(7811);
    expect(() => readChain(3906)).toThrow("would take 250016 steps");
  });
});
