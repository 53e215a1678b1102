import type { ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import type { HashedConfig } from "../domain/config.ts";
import { NotFoundError } from "../domain/errors.ts";
import { toConfigMessage } from "./config-message.ts";
import { refuse } from "./not-implemented.ts";
import type { ServiceHandlers } from "./service-handlers.ts";

export interface ConfigOptions {
  /** The configuration in force. */
  readonly current: () => HashedConfig;
}

/** Answers ConfigService. */
export function createConfigHandlers({ current }: ConfigOptions): ServiceHandlers<typeof ConfigService> {
  return {
    getConfig(request) {
      const { config, hash } = current();
      if (request.configHash !== "" && request.configHash !== hash) {
        throw new NotFoundError("config", request.configHash);
      }
      return { config: toConfigMessage(config), configHash: hash };
    },
    updateConfig: refuse("changing the configuration"),
    listConfigVersions: refuse("the history of the configuration"),
    rollbackConfig: refuse("rolling the configuration back"),
    haltTrading: refuse("halting trading"),
    resumeTrading: refuse("resuming trading"),
  };
}
