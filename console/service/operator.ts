/** Does what an operator has confirmed. */

import type { CallOptions } from "@connectrpc/connect";
import { Halt_Scope } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import type { Action, ActionValues } from "../model/action.ts";
import type { Clients } from "./clients.ts";

/** Loading a version takes a while; a halt waits for the disk. */
const options: CallOptions = { timeoutMs: 15_000 };

/** @throws ConnectError when the service refuses or does not answer. */
export async function performAction(clients: Clients, action: Action, values: ActionValues): Promise<void> {
  const { config, registry } = clients;
  const reason = values.reason.trim();
  const actor = values.actor.trim();
  switch (action.kind) {
    case "halt":
      await config.haltTrading({ scope: Halt_Scope[action.scope], target: action.target, reason, actor }, options);
      return;
    case "resume":
      await config.resumeTrading({ scope: Halt_Scope[action.scope], target: action.target, reason, actor }, options);
      return;
    case "promote":
      await registry.setModelAlias(
        { modelName: action.model, version: action.version, alias: "champion", actor },
        options,
      );
      return;
    case "rollback":
      await registry.rollbackModel({ modelName: action.model, actor }, options);
      return;
    default:
      action satisfies never;
  }
}
