import { type Client, createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { readEnvironment } from "../environment.ts";
import { toBaseUrl } from "./replay-command.ts";

/** The services of a running service that administrators use. */
export interface AdminClient {
  readonly baseUrl: string;
  readonly models: Client<typeof ModelRegistryService>;
  readonly config: Client<typeof ConfigService>;
  readonly monitoring: Client<typeof MonitoringService>;
  /** Lets the process end. */
  close(): void;
}

/** Longest wait for an answer. */
const deadlineMs = 30_000;
/** Registering sends the file and waits for its check, which has 30 seconds of its own. */
export const registerDeadlineMs = 120_000;

/** Connects at the first call. */
export function openAdminClient(baseUrl: string): AdminClient {
  const sessionManager = new Http2SessionManager(baseUrl);
  const transport = createGrpcTransport({ baseUrl, sessionManager, defaultTimeoutMs: deadlineMs });
  return {
    baseUrl,
    models: createClient(ModelRegistryService, transport),
    config: createClient(ConfigService, transport),
    monitoring: createClient(MonitoringService, transport),
    close() {
      // An open connection without calls does not hold the process. Aborting it as well would take its error listener away just
      // when a connection that broke is about to emit its error (connect-node 2.2), which ends the process.
      if (sessionManager.state() === "connecting") sessionManager.abort();
    },
  };
}

/**
 * Where the service is: the address given, or the one that `serve` would listen on with the same environment.
 *
 * @throws UsageError, InvalidInputError
 */
export function findServiceUrl(
  address: string | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): string {
  if (address !== undefined) return toBaseUrl(address);
  const { host, port } = readEnvironment({ HOST: variables["HOST"], PORT: variables["PORT"] });
  const reachable = new Map([
    // "Every address" is one to listen on, not one to call.
    ["0.0.0.0", "127.0.0.1"],
    ["::", "::1"],
  ]);
  const target = reachable.get(host) ?? host;
  return `http://${target.includes(":") ? `[${target}]` : target}:${port}`;
}
