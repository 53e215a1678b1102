import type { ControlPlane } from "./control/control-plane.ts";
import type { Clock } from "./domain/clock.ts";
import { type ModelDrift, measureDrift } from "./monitor/drift/model-drift.ts";
import type { Monitor } from "./monitor/monitor.ts";

/** A full look takes milliseconds over a long window, and alerts, scrapes and calls may all ask at once. */
const agesMsMax = 1_000;

export interface DriftViewParts {
  readonly plane: ControlPlane;
  readonly monitor: Monitor;
  readonly clock: Clock;
}

/** Drift of the models that decide now, at most a second old; none while drift is not watched. */
export type DriftView = () => readonly ModelDrift[];

export function createDriftView({ plane, monitor, clock }: DriftViewParts): DriftView {
  let measured: readonly ModelDrift[] = [];
  let measuredMs = Number.NEGATIVE_INFINITY;
  let measuredFor = "";
  return () => {
    const { config, models } = plane.inForce;
    const nowMs = clock.monotonicMs();
    const subject = [config.hash, ...models.map(({ version, sha256 }) => version + sha256)].join(" ");
    if (measuredFor === subject && nowMs - measuredMs < agesMsMax) return measured;
    const versions = plane.registry.list();
    measured = monitor.drift.isEnabled
      ? models.map((model) => {
          const found = versions.find((each) => each.modelName === model.name && each.version === model.version);
          return measureDrift(monitor.drift, {
            model,
            isTrained: found?.format === "onnx",
            metadata: found?.metadata ?? {},
          });
        })
      : [];
    [measuredMs, measuredFor] = [nowMs, subject];
    return measured;
  };
}
