/** `arbitrex-ml-layer/client` in a browser: Connect over fetch. A browser cannot stream requests, so there are no sessions. */

import { createConnectTransport } from "@connectrpc/connect-web";
import { createInterceptors, createMlClientOver, type MlClient, type MlClientOptions } from "./ml-client.ts";

export type { DecisionOptions, HealthWait, MlClient, MlClientOptions } from "./ml-client.ts";
export { type FieldViolation, MlRpcError, type PreconditionViolation, type ResourceFault } from "./rpc-error.ts";

/** @param baseUrl where the service, or a proxy before it, is: `https://ml.example.com` */
export function createMlClient(baseUrl: string, options: MlClientOptions = {}): MlClient {
  const transport = createConnectTransport({
    baseUrl,
    // Numbers stay the same to the last bit, and take less than half the bytes.
    useBinaryFormat: true,
    interceptors: createInterceptors(options),
  });
  return createMlClientOver(transport, options);
}
