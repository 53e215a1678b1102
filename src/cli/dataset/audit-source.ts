import { hashConfig } from "../../config/config-hash.ts";
import { parseConfig } from "../../config/config-json.ts";
import { type ConfigPatch, mergeConfig } from "../../config/config-merge.ts";
import { defaultConfig } from "../../config/config-schema.ts";
import type { HashedConfig } from "../../domain/config.ts";
import { NotFoundError } from "../../domain/errors.ts";
import type { ModelInput } from "../../domain/trained-model.ts";
import type { AuditRecord } from "../../monitor/audit/audit-record.ts";
import type { RecordedDecision } from "../../monitor/recorded-decision.ts";
import { readSignature } from "../../registry/model-metadata.ts";
import type { ModelRegistry } from "../../registry/model-registry.ts";
import { parseModelName } from "../../registry/registry-catalog.ts";
import type { InputLookup } from "./recorded-inputs.ts";

/** The configuration that a log was written under last, with the keys of the patch. Records of starts and changes hold it. */
export async function findLoggedConfig(records: AsyncIterable<AuditRecord>, patch: ConfigPatch): Promise<HashedConfig> {
  let newest: unknown;
  for await (const { fields } of records) newest = fields["config"] ?? newest;
  const config = newest === undefined ? defaultConfig : parseConfig(newest, { defaults: defaultConfig });
  return hashConfig(mergeConfig(config, patch));
}

/** Names what a model of the log read, by the registry; a version whose file or metadata are gone is told to `onUnknown`, once. */
export function createInputLookup(registry: ModelRegistry, onUnknown: (model: string) => void): InputLookup {
  const known = new Map<string, readonly ModelInput[] | undefined>();
  return (model) => {
    const key = `${model.name} ${model.version} ${model.sha256}`;
    if (known.has(key)) return known.get(key);
    const inputs = findInputs(registry, model);
    known.set(key, inputs);
    if (inputs === undefined) onUnknown(`${model.name} ${model.version}`);
    return inputs;
  };
}

function findInputs(
  registry: ModelRegistry,
  model: RecordedDecision["regimeModel"],
): readonly ModelInput[] | undefined {
  try {
    const { format, sha256, metadata } = registry.find(model.name, model.version);
    if (sha256 !== model.sha256) return undefined;
    return format === "onnx" ? readSignature(parseModelName(model.name), metadata).inputs : [];
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
