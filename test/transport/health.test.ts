import { type Client, type ClientReadableStream, status as grpcStatus, type ServiceError } from "@grpc/grpc-js";
import { describe, expect, it } from "vitest";
import {
  Health,
  type HealthCheckResponse,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from "../../gen/ts/grpc/health/v1/health_pb.ts";
import { createHealth } from "../../src/transport/health.ts";
import { createListener } from "../../src/transport/listener.ts";
import { grpcClient, startStub, toGrpcMethod, until } from "./stub-service.ts";

const check = toGrpcMethod(Health.method.check);
const watch = toGrpcMethod(Health.method.watch);

function checkStatus(client: Client, service: string): Promise<number> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      check.path,
      check.requestSerialize,
      check.responseDeserialize,
      { service },
      (error: ServiceError | null, value?: HealthCheckResponse) =>
        value === undefined ? reject(error) : resolve(value.status),
    );
  });
}

function openWatch(client: Client, service: string) {
  const seen: number[] = [];
  const stream: ClientReadableStream<HealthCheckResponse> = client.makeServerStreamRequest(
    watch.path,
    watch.requestSerialize,
    watch.responseDeserialize,
    { service },
  );
  stream.on("data", (response: HealthCheckResponse) => seen.push(response.status));
  const ended = new Promise<number>((resolve) => {
    stream.once("error", (error: ServiceError) => resolve(error.code));
    stream.once("end", () => resolve(grpcStatus.OK));
  });
  return { stream, seen, ended };
}

describe("Check", () => {
  it("answers for the service as a whole and for each service, before and after", async () => {
    await using server = await startStub();
    using client = grpcClient(server.port);
    expect(await checkStatus(client, "")).toBe(ServingStatus.NOT_SERVING);
    server.health.setServing(true);
    expect(await checkStatus(client, "")).toBe(ServingStatus.SERVING);
    expect(await checkStatus(client, "arbitrex.ml.v1.InferenceService")).toBe(ServingStatus.SERVING);
  });

  it("answers NOT_FOUND for a service it does not know", async () => {
    await using server = await startStub();
    using client = grpcClient(server.port);
    await expect(checkStatus(client, "no.such.Service")).rejects.toMatchObject({ code: grpcStatus.NOT_FOUND });
  });

  it("is answered when every other call is refused", async () => {
    await using server = await startStub({ chain: { inFlightMax: 1 } });
    using client = grpcClient(server.port);
    const held = openWatch(client, "");
    await until(() => held.seen.length === 1);
    expect(await checkStatus(client, "")).toBe(ServingStatus.NOT_SERVING);
    server.chain.startDraining();
    expect(await checkStatus(client, "")).toBe(ServingStatus.NOT_SERVING);
  });
});

describe("Watch", () => {
  it("tells the status now and every change", async () => {
    await using server = await startStub();
    using client = grpcClient(server.port);
    const { seen } = openWatch(client, "arbitrex.ml.v1.InferenceService");
    await until(() => seen.length === 1);
    server.health.setServing(true);
    await until(() => seen.length === 2);
    server.health.setServing(true);
    server.health.setServing(false);
    await until(() => seen.length === 3);
    expect(seen).toEqual([ServingStatus.NOT_SERVING, ServingStatus.SERVING, ServingStatus.NOT_SERVING]);
  });

  it("answers SERVICE_UNKNOWN for a service it does not know and stays open", async () => {
    await using server = await startStub();
    using client = grpcClient(server.port);
    const { seen } = openWatch(client, "no.such.Service");
    await until(() => seen.length === 1);
    server.health.setServing(true);
    await checkStatus(client, "");
    expect(seen).toEqual([ServingStatus.SERVICE_UNKNOWN]);
    expect(server.health.watchers()).toBe(1);
  });

  it("forgets a watcher that cancels", async () => {
    await using server = await startStub();
    using client = grpcClient(server.port);
    const { stream, seen } = openWatch(client, "");
    await until(() => seen.length === 1);
    stream.cancel();
    await until(() => server.health.watchers() === 0);
  });

  it("has a place for as many watchers as allowed and not one more", async () => {
    const health = createHealth([], { watchersMax: 2 });
    await using server = await startStub();
    const listener = createListener({
      host: "127.0.0.1",
      port: 0,
      bindings: [health.binding],
      chain: server.chain,
      rest: (_request, response) => void response.end(),
      observe: () => {},
      newRequestId: () => "id",
    });
    const { port } = await listener.listen();
    using client = grpcClient(port);
    const held = [openWatch(client, ""), openWatch(client, "")];
    await until(() => held.every(({ seen }) => seen.length === 1));
    expect(await openWatch(client, "").ended).toBe(grpcStatus.RESOURCE_EXHAUSTED);
    held[0]?.stream.cancel();
    await until(() => health.watchers() === 1);
    const next = openWatch(client, "");
    await until(() => next.seen.length === 1);
    await listener.drain(1);
  });

  it("tells the end of serving, then ends, when the service drains", async () => {
    const server = await startStub();
    server.health.setServing(true);
    using client = grpcClient(server.port);
    const { seen, ended } = openWatch(client, "");
    await until(() => seen.length === 1);
    await server.listener.drain(60_000);
    expect(await ended).toBe(grpcStatus.OK);
    expect(seen).toEqual([ServingStatus.SERVING, ServingStatus.NOT_SERVING]);
    server.health.setServing(true);
    expect(server.health.watchers()).toBe(0);
  });
});
