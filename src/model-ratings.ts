import type { ControlPlane } from "./control/control-plane.ts";
import type { ModelIdentity } from "./domain/decision.ts";
import type { Monitor } from "./monitor/monitor.ts";
import { computePerformance } from "./monitor/performance/performance-figures.ts";
import { readPerformanceReference } from "./monitor/performance/performance-reference.ts";
import type { RatedModel } from "./monitor/performance/rated-model.ts";

/** Empty for a version that is not registered any more. */
type Metadata = Readonly<Record<string, unknown>>;

/** The models that decide now, then those that did, each beside what it ought to reach. */
export function rateModels(plane: ControlPlane, monitor: Monitor): RatedModel[] {
  const { models, config } = plane.inForce;
  const judged = monitor.performance.list();
  const versions = plane.registry.list();
  const metadataOf = (model: ModelIdentity): Metadata =>
    versions.find(({ modelName: name, version, sha256 }) => isSame({ name, version, sha256 }, model))?.metadata ?? {};
  const isServing = (model: ModelIdentity): boolean => models.some((each) => isSame(each, model));
  const former = judged.filter(({ model }) => !isServing(model)).map(({ model }) => model);
  return [...models, ...former].map((model) => ({
    model,
    isServing: isServing(model),
    ...(judged.find((each) => isSame(each.model, model)) ?? { figures: noFigures, total: 0 }),
    reference: readPerformanceReference(model.name, metadataOf(model), config.config.model),
  }));
}

const noFigures = computePerformance([]);

function isSame(one: ModelIdentity, other: ModelIdentity): boolean {
  return one.name === other.name && one.version === other.version && one.sha256 === other.sha256;
}
