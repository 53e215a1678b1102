import { leafFeature, type TreeEnsemble } from "../domain/tree-ensemble.ts";
import { layOutNodes, type NodeLayout } from "./node-layout.ts";
import { readTreeAttributes, refuseTrees, type TreeAttributes } from "./tree-attributes.ts";

/** What a parent's cover may differ from the sum of its children's: float32 counts above 2^24 are rounded. */
const coverTolerance = 1e-6;

/**
 * Reads the trees of an ONNX classifier, for its explanations, in steps between which calls can be answered: the largest that
 * can be explained take a tenth of a second.
 *
 * @param bytes a file that the inspector let pass
 * @param covers `metadata.tree_covers`: a list a tree, a number a node, in the order in which the file lists them. Without
 * it the file's own nodes_hitrates have to be the covers.
 * @param featureCount numbers in a row
 * @throws InvalidInputError naming what does not fit, or what no explanation exists for.
 */
export function* readTreeEnsemble(
  bytes: Uint8Array,
  covers: unknown,
  featureCount: number,
): Generator<void, TreeEnsemble> {
  const attributes = yield* readTreeAttributes(bytes);
  const layout = yield* layOutNodes(attributes, featureCount);
  yield;
  const { classCount, baseScores } = readOutputs(attributes);
  const { treeOutputs, leafScores } = readLeafScores(attributes, layout, baseScores.length);
  yield;
  const nodeCovers = covers === undefined ? readHitRates(attributes, layout) : readCovers(covers, layout);
  assertCovers(nodeCovers, layout, covers === undefined ? "model" : "metadata.tree_covers");
  const { treeStarts, features, thresholds, leftNodes, rightNodes } = layout;
  return {
    featureCount,
    classCount,
    baseScores,
    treeStarts,
    treeOutputs,
    features,
    thresholds,
    leftNodes,
    rightNodes,
    leafScores,
    covers: nodeCovers,
  };
}

function readOutputs({ numbers, texts }: TreeAttributes): { classCount: number; baseScores: Float64Array } {
  const classCount = (numbers.get("classlabels_int64s") ?? texts.get("classlabels_strings") ?? []).length;
  const [transform = "NONE"] = texts.get("post_transform") ?? [];
  const isLogistic = transform === "LOGISTIC" && classCount === 2;
  if (!isLogistic && !(transform === "SOFTMAX" && classCount >= 2)) {
    const description = `post_transform is ${transform} over ${classCount} classes; expected LOGISTIC over 2, or SOFTMAX`;
    throw refuseTrees("model", description);
  }
  const outputCount = isLogistic ? 1 : classCount;
  const given = numbers.get("base_values") ?? [];
  if (given.length !== 0 && (given.length !== outputCount || !given.every(Number.isFinite))) {
    throw refuseTrees("model", `expected ${outputCount} finite base_values, found ${given.length}`);
  }
  return { classCount, baseScores: Float64Array.from({ length: outputCount }, (_, output) => given[output] ?? 0) };
}

function readLeafScores(
  { numbers }: TreeAttributes,
  layout: NodeLayout,
  outputCount: number,
): { treeOutputs: Int32Array; leafScores: Float64Array } {
  const weights = numbers.get("class_weights") ?? [];
  const trees = numbers.get("class_treeids") ?? [];
  const nodes = numbers.get("class_nodeids") ?? [];
  const outputs = numbers.get("class_ids") ?? [];
  const leafScores = new Float64Array(layout.features.length).fill(Number.NaN);
  const treeOutputs = new Int32Array(layout.treeIds.length).fill(-1);
  for (const [index, weight] of weights.entries()) {
    const treeId = trees[index] ?? -1;
    const describe = () => `leaf ${nodes[index]} of tree ${treeId}`;
    const node = layout.findNode(treeId, nodes[index] ?? -1);
    if (node === undefined || layout.features[node] !== leafFeature) {
      throw refuseTrees("model", `there is no ${describe()}`);
    }
    if (!Number.isFinite(weight)) throw refuseTrees("model", `${describe()} adds ${weight}`);
    if (!Number.isNaN(leafScores[node])) throw refuseTrees("model", `${describe()} has more than one weight`);
    const tree = layout.nodeTrees[node] ?? 0;
    const output = outputs[index] ?? -1;
    const known = treeOutputs[tree] ?? -1;
    if (output < 0 || output >= outputCount || (known !== -1 && known !== output)) {
      throw refuseTrees(
        "model",
        `${describe()} adds to class ${output}; expected one class a tree, below ${outputCount}`,
      );
    }
    leafScores[node] = weight;
    treeOutputs[tree] = output;
  }
  for (const [node, feature] of layout.features.entries()) {
    if (feature !== leafFeature) leafScores[node] = 0;
    else if (Number.isNaN(leafScores[node])) throw refuseTrees("model", `${layout.describeNode(node)} has no weight`);
  }
  return { treeOutputs, leafScores };
}

function readHitRates({ numbers }: TreeAttributes, layout: NodeLayout): Float64Array {
  const rates = numbers.get("nodes_hitrates") ?? [];
  const isConstant = rates.every((rate) => rate === rates[0]);
  if (rates.length !== layout.features.length || (isConstant && rates.length > layout.treeIds.length)) {
    throw refuseTrees("metadata.tree_covers", "is missing, and the file's nodes_hitrates are no covers either");
  }
  return Float64Array.from(rates);
}

function readCovers(covers: unknown, { treeStarts, treeIds }: NodeLayout): Float64Array {
  const field = "metadata.tree_covers";
  if (!Array.isArray(covers) || covers.length !== treeIds.length) {
    const found = Array.isArray(covers) ? covers.length : typeof covers;
    throw refuseTrees(field, `expected a list for each of ${treeIds.length} trees, found ${found}`);
  }
  const nodeCovers = new Float64Array(treeStarts.at(-1) ?? 0);
  for (const [tree, own] of covers.entries()) {
    const start = treeStarts[tree] ?? 0;
    const nodeCount = (treeStarts[tree + 1] ?? 0) - start;
    if (!Array.isArray(own) || own.length !== nodeCount || !own.every((each) => typeof each === "number")) {
      throw refuseTrees(`${field}[${tree}]`, `expected a number for each of ${nodeCount} nodes`);
    }
    nodeCovers.set(own, start);
  }
  return nodeCovers;
}

function assertCovers(covers: Float64Array, layout: NodeLayout, field: string): void {
  const { features, leftNodes, rightNodes } = layout;
  for (const [node, cover] of covers.entries()) {
    if (!(cover > 0 && cover < Number.POSITIVE_INFINITY)) {
      throw refuseTrees(
        field,
        `${layout.describeNode(node)} has the cover ${cover}; expected a number of rows above 0`,
      );
    }
    if (features[node] === leafFeature) continue;
    const sum = (covers[leftNodes[node] ?? 0] ?? 0) + (covers[rightNodes[node] ?? 0] ?? 0);
    if (Math.abs(cover - sum) <= coverTolerance * cover) continue;
    throw refuseTrees(
      field,
      `${layout.describeNode(node)} has the cover ${cover}, but its children have ${sum} together`,
    );
  }
}
