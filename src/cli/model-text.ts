import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { type ModelVersion, ModelVersion_State } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { formatTime } from "./admin-command.ts";
import { layOutTable } from "./report/text-table.ts";

/** `signal_filter/v1.1.0` */
export function nameVersion({ modelName, version }: Pick<ModelVersion, "modelName" | "version">): string {
  return `${modelName}/${version}`;
}

/** A table of versions. */
export function tabulateModels(models: readonly ModelVersion[]): string[] {
  const headings = ["model", "version", "format", "aliases", "serving", "state", "sha256", "created"];
  const rows = models.map((model) => [
    model.modelName,
    model.version,
    model.format,
    model.aliases.join(", "),
    model.serving ? "yes" : "",
    nameState(model.state),
    model.sha256.slice(0, 12),
    formatTime(model.createdAt),
  ]);
  return layOutTable(
    headings.map((heading) => ({ heading })),
    rows,
  );
}

/** Everything that is known about a version. */
export function describeModel(model: ModelVersion): string[] {
  const reason = model.stateReason === "" ? "" : ` (${model.stateReason})`;
  const facts: readonly (readonly [string, string])[] = [
    ["format", model.format],
    ["aliases", model.aliases.join(", ") || "none"],
    ["serving", model.serving ? "yes" : "no"],
    ["state", `${nameState(model.state)}${reason}`],
    ["sha256", model.sha256],
    ["size", `${model.sizeBytes} bytes`],
    ["features", `version ${model.featureVersion}`],
    ["created", [formatTime(model.createdAt), model.createdBy && `by ${model.createdBy}`].filter(Boolean).join(" ")],
  ];
  return [
    nameVersion(model),
    ...facts.map(([label, text]) => `  ${label.padEnd(8)}  ${text}`),
    ...(model.metadata === undefined ? [] : ["  metadata", ...describeMembers(model.metadata, "    ")]),
  ];
}

export function nameState(state: ModelVersion_State): string {
  const [name = `state ${state}`] = Object.entries(ModelVersion_State).find(([, number]) => number === state) ?? [];
  return name;
}

/** Columns that a line of metadata takes, at most. */
const lineWidthMax = 110;

function describeMembers(members: JsonObject, indent: string): string[] {
  return Object.entries(members).flatMap(([key, value]) => describeMember(key, value, indent));
}

function describeMember(key: string, value: JsonValue, indent: string): string[] {
  const head = `${indent}${key}: `;
  if (Array.isArray(value)) return describeList(head, value);
  if (typeof value !== "object" || value === null) return [`${head}${String(value)}`];
  return [`${indent}${key}`, ...describeMembers(value, `${indent}  `)];
}

/** Names are all shown, under one another where they are many; numbers and rows are counted. */
function describeList(head: string, list: readonly JsonValue[]): string[] {
  const isCounted = list.some((each) => typeof each === "object") || (list.length > 8 && typeof list[0] === "number");
  if (isCounted) return [`${head}${list.length} entries (--json shows them)`];
  const lines: string[] = [];
  let line = head;
  list.forEach((each, index) => {
    const text = `${String(each)}${index < list.length - 1 ? ", " : ""}`;
    if (line.length + text.length > lineWidthMax && line.trim() !== "") {
      lines.push(line.trimEnd());
      line = " ".repeat(head.length);
    }
    line += text;
  });
  return [...lines, line.trimEnd()];
}
