import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

export type AttributeValue = readonly number[] | readonly string[] | string;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Two trees over two features: a split at 0.5 whose right child splits again, and a leaf that stands alone. */
export const twoTrees: Attributes = {
  nodes_treeids: [0, 0, 0, 0, 0, 1],
  nodes_nodeids: [0, 1, 2, 3, 4, 0],
  nodes_featureids: [0, 0, 1, 0, 0, 0],
  nodes_modes: ["BRANCH_LEQ", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF", "LEAF"],
  nodes_values: [0.5, 0, -1.5, 0, 0, 0],
  nodes_truenodeids: [1, 0, 3, 0, 0, 0],
  nodes_falsenodeids: [2, 0, 4, 0, 0, 0],
  nodes_missing_value_tracks_true: [1, 0, 0, 0, 0, 0],
  nodes_hitrates: [1, 1, 1, 1, 1, 1],
  class_treeids: [0, 0, 0, 1],
  class_nodeids: [1, 3, 4, 0],
  class_ids: [0, 0, 0, 0],
  class_weights: [-1, 2, 4, 0.125],
  classlabels_int64s: [0, 1],
  post_transform: "LOGISTIC",
};

/** Covers that fit {@link twoTrees}. */
export const twoTreesCovers = [[10, 6, 4, 1, 3], [10]];

const floatNames: ReadonlySet<string> = new Set(["nodes_values", "nodes_hitrates", "class_weights", "base_values"]);

/** One operator behind the trees. */
export interface OtherNode {
  readonly operator: string;
  readonly inputs: readonly string[];
}

/** Writes a classifier as an ONNX file: fields repeated one by one, as the converter does, or packed. */
export function writeTreeModel(
  attributes: Attributes,
  others: readonly OtherNode[] = [],
  isPacked = false,
  ensembleCount = 1,
): Uint8Array {
  const graph = new BinaryWriter();
  for (let index = 0; index < ensembleCount; index++) {
    const node = writeNode({ operator: "TreeEnsembleClassifier", inputs: ["features"] });
    for (const [name, value] of Object.entries(attributes)) {
      writeBytes(node, 5, writeAttribute(name, value, isPacked));
    }
    writeBytes(graph, 1, node.finish());
  }
  for (const other of others) writeBytes(graph, 1, writeNode(other).finish());
  writeBytes(graph, 5, writeConstant("one", 1));
  writeBytes(graph, 5, writeConstant("half", 0.5));
  return writeBytes(new BinaryWriter(), 7, graph.finish()).finish();
}

function writeNode({ operator, inputs }: OtherNode): BinaryWriter {
  const node = new BinaryWriter();
  for (const input of inputs) node.tag(1, WireType.LengthDelimited).string(input);
  return node.tag(4, WireType.LengthDelimited).string(operator);
}

function writeAttribute(name: string, value: AttributeValue, isPacked: boolean): Uint8Array {
  const writer = new BinaryWriter().tag(1, WireType.LengthDelimited).string(name);
  if (typeof value === "string") return writer.tag(4, WireType.LengthDelimited).string(value).finish();
  const isFloat = floatNames.has(name);
  const packed = new BinaryWriter();
  for (const each of value) {
    if (typeof each === "string") writer.tag(9, WireType.LengthDelimited).string(each);
    else if (isPacked) isFloat ? packed.float(each) : packed.int64(each);
    else if (isFloat) writer.tag(7, WireType.Bit32).float(each);
    else writer.tag(8, WireType.Varint).int64(each);
  }
  if (isPacked && typeof value[0] === "number") writeBytes(writer, isFloat ? 7 : 8, packed.finish());
  return writer.finish();
}

function writeConstant(name: string, value: number): Uint8Array {
  const raw = Buffer.alloc(4);
  raw.writeFloatLE(value);
  const writer = new BinaryWriter().tag(8, WireType.LengthDelimited).string(name);
  return writeBytes(writer, 9, raw).finish();
}

function writeBytes(writer: BinaryWriter, fieldNo: number, bytes: Uint8Array): BinaryWriter {
  return writer.tag(fieldNo, WireType.LengthDelimited).bytes(bytes);
}
