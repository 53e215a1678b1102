import type { WireProtocol } from "./answers.ts";
import type { Scratch } from "./scratch.ts";
import type { ServerCommand } from "./server-process.ts";
import { readStartScript } from "./start-script.ts";

/** What is compared, as data: who takes part and under which loads. */

/** One server of a comparison. */
export interface Contestant {
  readonly label: string;
  /** Answers bytes recorded from the service; the others decide. */
  readonly isFixed: boolean;
  /** Runs on every core, the generator's too. @default false: on the servers' */
  readonly isOnAllCores?: boolean;
  readonly start: (scratch: Scratch, logLevel: string) => ServerCommand;
}

/** One load, and who is put under it. */
export interface Heat {
  readonly connections: number;
  readonly inFlight: number;
  readonly contestants: readonly Contestant[];
}

/** What keeps the load going: a tool from elsewhere, or our own client of one quiet stream. */
export type Generator = "h2load" | "wrk" | "stream items";

export interface Suite {
  readonly name: string;
  readonly title: string;
  readonly protocol: WireProtocol;
  readonly generator: Generator;
  /** What all others are divided by. */
  readonly baseline: Contestant;
  /** A second one to divide by, where it takes part. */
  readonly rival?: Contestant;
  readonly heats: readonly Heat[];
}

export const bareHttp2 = createFixed("bare node:http2", "bare-http2", (scratch) => [
  scratch.answerFile("grpc"),
  scratch.answerFile("stream"),
]);
/** What one fdatasync adds where somebody waits for it, the cores of server and generator idle meanwhile. */
export const bareSync = createFixed("bare node:http2, one fdatasync", "bare-http2", (scratch) => [
  scratch.answerFile("grpc"),
  scratch.answerFile("stream"),
  `${scratch.createDirectory()}.sync`,
]);
export const bareJson = createFixed("bare node:http, JSON.parse", "bare-http1", (scratch) => [
  "json",
  scratch.answerFile("rest"),
]);
export const bareProto = createFixed("bare node:http, decoding", "bare-http1", (scratch) => [
  "protobuf",
  scratch.answerFile("connect"),
]);
const grpcJsFixed = createFixed("grpc-js, same bytes", "grpc-js-fixed", (scratch) => [scratch.answerFile("grpc")]);
export const grpcJsService = createDeciding("grpc-js, same service, os", ["bench/servers/grpc-js-service.ts"], "os");
const shipped = readStartScript();
export const serviceOs = createDeciding("service, audit os", shipped.args, "os", shipped.environment);
export const serviceStrict = createDeciding("service, audit strict", shipped.args, "strict", shipped.environment);
/** A sync is processor time as well, some 100 µs on a virtual disk; here it need not come out of the core that decides. */
export const [serviceOsOnAll, serviceStrictOnAll] = [onAllCores(serviceOs), onAllCores(serviceStrict)];

/** Where a fixed contestant learns what to answer. */
export const recorder = serviceOs;

export const suites: readonly Suite[] = [
  {
    name: "grpc",
    title: "gRPC unary Predict",
    protocol: "grpc",
    generator: "h2load",
    baseline: bareHttp2,
    rival: grpcJsService,
    heats: [
      {
        connections: 1,
        inFlight: 1,
        contestants: [bareHttp2, bareSync, grpcJsFixed, grpcJsService, serviceOs, serviceStrict],
      },
      {
        connections: 8,
        inFlight: 1,
        contestants: [bareHttp2, grpcJsService, serviceOs, serviceStrict],
      },
      {
        connections: 1,
        inFlight: 32,
        contestants: [bareHttp2, serviceOs, serviceStrict, serviceOsOnAll, serviceStrictOnAll],
      },
    ],
  },
  {
    name: "stream",
    title: "BatchPredict, appended bars (decisions a second)",
    protocol: "stream",
    generator: "h2load",
    baseline: bareHttp2,
    heats: [{ connections: 1, inFlight: 1, contestants: [bareHttp2, serviceOs, serviceStrict] }],
  },
  {
    name: "item",
    title: "One appended bar in a quiet BatchPredict stream",
    protocol: "stream",
    generator: "stream items",
    baseline: bareHttp2,
    heats: [{ connections: 1, inFlight: 1, contestants: [bareHttp2, serviceOs] }],
  },
  {
    name: "rest",
    title: "REST POST /predict, HTTP/1.1",
    protocol: "rest",
    generator: "wrk",
    baseline: bareJson,
    heats: [1, 8].map((connections) => ({ connections, inFlight: 1, contestants: [bareJson, serviceOs] })),
  },
  {
    name: "connect",
    title: "Connect binary Predict, HTTP/1.1",
    protocol: "connect",
    generator: "wrk",
    baseline: bareProto,
    heats: [{ connections: 1, inFlight: 1, contestants: [bareProto, serviceOs] }],
  },
];

/** Everybody who takes part in a suite, once. */
export function contestantsOf(suite: Suite): Contestant[] {
  return [...new Set(suite.heats.flatMap((heat) => heat.contestants))];
}

function createFixed(label: string, module: string, listArgs: (scratch: Scratch) => readonly string[]): Contestant {
  return {
    label,
    isFixed: true,
    start: (scratch) => ({
      args: [`bench/servers/${module}.ts`, ...listArgs(scratch)],
      environment: {},
      outputFile: "/dev/null",
    }),
  };
}

function onAllCores(contestant: Contestant): Contestant {
  return { ...contestant, label: `${contestant.label}, all cores`, isOnAllCores: true };
}

function createDeciding(
  label: string,
  args: readonly string[],
  durability: "os" | "strict",
  environment: Readonly<Record<string, string>> = {},
): Contestant {
  return {
    label,
    isFixed: false,
    start: (scratch, logLevel) => {
      const directory = scratch.createDirectory();
      return {
        args,
        environment: {
          ...environment,
          HOST: "127.0.0.1",
          PORT: "0",
          LOG_DIR: directory,
          CONFIG_DIR: `${directory}-config`,
          LOG_LEVEL: logLevel,
          AUDIT_DURABILITY: durability,
        },
        outputFile: `${directory}.log`,
      };
    },
  };
}
