import { leafFeature, type TreeEnsemble } from "../../domain/tree-ensemble.ts";
import { createQuadrature, type Quadrature } from "./gauss-legendre.ts";

/** Points of quadrature that are worked on together; as many numbers fit into registers. */
export const blockSize = 4;
/** Numbers of {@link EdgeTable.factors} for one node and block: ratios and gains, met, then unmet. */
export const factorStride = 4 * blockSize;

/**
 * The trees of one output with all that explaining them takes and no row changes. Nodes are counted inside their tree, the
 * root is 0, and what is said of a node concerns the edge that leads to it.
 *
 * The splits on one feature along a path are one condition, which the path's last edge on that feature states in full;
 * `previous` is the edge that stated it before.
 */
export interface EdgeTable {
  /** Mean of the raw score over the training rows, by their covers. */
  readonly expectedScore: number;
  /** First node of each tree, and after them the number of all nodes. */
  readonly treeStarts: Int32Array;
  /** Blocks of quadrature points that each tree needs. */
  readonly blockCounts: Int32Array;
  /** Weights for each number of blocks, one list after the other. */
  readonly weights: Float64Array;
  readonly weightStarts: Int32Array;
  readonly parents: Int32Array;
  readonly previous: Int32Array;
  readonly features: Int32Array;
  readonly thresholds: Float32Array;
  /** 1 where the edge is taken above the threshold, otherwise 0. */
  readonly isRight: Uint8Array;
  /** Share of the parent's training rows that take the edge. */
  readonly shares: Float64Array;
  /** What a leaf adds; 0 inside the tree. */
  readonly scores: Float64Array;
  /**
   * For each node and block: by what the edge changes the product of all conditions, and the gain of its feature, at
   * each point. First for a condition that is met, then for one that no longer is.
   */
  readonly factors: Float64Array;
  readonly nodeCountMax: number;
}

/**
 * Lays out the trees that add to an output, and stops after each of them: hundreds of trees take tens of milliseconds, in which a service
 * has calls to answer.
 */
export function* layOutEdges(ensemble: TreeEnsemble, output: number): Generator<void, EdgeTable, void> {
  const trees: Tree[] = [];
  for (const [tree, treeOutput] of ensemble.treeOutputs.entries()) {
    if (treeOutput !== output) continue;
    trees.push(layOutTree(ensemble, tree));
    yield;
  }
  const blockCountMax = trees.reduce((most, tree) => Math.max(most, tree.blockCount), 0);
  const rules = Array.from({ length: blockCountMax + 1 }, (_, count) => createQuadrature(blockSize * count));
  const base = ensemble.baseScores[output] ?? Number.NaN;
  const treeStarts = listStarts(trees.map((tree) => tree.edges.length));
  const columns = createColumns(treeStarts.at(-1) ?? 0);
  const factorStarts = listStarts(trees.map(({ edges, blockCount }) => edges.length * blockCount * factorStride));
  const factors = new Float64Array(factorStarts.at(-1) ?? 0);
  for (const [index, tree] of trees.entries()) {
    fillColumns(columns, tree.edges, treeStarts[index] ?? 0);
    fillFactors(factors, tree, rules, factorStarts[index] ?? 0);
    yield;
  }
  return {
    expectedScore: trees.reduce((sum, tree) => sum + tree.expectedScore, base),
    treeStarts,
    blockCounts: Int32Array.from(trees, (tree) => tree.blockCount),
    weights: Float64Array.from(rules.flatMap((rule) => [...rule.weights])),
    weightStarts: listStarts(rules.map((rule) => rule.weights.length)),
    ...columns,
    factors,
    nodeCountMax: trees.reduce((most, tree) => Math.max(most, tree.edges.length), 0),
  };
}

type EdgeColumns = Pick<
  EdgeTable,
  "parents" | "previous" | "features" | "thresholds" | "isRight" | "shares" | "scores"
>;

function createColumns(edges: number): EdgeColumns {
  return {
    parents: new Int32Array(edges),
    previous: new Int32Array(edges),
    features: new Int32Array(edges),
    thresholds: new Float32Array(edges),
    isRight: new Uint8Array(edges),
    shares: new Float64Array(edges),
    scores: new Float64Array(edges),
  };
}

function fillColumns(columns: EdgeColumns, edges: readonly Edge[], start: number): void {
  for (const [index, edge] of edges.entries()) {
    const at = start + index;
    columns.parents[at] = edge.parent;
    columns.previous[at] = edge.previous;
    columns.features[at] = edge.feature;
    columns.thresholds[at] = edge.threshold;
    columns.isRight[at] = Number(edge.isRight);
    columns.shares[at] = edge.share;
    columns.scores[at] = edge.score;
  }
}

interface Edge {
  readonly parent: number;
  readonly previous: number;
  readonly feature: number;
  readonly threshold: number;
  readonly isRight: boolean;
  readonly share: number;
  /** Share of the training rows that meet all splits of the path on this feature, each of those that got so far. */
  readonly jointShare: number;
  readonly score: number;
  /** Last edge on each feature, of the path up to and with this one. */
  readonly conditions: ReadonlyMap<number, number>;
}

interface Tree {
  readonly edges: readonly Edge[];
  readonly blockCount: number;
  readonly expectedScore: number;
}

/** Stands for the root, which no condition leads to: it is always met. */
const rootEdge = { parent: 0, previous: 0, feature: 0, threshold: 0, isRight: false, share: 1, jointShare: 1 };

function layOutTree(ensemble: TreeEnsemble, tree: number): Tree {
  const { treeStarts, features, leftNodes, rightNodes, leafScores, covers } = ensemble;
  const root = treeStarts[tree] ?? 0;
  const end = treeStarts[tree + 1] ?? 0;
  const edges: Edge[] = [{ ...rootEdge, score: leafScores[root] ?? Number.NaN, conditions: new Map() }];
  let expectedScore = 0;
  for (let node = root; node < end; node++) {
    if (features[node] === leafFeature) {
      expectedScore += ((leafScores[node] ?? Number.NaN) * (covers[node] ?? Number.NaN)) / (covers[root] ?? Number.NaN);
      continue;
    }
    for (const child of [leftNodes[node] ?? 0, rightNodes[node] ?? 0]) {
      edges[child - root] = layOutEdge(ensemble, edges, root, node, child);
    }
  }
  const conditionCount = edges.reduce((most, { conditions }) => Math.max(most, conditions.size), 0);
  // n points are exact up to degree 2n − 1, and d conditions have degree d − 1.
  return { edges, blockCount: Math.ceil(conditionCount / (2 * blockSize)), expectedScore };
}

function layOutEdge(ensemble: TreeEnsemble, edges: readonly Edge[], root: number, node: number, child: number): Edge {
  const { features, thresholds, rightNodes, leafScores, covers } = ensemble;
  const feature = features[node] ?? leafFeature;
  const parent = node - root;
  const above = edges[parent]?.conditions ?? new Map<number, number>();
  const previous = above.get(feature) ?? 0;
  const share = (covers[child] ?? Number.NaN) / (covers[node] ?? Number.NaN);
  return {
    parent,
    previous,
    feature,
    threshold: thresholds[node] ?? Number.NaN,
    isRight: rightNodes[node] === child,
    share,
    jointShare: share * (edges[previous]?.jointShare ?? Number.NaN),
    score: leafScores[child] ?? Number.NaN,
    conditions: new Map(above).set(feature, child - root),
  };
}

function fillFactors(
  factors: Float64Array,
  { edges, blockCount }: Tree,
  rules: readonly Quadrature[],
  start: number,
): void {
  const points = rules[blockCount]?.points ?? [];
  let at = start;
  for (let block = 0; block < points.length; block += blockSize) {
    for (const edge of edges) {
      const after = edge.jointShare;
      const before = edges[edge.previous]?.jointShare ?? Number.NaN;
      for (let place = 0; place < blockSize; place++) {
        const point = points[block + place] ?? Number.NaN;
        const gainBefore = gain(before, point);
        factors[at + place] = meet(after, point) / meet(before, point);
        factors[at + blockSize + place] = gain(after, point) - gainBefore;
        factors[at + 2 * blockSize + place] = (after * (1 - point)) / meet(before, point);
        factors[at + 3 * blockSize + place] = -1 / (1 - point) - gainBefore;
      }
      at += factorStride;
    }
  }
}

/** A condition that a share of the training rows meets, at a point between its being asked for and its being left to them. */
function meet(share: number, point: number): number {
  return point + share * (1 - point);
}

/** Its derivative by the point, as a part of it. */
function gain(share: number, point: number): number {
  return (1 - share) / meet(share, point);
}

function listStarts(lengths: readonly number[]): Int32Array {
  const starts = new Int32Array(lengths.length + 1);
  for (const [index, length] of lengths.entries()) starts[index + 1] = (starts[index] ?? 0) + length;
  return starts;
}
