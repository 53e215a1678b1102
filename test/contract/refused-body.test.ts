/** What is left of a body that was refused must not stand in the way of the next request of its connection. */

import { expect, it } from "vitest";
import { startTestService } from "../support/start-service.ts";
import { openHttp1, openHttp2 } from "./clients/http-exchange.ts";

const oversized = JSON.stringify({ symbol: "x".repeat(5 * 1024 * 1024) });
const predictPath = "/arbitrex.ml.v1.InferenceService/Predict";

it.each([
  ["REST over HTTP/1.1", openHttp1, "/predict", "application/json", 429],
  ["REST over HTTP/2", openHttp2, "/predict", "application/json", 429],
  ["Connect over HTTP/1.1", openHttp1, predictPath, "application/json", 429],
  ["Connect over HTTP/2", openHttp2, predictPath, "application/json", 429],
  // The five bytes before the message say how long it is.
  ["gRPC-Web over HTTP/1.1", openHttp1, predictPath, "application/grpc-web+json", 200],
])("answers the request after one that was too large: %s", async (_name, open, path, contentType, status) => {
  await using service = await startTestService();
  await using client = open(service.port);
  const headers = { "content-type": contentType, "content-length": String(oversized.length) };
  const refused = await client.send({ method: "POST", path, headers, body: oversized });
  expect(refused.status).toBe(status);
  const next = await client.send({ method: "GET", path: "/health/ready" });
  expect(next.status).toBe(200);
});
