import { leafFeature, type TreeEnsemble } from "../../../src/domain/tree-ensemble.ts";

/** One split or leaf, as a tree of objects. */
export interface TreeNode {
  readonly cover: number;
  readonly score: number;
  readonly split?: {
    readonly feature: number;
    readonly threshold: number;
    readonly left: TreeNode;
    readonly right: TreeNode;
  };
}

/**
 * A tree that asks for one feature after the other: a chain as deep as `features` is long, with a leaf on every level.
 *
 * @param draw numbers in [0, 1)
 */
export function growChain(features: readonly number[], draw: () => number): TreeNode {
  const [feature, ...rest] = features;
  const leaf = (): TreeNode => ({ cover: 1 + Math.floor(draw() * 20), score: draw() - 0.5 });
  if (feature === undefined) return leaf();
  const below = growChain(rest, draw);
  const beside = leaf();
  const [left, right] = draw() < 0.5 ? [below, beside] : [beside, below];
  const threshold = Math.fround(draw() * 2 - 1);
  return { cover: left.cover + right.cover, score: 0, split: { feature, threshold, left, right } };
}

/** Lays trees out as the registry does: parents before children. */
export function toEnsemble(trees: readonly TreeNode[], featureCount: number): TreeEnsemble {
  const laidOut = trees.map(listNodes);
  const treeStarts = [0];
  for (const nodes of laidOut) treeStarts.push((treeStarts.at(-1) ?? 0) + nodes.length);
  const nodes = laidOut.flatMap((own, tree) => own.map((node) => ({ node, own, start: treeStarts[tree] ?? 0 })));
  return {
    featureCount,
    classCount: 2,
    baseScores: Float64Array.of(0.25),
    treeStarts: Int32Array.from(treeStarts),
    treeOutputs: new Int32Array(trees.length),
    features: Int32Array.from(nodes, ({ node }) => node.split?.feature ?? leafFeature),
    thresholds: Float32Array.from(nodes, ({ node }) => node.split?.threshold ?? 0),
    leftNodes: Int32Array.from(nodes, ({ node, own, start }) =>
      node.split ? start + own.indexOf(node.split.left) : -1,
    ),
    rightNodes: Int32Array.from(nodes, ({ node, own, start }) =>
      node.split ? start + own.indexOf(node.split.right) : -1,
    ),
    leafScores: Float64Array.from(nodes, ({ node }) => (node.split ? 0 : node.score)),
    covers: Float64Array.from(nodes, ({ node }) => node.cover),
  };
}

function listNodes(root: TreeNode): TreeNode[] {
  const nodes = [root];
  for (const node of nodes) if (node.split) nodes.push(node.split.left, node.split.right);
  return nodes;
}

/** The definition: every feature's gain over all coalitions of the others, weighed by their size. */
export function listShapleyValues(trees: readonly TreeNode[], row: readonly number[]): number[] {
  const factorial = (number: number): number => (number <= 1 ? 1 : number * factorial(number - 1));
  const worth = new Map<number, number>();
  for (let coalition = 0; coalition < 1 << row.length; coalition++) {
    worth.set(
      coalition,
      trees.reduce((sum, tree) => sum + averageScore(tree, row, coalition), 0),
    );
  }
  return row.map((_, feature) => {
    let value = 0;
    for (const [coalition, without] of worth) {
      if (coalition & (1 << feature)) continue;
      const size = row.filter((_value, other) => coalition & (1 << other)).length;
      const weight = (factorial(size) * factorial(row.length - size - 1)) / factorial(row.length);
      value += weight * ((worth.get(coalition | (1 << feature)) ?? Number.NaN) - without);
    }
    return value;
  });
}

/** What the tree says when only the coalition's features are known. */
function averageScore(node: TreeNode, row: readonly number[], coalition: number): number {
  if (node.split === undefined) return node.score;
  const { feature, threshold, left, right } = node.split;
  if (coalition & (1 << feature)) return averageScore((row[feature] ?? 0) <= threshold ? left : right, row, coalition);
  return (
    (left.cover * averageScore(left, row, coalition) + right.cover * averageScore(right, row, coalition)) / node.cover
  );
}
