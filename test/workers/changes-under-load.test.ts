/** What decides changes in all workers or in none, and is in force everywhere when the change is answered. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { digestOf } from "../control/governed-service.ts";
import { createTrendingRequest } from "../control/trained-requests.ts";
import { waitUntil } from "../service/service-client.ts";
import { startLoad } from "./load.ts";
import { startTestWorkers } from "./workers-service.ts";

const changes = 40;
const request = createTrendingRequest(1);

it(`answers nobody by an old state after any of ${changes} changes of configuration and model`, {
  timeout: 90_000,
}, async () => {
  await using service = await startTestWorkers();
  const [operator] = service.openOperators();
  if (operator === undefined) throw new Error("no connection");
  await operator.register("signal-lightgbm.onnx", "v2.0.0");
  await operator.register("signal-column.onnx", "v2.1.0");
  await operator.setAlias("signal_filter", "v2.0.0", "champion");
  const first = await operator.configure({ signalFilter: { useMlModel: true } });
  /** What was in force from when on: its change was answered then. */
  const inForce = [{ state: `${first} v2.0.0`, askedMs: 0, answeredMs: performance.now() }];
  const wrong: unknown[] = [];
  const seen = new Set<string>();
  const load = startLoad(service.port, {
    connections: 4,
    onAnswer({ configHash, signalModel }, begunMs) {
      const state = `${configHash} ${signalModel?.version}`;
      seen.add(state);
      const at = inForce.findIndex((each) => each.state === state);
      // A later change that had been answered when the call began makes this one old.
      if (at === -1 || inForce.slice(at + 1).some(({ answeredMs }) => answeredMs < begunMs))
        wrong.push({ state, begunMs });
    },
  });
  let [hash, version] = [first, "v2.0.0"];
  for (let change = 0; change < changes; change++) {
    const begun = load.answers().length;
    const next = { state: "", askedMs: performance.now(), answeredMs: Number.POSITIVE_INFINITY };
    if (change % 2 === 0) {
      const entryThreshold = 0.5 + (change + 1) / 1000;
      // An answer under the new state may come before the change is answered: its hash is known from a dry run.
      const patch = { signalFilter: { entryThreshold } };
      const dry = await operator.ask(ConfigService.method.updateConfig, {
        config: patch,
        dryRun: true,
        dryRunDecisions: 1,
      });
      hash = dry.newConfigHash;
      inForce.push({ ...next, state: `${hash} ${version}` });
      expect(await operator.configure(patch)).toBe(hash);
    } else {
      version = version === "v2.0.0" ? "v2.1.0" : "v2.0.0";
      inForce.push({ ...next, state: `${hash} ${version}` });
      await operator.setAlias("signal_filter", version, "champion");
    }
    const entered = inForce.at(-1);
    if (entered !== undefined) entered.answeredMs = performance.now();
    await waitUntil(async () => load.answers().length > begun + 20);
  }
  await load.stop();
  expect(wrong).toEqual([]);
  expect(seen.size).toBe(changes + 1);
  expect(load.connections.flatMap(({ refusals }) => refusals)).toEqual([]);
});

it("changes nothing anywhere when one worker alone cannot take a change over", async () => {
  await using service = await startTestWorkers();
  const operators = service.openOperators();
  const [operator] = operators;
  if (operator === undefined) throw new Error("no connection");
  await operator.register("signal-lightgbm.onnx", "v2.0.0");
  await operator.configure({ signalFilter: { useMlModel: true } });
  await operator.setAlias("signal_filter", "v2.0.0", "champion");
  await operator.ask(ModelRegistryService.method.rollbackModel, { modelName: "signal_filter", actor: "ada" });
  // The primary and worker 1 have it in memory now; worker 2 will have to read the file, which is damaged meanwhile.
  process.kill(service.pidOf(2), "SIGKILL");
  await service.waitForReady(3);
  const path = join(service.folders.modelsDirectory, "signal_filter", "v2.0.0.onnx");
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(1));
  const before = await operator.ask(MonitoringService.method.getStatus, {});
  const refusal = await operator.refusal(ModelRegistryService.method.setModelAlias, {
    modelName: "signal_filter",
    version: "v2.0.0",
    alias: "champion",
    actor: "ada",
  });
  expect(refusal).toMatchObject({ code: "unavailable", reason: "WORKER_NOT_PREPARED" });
  expect(refusal.message).toContain("worker 2 cannot take the change over, so nothing has changed");
  const after = await operator.ask(MonitoringService.method.getStatus, {});
  expect(after.signalModel).toEqual(before.signalModel);
  for (const each of service.openOperators()) {
    expect((await each.predict(request)).signalModel).toEqual(before.signalModel);
  }
  // With the file whole again the same change goes through everywhere.
  writeFileSync(path, whole);
  await operator.setAlias("signal_filter", "v2.0.0", "champion");
  for (const each of service.openOperators()) {
    expect((await each.predict(request)).signalModel?.sha256).toBe(digestOf("signal-lightgbm.onnx"));
  }
});
