/**
 * An ensemble of decision trees over float32 inputs. The nodes of all trees stand one after the other; a tree's
 * root is the first of its nodes. Each list of nodes has the same length, {@link features} that of the nodes.
 */
export interface TreeEnsemble {
  /** Numbers in a row. */
  readonly featureCount: number;
  /** Classes it tells apart. */
  readonly classCount: number;
  /**
   * Raw score of an ensemble without trees, one an output. Two classes have one output, the log-odds of the second class;
   * more have one each, whose softmax are the probabilities.
   */
  readonly baseScores: Float64Array;
  /** First node of each tree, and after them the number of all nodes. */
  readonly treeStarts: Int32Array;
  /** Output that each tree adds to. */
  readonly treeOutputs: Int32Array;
  /** Feature that a node asks for; {@link leafFeature} for a leaf. */
  readonly features: Int32Array;
  /** A row goes left when its feature is at most this. */
  readonly thresholds: Float32Array;
  /** Node, counted over all trees. A child stands after its parent. */
  readonly leftNodes: Int32Array;
  readonly rightNodes: Int32Array;
  /** What a leaf adds to its output. */
  readonly leafScores: Float64Array;
  /** Training rows that came through a node, > 0; that of a parent is the sum of its children's. */
  readonly covers: Float64Array;
}

/** Stands in {@link TreeEnsemble.features} at a leaf. */
export const leafFeature = -1;
