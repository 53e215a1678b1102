/** Which file declares what: every name and extension reachable from a set of files. */

import { type DescEnum, type DescExtension, type DescFile, type DescMessage, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

export interface DescriptorIndex {
  /** The file of that name, e.g. `google/rpc/status.proto`. */
  fileByName(name: string): DescFile | undefined;
  /** The file that declares a message, field, oneof, enum, enum value, extension, service or method. */
  fileOfSymbol(fullName: string): DescFile | undefined;
  /** The file that declares the extension of a message. */
  fileOfExtension(typeName: string, number: number): DescFile | undefined;
  /** Numbers of all known extensions of a message; undefined when there is no such message. */
  extensionNumbersOf(typeName: string): readonly number[] | undefined;
}

export function createDescriptorIndex(roots: readonly DescFile[]): DescriptorIndex {
  const files = new Map<string, DescFile>();
  const symbols = new Map<string, DescFile>();
  const extensions = new Map<string, Map<number, DescFile>>();
  const messages = new Set<string>();

  const addEnum = (file: DescFile, desc: DescEnum) => {
    symbols.set(desc.typeName, file);
    // Enum values live beside their enum, not inside it.
    const scope = desc.typeName.slice(0, desc.typeName.lastIndexOf(".") + 1);
    for (const value of desc.values) symbols.set(scope + value.name, file);
  };
  const addExtension = (file: DescFile, desc: DescExtension) => {
    symbols.set(desc.typeName, file);
    const numbers = extensions.get(desc.extendee.typeName) ?? new Map<number, DescFile>();
    extensions.set(desc.extendee.typeName, numbers.set(desc.number, file));
  };
  const addMessage = (file: DescFile, desc: DescMessage) => {
    messages.add(desc.typeName);
    symbols.set(desc.typeName, file);
    for (const field of desc.fields) symbols.set(`${desc.typeName}.${field.name}`, file);
    for (const oneof of desc.oneofs) symbols.set(`${desc.typeName}.${oneof.name}`, file);
    for (const nested of desc.nestedEnums) addEnum(file, nested);
    for (const nested of desc.nestedExtensions) addExtension(file, nested);
    for (const nested of desc.nestedMessages) addMessage(file, nested);
  };
  const addFile = (file: DescFile) => {
    if (files.has(file.proto.name)) return;
    files.set(file.proto.name, file);
    for (const desc of file.messages) addMessage(file, desc);
    for (const desc of file.enums) addEnum(file, desc);
    for (const desc of file.extensions) addExtension(file, desc);
    for (const service of file.services) {
      symbols.set(service.typeName, file);
      for (const method of service.methods) symbols.set(`${service.typeName}.${method.name}`, file);
    }
    for (const dependency of file.dependencies) addFile(dependency);
  };
  for (const root of roots) addFile(root);

  return {
    fileByName: (name) => files.get(name),
    fileOfSymbol: (fullName) => symbols.get(fullName.replace(/^\./, "")),
    fileOfExtension: (typeName, number) => extensions.get(typeName)?.get(number),
    extensionNumbersOf(typeName) {
      if (!messages.has(typeName)) return undefined;
      return [...(extensions.get(typeName)?.keys() ?? [])].sort((a, b) => a - b);
    },
  };
}

/**
 * A file and all it depends on, serialized, each only the first time it is asked for with the same `sent`; but the
 * file itself always, since it is the answer.
 */
export function serializeWithDependencies(file: DescFile, sent: Set<string>): Uint8Array[] {
  const isKnown = sent.has(file.proto.name);
  sent.add(file.proto.name);
  const bytes: Uint8Array[] = [toBinary(FileDescriptorProtoSchema, file.proto)];
  if (isKnown) return bytes;
  for (const dependency of file.dependencies) {
    if (!sent.has(dependency.proto.name)) bytes.push(...serializeWithDependencies(dependency, sent));
  }
  return bytes;
}
