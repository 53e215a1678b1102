import type { Clock } from "./domain/clock.ts";
import type { Environment } from "./environment.ts";
import { mlVersion } from "./package-root.ts";
import type { ServiceLog } from "./service-log.ts";
import type { Tracing } from "./tracing.ts";

/** OpenTelemetry is loaded only when somebody collects its spans: it takes memory and time at the start. */
export async function openTracing(
  environment: Pick<Environment, "otlpEndpoint" | "otelServiceName">,
  clock: Clock,
  log: ServiceLog,
): Promise<Tracing | undefined> {
  const { otlpEndpoint: endpoint, otelServiceName: serviceName } = environment;
  if (endpoint === undefined) return undefined;
  const { startTracing } = await import("./tracing.ts");
  return startTracing({
    endpoint,
    serviceName,
    serviceVersion: mlVersion,
    nowMicros: () => clock.nowMicros(),
    onFailure: (error) => log.logger.error({ err: error }, "spans could not be exported"),
  });
}
