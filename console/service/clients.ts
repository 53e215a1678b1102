/** The service as the generated code knows it, over Connect. */

import { type Client, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";

export interface Clients {
  readonly monitoring: Client<typeof MonitoringService>;
  readonly config: Client<typeof ConfigService>;
  readonly registry: Client<typeof ModelRegistryService>;
}

/** @param baseUrl Where the page came from, so that it works behind a proxy that adds a prefix. */
export function createClients(baseUrl: string): Clients {
  const transport = createConnectTransport({ baseUrl, useBinaryFormat: true });
  return {
    monitoring: createClient(MonitoringService, transport),
    config: createClient(ConfigService, transport),
    registry: createClient(ModelRegistryService, transport),
  };
}
