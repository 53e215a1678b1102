import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { type ConfigSchema, ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { ModelVersionSchema } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { explainDeciding } from "../../src/cli/serving-note.ts";

type ConfigInit = Exclude<MessageInitShape<typeof ConfigSchema>, { $typeName: string }>;

/** What is said of a new champion under a configuration. */
function explain(modelName: string, serving: boolean, config: ConfigInit): Promise<string[]> {
  const transport = createRouterTransport(({ service }) => service(ConfigService, { getConfig: () => ({ config }) }));
  const model = create(ModelVersionSchema, { modelName, version: "v2.0.0", serving });
  return explainDeciding({ config: createClient(ConfigService, transport) }, model);
}

describe("a champion", () => {
  it("that decides is said to", async () => {
    expect(await explain("signal_filter", true, {})).toEqual(["it decides from now on"]);
  });

  it.each<[string, string, ConfigInit, string]>([
    ["rules are used", "signal_filter", { signalFilter: { useMlModel: false } }, "signal_filter.use_ml_model=true"],
    ["rules are used", "regime_classifier", { regime: { useMlModel: false } }, "regime.use_ml_model=true"],
    [
      "rules are used and another version is named",
      "regime_classifier",
      { regime: { useMlModel: false }, model: { regimeClassifierVersion: "v1.0.0" } },
      "regime.use_ml_model=true model.regime_classifier_version=",
    ],
    [
      "another version is named",
      "signal_filter",
      { signalFilter: { useMlModel: true }, model: { signalFilterVersion: "v1.0.0" } },
      "model.signal_filter_version=",
    ],
  ])("that does not because %s (%s) comes with the command that lets it", async (_, modelName, config, assignments) => {
    const [note, command] = await explain(modelName, false, config);
    expect(note).toContain("it does NOT decide now: ");
    expect(command).toBe(`to let the champion decide: ml-layer config set ${assignments}`);
  });
});
