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
export function* layOutNodes(attributes: TreeAttributes, featureCount: number): Generator<void, NodeLayout> {
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
  yield;
  const layout: NodeLayout = {
    ...frame,
    features: new Int32Array(count).fill(leafFeature),
    thresholds: new Float32Array(count),
    leftNodes: new Int32Array(count).fill(-1),
    rightNodes: new Int32Array(count).fill(-1),
  };
  for (const [node, mode] of modes.entries()) {
    if (mode === "LEAF") continue;
    const feature = features[node] ?? -1;
    const threshold = values[node] ?? Number.NaN;
    const fault = findSplitFault(mode, threshold, feature, featureCount);
    if (fault !== undefined) throw refuseTrees("model", `${layout.describeNode(node)} ${fault}`);
    layout.features[node] = feature;
    layout.thresholds[node] = threshold;
    const treeId = nodeTreeIds[node] ?? -1;
    layout.leftNodes[node] = layout.findNode(treeId, trueIds[node] ?? -1) ?? -1;
    layout.rightNodes[node] = layout.findNode(treeId, falseIds[node] ?? -1) ?? -1;
  }
  yield;
  assertTrees(layout, featureCount);
  return layout;
}

function findSplitFault(mode: string, threshold: number, feature: number, featureCount: number): string | undefined {
  if (mode !== "BRANCH_LEQ") return `splits by ${mode} (categorical?); only BRANCH_LEQ is explained`;
  if (!Number.isFinite(threshold)) return `has the threshold ${threshold}`;
  if (feature < 0 || feature >= featureCount) return `reads feature ${feature} of ${featureCount}`;
  return undefined;
}

/** Where the nodes of a tree stand. */
interface TreeFrame {
  readonly start: number;
  count: number;
  /** By the file's names; undefined while these count up from 0, as every converter writes them. */
  nodes: Map<number, number> | undefined;
}

function frameTrees(
  nodeTreeIds: readonly number[],
  nodeIds: readonly number[],
): Pick<NodeLayout, "treeIds" | "treeStarts" | "nodeTrees" | "findNode" | "describeNode"> {
  const frames = new Map<number, TreeFrame>();
  const nodeTrees = new Int32Array(nodeTreeIds.length);
  const describeNode = (node: number): string => `node ${nodeIds[node]} of tree ${nodeTreeIds[node]}`;
  let lastTreeId: number | undefined;
  let frame: TreeFrame = { start: 0, count: 0, nodes: undefined };
  for (const [node, treeId] of nodeTreeIds.entries()) {
    if (treeId !== lastTreeId) {
      if (frames.has(treeId)) throw refuseTrees("model", `the nodes of tree ${treeId} do not stand together`);
      frame = { start: node, count: 0, nodes: undefined };
      frames.set(treeId, frame);
      lastTreeId = treeId;
    }
    if (!addNode(frame, nodeIds[node] ?? -1)) throw refuseTrees("model", `${describeNode(node)} is there twice`);
    nodeTrees[node] = frames.size - 1;
  }
  if (frames.size === 0) throw refuseTrees("model", "there are no trees");
  return {
    treeIds: [...frames.keys()],
    treeStarts: Int32Array.from([...[...frames.values()].map(({ start }) => start), nodeTreeIds.length]),
    nodeTrees,
    findNode: (treeId, nodeId) => findNode(frames.get(treeId), nodeId),
    describeNode,
  };
}

/** Answers false for a name that the tree has already. */
function addNode(frame: TreeFrame, nodeId: number): boolean {
  const { start, count } = frame;
  frame.count++;
  if (frame.nodes === undefined && nodeId === count) return true;
  frame.nodes ??= new Map(Array.from({ length: count }, (_, counted) => [counted, start + counted]));
  if (frame.nodes.has(nodeId)) return false;
  frame.nodes.set(nodeId, start + count);
  return true;
}

function findNode(frame: TreeFrame | undefined, nodeId: number): number | undefined {
  if (frame === undefined) return undefined;
  if (frame.nodes !== undefined) return frame.nodes.get(nodeId);
  return nodeId >= 0 && nodeId < frame.count ? frame.start + nodeId : undefined;
}

/**
 * Children stand after their parents and every node but the first has one parent: then there is neither circle nor stray.
 */
function assertTrees(layout: NodeLayout, featureCount: number): void {
  const { features, leftNodes, rightNodes, treeStarts, nodeTrees } = layout;
  const depths = new Int32Array(features.length).fill(-1);
  const treeDepths = new Int32Array(layout.treeIds.length);
  for (const [node, feature] of features.entries()) {
    const refuse = (fault: string) => refuseTrees("model", `${layout.describeNode(node)} ${fault}`);
    const tree = nodeTrees[node] ?? 0;
    if (treeStarts[tree] === node) depths[node] = 0;
    const depth = depths[node] ?? -1;
    if (depth === -1) throw refuse("has no parent that stands before it");
    treeDepths[tree] = Math.max(treeDepths[tree] ?? 0, depth);
    if (feature === leafFeature) continue;
    for (const child of [leftNodes[node] ?? -1, rightNodes[node] ?? -1]) {
      if (child <= node) throw refuse("has a child that does not stand after it");
      if (depths[child] !== -1) throw refuseTrees("model", `${layout.describeNode(child)} has two parents`);
      depths[child] = depth + 1;
    }
  }
  const steps = nodeTrees.reduce((sum, tree) => sum + Math.ceil(Math.min(treeDepths[tree] ?? 0, featureCount) / 8), 0);
  if (steps > explanationStepsMax) {
    throw refuseTrees("model", `an explanation would take ${steps} steps, more than ${explanationStepsMax}`);
  }
}
