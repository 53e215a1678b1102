/** A challenger shadows what is decided; whatever becomes of it, the answers are the same. */

import { describe, expect, it } from "vitest";
import { InferenceService, type PredictResponse } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { waitUntil } from "../service/service-client.ts";
import { digestOf, type Operator, present, startGoverned } from "./governed-service.ts";
import { createTrendingRequest, estimateDirectly } from "./trained-requests.ts";

const requests = Array.from({ length: 12 }, (_, seed) => createTrendingRequest(seed));

async function readShadow(operator: Operator) {
  const { metrics } = await operator.ask(MonitoringService.method.getMetrics, {});
  return present(metrics?.shadow);
}

/** Waits until so many decisions were compared or given up. */
async function awaitShadow(operator: Operator, count: number) {
  await waitUntil(async () => {
    const { compared, dropped, failed } = await readShadow(operator);
    return Number(compared + dropped + failed) >= count;
  });
  return await readShadow(operator);
}

/** An answer without what is never the same twice. */
function outcomeOf({ prediction, regimeModel, signalModel, configHash }: PredictResponse) {
  return { prediction, regimeModel, signalModel, configHash };
}

async function challenge(operator: Operator, fixture: string): Promise<void> {
  const { modelName, version } = await operator.register(fixture, "v2.0.0");
  await operator.setAlias(modelName, version, "challenger");
}

describe("a challenger", () => {
  it("is compared with every decision and changes none of them", async () => {
    await using governed = await startGoverned();
    const { operator, url } = governed;
    const alone: PredictResponse[] = [];
    for (const request of requests) alone.push(await operator.predict(request));
    await challenge(operator, "signal-lightgbm.onnx");
    const shadowed: PredictResponse[] = [];
    for (const request of requests) shadowed.push(await operator.predict(request));
    expect(shadowed.map(outcomeOf)).toEqual(alone.map(outcomeOf));

    const shadow = await awaitShadow(operator, requests.length);
    const { decisions } = await operator.ask(MonitoringService.method.listDecisions, { limit: 100 });
    let flips = 0;
    let differences = 0;
    for (const [index, { predictionId, prediction }] of shadowed.entries()) {
      const listed = decisions.find((each) => each.predictionId === predictionId);
      const probability = await estimateDirectly("signal-lightgbm.onnx", present(requests[index]));
      const difference = probability - (prediction?.signal?.momentumSuccessProb ?? Number.NaN);
      const allowed = probability > 0.55;
      if (allowed !== prediction?.allowTrade) flips++;
      differences += Math.abs(difference);
      expect(listed?.shadow).toMatchObject({
        signalModel: { version: "v2.0.0", sha256: digestOf("signal-lightgbm.onnx") },
        signalProb: probability,
        probabilityDifference: difference,
        allowed,
        flips: allowed !== prediction?.allowTrade,
      });
    }
    // Decisions from before the challenger have nothing to show.
    expect(decisions.filter((each) => each.shadow !== undefined)).toHaveLength(requests.length);
    expect(flips).toBeGreaterThan(0);
    expect(shadow).toMatchObject({ compared: 12n, flips: BigInt(flips), agreementRate: 1 - flips / 12, failed: 0n });
    expect(shadow.meanAbsProbabilityDifference).toBeCloseTo(differences / 12, 12);
    const scraped = await (await fetch(`${url}/metrics/prometheus`)).text();
    expect(scraped).toContain(`ml_layer_shadow_decisions_total{outcome="flip"} ${flips}`);
    expect(scraped).toContain(
      'ml_layer_model_version_state{model="signal_filter",version="v2.0.0",state="AVAILABLE"} 1',
    );
  });

  it("that lacks an input fails for itself only, and what is refused is not its failure", async () => {
    await using governed = await startGoverned();
    const { operator } = governed;
    await challenge(operator, "regime-softmax.onnx");
    const { order_flow: _, ...features } = createTrendingRequest(1).features;
    const answer = await operator.predict({ ...createTrendingRequest(1), features });
    expect(answer.prediction?.regime?.regimeLabel).toBe(1);
    expect(await awaitShadow(operator, 1)).toMatchObject({ compared: 0n, failed: 1n });
    const noRequest = { ...createTrendingRequest(1), features, symbol: "" };
    const refused = await operator.refusal(InferenceService.method.predict, noRequest);
    expect(refused.code).toBe("invalid_argument");
    await operator.predict(createTrendingRequest(2));
    expect(await awaitShadow(operator, 2)).toMatchObject({ compared: 1n, failed: 1n, dropped: 0n });
  });

  it("of the regime can flip a decision, too", async () => {
    await using governed = await startGoverned();
    const { operator } = governed;
    await challenge(operator, "regime-lightgbm.onnx");
    for (const request of requests) await operator.predict(request);
    const shadow = await awaitShadow(operator, requests.length);
    expect(shadow.compared).toBe(12n);
    expect(shadow.regimeDifferences).toBeGreaterThan(0n);
  });

  it("ends with its alias", async () => {
    await using governed = await startGoverned();
    const { operator } = governed;
    await challenge(operator, "signal-lightgbm.onnx");
    await operator.ask(ModelRegistryService.method.setModelAlias, {
      modelName: "signal_filter",
      version: "v2.0.0",
      alias: "challenger",
      remove: true,
    });
    await operator.predict(createTrendingRequest(1));
    expect(await readShadow(operator)).toMatchObject({ compared: 0n, dropped: 0n, failed: 0n });
  });

  it("shadows again after a restart", async () => {
    await using first = await startGoverned();
    await challenge(first.operator, "signal-lightgbm.onnx");
    await first.service.stop();
    await using second = await startGoverned({}, first.folders);
    await second.operator.predict(createTrendingRequest(1));
    expect(await awaitShadow(second.operator, 1)).toMatchObject({ compared: 1n });
  });
});
