import { InvalidInputError } from "../domain/errors.ts";
import type { ModelName } from "./registry-index.ts";
import { readRegimeModel, readSignalModel } from "./rule-based-model.ts";

/**
 * Reads the parameters of a rule-based model that somebody wants registered.
 *
 * @throws InvalidInputError naming the parameter that is absent or wrong.
 */
export function checkRuleBasedModel(modelName: ModelName, bytes: Uint8Array): void {
  const identity = { name: modelName, version: "candidate", sha256: "" };
  const json = parseJson(bytes);
  if (modelName === "regime_classifier") readRegimeModel(identity, json);
  else readSignalModel(identity, json);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    const description = `the file is no JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new InvalidInputError([{ field: "model", description }], "INVALID_MODEL_FILE");
  }
}
