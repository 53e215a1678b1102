import { InferenceService } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { hashConfig } from "../../src/config/config-hash.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import { createSystemClock } from "../../src/domain/clock.ts";
import { createDecisionEngine, type RuleBasedEngine } from "../../src/engine/decision-engine.ts";
import { type Environment, shippedModelsDirectory } from "../../src/environment.ts";
import { createDecisionMaker } from "../../src/handlers/decision-maker.ts";
import { createDirectPredict, createInferenceHandlers, type InferenceOptions } from "../../src/handlers/inference.ts";
import { createIdSource } from "../../src/id-source.ts";
import { createMetricSources } from "../../src/metric-sources.ts";
import { openAuditLog } from "../../src/monitor/audit/audit-log.ts";
import { DecisionTally, TallyLabels } from "../../src/monitor/decision-tally.ts";
import { Monitor } from "../../src/monitor/monitor.ts";
import { createServiceMetrics } from "../../src/monitor/service-metrics.ts";
import { mlVersion } from "../../src/package-root.ts";
import { openModelRegistry } from "../../src/registry/model-registry.ts";
import { createCallLog, createServiceLog } from "../../src/service-log.ts";
import { createCallChain } from "../../src/transport/chain/call-chain.ts";
import { toRpcStatus } from "../../src/transport/chain/status.ts";
import { bindService } from "../../src/transport/service-binding.ts";

const clock = createSystemClock();
const newId = createIdSource();

/** The engine as the service has it: shipped models, default configuration. */
export function createShippedEngine(): RuleBasedEngine {
  const registry = openModelRegistry(shippedModelsDirectory);
  return createDecisionEngine({
    config: hashConfig(defaultConfig),
    regimeModel: registry.loadRegimeModel("champion"),
    signalModel: registry.loadSignalModel("champion"),
    findHalt: () => undefined,
  });
}

/** Everything between transport and answer, composed as the service composes it: chain, handlers, monitor, audit log. */
export async function createInferenceParts(environment: Environment) {
  const logCall = createCallLog(createServiceLog(environment.logLevel));
  const engine = createShippedEngine();
  const metrics = createServiceMetrics({
    mlVersion,
    decisions: () => new DecisionTally(new TallyLabels()),
    sources: createMetricSources(
      {
        audit: undefined,
        chain: undefined,
        listener: undefined,
        plane: undefined,
        monitor: undefined,
        alerts: () => [],
        drifts: () => [],
        notReady: () => undefined,
      },
      clock,
    ),
  });
  const audit = await openAuditLog({
    directory: environment.logDirectory,
    clock,
    durability: environment.auditDurability,
    onSync: metrics.recordSync,
  });
  const monitor = new Monitor({
    clock,
    audit,
    onDecision: metrics.recordDecision,
    onAuditWait: metrics.recordAuditWait,
  });
  const chain = createCallChain({
    observe: (report) => {
      monitor.recordCall(report);
      metrics.recordCall(report);
      logCall(report);
    },
    monotonicMs: clock.monotonicMs,
    newRequestId: newId,
  });
  const options: InferenceOptions = {
    decisionMaker: createDecisionMaker({
      decide: (request) => engine.decide(request),
      watch: () => undefined,
      clock,
      newId,
    }),
    record: (event) => {
      const pending = monitor.append(event);
      monitor.count(event);
      return pending;
    },
    toStatus: toRpcStatus,
    mlVersion,
  };
  const handlers = createInferenceHandlers(options);
  const direct = createDirectPredict(options);
  return { engine, audit, chain, handlers, direct, binding: bindService(InferenceService, handlers) };
}
