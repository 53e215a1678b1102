/**
 * What a swap costs those who ask meanwhile: `node bench/swap-under-load.ts [swaps] [swaps a second]`. The service is a process of its own
 * with two trained models registered and a challenger that shadows; four gRPC connections keep one call in flight each. Quiet seconds
 * and seconds with swaps take turns, and a quantile is divided by that of the quiet seconds between: a shared machine drifts.
 */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  create,
  type DescMessage,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { Client, credentials } from "@grpc/grpc-js";
import { ConfigService } from "../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { ModelRegistryService } from "../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { readFixture } from "../test/registry/model-fixtures.ts";
import { callPredict } from "./grpc-client.ts";
import { choosePlacement } from "./placement.ts";
import { createRequestFixture } from "./request-fixture.ts";
import { createScratch } from "./scratch.ts";
import { startServer } from "./server-process.ts";
import { formatTable } from "./text-table.ts";

const swaps = Number(process.argv[2] ?? 200);
const swapsPerSecond = Number(process.argv[3] ?? 20);
const connections = 4;
const versions = ["v2.0.0", "v2.1.0"] as const;

/** One call of the control plane; rejects unless its status is OK. */
function ask<I extends DescMessage, O extends DescMessage>(
  client: Client,
  method: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
): Promise<MessageShape<O>> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      `/${method.parent.typeName}/${method.name}`,
      (message: MessageShape<I>) => Buffer.from(toBinary(method.input, message)),
      (bytes) => fromBinary(method.output, bytes),
      create(method.input, request),
      (error, answer) => {
        if (error !== null) reject(error);
        else if (answer === undefined) reject(new Error("no answer"));
        else resolve(answer);
      },
    );
  });
}

function openClient(port: number): Client {
  return new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { "grpc.use_local_subchannel_pool": 1 });
}

const changeConfig = (
  client: Client,
  config: MessageInitShape<typeof ConfigService.method.updateConfig.input>["config"],
) => ask(client, ConfigService.method.updateConfig, { config });
const pointAlias = (client: Client, version: string, alias: string) =>
  ask(client, ModelRegistryService.method.setModelAlias, { modelName: "signal_filter", version, alias });

/** Kinds of swap; each takes the number of the swap, so that every one changes something. */
const kinds: readonly [name: string, swap: (client: Client, count: number) => Promise<unknown>][] = [
  [
    "threshold",
    (client, count) => changeConfig(client, { signalFilter: { entryThreshold: 0.5 + (count % 50) / 1000 } }),
  ],
  [
    "version",
    (client, count) =>
      changeConfig(client, { model: { signalFilterVersion: versions[count % versions.length] ?? "" } }),
  ],
  ["champion", (client, count) => pointAlias(client, versions[count % versions.length] ?? "", "champion")],
];

/** What one kind of phase saw, all its seconds together. */
interface Tally {
  readonly latenciesMs: number[];
  readonly swapMs: number[];
  failed: number;
}

const createTally = (): Tally => ({ latenciesMs: [], swapMs: [], failed: 0 });

/** Keeps calling while `work` runs. */
async function measure(tally: Tally, clients: readonly Client[], message: Uint8Array, work: () => Promise<unknown>) {
  let isOver = false;
  const call = async (client: Client): Promise<void> => {
    while (!isOver) {
      const startedMs = performance.now();
      try {
        await callPredict(client, message);
        tally.latenciesMs.push(performance.now() - startedMs);
      } catch {
        // Counted and shown: the table is about what fails.
        tally.failed++;
      }
    }
  };
  const calls = clients.map(call);
  await work().finally(() => {
    isOver = true;
  });
  await Promise.all(calls);
}

/** Swaps evenly for a second. */
async function swapForSecond(tally: Tally, swap: (count: number) => Promise<unknown>): Promise<void> {
  const startedMs = performance.now();
  for (let count = 1; count <= swapsPerSecond; count++) {
    const beganMs = performance.now();
    await swap(tally.swapMs.length);
    tally.swapMs.push(performance.now() - beganMs);
    await wait(Math.max(0, startedMs + (count * 1000) / swapsPerSecond - performance.now()));
  }
}

function quantile({ latenciesMs }: Tally, share: number): number {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function prepare(client: Client): Promise<void> {
  for (const [index, fixture] of (["signal-lightgbm.onnx", "signal-column.onnx"] as const).entries()) {
    const { bytes, metadata } = readFixture(fixture);
    await ask(client, ModelRegistryService.method.registerModel, {
      modelName: "signal_filter",
      version: versions[index] ?? "",
      source: { case: "model", value: bytes },
      metadata: JSON.parse(JSON.stringify(metadata)),
    });
  }
  await pointAlias(client, "v2.0.0", "champion");
  await pointAlias(client, "v2.1.0", "challenger");
  await changeConfig(client, { signalFilter: { useMlModel: true } });
}

function describePair(name: string, quiet: Tally, swapping: Tally): string[][] {
  const ratio = (share: number): string => `${(quantile(swapping, share) / quantile(quiet, share)).toFixed(2)} ×`;
  const describe = (tally: Tally): string[] => [
    String(tally.swapMs.length),
    String(tally.latenciesMs.length),
    String(tally.failed),
    ...[0.5, 0.99, 0.999].map((share) => quantile(tally, share).toFixed(2)),
  ];
  const slowest = Math.max(...swapping.swapMs).toFixed(1);
  return [
    [`${name}: quiet`, ...describe(quiet), "", "", ""],
    [`${name}: swapping`, ...describe(swapping), ratio(0.5), ratio(0.99), slowest],
  ];
}

const fixture = createRequestFixture(120, 1);
const scratch = createScratch(fixture);
const placement = choosePlacement(true);
const models = join(scratch.root, "models");
cpSync("models", models, { recursive: true });
const directory = scratch.createDirectory();
const server = await startServer(
  {
    args: ["src/main.ts", "serve"],
    environment: {
      HOST: "127.0.0.1",
      PORT: "0",
      MODELS_DIR: models,
      LOG_DIR: directory,
      CONFIG_DIR: `${directory}-config`,
      LOG_LEVEL: "info",
      AUDIT_DURABILITY: "os",
    },
    outputFile: `${directory}.log`,
  },
  placement.server,
);
const operator = openClient(server.port);
const clients = Array.from({ length: connections }, () => openClient(server.port));
try {
  await prepare(operator);
  await measure(createTally(), clients, fixture.message, () => wait(3000));
  const rows: string[][] = [];
  for (const [name, swap] of kinds) {
    const [quiet, swapping] = [createTally(), createTally()];
    for (let second = 0; second < swaps / swapsPerSecond; second++) {
      await measure(quiet, clients, fixture.message, () => wait(1000));
      await measure(swapping, clients, fixture.message, () =>
        swapForSecond(swapping, (count) => swap(operator, count)),
      );
    }
    rows.push(...describePair(name, quiet, swapping));
    // What a version that is configured hides, the next kind must show.
    await changeConfig(operator, { model: { signalFilterVersion: "" } });
  }
  const head = ["phase", "swaps", "answers", "failed", "p50 ms", "p99 ms", "p99.9 ms", "p50 ratio", "p99 ratio"];
  process.stdout.write(`${connections} connections, ${swapsPerSecond} swaps a second; ${placement.description}\n`);
  process.stdout.write(`${formatTable([...head, "slowest swap ms"], rows)}\n`);
} finally {
  for (const client of [...clients, operator]) client.close();
  await server.stop();
  scratch.remove();
}
