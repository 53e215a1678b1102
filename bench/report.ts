import { judge } from "./goals.ts";
import type { MachineFacts, Revision } from "./machine-facts.ts";
import { type Measurement, quantile, ratioOf, type Spread, spreadOf, spreadOfMetric } from "./measurement.ts";
import type { Options } from "./options.ts";
import type {
  DisturbanceRow,
  MemoryRow,
  ResultRow,
  RunResults,
  SoakResult,
  StageResult,
  StartRow,
  SuiteResult,
} from "./results.ts";
import { contestantsOf } from "./suites.ts";
import { formatTable } from "./text-table.ts";

export interface Run {
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly revision: Revision;
  readonly machine: MachineFacts;
  readonly options: Options;
  readonly requestBytes: { readonly protobuf: number; readonly json: number };
  readonly results: RunResults;
}

/** The run as Markdown, tables aligned, for the terminal as well. */
export function formatRun(run: Run): string {
  const { engine, suites, start, clients, disturbances, soak, workers, skipped, failed } = run.results;
  return [
    `# Benchmark ${run.startedAt}, commit ${run.revision.commit}${run.revision.isDirty ? " with local changes" : ""}`,
    formatFacts(run),
    formatGoals(run.results),
    ...(engine.length === 0 ? [] : [formatEngine(engine)]),
    ...suites.map(formatSuite),
    ...(start.length === 0 ? [] : [formatStart(start)]),
    ...(clients.length === 0 ? [] : [formatClients(clients)]),
    ...(disturbances.length === 0 ? [] : [formatDisturbances(disturbances)]),
    ...(soak === undefined ? [] : [formatSoak(soak)]),
    ...(workers === undefined ? [] : [`## Workers\n\n\`\`\`\n${workers.text}\n\`\`\``]),
    ...(suites.length === 0 ? [] : [formatMemory(suites)]),
    ...(suites.length === 0 ? [] : [formatCommands(suites)]),
    ...(skipped.length === 0 ? [] : [`## Skipped\n\n${skipped.map((line) => `- ${line}`).join("\n")}`]),
    ...(failed.length === 0 ? [] : [`## Failed\n\n${failed.map((line) => `- ${line}`).join("\n")}`]),
  ].join("\n\n");
}

function formatFacts({ machine, options, requestBytes, durationSeconds, results }: Run): string {
  return [
    `- ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB; ${machine.kernel}; Node ${machine.node}`,
    `- load average before the run ${machine.loadBefore.toFixed(2)}; ${machine.placement}`,
    `- audit logs on ${machine.fileSystem}; LOG_LEVEL ${options.logLevel}; ${machine.generators.join(", ")}`,
    `- request: 16 × ${options.bars} doubles, ${requestBytes.protobuf} bytes as protobuf, ${requestBytes.json} as JSON`,
    `- rounds: ${options.rounds} × ${options.seconds} s, contestants in turns; the run took ${Math.round(durationSeconds)} s`,
    "- medians of the rounds; ratios are taken per round, then median (min–max); req/s: more is better, all else: less is better",
    "- CPU µs: processor time of the server for one answer, all threads",
    ...formatNoise(results),
  ].join("\n");
}

/** Share of time without a core above which latencies are mostly those of the machine's other programs. */
const quietWaitShareMax = 0.05;

/** How much the servers had to wait for a core; on a machine of one's own it is next to nothing. */
function formatNoise({ suites }: RunResults): string[] {
  const waits = suites.flatMap(({ rows }) => rows.flatMap(({ rounds }) => rounds.map(({ waitShare }) => waitShare)));
  const spread = spreadOf(waits.filter((share) => share !== undefined));
  if (spread === undefined) return [];
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const line = `- servers waited for a core ${percent(spread.median)} of the time (median; worst measurement ${percent(spread.max)})`;
  if (spread.median <= quietWaitShareMax) return [line];
  return [
    line,
    "- **NOISY: other programs were running. Trust no latency of this run; the CPU ratios are the least disturbed.**",
  ];
}

function formatGoals(results: RunResults): string {
  const rows = judge(results).map(({ goal, figure, isMet }) => [
    `${goal.text}${goal.unit}`,
    figure === undefined ? "–" : `${formatNumber(figure, goal.digits)}${goal.unit}`,
    figure === undefined ? "not measured" : isMet === undefined ? "reported" : isMet ? "yes" : "no",
  ]);
  return `## Goals\n\nThere is no way to run without an audit log: \`os\` and \`strict\` are all there is.\n\n${formatTable(["goal", "measured", "met"], rows)}`;
}

function formatSuite({ suite, rows: all }: SuiteResult): string {
  const parts = [`## ${suite.title}`, formatAgainst(all, suite.baseline.label)];
  const { rival } = suite;
  if (rival !== undefined) {
    const deciding = contestantsOf(suite).filter((each) => !each.isFixed && each !== rival);
    const rows = all.filter(
      (row) => deciding.some(({ label }) => label === row.contestant) && findRow(all, row, rival.label) !== undefined,
    );
    parts.push(`The service, divided by "${rival.label}":`, formatAgainst(rows, rival.label, all));
  }
  return parts.join("\n\n");
}

function formatAgainst(rows: readonly ResultRow[], baseline: string, all: readonly ResultRow[] = rows): string {
  return formatTable(
    [
      "contestant",
      "conns × in flight",
      "req/s",
      "p50 µs",
      "p99 µs",
      "CPU µs",
      "req/s ratio",
      "p50 ratio",
      "p99 ratio",
      "CPU ratio",
    ],
    rows.map((row) => {
      const base = findRow(all, row, baseline)?.rounds ?? [];
      return [
        row.contestant,
        `${row.connections} × ${row.inFlight}`,
        ...formatMedians(row.rounds),
        formatNumber(spreadOfMetric(row.rounds, "cpuMicros")?.median, 0),
        ...formatRatios(row.rounds, base),
      ];
    }),
  );
}

/** The named contestant under the same load. */
function findRow(rows: readonly ResultRow[], like: ResultRow, contestant: string): ResultRow | undefined {
  return rows.find(
    (row) => row.contestant === contestant && row.connections === like.connections && row.inFlight === like.inFlight,
  );
}

function formatEngine(stages: readonly StageResult[]): string {
  const base = stages[0]?.rounds ?? [];
  const rows = stages.map(({ stage, rounds }) => [
    stage,
    ...formatMedians(rounds, 1),
    formatRatio(ratioOf(rounds, base, "p50Micros")),
  ]);
  const table = formatTable(["step, in process", "per second", "p50 µs", "p99 µs", "p50 ÷ decoding"], rows);
  return `## Engine\n\n${table}`;
}

function formatStart(start: readonly StartRow[]): string {
  const rows = start.map(({ contestant, readyMs }) => [contestant, formatSpread(spreadOf(readyMs), 0)]);
  return `## Start to ready\n\n${formatTable(["contestant", "ms, median (min–max)"], rows)}`;
}

function formatClients(clients: readonly ResultRow[]): string {
  const rows = clients.map((row) => [
    row.contestant,
    `${row.connections} × ${row.inFlight}`,
    ...formatMedians(row.rounds),
  ]);
  const table = formatTable(["client", "conns × in flight", "req/s", "p50 µs", "p99 µs"], rows);
  const commands = clients.filter(({ connections }) => connections === 1).map(({ command }) => command);
  return `## The service by client, audit os\n\n${table}\n\n\`\`\`\n${commands.join("\n")}\n\`\`\``;
}

function formatDisturbances(disturbances: readonly DisturbanceRow[]): string {
  const rows = disturbances.map(({ label, quiet, disturbed, happenedMs }) => [
    label,
    ...[quiet, disturbed].flatMap((shots) => [
      formatNumber(spreadOfMetric(shots, "p50Micros")?.median, 0),
      formatNumber(spreadOfMetric(shots, "p99Micros")?.median, 0),
    ]),
    formatRatio(ratioOf(disturbed, quiet, "p50Micros")),
    formatRatio(ratioOf(disturbed, quiet, "p99Micros")),
    happenedMs.length === 0 ? "–" : String(happenedMs.length),
    formatSpread(spreadOf(happenedMs), 1),
  ]);
  const head = ["disturbance", "quiet p50 µs", "quiet p99", "disturbed p50", "disturbed p99", "p50 ratio", "p99 ratio"];
  const table = formatTable([...head, "times", "each ms"], rows);
  return `## Predict while something else goes on (4 × 1, a trained signal filter, audit os)\n\n${table}`;
}

function formatSoak({ samples, pausesMs, seconds }: SoakResult): string {
  const memory = formatTable(
    ["predictions", "resident MB"],
    thin(samples, 10).map(({ predictions, residentMb }) => [formatNumber(predictions, 0), formatNumber(residentMb, 0)]),
  );
  const sorted = Float64Array.from(pausesMs);
  const quantiles = [0.5, 0.99, 0.999, 1].map((share) => formatNumber(quantile(sorted, share), 2));
  const share = (pausesMs.reduce((total, each) => total + each, 0) / 1000 / seconds) * 100;
  const pauses = formatTable(
    ["pauses of the garbage collector", "p50 ms", "p99 ms", "p99.9 ms", "longest ms", "share of time"],
    [[formatNumber(pausesMs.length, 0), ...quantiles, `${share.toFixed(1)} %`]],
  );
  return `## Soak: calls over 8 connections and streams over 4 in turns, audit os\n\n${memory}\n\n${pauses}`;
}

/** The first, the last and evenly spaced ones between. */
function thin<T>(items: readonly T[], count: number): readonly T[] {
  const step = Math.max(1, Math.ceil((items.length - 1) / count));
  return items.filter((_, index) => index % step === 0 || index === items.length - 1);
}

function formatMemory(suites: readonly SuiteResult[]): string {
  const rows = suites.flatMap(({ suite, memory }) =>
    memory.map((row) => [row.contestant, suite.name, ...formatSizes(row)]),
  );
  const table = formatTable(["contestant", "suite", "ready MB", "after load MB", "peak MB"], rows);
  return `## Resident memory\n\n${table}`;
}

function formatSizes({ residentReadyMb, residentAfterMb, residentPeakMb }: MemoryRow): string[] {
  return [residentReadyMb, residentAfterMb, residentPeakMb].map((size) => size.toFixed(0));
}

/** Ports and files differ from contestant to contestant, the rest does not: one line a load is enough to read. */
function formatCommands(suites: readonly SuiteResult[]): string {
  const lines = suites.flatMap(({ suite, rows }) =>
    suite.heats.map(
      (heat) =>
        rows.find(({ connections, inFlight }) => connections === heat.connections && inFlight === heat.inFlight)
          ?.command ?? "",
    ),
  );
  return `## Commands\n\nAgainst the first contestant of each load; the JSON file has all of them. $SCRATCH is the folder of the run.\n\n\`\`\`\n${lines.join("\n")}\n\`\`\``;
}

function formatMedians(rounds: readonly Measurement[], digits = 0): string[] {
  return [
    formatNumber(spreadOfMetric(rounds, "perSecond")?.median, 0),
    formatNumber(spreadOfMetric(rounds, "p50Micros")?.median, digits),
    formatNumber(spreadOfMetric(rounds, "p99Micros")?.median, digits),
  ];
}

function formatRatios(rounds: readonly Measurement[], base: readonly Measurement[]): string[] {
  return (["perSecond", "p50Micros", "p99Micros", "cpuMicros"] as const).map((metric) =>
    formatRatio(ratioOf(rounds, base, metric)),
  );
}

function formatRatio(ratio: Spread | undefined): string {
  return formatSpread(ratio, 2);
}

function formatSpread(spread: Spread | undefined, digits: number): string {
  if (spread === undefined) return "–";
  const { median, min, max } = spread;
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

function formatNumber(value: number | undefined, digits: number): string {
  if (value === undefined) return "–";
  return value
    .toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replaceAll(",", " ");
}
