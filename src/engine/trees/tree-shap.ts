/**
 * Exact path-dependent Shapley values of a tree ensemble, as LightGBM's `pred_contrib` computes them.
 *
 * A leaf with the score v and d conditions is a game of d players: a coalition S gets v times, for each condition, whether the
 * row meets it (o = 1 or 0; in S) or the share z of training rows that do (outside S). Player i's Shapley value weighs
 * coalitions by |S|! (d − |S| − 1)! / d!, which is the integral of t^|S| (1 − t)^(d − |S| − 1) over [0, 1]. Under the
 * integral the sum over all coalitions becomes a product:
 *
 *     value(i) = v (oᵢ − zᵢ) ∫ Π_{j≠i} (oⱼ t + zⱼ (1 − t)) dt
 *
 * The integrand is a polynomial of degree d − 1, so Gauss's rule with d/2 points gives the integral exactly. All factors of
 * the product are positive: nothing cancels, where the usual recursion unwinds its polynomial by subtractions. And leaves
 * share their paths: going down, each edge changes the product of its parent; going up, the leaves' products are summed
 * and each edge takes its feature's gain from the sum of all leaves below it. That is one comparison and some sixteen
 * multiplications an edge, for each eight features that a path of the tree asks for.
 */
import type { TreeEnsemble } from "../../domain/tree-ensemble.ts";
import { blockSize, type EdgeTable, factorStride, layOutEdges } from "./edge-table.ts";

/** `base` plus all contributions is the raw score of the row; all are log-odds. */
export interface TreeExplanation {
  /** Mean raw score over the training rows. */
  readonly base: number;
  /** Signed contribution of each feature, in the order of the row. */
  readonly contributions: Float64Array;
}

export interface TreeExplainer {
  /**
   * Explains one class's raw score. Of two classes the second one's log-odds are the score, the first one's the
   * negative.
   *
   * @param row finite numbers; they are rounded to float32, as the model reads them
   * @throws Error for a row or a class that the ensemble does not have: whoever calls has checked both.
   */
  explain(row: Float32Array | readonly number[], classIndex: number): TreeExplanation;
}

/** Prepares an explainer at once. */
export function createTreeExplainer(ensemble: TreeEnsemble): TreeExplainer {
  const steps = prepareTreeExplainer(ensemble);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Prepares everything that does not depend on a row, some 0.4 KB a leaf, tree by tree. Explaining then allocates nothing
 * but its answer.
 */
export function* prepareTreeExplainer(ensemble: TreeEnsemble): Generator<void, TreeExplainer, void> {
  const { featureCount, classCount } = ensemble;
  const outputs: EdgeTable[] = [];
  for (const output of ensemble.baseScores.keys()) outputs.push(yield* layOutEdges(ensemble, output));
  const nodeCountMax = outputs.reduce((most, table) => Math.max(most, table.nodeCountMax), 0);
  const work: Work = {
    values: new Float32Array(featureCount),
    isMet: new Uint8Array(nodeCountMax),
    products: new Float64Array(nodeCountMax * blockSize),
    sums: new Float64Array(nodeCountMax * blockSize),
  };
  return {
    explain(row, classIndex) {
      const table = outputs[outputs.length === 1 ? 0 : classIndex];
      if (table === undefined || !Number.isInteger(classIndex) || classIndex < 0 || classIndex >= classCount) {
        throw new Error(`the ensemble has ${classCount} classes, and ${classIndex} is none of them`);
      }
      readRow(row, work.values);
      const contributions = new Float64Array(featureCount);
      addContributions(table, work, contributions);
      if (outputs.length > 1 || classIndex === 1) return { base: table.expectedScore, contributions };
      return { base: -table.expectedScore, contributions: contributions.map((value) => 0 - value) };
    },
  };
}

interface Work {
  readonly values: Float32Array;
  /** Whether the row meets all splits on the edge's feature up to it; 1 or 0. */
  readonly isMet: Uint8Array;
  /** Product of all conditions of the path to a node, one a point of the block. */
  readonly products: Float64Array;
  /** The same times the leaf's score, summed over all leaves below a node. */
  readonly sums: Float64Array;
}

function readRow(row: ArrayLike<number>, values: Float32Array): void {
  if (row.length !== values.length) throw new Error(`the ensemble reads ${values.length} features, not ${row.length}`);
  values.set(row);
  for (const [feature, value] of values.entries()) {
    if (!Number.isFinite(value)) throw new Error(`feature ${feature} is ${value}; only finite rows can be explained`);
  }
}

function addContributions(table: EdgeTable, work: Work, contributions: Float64Array): void {
  const { treeStarts, blockCounts } = table;
  // The root meets everything: there is no condition yet.
  work.isMet[0] = 1;
  let factorsAt = 0;
  for (let tree = 0; tree < blockCounts.length; tree++) {
    const first = treeStarts[tree] ?? 0;
    const count = (treeStarts[tree + 1] ?? 0) - first;
    const blocks = blockCounts[tree] ?? 0;
    let weightsAt = table.weightStarts[blocks] ?? 0;
    for (let block = 0; block < blocks; block++) {
      for (let point = 0; point < blockSize; point++) work.products[point] = table.weights[weightsAt + point] ?? 0;
      multiplyDown(table, work, first, count, factorsAt);
      sumUp(table, work, first, count, factorsAt, contributions);
      factorsAt += count * factorStride;
      weightsAt += blockSize;
    }
  }
}

function multiplyDown(table: EdgeTable, work: Work, first: number, count: number, factorsAt: number): void {
  const { parents, previous, features, thresholds, isRight, shares, scores, factors } = table;
  const { values, isMet, products, sums } = work;
  for (let node = 1; node < count; node++) {
    const edge = first + node;
    const from = (parents[edge] ?? 0) * blockSize;
    let p0 = products[from] ?? 0;
    let p1 = products[from + 1] ?? 0;
    let p2 = products[from + 2] ?? 0;
    let p3 = products[from + 3] ?? 0;
    if (isMet[previous[edge] ?? 0] === 1) {
      const isBelow = (values[features[edge] ?? 0] ?? 0) <= (thresholds[edge] ?? 0) ? 1 : 0;
      const met = isBelow ^ (isRight[edge] ?? 0);
      const at = factorsAt + node * factorStride + (1 - met) * 2 * blockSize;
      isMet[node] = met;
      p0 *= factors[at] ?? 0;
      p1 *= factors[at + 1] ?? 0;
      p2 *= factors[at + 2] ?? 0;
      p3 *= factors[at + 3] ?? 0;
    } else {
      const share = shares[edge] ?? 0;
      isMet[node] = 0;
      p0 *= share;
      p1 *= share;
      p2 *= share;
      p3 *= share;
    }
    const to = node * blockSize;
    products[to] = p0;
    products[to + 1] = p1;
    products[to + 2] = p2;
    products[to + 3] = p3;
    const score = scores[edge] ?? 0;
    sums[to] = p0 * score;
    sums[to + 1] = p1 * score;
    sums[to + 2] = p2 * score;
    sums[to + 3] = p3 * score;
  }
}

/** A condition that was not met before the edge is not met behind it either: the edge changes nothing in its gain. */
function sumUp(
  table: EdgeTable,
  { isMet, sums }: Work,
  first: number,
  count: number,
  factorsAt: number,
  contributions: Float64Array,
): void {
  const { parents, previous, features, factors } = table;
  for (let node = count - 1; node > 0; node--) {
    const edge = first + node;
    const from = node * blockSize;
    const s0 = sums[from] ?? 0;
    const s1 = sums[from + 1] ?? 0;
    const s2 = sums[from + 2] ?? 0;
    const s3 = sums[from + 3] ?? 0;
    const to = (parents[edge] ?? 0) * blockSize;
    sums[to] = (sums[to] ?? 0) + s0;
    sums[to + 1] = (sums[to + 1] ?? 0) + s1;
    sums[to + 2] = (sums[to + 2] ?? 0) + s2;
    sums[to + 3] = (sums[to + 3] ?? 0) + s3;
    if (isMet[previous[edge] ?? 0] !== 1) continue;
    const at = factorsAt + node * factorStride + (1 - (isMet[node] ?? 0)) * 2 * blockSize + blockSize;
    const feature = features[edge] ?? 0;
    contributions[feature] =
      (contributions[feature] ?? 0) +
      s0 * (factors[at] ?? 0) +
      s1 * (factors[at + 1] ?? 0) +
      s2 * (factors[at + 2] ?? 0) +
      s3 * (factors[at + 3] ?? 0);
  }
}
