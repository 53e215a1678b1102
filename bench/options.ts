import { type Command, InvalidArgumentError, Option, Command as Program } from "commander";

/** What a run measures and for how long. */
export interface Options {
  readonly only: readonly SuiteName[];
  readonly rounds: number;
  readonly seconds: number;
  readonly bars: number;
  readonly appends: number;
  readonly logLevel: string;
  readonly isPinned: boolean;
  /** Folder for the audit logs of a run; undefined for the system's temporary folder. */
  readonly scratch: string | undefined;
  readonly isSaved: boolean;
  readonly isForReadme: boolean;
  /** Where the soak ends, and how long it may take. */
  readonly soakPredictions: number;
  readonly soakSeconds: number;
}

export const suiteNames = [
  "engine",
  "start",
  "grpc",
  "stream",
  "item",
  "rest",
  "connect",
  "clients",
  "disturbances",
  "soak",
  "workers",
] as const;
export type SuiteName = (typeof suiteNames)[number];

/** Needs no load generator. */
const enginePart: readonly SuiteName[] = ["engine", "start"];

const examples = `
Suites: engine (steps of a decision, in process), start (time to ready), grpc, stream, rest, connect (servers under load),
item (one appended bar in a quiet stream), clients (the service by h2load, ghz, grpc-js, connect-node, Python grpcio), disturbances (Predict while something else
goes on), soak (memory after many predictions, pauses of the garbage collector), workers (two processes beside one).
grpc and stream need h2load, rest and connect need wrk:  apt-get install nghttp2-client wrk

Examples:
  npm run bench                                    everything, about 11 minutes
  npm run bench -- --only grpc --rounds 20         gRPC alone, more rounds
  npm run bench -- --engine-only                   what needs no load generator
  npm run bench -- --only grpc --bars 30           short windows
  npm run bench -- --rounds 1 --no-save            a quick look, nothing written
  npm run bench -- --scratch /mnt/data             audit logs on another disk (matters for "strict")`;

/** Reads the command line; ends the process with a message when it makes no sense. */
export function parseOptions(argv: readonly string[]): Options {
  const program: Command = new Program("npm run bench --")
    .description("Measures the service against bare Node servers and grpc-js, all in one run, and records the ratios.")
    .option("--only <suites>", `comma-separated: ${suiteNames.join(", ")}`, parseSuites)
    .addOption(new Option("--engine-only", `the same as --only ${enginePart.join(",")}`).conflicts("only"))
    .option("--rounds <n>", "rounds, in which all contestants take turns", parseWhole, 10)
    .option("--seconds <n>", "length of one measurement", parseWhole, 1)
    .option("--bars <n>", "bars of the window (16 series of doubles)", parseWhole, 120)
    .option("--appends <n>", "bars appended on one BatchPredict stream", parseWhole, 200)
    .option("--soak-predictions <n>", "predictions after which the soak ends", parseWhole, 2_000_000)
    .option("--soak-seconds <n>", "longest time of the soak", parseWhole, 60)
    .option("--log-level <level>", "LOG_LEVEL of the service", "info")
    .option("--scratch <folder>", "where audit logs are written [the system's temporary folder]")
    .option("--no-pin", "leave the choice of cores to the kernel")
    .option("--readme", "put the result into bench/README.md in the place of the one before", false)
    .option("--no-save", "print only, write nothing to bench/results")
    .addHelpText("after", examples)
    .parse([...argv]);
  const {
    only,
    engineOnly,
    rounds,
    seconds,
    bars,
    appends,
    logLevel,
    scratch,
    pin,
    save,
    readme,
    soakPredictions,
    soakSeconds,
  } = program.opts<{
    only?: readonly SuiteName[];
    engineOnly?: boolean;
    rounds: number;
    seconds: number;
    bars: number;
    appends: number;
    logLevel: string;
    scratch?: string;
    pin: boolean;
    save: boolean;
    readme: boolean;
    soakPredictions: number;
    soakSeconds: number;
  }>();
  return {
    only: engineOnly === true ? enginePart : (only ?? suiteNames),
    rounds,
    seconds,
    bars,
    appends,
    logLevel,
    isPinned: pin,
    scratch,
    isSaved: save,
    isForReadme: readme,
    soakPredictions,
    soakSeconds,
  };
}

function parseSuites(text: string): readonly SuiteName[] {
  return text.split(",").map((name) => {
    const suite = suiteNames.find((each) => each === name.trim());
    if (suite === undefined) throw new InvalidArgumentError(`${name} is none of ${suiteNames.join(", ")}.`);
    return suite;
  });
}

function parseWhole(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1) throw new InvalidArgumentError("A whole number of at least 1 is needed.");
  return value;
}
