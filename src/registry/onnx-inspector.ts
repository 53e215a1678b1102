/**
 * Reads the structure of an ONNX file without running it and refuses what no classifier of ours needs and
 * an attacker would: tensors kept in other files (they name paths on this machine), operators from outside the
 * standard, functions and training graphs that bring their own, and values that are no tensors.
 *
 * Only the fields looked at are decoded; numbers are those of the published onnx.proto and onnx-ml.proto.
 */
import { InvalidInputError } from "../domain/errors.ts";
import { decodeText, walkMessage } from "./onnx-message.ts";

/** What a model file asks for and answers, as its graph states it. */
export interface OnnxStructure {
  /** Names, without those that have a value in the file. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

const allowedDomains: ReadonlySet<string> = new Set(["", "ai.onnx", "ai.onnx.ml"]);
/** Branches and loops nest; no exported classifier comes near, and the walk must not exhaust the stack. */
const depthMax = 16;
const nodeCountMax = 100_000;

interface Walk {
  nodeCount: number;
}

/**
 * @param sizeBytesMax a larger file is refused unread
 * @throws InvalidInputError saying what is not allowed, or where the file breaks off.
 */
export function inspectOnnx(bytes: Uint8Array, sizeBytesMax: number): OnnxStructure {
  if (bytes.byteLength > sizeBytesMax) throw refuse(`${bytes.byteLength} bytes are more than ${sizeBytesMax}`);
  if (bytes.byteLength === 0) throw refuse("the file is empty");
  try {
    return readModel(bytes);
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    throw refuse(`the file is no ONNX model, or a damaged one: ${cause}`);
  }
}

function readModel(bytes: Uint8Array): OnnxStructure {
  const walk: Walk = { nodeCount: 0 };
  let structure: OnnxStructure | undefined;
  walkMessage(bytes, {
    bytes: {
      7: (graph) => {
        // Parsers merge a repeated message; none that a converter writes has two.
        if (structure !== undefined) throw refuse("there are two graphs");
        structure = readGraph(graph, walk, 0);
      },
      8: (opset) => walkMessage(opset, { bytes: { 1: (domain) => assertDomain(domain, "the model imports") } }),
      20: () => {
        throw refuse("training graphs are not allowed");
      },
      25: () => {
        throw refuse("functions inside the model are not allowed; export it with standard operators only");
      },
    },
  });
  if (structure === undefined) throw refuse("there is no graph in it");
  return structure;
}

function readGraph(bytes: Uint8Array, walk: Walk, depth: number): OnnxStructure {
  if (depth > depthMax) throw refuse(`graphs are nested more than ${depthMax} deep`);
  const inputs: string[] = [];
  const outputs: string[] = [];
  const constants = new Set<string>();
  walkMessage(bytes, {
    bytes: {
      1: (node) => readNode(node, walk, depth),
      5: (tensor) => constants.add(readTensor(tensor)),
      11: (value) => inputs.push(readValue(value)),
      12: (value) => outputs.push(readValue(value)),
      15: readSparseTensor,
    },
  });
  return { inputs: inputs.filter((name) => !constants.has(name)), outputs };
}

function readNode(bytes: Uint8Array, walk: Walk, depth: number): void {
  walk.nodeCount++;
  if (walk.nodeCount > nodeCountMax) throw refuse(`there are more than ${nodeCountMax} nodes`);
  walkMessage(bytes, {
    bytes: {
      5: (attribute) => readAttribute(attribute, walk, depth),
      7: (domain) => assertDomain(domain, "a node uses"),
    },
  });
}

function readAttribute(bytes: Uint8Array, walk: Walk, depth: number): void {
  const graph = (each: Uint8Array): void => {
    readGraph(each, walk, depth + 1);
  };
  walkMessage(bytes, {
    bytes: { 5: readTensor, 6: graph, 10: readTensor, 11: graph, 22: readSparseTensor, 23: readSparseTensor },
  });
}

function readSparseTensor(bytes: Uint8Array): void {
  walkMessage(bytes, { bytes: { 1: readTensor, 2: readTensor } });
}

/** Returns the tensor's name. */
function readTensor(bytes: Uint8Array): string {
  let name = "";
  const refuseExternal = (): never => {
    throw refuse("a tensor is kept in another file; save the model with its data inside");
  };
  walkMessage(bytes, {
    bytes: {
      8: (text) => {
        name = decodeText(text);
      },
      13: refuseExternal,
    },
    varints: {
      14: (location) => {
        if (location !== 0) refuseExternal();
      },
    },
  });
  return name;
}

/** Returns the value's name. */
function readValue(bytes: Uint8Array): string {
  let name = "";
  const refuseKind = (): never => {
    throw refuse(`${name} is no tensor; convert the model with zipmap switched off`);
  };
  walkMessage(bytes, {
    bytes: {
      1: (text) => {
        name = decodeText(text);
      },
      // sequence, map, opaque, sparse tensor, optional
      2: (type) =>
        walkMessage(type, { bytes: { 4: refuseKind, 5: refuseKind, 7: refuseKind, 8: refuseKind, 9: refuseKind } }),
    },
  });
  return name;
}

function assertDomain(bytes: Uint8Array, who: string): void {
  const domain = decodeText(bytes);
  if (allowedDomains.has(domain)) return;
  throw refuse(`${who} operators of the domain ${JSON.stringify(domain)}; only standard ONNX operators are allowed`);
}

function refuse(description: string): InvalidInputError {
  return new InvalidInputError([{ field: "model", description }], "MODEL_REFUSED");
}
