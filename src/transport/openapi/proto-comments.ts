/** The comments of proto files, which the generated code does not keep. */

import type { DescriptorProto, EnumDescriptorProto, FileDescriptorProto } from "@bufbuild/protobuf/wkt";

/** Comments by what they stand on: `package.Message.field`, `package.Enum.VALUE`, `package.Service.Method`. */
export type ProtoComments = ReadonlyMap<string, string>;

// Field numbers in descriptor.proto, which make up the paths of source locations.
const fileMessages = 4;
const fileEnums = 5;
const fileServices = 6;
const messageFields = 2;
const messageNested = 3;
const messageEnums = 4;
const messageOneofs = 8;
const enumValues = 2;
const serviceMethods = 2;

export function readProtoComments(files: Iterable<FileDescriptorProto>): ProtoComments {
  const comments = new Map<string, string>();
  for (const file of files) {
    const byPath = new Map<string, string>();
    for (const { path, leadingComments } of file.sourceCodeInfo?.location ?? []) {
      if (leadingComments !== "") byPath.set(path.join("."), unindent(leadingComments));
    }
    for (const [name, path] of listNames(file)) {
      const comment = byPath.get(path);
      if (comment !== undefined) comments.set(name, comment);
    }
  }
  return comments;
}

type Named = readonly [name: string, path: string];

function listNames(file: FileDescriptorProto): readonly Named[] {
  const scope = file.package === "" ? "" : `${file.package}.`;
  return [
    ...file.messageType.flatMap((message, index) => listMessage(message, scope, `${fileMessages}.${index}`)),
    ...file.enumType.flatMap((item, index) => listEnum(item, scope, `${fileEnums}.${index}`)),
    ...file.service.flatMap((service, index): Named[] => {
      const name = `${scope}${service.name}`;
      const path = `${fileServices}.${index}`;
      return [[name, path], ...listMembers(service.method, `${name}.`, `${path}.${serviceMethods}`)];
    }),
  ];
}

function listMessage(message: DescriptorProto, scope: string, path: string): readonly Named[] {
  const name = `${scope}${message.name}`;
  const inside = `${name}.`;
  return [
    [name, path],
    ...listMembers(message.field, inside, `${path}.${messageFields}`),
    ...listMembers(message.oneofDecl, inside, `${path}.${messageOneofs}`),
    ...message.nestedType.flatMap((item, index) => listMessage(item, inside, `${path}.${messageNested}.${index}`)),
    ...message.enumType.flatMap((item, index) => listEnum(item, inside, `${path}.${messageEnums}.${index}`)),
  ];
}

function listEnum(item: EnumDescriptorProto, scope: string, path: string): readonly Named[] {
  const name = `${scope}${item.name}`;
  return [[name, path], ...listMembers(item.value, `${name}.`, `${path}.${enumValues}`)];
}

function listMembers(members: readonly { readonly name: string }[], scope: string, path: string): readonly Named[] {
  return members.map((member, index) => [`${scope}${member.name}`, `${path}.${index}`]);
}

function unindent(comment: string): string {
  return comment
    .split("\n")
    .map((line) => line.replace(/^ /, "").trimEnd())
    .join("\n")
    .trim();
}
