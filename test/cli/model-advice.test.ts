import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { ConfigSchema } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { ModelVersionSchema } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { ModelDriftSchema, ModelPerformanceSchema } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { type AdviceFacts, findReasons, listCommands, nextVersion } from "../../src/cli/model-advice.ts";

const nowMs = Date.UTC(2026, 5, 30);

interface Knowledge {
  readonly version?: MessageInitShape<typeof ModelVersionSchema>;
  readonly performance?: MessageInitShape<typeof ModelPerformanceSchema>;
  readonly drift?: MessageInitShape<typeof ModelDriftSchema>;
}

function know({ version, performance, drift }: Knowledge = {}): AdviceFacts {
  const identity = { modelName: "signal_filter", version: "v2.0.0_lightgbm", format: "onnx" };
  return {
    version: create(ModelVersionSchema, {
      ...identity,
      createdAt: timestampFromMs(nowMs - 40.5 * 86_400_000),
      ...version,
    }),
    performance: performance && create(ModelPerformanceSchema, performance),
    drift: drift && create(ModelDriftSchema, drift),
    config: create(ConfigSchema, {}),
    nowMs,
  };
}

function reasons(knowledge: Knowledge): string[] {
  return findReasons(know(knowledge)).flatMap(({ isReason, message }) => (isReason ? [message] : []));
}

const feature = { feature: "atr", psi: 0.3, ks: 0.5, ksByChance: 0.4 };
const full = { outcomes: 500, auc: 0.6, accuracy: 0.6, referenceAuc: 0.62, referenceAccuracy: 0.6, outcomesTotal: 499 };

describe("reasons to train a model anew", () => {
  it("are none while nothing is known", () => {
    expect(findReasons(know()).map(({ about, isReason, message }) => [about, isReason, message])).toEqual([
      ["age", false, "40 days old, and its metadata have no expires_at"],
      ["drift", false, "drift is not watched (governance.enable_drift_detection)"],
      ["performance", false, "0 of 500 outcomes, too few to judge"],
      ["samples", false, "0 outcomes that it was not trained on; training is due every 500"],
    ]);
  });

  it.each<[string, Knowledge, string[]]>([
    [
      "it has expired",
      { version: { metadata: { expires_at: "2026-06-30T00:00:00Z" } } },
      ["40 days old, expired on 2026-06-30"],
    ],
    ["it expires later", { version: { metadata: { expires_at: "2026-06-30T00:00:01Z" } } }, []],
    [
      "an input drifts",
      { drift: { hasReference: true, samples: 100, features: [feature] } },
      ["inputs drift: atr (PSI 0.30)"],
    ],
    [
      "chance explains it",
      { drift: { hasReference: true, samples: 100, features: [{ ...feature, ksByChance: 0.5 }] } },
      [],
    ],
    [
      "the index is not above the threshold",
      { drift: { hasReference: true, samples: 100, features: [{ ...feature, psi: 0.1 }] } },
      [],
    ],
    ["the window is not full", { drift: { hasReference: true, samples: 99, features: [feature] } }, []],
    ["there is no reference", { drift: { samples: 100, features: [feature] } }, []],
    [
      "errors have risen",
      { drift: { outcomes: { samples: 900, level: 1.25 } } },
      ["errors: level 1.25 of the test over 900 outcomes; above 1 they have risen"],
    ],
    ["errors have not", { drift: { outcomes: { samples: 900, level: 1 } } }, []],
    ["AUC is lost", { performance: { ...full, auc: 0.56 } }, ["AUC 0.560 over 500 outcomes, reference 0.620"]],
    [
      "accuracy is lost",
      { performance: { ...full, accuracy: 0.54 } },
      ["accuracy 0.540 over 500 outcomes, reference 0.600"],
    ],
    ["the loss is at the threshold", { performance: { ...full, accuracy: 0.55, auc: 0.57 } }, []],
    ["there are too few outcomes", { performance: { ...full, outcomes: 499, auc: 0.1 } }, []],
    [
      "new outcomes have come",
      { performance: { ...full, outcomesTotal: 500 } },
      ["500 outcomes that it was not trained on; training is due every 500"],
    ],
  ])("%s", (_, knowledge, expected) => {
    expect(reasons(knowledge)).toEqual(expected);
  });
});

describe("the commands to train a successor", () => {
  it("read the log of a trained model, and bars where rules decided", () => {
    const trained = listCommands(know(), "/var/log/it's", "v2.1.0_lightgbm", "127.0.0.1:8003");
    const folder = "retrain/signal_filter-v2.1.0_lightgbm";
    expect(trained).toEqual([
      `mkdir -p ${folder}`,
      `ml-layer dataset --audit '/var/log/it'\\''s' --out ${folder}/table.parquet`,
      `arbitrex-train signal --table ${folder}/table.parquet --version v2.1.0_lightgbm --out ${folder}`,
      `ml-layer models register --model signal_filter ${folder}/model.onnx --metadata ${folder}/metadata.json --version v2.1.0_lightgbm --address 127.0.0.1:8003`,
      "ml-layer models shadow signal_filter v2.1.0_lightgbm --address 127.0.0.1:8003",
    ]);
    const version = { modelName: "regime_classifier", format: "rule_based" };
    const [, dataset, train] = listCommands(know({ version }), "logs", "v1.1.0_lightgbm", "h:1");
    expect(dataset).toContain("--bars YOUR-BARS.csv");
    expect(train).toMatch(/^arbitrex-train regime /);
  });

  it.each([
    [[], "v1.1.0_lightgbm"],
    [["v1.0.0_rule_based"], "v1.1.0_lightgbm"],
    [["v2.0.0_lightgbm", "v1.9.0", "v2.10.3_lightgbm"], "v2.11.0_lightgbm"],
    [["odd"], "v1.1.0_lightgbm"],
  ])("name a version that is free beside %j: %s", (versions, expected) => {
    expect(nextVersion(versions)).toBe(expected);
  });
});
