/**
 * What is left of calls in the old generation, which only full collections look through: they stop everybody for milliseconds, where young ones take
 * a quarter of one. There lies what outlives its call, what is kept by that, and what is not allocated young at all.
 */

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type ClientHttp2Session, connect } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { expect, it, onTestFinished } from "vitest";
import { readStartScript } from "../../bench/start-script.ts";
import { PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { featureNames } from "../../src/domain/feature-schema.ts";
import type { HeapReading } from "../support/heap-meter.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { createWindow } from "../support/requests.ts";
import { postRaw, toEnvelope } from "./raw-grpc.ts";
import { type ServedProcess, serveInProcess } from "./served-process.ts";

const inFlight = 32;
const callsPerBatch = 2_000;
/** These compile, and fill the history of 10 000 decisions. */
const warmBatches = 6;

const message = toBinary(
  PredictRequestSchema,
  create(PredictRequestSchema, {
    ...createPredictRequest(),
    features: createWindow(120, Object.fromEntries(featureNames.map((name) => [name, 0.5]))),
  }),
);
const envelope = toEnvelope(message);

// Measured: 12 bytes of buffers, and 106 to 140 with Node's own pool of small ones (src/buffer-pool.ts); of the heap 10 to 190 bytes of some 11 000 that a call allocates. A `Set` of the calls under way, whose tables know each other, made it 720 to 880 with strict.
it.each(["os", "strict"])("leaves next to nothing of a call in the old generation (%s)", async (durability) => {
  const service = await startAsShipped(durability);
  const session = connect(`http://127.0.0.1:${service.port}`);
  onTestFinished(() => session.destroy());
  const left: { readonly old: number; readonly buffers: number }[] = [];
  for (let batch = 0; batch < warmBatches + 5; batch++) {
    const before = await readHeap(service);
    await Promise.all(Array.from({ length: inFlight }, () => callInTurn(session, callsPerBatch / inFlight)));
    const after = await readHeap(service);
    const perCall = (name: "oldBytes" | "bufferBytes") => (after[name] - before[name]) / callsPerBatch;
    left.push({ old: perCall("oldBytes"), buffers: perCall("bufferBytes") });
  }
  // A full collection makes a batch look small.
  const steady = (values: readonly number[]) =>
    values
      .slice(warmBatches)
      .toSorted((a, b) => a - b)
      .at(-2);
  expect(steady(left.map(({ old }) => old))).toBeLessThan(350);
  expect(steady(left.map(({ buffers }) => buffers))).toBeLessThan(60);
});

async function startAsShipped(durability: string): Promise<ServedProcess> {
  const folder = mkdtempSync(join(tmpdir(), "ml-layer-lifetime-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const variables = { LOG_DIR: join(folder, "logs"), CONFIG_DIR: join(folder, "config"), AUDIT_DURABILITY: durability };
  const shipped = readStartScript().args.filter((word) => word.startsWith("--"));
  const service = await serveInProcess(variables, [
    ...shipped,
    "--expose-gc",
    "--import",
    import.meta.resolve("../support/heap-meter.ts"),
  ]);
  onTestFinished(() => service.kill());
  return service;
}

async function readHeap({ child }: ServedProcess): Promise<HeapReading> {
  child.send("read");
  const [reading]: HeapReading[] = await once(child, "message");
  if (reading === undefined) throw new Error("the service did not answer its parent");
  return reading;
}

async function callInTurn(session: ClientHttp2Session, count: number): Promise<void> {
  // An error would leave less.
  for (let nth = 0; nth < count; nth++) expect(await postRaw(session, "Predict", envelope)).toBeGreaterThan(500);
}
