/**
 * The server under test, as the conformance suite starts it: told on stdin what to be, it starts our listener with the call
 * chain and the lanes of the service, and says on stdout where. Ends on SIGTERM.
 */

import { once } from "node:events";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { createCallChain } from "../../src/transport/chain/call-chain.ts";
import { toConnectError } from "../../src/transport/chain/status.ts";
import { createListener } from "../../src/transport/listener.ts";
import { bindService } from "../../src/transport/service-binding.ts";
import { conformanceHandlers } from "./conformance-service.ts";
import {
  type ServerCompatRequest,
  ServerCompatRequestSchema,
  ServerCompatResponseSchema,
} from "./gen/connectrpc/conformance/v1/server_compat_pb.ts";
import { ConformanceService } from "./gen/connectrpc/conformance/v1/service_pb.ts";

const prefixBytes = 4;
const drainMs = 1_000;

const request = await readRequest();
const listener = startListener(request);
const { host, port } = await listener.listen();
writeResponse(host, port, request.serverCreds?.cert);
await once(process, "SIGTERM");
await listener.drain(drainMs);

function startListener({ messageReceiveLimit, useTls, serverCreds }: ServerCompatRequest) {
  let ids = 0;
  const newRequestId = () => `made-${++ids}`;
  const observe = () => undefined;
  return createListener({
    host: "127.0.0.1",
    port: 0,
    bindings: [bindService(ConformanceService, conformanceHandlers)],
    chain: createCallChain({ observe, monotonicMs: () => performance.now(), newRequestId, mapError: toBareError }),
    rest(_request, response) {
      response.statusCode = 404;
      response.end();
    },
    observe,
    newRequestId,
    onFault: (error) => process.stderr.write(`${String(error)}\n`),
    limits: messageReceiveLimit === 0 ? {} : { readMaxBytes: messageReceiveLimit },
    ...(useTls && serverCreds !== undefined
      ? { tls: { key: Buffer.from(serverCreds.key), cert: Buffer.from(serverCreds.cert) } }
      : {}),
  });
}

/**
 * The error as the service maps it, without the `google.rpc` details that the service adds to every error: the suite wants
 * the details that its own handlers gave and no others.
 */
function toBareError(error: unknown): ConnectError {
  const mapped = toConnectError(error);
  const own = mapped.details.filter((detail) =>
    "desc" in detail ? !detail.desc.typeName.startsWith("google.rpc.") : true,
  );
  mapped.details.splice(0, mapped.details.length, ...own);
  return mapped;
}

/** One message, after its length as four bytes. */
async function readRequest(): Promise<ServerCompatRequest> {
  let received = Buffer.alloc(0);
  for await (const chunk of process.stdin) {
    received = Buffer.concat([received, chunk]);
    if (received.length < prefixBytes) continue;
    const end = prefixBytes + received.readUInt32BE();
    if (received.length >= end) return fromBinary(ServerCompatRequestSchema, received.subarray(prefixBytes, end));
  }
  throw new Error("no request on stdin");
}

function writeResponse(host: string, port: number, pemCert: Uint8Array | undefined): void {
  const message = create(ServerCompatResponseSchema, { host, port, ...(pemCert === undefined ? {} : { pemCert }) });
  const bytes = toBinary(ServerCompatResponseSchema, message);
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(bytes.length);
  process.stdout.write(Buffer.concat([prefix, bytes]));
}
