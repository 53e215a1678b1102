/**
 * Finds the tree ensemble in an ONNX classifier and decodes its attributes. The numbers of the fields are those of the published
 * onnx.proto.
 */
import { InvalidInputError } from "../domain/errors.ts";
import { decodeText, walkMessage } from "./onnx-message.ts";

/** The attributes of a TreeEnsembleClassifier, as ONNX names them. */
export interface TreeAttributes {
  readonly numbers: ReadonlyMap<string, readonly number[]>;
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

interface Node {
  operator: string;
  readonly inputs: string[];
  readonly attributes: Uint8Array[];
}

const ensembleOperator = "TreeEnsembleClassifier";
/** What a converter puts behind the ensemble. None of them changes a probability, a product with ones neither. */
const passingOperators: ReadonlySet<string> = new Set(["Identity", "Cast"]);
const numberAttributes: ReadonlySet<string> = new Set([
  "base_values",
  "class_ids",
  "class_nodeids",
  "class_treeids",
  "class_weights",
  "classlabels_int64s",
  "nodes_falsenodeids",
  "nodes_featureids",
  "nodes_hitrates",
  "nodes_missing_value_tracks_true",
  "nodes_nodeids",
  "nodes_treeids",
  "nodes_truenodeids",
  "nodes_values",
]);
const textAttributes: ReadonlySet<string> = new Set(["classlabels_strings", "nodes_modes", "post_transform"]);

/**
 * Reads them in steps of one attribute, which is one number of every node.
 *
 * @param bytes a file that the inspector let pass
 * @throws InvalidInputError when the model is anything but one tree ensemble.
 */
export function* readTreeAttributes(bytes: Uint8Array): Generator<void, TreeAttributes> {
  try {
    return yield* readAttributes(findEnsemble(bytes).attributes);
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    throw refuseTrees("model", `the file is no ONNX model, or a damaged one: ${cause}`);
  }
}

/** The one error of models whose trees cannot be read. */
export function refuseTrees(field: string, description: string): InvalidInputError {
  return new InvalidInputError([{ field, description }], "MODEL_NOT_EXPLAINABLE");
}

function findEnsemble(bytes: Uint8Array): Node {
  const nodes: Node[] = [];
  const ones = new Set<string>();
  walkMessage(bytes, {
    bytes: {
      7: (graph) =>
        walkMessage(graph, {
          bytes: {
            1: (node) => nodes.push(readNode(node)),
            5: (tensor) => {
              const name = readNameOfOnes(tensor);
              if (name !== undefined) ones.add(name);
            },
          },
        }),
    },
  });
  const ensembles = nodes.filter(({ operator }) => operator === ensembleOperator);
  const [ensemble] = ensembles;
  if (ensemble === undefined || ensembles.length > 1) {
    throw refuseTrees("model", `expected one ${ensembleOperator}, found ${ensembles.length}`);
  }
  for (const { operator, inputs } of nodes) {
    if (operator === ensembleOperator || passingOperators.has(operator)) continue;
    if (operator === "Mul" && inputs.some((input) => ones.has(input))) continue;
    throw refuseTrees("model", `the operator ${operator} stands beside the trees; only their own score is explained`);
  }
  return ensemble;
}

function readNode(bytes: Uint8Array): Node {
  const node: Node = { operator: "", inputs: [], attributes: [] };
  walkMessage(bytes, {
    bytes: {
      1: (name) => node.inputs.push(decodeText(name)),
      4: (name) => {
        node.operator = decodeText(name);
      },
      5: (attribute) => node.attributes.push(attribute),
    },
  });
  return node;
}

/** The name of a tensor of float32 that holds nothing but ones. */
function readNameOfOnes(bytes: Uint8Array): string | undefined {
  let name = "";
  const values: number[] = [];
  const add = (value: number): void => {
    values.push(value);
  };
  walkMessage(bytes, {
    floats: { 4: add },
    bytes: {
      8: (text) => {
        name = decodeText(text);
      },
      // Raw data are the same bytes as a packed list.
      9: (raw) => readPackedFloats(raw, add),
    },
  });
  return values.length > 0 && values.every((value) => value === 1) ? name : undefined;
}

function readPackedFloats(raw: Uint8Array, add: (value: number) => void): void {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  for (let at = 0; at + 4 <= raw.byteLength; at += 4) add(view.getFloat32(at, true));
}

function* readAttributes(attributes: readonly Uint8Array[]): Generator<void, TreeAttributes> {
  const decodeName = createNameDecoder();
  const numbers = new Map<string, readonly number[]>();
  const texts = new Map<string, readonly string[]>();
  for (const bytes of attributes) {
    let name = "";
    const ownNumbers: number[] = [];
    const ownTexts: string[] = [];
    const addNumber = (value: number): void => {
      ownNumbers.push(value);
    };
    const addText = (text: Uint8Array): void => {
      ownTexts.push(decodeName(text));
    };
    walkMessage(bytes, {
      bytes: {
        1: (text) => {
          name = decodeText(text);
        },
        4: addText,
        9: addText,
      },
      floats: { 7: addNumber },
      integers: { 8: addNumber },
    });
    if (numberAttributes.has(name)) numbers.set(name, ownNumbers);
    else if (textAttributes.has(name)) texts.set(name, ownTexts);
    else throw refuseTrees("model", `the trees have the attribute ${name}, which is not read here`);
    yield;
  }
  return { numbers, texts };
}

/** Distinct texts that are remembered: every node names its kind, and a converter knows two or three. */
const namesMax = 8;

/** Decodes texts of which there are few different ones; decoding each anew was an eighth of the reading. */
function createNameDecoder(): (bytes: Uint8Array) => string {
  const known: { readonly bytes: Uint8Array; readonly text: string }[] = [];
  return (bytes) => {
    const found = known.find((each) => isEqual(each.bytes, bytes));
    if (found !== undefined) return found.text;
    const text = decodeText(bytes);
    if (known.length < namesMax) known.push({ bytes, text });
    return text;
  };
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
