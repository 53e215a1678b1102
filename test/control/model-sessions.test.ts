/** Sessions cost memory: few are open at a time, and one that is left goes when its last lease returns. */

import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { defaultConfig } from "../../src/config/config-schema.ts";
import { ControlPlane } from "../../src/control/control-plane.ts";
import { createSystemClock } from "../../src/domain/clock.ts";
import type { RegistryEvent } from "../../src/registry/registry-event.ts";
import { createFolder, createModelsFolder, readFixture } from "../registry/model-fixtures.ts";
import { createTrendingRequest } from "./trained-requests.ts";

/** Versions whose session is open, as the registry's events tell. */
class OpenSessions {
  readonly open = new Set<string>();
  readonly moves: string[] = [];
  most = 0;

  readonly record = (event: RegistryEvent): void => {
    if (event.type !== "state_changed" || event.version.endsWith("rule_based")) return;
    const { version, from, to } = event;
    this.moves.push(`${version} ${from} ${to}`);
    if (to === "AVAILABLE") this.open.add(version);
    if (from === "UNLOADING" && to === "END") this.open.delete(version);
    this.most = Math.max(this.most, this.open.size);
  };
}

async function openPlane(sessions: OpenSessions): Promise<ControlPlane> {
  const faults: unknown[] = [];
  const plane = await ControlPlane.open({
    modelsDirectory: createModelsFolder(),
    configDirectory: join(createFolder(), "config"),
    defaults: defaultConfig,
    clock: createSystemClock(),
    recordAction: () => undefined,
    onRegistryEvent: sessions.record,
    onComparison: () => undefined,
    onOmission: () => undefined,
    onFault: (_message, error) => faults.push(error),
  });
  onTestFinished(() => expect(faults).toEqual([]));
  return plane;
}

async function registerSignal(plane: ControlPlane, version: string): Promise<void> {
  const modelName = "signal_filter";
  await plane.register({ modelName, version, ...readFixture("signal-column.onnx"), actor: "test" });
}

it("keeps at most eight sessions through swaps between ten versions, and none after the end", async () => {
  const sessions = new OpenSessions();
  const plane = await openPlane(sessions);
  const versions = Array.from({ length: 10 }, (_, index) => `v2.${index}.0`);
  for (const version of versions) await registerSignal(plane, version);
  const request = createTrendingRequest(1);
  for (let swap = 0; swap < 30; swap++) {
    const version = versions[(swap * 7) % versions.length] ?? "";
    const decided = Array.from({ length: 5 }, async () => plane.decide(request));
    await plane.updateConfig({ signalFilter: { useMlModel: true }, model: { signalFilterVersion: version } }, {});
    expect((await plane.decide(request)).signalModel.version).toBe(version);
    await Promise.all(decided);
  }
  expect(sessions.most).toBe(8);
  expect(sessions.moves).toContain("v2.0.0 AVAILABLE UNLOADING");
  await plane.close();
  expect([...sessions.open]).toEqual([]);
});

it("releases a deleted version when its last lease returns, and not before", async () => {
  const sessions = new OpenSessions();
  const plane = await openPlane(sessions);
  await registerSignal(plane, "v2.0.0");
  await plane.updateConfig({ signalFilter: { useMlModel: true }, model: { signalFilterVersion: "v2.0.0" } }, {});
  const lease = await plane.registry.acquire("signal_filter", "v2.0.0");
  await plane.updateConfig({ signalFilter: { useMlModel: false } }, {});
  await plane.deleteVersion({ modelName: "signal_filter", version: "v2.0.0", actor: "test" });
  expect(sessions.moves.at(-1)).toBe("v2.0.0 AVAILABLE UNLOADING");
  expect(await lease.model.run(new Float32Array([0, 0]), 1)).toEqual(new Float32Array([0.5]));
  await lease.release();
  expect(sessions.moves.at(-1)).toBe("v2.0.0 UNLOADING END");
  expect([...sessions.open]).toEqual([]);
  await plane.close();
});
