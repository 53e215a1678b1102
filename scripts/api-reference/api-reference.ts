/** The API in Markdown: every service, RPC, message and value, with the comments of the proto files. */

import {
  createFileRegistry,
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescService,
  fromBinary,
  ScalarType,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { type ProtoComments, readProtoComments } from "../../src/transport/openapi/proto-comments.ts";
import { type RestRoute, readRestRoutes } from "../../src/transport/rest/rest-route.ts";

const introduction = `# API

Written by \`npm run generate\` from \`proto/\`; change the comments there. Everything is served on one port as gRPC, gRPC-Web, Connect and
REST/JSON. REST paths stand beside their RPC; \`/docs\` of a running service and \`gen/openapi.json\` describe them in full. How errors look and which
code stands for what: [Errors](#errors). What may change between versions: [COMPATIBILITY.md](COMPATIBILITY.md).

In the tables, *optional* means that absent and zero differ; every other field has its type's zero value when it is not given.
`;

const errors = `## Errors

One vocabulary on every protocol: a gRPC status code and \`google.rpc\` details. \`ErrorInfo\` is always there: \`reason\` is for programs, \`domain\` is
\`ml.arbitrex\`. REST answers \`{"code":"invalid_argument","message":…,"details":[…]}\` with the HTTP status that Connect defines for the code.
A refused trade is no error: it is OK with \`allow_trade: false\`.

| code | when | details |
| --- | --- | --- |
| INVALID_ARGUMENT | a field is wrong: series of different lengths, a number that is not finite, a threshold out of range, an unknown key, malformed JSON or protobuf, a model file that fails its check; nothing has changed | \`BadRequest.field_violations\` with the path, e.g. \`features["atr"].values[117]\` |
| NOT_FOUND | no such model, version, rule or configuration | \`ResourceInfo\` |
| ALREADY_EXISTS | the version or rule is there already; versions are immutable | \`ResourceInfo\` |
| FAILED_PRECONDITION | deleting or un-aliasing what is serving | \`PreconditionFailure\` |
| ABORTED | \`expected_config_hash\` is not the configuration in force: read it again, then change it | |
| RESOURCE_EXHAUSTED | a message larger than the limit, too many calls in flight | \`RetryInfo\` |
| UNAVAILABLE | the service drains, or its audit log cannot be written | \`RetryInfo\` where trying again helps |
| DEADLINE_EXCEEDED | the caller's deadline has passed | |
| UNIMPLEMENTED | no such RPC | |
| INTERNAL | anything unforeseen; the cause is in the service's log under the request id | |
`;

/** @param fileSet a serialised google.protobuf.FileDescriptorSet with source information */
export function writeApiReference(fileSet: Uint8Array, packageName: string): string {
  const set = fromBinary(FileDescriptorSetSchema, fileSet);
  const comments = readProtoComments(set.file);
  const files = [...createFileRegistry(set).files].filter((file) => file.proto.package === packageName);
  const services = files.flatMap((file) => file.services).sort(byName);
  const routes = readRestRoutes(services);
  const messages = files.flatMap((file) => file.messages).flatMap(withNested);
  const types: (DescMessage | DescEnum)[] = [...messages, ...files.flatMap((file) => file.enums)];
  for (const message of messages) types.push(...message.nestedEnums);
  const scribe = new Scribe(packageName, comments);
  const sections = [
    introduction,
    ...services.map((service) => scribe.service(service, routes)),
    errors,
    "## Messages\n",
    ...types
      .toSorted(byTypeName)
      .map((type) => (type.kind === "enum" ? scribe.enumeration(type) : scribe.message(type))),
  ];
  return `${sections.join("\n").trimEnd()}\n`;
}

function withNested(message: DescMessage): DescMessage[] {
  return [message, ...message.nestedMessages.filter((nested) => !isMapEntry(nested)).flatMap(withNested)];
}

function isMapEntry(message: DescMessage): boolean {
  return message.proto.options?.mapEntry === true;
}

function byName(a: DescService, b: DescService): number {
  return a.name < b.name ? -1 : 1;
}

function byTypeName(a: DescMessage | DescEnum, b: DescMessage | DescEnum): number {
  return a.typeName < b.typeName ? -1 : 1;
}

class Scribe {
  readonly #scope: string;
  readonly #comments: ProtoComments;

  constructor(packageName: string, comments: ProtoComments) {
    this.#scope = `${packageName}.`;
    this.#comments = comments;
  }

  service(service: DescService, routes: readonly RestRoute[]): string {
    return [
      `## ${service.name}\n`,
      `${this.#commentOf(service.typeName)}\n`,
      ...service.methods.map((method) =>
        this.#method(
          method,
          routes.filter((route) => route.method === method),
        ),
      ),
    ].join("\n");
  }

  message(message: DescMessage): string {
    const name = this.#shortName(message.typeName);
    const rows = message.fields.map((field) => {
      const comment = toCell(this.#commentOf(`${message.typeName}.${field.name}`));
      return `| \`${field.name}\` | ${this.#typeOf(field)} | ${presenceOf(field)} | ${comment} |`;
    });
    const table =
      rows.length === 0 ? ["No fields.\n"] : ["| field | type | | |", "| --- | --- | --- | --- |", ...rows, ""];
    return [`### ${name}\n`, `${this.#commentOf(message.typeName)}\n`, ...table].join("\n");
  }

  enumeration(type: DescEnum): string {
    const rows = type.values.map(
      (value) =>
        `| \`${value.name}\` | ${value.number} | ${toCell(this.#commentOf(`${type.typeName}.${value.name}`))} |`,
    );
    return [
      `### ${this.#shortName(type.typeName)}\n`,
      `${this.#commentOf(type.typeName)}\n`,
      "| value | number | |",
      "| --- | --- | --- |",
      ...rows,
      "",
    ].join("\n");
  }

  #method(method: DescMethod, routes: readonly RestRoute[]): string {
    const rest = routes.map(({ httpMethod, template }) => `\`${httpMethod} ${template.text}\``).join(", ");
    const shape = {
      unary: ["", ""],
      server_streaming: ["", "stream of "],
      client_streaming: ["stream of ", ""],
      bidi_streaming: ["stream of ", "stream of "],
    }[method.methodKind];
    return [
      `### ${method.parent.name}.${method.name}\n`,
      `${this.#commentOf(`${method.parent.typeName}.${method.name}`)}\n`,
      `${shape[0]}${this.#link(method.input)} → ${shape[1]}${this.#link(method.output)}${rest === "" ? "" : `, REST ${rest}`}\n`,
    ].join("\n");
  }

  #commentOf(name: string): string {
    return this.#comments.get(name) ?? "";
  }

  #shortName(typeName: string): string {
    return typeName.startsWith(this.#scope) ? typeName.slice(this.#scope.length) : typeName;
  }

  #link(type: DescMessage | DescEnum): string {
    const name = this.#shortName(type.typeName);
    // The heading's address: lower case, without its points.
    return name === type.typeName ? `\`${name}\`` : `[${name}](#${name.toLowerCase().replaceAll(".", "")})`;
  }

  #typeOf(field: DescField): string {
    switch (field.fieldKind) {
      case "scalar":
        return `\`${scalarName(field)}\``;
      case "enum":
        return this.#link(field.enum);
      case "message":
        return this.#link(field.message);
      case "list":
        return `list of ${this.#elementOf(field)}`;
      case "map":
        return `map of ${this.#elementOf(field)}`;
      default:
        return field satisfies never;
    }
  }

  #elementOf(field: DescField & { fieldKind: "list" | "map" }): string {
    if (field.message !== undefined) return this.#link(field.message);
    if (field.enum !== undefined) return this.#link(field.enum);
    return `\`${scalarName(field)}\``;
  }
}

function scalarName({ scalar, parent, name }: DescField): string {
  if (scalar === undefined) throw new TypeError(`${parent.typeName}.${name} is no scalar`);
  return ScalarType[scalar].toLowerCase();
}

function presenceOf(field: DescField): string {
  if (field.oneof !== undefined) return `one of \`${field.oneof.name}\``;
  return field.proto.proto3Optional ? "optional" : "";
}

/** A comment as a cell of a table: one line, no bars of its own. */
function toCell(comment: string): string {
  return comment
    .replaceAll("|", "\\|")
    .replaceAll(/\n\s*\n/g, "<br>")
    .replaceAll("\n", " ");
}
