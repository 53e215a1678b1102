/** A REST server on a port of its own over the real call chain, with handlers that a test brings. */

import { once } from "node:events";
import { createServer as createHttp1Server, type Server } from "node:http";
import { createServer as createHttp2Server, type Http2Server } from "node:http2";
import type { DescService } from "@bufbuild/protobuf";
import type { CallReport } from "../../../src/domain/call-context.ts";
import { type CallChain, createCallChain } from "../../../src/transport/chain/call-chain.ts";
import { createRestHandler, type RestHandlerOptions } from "../../../src/transport/rest/rest-adapter.ts";
import { bindService, type HandlerTable } from "../../../src/transport/service-binding.ts";

export interface RestServer extends AsyncDisposable {
  readonly origin: string;
  readonly port: number;
  readonly chain: CallChain;
  /** Every report so far, oldest first. */
  readonly reports: readonly CallReport[];
  /** Resolves when so many calls have been reported. */
  untilReports(count: number): Promise<readonly CallReport[]>;
}

export interface RestServerOptions extends Partial<RestHandlerOptions> {
  readonly services: readonly (readonly [DescService, HandlerTable])[];
  readonly protocol?: "http/1.1" | "h2c";
  readonly inFlightMax?: number;
}

export async function startRestServer(options: RestServerOptions): Promise<RestServer> {
  const { services, protocol, inFlightMax, ...rest } = options;
  const reports: CallReport[] = [];
  const waiting: (() => void)[] = [];
  const observe = (report: CallReport) => {
    reports.push(report);
    for (const wake of waiting.splice(0)) wake();
  };
  let ids = 0;
  const newRequestId = () => `made-${++ids}`;
  const monotonicMs = () => performance.now();
  const chain = createCallChain({
    observe,
    monotonicMs,
    newRequestId,
    ...(inFlightMax === undefined ? {} : { inFlightMax }),
  });
  const bindings = services.map(([service, table]) => bindService(service, table));
  const handler = createRestHandler({ bindings, chain, observe, monotonicMs, newRequestId, ...rest });
  const server = protocol === "h2c" ? createHttp2Server() : createHttp1Server();
  server.on("request", handler);
  const port = await listen(server);
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    chain,
    reports,
    async untilReports(count) {
      while (reports.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
      return reports;
    },
    async [Symbol.asyncDispose]() {
      if ("closeAllConnections" in server) server.closeAllConnections();
      const closed = once(server, "close");
      server.close();
      await closed;
    },
  };
}

async function listen(server: Server | Http2Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
