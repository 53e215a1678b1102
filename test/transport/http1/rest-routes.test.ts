import type { DescService } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { ConfigService } from "../../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { InferenceService } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { createCallChain } from "../../../src/transport/chain/call-chain.ts";
import { createRestRoutes } from "../../../src/transport/http1/rest-routes.ts";
import { bindService, type JsonMethod } from "../../../src/transport/service-binding.ts";

const chain = createCallChain({ observe: () => {}, monotonicMs: () => 0, newRequestId: () => "made" });
const json: JsonMethod = { read: () => undefined, toRequest: () => ({}), handle: () => ({}), write: () => "{}" };
/** Paths of the service's routes in the lane when these methods have a handler and these a shorter way. */
const pathsOf = (service: DescService, handled: readonly string[], short: readonly string[]) => {
  const handlers = Object.fromEntries(handled.map((name) => [name, () => ({})]));
  const direct = { json: Object.fromEntries(short.map((name) => [name, json])) };
  return [...createRestRoutes({ bindings: [bindService(service, handlers, direct)], chain }).keys()];
};

describe("the paths of REST in the lane", () => {
  it.each([
    ["a POST with a shorter way", InferenceService, ["predict"], ["predict"], ["/predict"]],
    [
      "several of them",
      InferenceService,
      ["predict", "predictSymbols"],
      ["predict", "predictSymbols"],
      ["/predict", "/batch_predict"],
    ],
    ["not without a shorter way", InferenceService, ["predict"], [], []],
    ["not without a handler", InferenceService, [], ["predict"], []],
    [
      "not with variables",
      ModelRegistryService,
      ["rollbackModel", "setModelAlias"],
      ["rollbackModel", "setModelAlias"],
      [],
    ],
    [
      "not for another method than POST",
      ConfigService,
      ["getConfig", "updateConfig"],
      ["getConfig", "updateConfig"],
      [],
    ],
  ] as const)("%s", (_what, service, handled, short, paths) => {
    expect(pathsOf(service, handled, short)).toEqual(paths);
  });
});
