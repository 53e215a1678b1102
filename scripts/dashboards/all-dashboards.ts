import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { alerts } from "./alerts.ts";
import { audit } from "./audit.ts";
import { latency } from "./latency.ts";
import { learning } from "./learning.ts";
import { models } from "./models.ts";
import { regimes } from "./regimes.ts";
import { volume } from "./volume.ts";

/** Every dashboard by the name of its file. */
export const allDashboards: ReadonlyMap<string, Dashboard> = new Map(
  Object.entries({ volume, latency, regimes, alerts, models, learning, audit }).map(([name, board]) => [
    `${name}.json`,
    board,
  ]),
);
