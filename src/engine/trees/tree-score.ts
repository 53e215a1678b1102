import { leafFeature, type TreeEnsemble } from "../../domain/tree-ensemble.ts";

/**
 * Raw score of a row: the sum of the leaves it falls into. Slower than the runtime that serves the model and no part of a
 * decision; explanations are checked against it.
 */
export function scoreTrees(ensemble: TreeEnsemble, row: ArrayLike<number>, output: number): number {
  let score = ensemble.baseScores[output] ?? Number.NaN;
  for (const [tree, treeOutput] of ensemble.treeOutputs.entries()) {
    if (treeOutput === output) score += ensemble.leafScores[findLeaf(ensemble, row, tree)] ?? Number.NaN;
  }
  return score;
}

function findLeaf(ensemble: TreeEnsemble, row: ArrayLike<number>, tree: number): number {
  const { features, thresholds, leftNodes, rightNodes } = ensemble;
  let node = ensemble.treeStarts[tree] ?? -1;
  for (;;) {
    const feature = features[node];
    if (feature === undefined || feature === leafFeature) return node;
    const isLeft = Math.fround(row[feature] ?? Number.NaN) <= (thresholds[node] ?? Number.NaN);
    node = (isLeft ? leftNodes[node] : rightNodes[node]) ?? -1;
  }
}
