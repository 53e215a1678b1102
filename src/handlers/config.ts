import type { MessageInitShape } from "@bufbuild/protobuf";
import { GateResult_Name } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import {
  type ConfigService,
  Halt_Scope,
  type HaltSchema,
  type HaltTradingRequest,
  type ResumeTradingRequest,
  type UpdateConfigRequest,
  type UpdateConfigResponseSchema,
} from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import type { ChangeNote } from "../config/change-note.ts";
import type { ConfigPatch } from "../config/config-merge.ts";
import type { ConfigVersion } from "../config/config-record.ts";
import type { ConfigChange, UpdateOptions } from "../config/config-store.ts";
import { type Halt, type HaltScope, haltScopes } from "../config/halt.ts";
import type { HaltRequest } from "../config/halt-board.ts";
import type { HashedConfig } from "../domain/config.ts";
import type { GateName } from "../domain/decision.ts";
import { InvalidInputError } from "../domain/errors.ts";
import { toConfigMessage } from "./config-message.ts";
import { toConfigPatch } from "./config-patch.ts";
import type { ServiceHandlers } from "./service-handlers.ts";
import { toTimestamp } from "./timestamp-message.ts";

/** What a dry run found. */
export interface DryRunOutcome {
  readonly replayed: number;
  readonly notReplayable: number;
  readonly flipCount: number;
  readonly flips: readonly {
    readonly predictionId: string;
    readonly symbol: string;
    readonly allowed: boolean;
    readonly wouldAllow: boolean;
    readonly gates: readonly GateName[];
  }[];
}

export interface ConfigOptions {
  readonly findConfig: (hash: string) => HashedConfig;
  readonly configHistory: (limit: number) => ConfigVersion[];
  readonly updateConfig: (patch: ConfigPatch, options: UpdateOptions) => Promise<ConfigChange>;
  readonly rollbackConfig: (hash: string, note: ChangeNote) => Promise<ConfigChange>;
  /** Takes the newest logged decisions again under another configuration. */
  readonly dryRun: (config: HashedConfig, decisions: number) => Promise<DryRunOutcome>;
  readonly halts: () => readonly Halt[];
  readonly halt: (request: HaltRequest) => Promise<void>;
  readonly resume: (request: HaltRequest) => Promise<void>;
}

/** Decisions that a dry run takes again when the caller does not say how many. */
const dryRunDecisions = 500;
/** Versions listed when the caller does not say how many. */
const versionsListed = 50;

/** Answers ConfigService. */
export function createConfigHandlers(options: ConfigOptions): ServiceHandlers<typeof ConfigService> {
  const listHalts = () => ({ status: "success", halts: options.halts().map(toHaltMessage) });
  return {
    getConfig(request) {
      const { config, hash } = options.findConfig(request.configHash);
      return { config: toConfigMessage(config), configHash: hash };
    },
    updateConfig: (request) => updateConfig(request, options),
    listConfigVersions: ({ limit }) => ({
      versions: options.configHistory(limit || versionsListed).map(toVersionMessage),
    }),
    async rollbackConfig({ configHash, actor, reason }) {
      const change = await options.rollbackConfig(configHash, { actor, reason });
      return { ...describeChange(change), status: "success" };
    },
    async haltTrading(request) {
      await options.halt(toHaltRequest(request));
      return listHalts();
    },
    async resumeTrading(request) {
      await options.resume(toHaltRequest(request));
      return listHalts();
    },
  };
}

async function updateConfig(
  request: UpdateConfigRequest,
  options: ConfigOptions,
): Promise<MessageInitShape<typeof UpdateConfigResponseSchema>> {
  const { expectedConfigHash: expectedHash, dryRun, actor, reason } = request;
  const change = await options.updateConfig(toConfigPatch(request.config), { expectedHash, dryRun, actor, reason });
  const changed = { ...describeChange(change), changedKeys: [...change.changedKeys] };
  if (!dryRun) return { ...changed, status: "success" };
  const outcome = await options.dryRun(change.next, request.dryRunDecisions || dryRunDecisions);
  return {
    ...changed,
    status: "dry_run",
    message: `${changed.message}; would flip ${outcome.flipCount} of ${outcome.replayed} decisions`,
    decisionsReplayed: outcome.replayed,
    decisionsNotReplayable: outcome.notReplayable,
    flipCount: outcome.flipCount,
    flips: outcome.flips.map((flip) => ({ ...flip, gates: flip.gates.map((name) => GateResult_Name[name]) })),
  };
}

function describeChange({ oldHash, newHash, changedKeys }: ConfigChange) {
  const keys = changedKeys.length === 0 ? "nothing differs" : `changes ${changedKeys.join(", ")}`;
  return { oldConfigHash: oldHash, newConfigHash: newHash, message: keys };
}

function toVersionMessage({ hash, timestampMicros, actor, reason, changedKeys }: ConfigVersion) {
  return {
    configHash: hash,
    timestamp: toTimestamp(timestampMicros),
    actor,
    reason,
    changedKeys: [...changedKeys],
  };
}

function toHaltRequest({ scope, target, reason, actor }: HaltTradingRequest | ResumeTradingRequest): HaltRequest {
  return { scope: toScope(scope), target, reason, actor };
}

function toScope(scope: Halt_Scope): HaltScope {
  if (scope === Halt_Scope.UNKNOWN) return "SERVICE";
  const found = haltScopes.find((name) => Halt_Scope[name] === scope);
  if (found !== undefined) return found;
  throw new InvalidInputError([{ field: "scope", description: `expected one of ${haltScopes.join(", ")}` }]);
}

/** A halt in force. */
export function toHaltMessage({
  scope,
  target,
  reason,
  actor,
  sinceMicros,
}: Halt): MessageInitShape<typeof HaltSchema> {
  return { scope: Halt_Scope[scope], target, reason, actor, since: toTimestamp(sinceMicros) };
}
