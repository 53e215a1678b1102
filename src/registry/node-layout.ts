import { leafFeature, type TreeEnsemble } from "../domain/tree-ensemble.ts";
import { refuseTrees, type TreeAttributes } from "./tree-attributes.ts";

/** The nodes of all trees, checked to be trees. */
export interface NodeLayout
  extends Pick<TreeEnsemble, "treeStarts" | "features" | "thresholds" | "leftNodes" | "rightNodes"> {
  readonly treeIds: readonly number[];
  /** Position of each node's tree. */
  readonly nodeTrees: Int32Array;
  /** Finds a node by the names that the file has for it. */
  findNode(treeId: number, nodeId: number): number | undefined;
  /** Says which node it is, in the file's words. */
  describeNode(node: number): string;
}

/**
 * A step of an explanation: one node, for each eight features that a path of its tree can ask for. It takes some 30 ns, and
 * 128 bytes for as long as the model is loaded. 100 trees of 31 leaves are 7 000 to 12 000 steps.
 */
const explanationStepsMax = 250_000;

const nodeLists = [
  "nodes_nodeids",
  "nodes_featureids",
  "nodes_values",
  "nodes_truenodeids",
  "nodes_falsenodeids",
] as const;

/** @throws InvalidInputError for what is no set of trees, for splits other than x ≤ threshold, and for too large ones. */
export function layOutNodes(attributes: TreeAttributes, featureCount: number): NodeLayout {
  const { numbers, texts } = attributes;
  const nodeTreeIds = numbers.get("nodes_treeids") ?? [];
  const count = nodeTreeIds.length;
  const lists = nodeLists.map((name) => {
    const list = numbers.get(name) ?? [];
    if (list.length !== count) throw refuseTrees("model", `there are ${list.length} ${name} of ${count} nodes`);
    return list;
  });
  const [nodeIds = [], features = [], values = [], trueIds = [], falseIds = []] = lists;
  const modes = texts.get("nodes_modes") ?? [];
  if (modes.length !== count) throw refuseTrees("model", `there are ${modes.length} nodes_modes of ${count} nodes`);
  const frame = frameTrees(nodeTreeIds, nodeIds);
  const layout: NodeLayout = {
    ...frame,
    features: new Int32Array(count).fill(leafFeature),
    thresholds: new Float32Array(count),
    leftNodes: new Int32Array(count).fill(-1),
    rightNodes: new Int32Array(count).fill(-1),
  };
  for (const [node, mode] of modes.entries()) {
    if (mode === "LEAF") continue;
    const where = layout.describeNode(node);
    const feature = features[node] ?? -1;
    const threshold = values[node] ?? Number.NaN;
    if (mode !== "BRANCH_LEQ") {
      throw refuseTrees("model", `${where} splits by ${mode} (categorical?); only BRANCH_LEQ is explained`);
    }
    if (!Number.isFinite(threshold)) throw refuseTrees("model", `${where} has the threshold ${threshold}`);
    if (feature < 0 || feature >= featureCount) {
      throw refuseTrees("model", `${where} reads feature ${feature} of ${featureCount}`);
    }
    layout.features[node] = feature;
    layout.thresholds[node] = threshold;
    const treeId = nodeTreeIds[node] ?? -1;
    layout.leftNodes[node] = layout.findNode(treeId, trueIds[node] ?? -1) ?? -1;
    layout.rightNodes[node] = layout.findNode(treeId, falseIds[node] ?? -1) ?? -1;
  }
  assertTrees(layout, featureCount);
  return layout;
}

function frameTrees(
  nodeTreeIds: readonly number[],
  nodeIds: readonly number[],
): Pick<NodeLayout, "treeIds" | "treeStarts" | "nodeTrees" | "findNode" | "describeNode"> {
  const treeIds: number[] = [];
  const treeStarts: number[] = [];
  const nodesByTree = new Map<number, Map<number, number>>();
  const nodeTrees = new Int32Array(nodeTreeIds.length);
  const describeNode = (node: number): string => `node ${nodeIds[node]} of tree ${nodeTreeIds[node]}`;
  for (const [node, treeId] of nodeTreeIds.entries()) {
    if (treeId !== treeIds.at(-1)) {
      if (nodesByTree.has(treeId)) throw refuseTrees("model", `the nodes of tree ${treeId} do not stand together`);
      treeIds.push(treeId);
      treeStarts.push(node);
      nodesByTree.set(treeId, new Map());
    }
    const nodeId = nodeIds[node] ?? -1;
    if (nodesByTree.get(treeId)?.has(nodeId)) throw refuseTrees("model", `${describeNode(node)} is there twice`);
    nodesByTree.get(treeId)?.set(nodeId, node);
    nodeTrees[node] = treeIds.length - 1;
  }
  if (treeIds.length === 0) throw refuseTrees("model", "there are no trees");
  return {
    treeIds,
    treeStarts: Int32Array.from([...treeStarts, nodeTreeIds.length]),
    nodeTrees,
    findNode: (treeId, nodeId) => nodesByTree.get(treeId)?.get(nodeId),
    describeNode,
  };
}

/**
 * Children stand after their parents and every node but the first has one parent: then there is neither circle nor stray.
 */
function assertTrees(layout: NodeLayout, featureCount: number): void {
  const { features, leftNodes, rightNodes, treeStarts, nodeTrees } = layout;
  const depths = new Int32Array(features.length).fill(-1);
  const treeDepths = new Int32Array(layout.treeIds.length);
  for (const [node, feature] of features.entries()) {
    const where = layout.describeNode(node);
    const tree = nodeTrees[node] ?? 0;
    if (treeStarts[tree] === node) depths[node] = 0;
    const depth = depths[node] ?? -1;
    if (depth === -1) throw refuseTrees("model", `${where} has no parent that stands before it`);
    treeDepths[tree] = Math.max(treeDepths[tree] ?? 0, depth);
    if (feature === leafFeature) continue;
    for (const child of [leftNodes[node] ?? -1, rightNodes[node] ?? -1]) {
      if (child <= node) throw refuseTrees("model", `${where} has a child that does not stand after it`);
      if (depths[child] !== -1) throw refuseTrees("model", `${layout.describeNode(child)} has two parents`);
      depths[child] = depth + 1;
    }
  }
  const steps = nodeTrees.reduce((sum, tree) => sum + Math.ceil(Math.min(treeDepths[tree] ?? 0, featureCount) / 8), 0);
  if (steps > explanationStepsMax) {
    throw refuseTrees("model", `an explanation would take ${steps} steps, more than ${explanationStepsMax}`);
  }
}
