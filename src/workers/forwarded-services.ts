import { type DescMethod, type DescService, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import type { CallContext } from "../domain/call-context.ts";
import { UnavailableError } from "../domain/errors.ts";
import { bindService, type HandlerTable, type ServiceBinding } from "../transport/service-binding.ts";
import type { ForwardedCall } from "./messages.ts";
import type { PrimaryLink } from "./primary-link.ts";

/** The services that one process answers for all. */
export const forwardedServices: readonly DescService[] = [ModelRegistryService, ConfigService, MonitoringService];

export interface ForwardedServicesOptions {
  readonly link: PrimaryLink;
  /** Tells the primary what has happened here, so that a caller finds its own decisions in what is answered. */
  readonly tell: () => void;
  /** Why this worker should not be sent requests, or undefined while it may. */
  readonly notReady: () => string | undefined;
}

/** Handlers that have the primary answer, whatever the protocol a call came in. */
export function createForwardedServices(options: ForwardedServicesOptions): ServiceBinding[] {
  return forwardedServices.map((service) => {
    const handlers = service.methods.map((method) => [method.localName, createHandler(options, method)]);
    const table: HandlerTable = Object.fromEntries(handlers);
    return bindService(service, table);
  });
}

function createHandler(options: ForwardedServicesOptions, method: DescMethod): HandlerTable[string] {
  const { link, tell, notReady } = options;
  if (method.methodKind === "client_streaming") {
    return async (requests: AsyncIterable<Message>, call: CallContext) =>
      fromBinary(
        method.output,
        await link.askStream(describeCall(method, call, undefined), toBytes(method, requests), call.signal),
      );
  }
  if (method.methodKind !== "unary") throw new Error(`${method.name} is of a kind that cannot be forwarded`);
  const isReadiness = method === MonitoringService.method.getReadiness;
  return async (request: Message, call: CallContext) => {
    // Asked of this worker, so what it cannot do counts before what the others can.
    const reason = isReadiness ? notReady() : undefined;
    if (reason !== undefined) throw new UnavailableError(reason, "NOT_READY");
    tell();
    const forwarded = describeCall(method, call, toBinary(method.input, request));
    return fromBinary(method.output, await link.ask(forwarded, call.signal));
  };
}

function describeCall(method: DescMethod, call: CallContext, request: Uint8Array | undefined): ForwardedCall {
  const { protocol, requestId } = call;
  return { service: method.parent.typeName, method: method.localName, protocol, requestId, request };
}

async function* toBytes(method: DescMethod, requests: AsyncIterable<Message>): AsyncGenerator<Uint8Array> {
  for await (const request of requests) yield toBinary(method.input, request);
}
