/**
 * What a record costs: `node bench/audit-log.ts [directory]`. The directory must be on the disk of interest; a tmpfs syncs for free.
 * Cost is time on the event loop per record; latency is what a caller waits for one append, in a closed loop.
 */
import { closeSync, fdatasync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSystemClock } from "../src/domain/clock.ts";
import { type AuditDurability, openAuditLog } from "../src/monitor/audit/audit-log.ts";
import type { AuditBody } from "../src/monitor/audit/audit-record.ts";

const clock = createSystemClock();
const base = mkdtempSync(join(process.argv[2] ?? tmpdir(), "audit-bench-"));
const secondsEach = 2;

/** 1.2 KB as JSON, chain fields included, with as many fractions as a usual decision has. */
function createBody(index: number): AuditBody {
  return {
    kind: "decision",
    timestamp: "2025-01-02T03:04:05.678901Z",
    prediction_id: `0194-${index}`,
    symbol: "EURUSD",
    timeframe: "4H",
    allowed: index % 3 === 0,
    regime: "TRENDING",
    regime_confidence: 0.7,
    decision_reasons: ["SIGNAL_PROBABILITY: 0.51 is not above 0.55", "QSE_VALID: the signal is not valid"],
    gates: [true, false, true, true, false],
    config_hash: "0123456789abcdef",
    inputs: Array.from({ length: 32 }, (_, feature) => Math.sin(index * 31 + feature)),
  };
}

const bodies = Array.from({ length: 1024 }, (_, index) => createBody(index));

function bodyAt(index: number): AuditBody {
  return bodies[index % bodies.length] ?? createBody(index);
}

interface Measurement {
  readonly what: string;
  readonly perSecond: number;
  readonly costMicros: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  readonly recordsPerSync: number;
}

async function measureLog(durability: AuditDurability, inFlight: number): Promise<Measurement> {
  const directory = join(base, `${durability}-${inFlight}`);
  const log = await openAuditLog({ directory, clock, durability });
  let count = 0;
  const latencies: number[] = [];
  const caller = async (untilMs: number): Promise<void> => {
    for (let started = clock.monotonicMs(); started < untilMs; started = clock.monotonicMs()) {
      count += 1;
      const written = log.append(bodyAt(count));
      if (written !== undefined) await written;
      latencies.push(clock.monotonicMs() - started);
    }
  };
  const callers = () => Array.from({ length: inFlight }, () => caller(clock.monotonicMs() + secondsEach * 1000));
  await Promise.all(callers());
  count = 0;
  latencies.length = 0;
  const syncsBefore = log.stats().syncs;
  const cpuBefore = process.threadCpuUsage();
  const started = clock.monotonicMs();
  await Promise.all(callers());
  const elapsedMs = clock.monotonicMs() - started;
  const cpu = process.threadCpuUsage(cpuBefore);
  // In a closed `os` loop nothing ever waits, so the background sync gets no turn.
  const recordsPerSync = count / (log.stats().syncs - syncsBefore);
  await log.close();
  rmSync(directory, { recursive: true });
  const costMicros = (cpu.user + cpu.system) / count;
  const what = `append ${durability}, ${inFlight} in flight`;
  return { what, perSecond: (count / elapsedMs) * 1000, costMicros, ...quantiles(latencies), recordsPerSync };
}

/** The floor: the same bytes, written and synced one by one without a log. */
async function measureDisk(): Promise<Measurement> {
  const fd = openSync(join(base, "floor"), "a");
  const line = Buffer.from(JSON.stringify(bodyAt(1)).padEnd(1200));
  const latencies: number[] = [];
  const begun = clock.monotonicMs();
  while (clock.monotonicMs() < begun + secondsEach * 1000) {
    const started = clock.monotonicMs();
    writeSync(fd, line);
    await new Promise<void>((resolve, reject) => fdatasync(fd, (error) => (error ? reject(error) : resolve())));
    latencies.push(clock.monotonicMs() - started);
  }
  closeSync(fd);
  const perSecond = latencies.length / secondsEach;
  return {
    what: "bare write + fdatasync",
    perSecond,
    costMicros: Number.NaN,
    ...quantiles(latencies),
    recordsPerSync: 1,
  };
}

function measureStringify(): Measurement {
  const count = 200_000;
  let bytes = 0;
  for (let index = 0; index < 20_000; index += 1) bytes += JSON.stringify(bodyAt(index)).length;
  const started = clock.monotonicMs();
  for (let index = 0; index < count; index += 1) bytes += JSON.stringify(bodyAt(index)).length;
  const costMicros = ((clock.monotonicMs() - started) * 1000) / count;
  const what = `JSON.stringify alone, ${Math.round(bytes / (count + 20_000))} bytes`;
  return {
    what,
    perSecond: 1e6 / costMicros,
    costMicros,
    p50Micros: Number.NaN,
    p99Micros: Number.NaN,
    recordsPerSync: Number.NaN,
  };
}

function quantiles(latenciesMs: number[]): Pick<Measurement, "p50Micros" | "p99Micros"> {
  const sorted = Float64Array.from(latenciesMs).sort();
  const at = (share: number): number => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN) * 1000;
  return { p50Micros: at(0.5), p99Micros: at(0.99) };
}

function toCell(value: number): number | string {
  return Number.isFinite(value) ? Number(value.toFixed(1)) : "–";
}

const measurements = [measureStringify(), await measureDisk()];
for (const durability of ["os", "strict"] as const) {
  for (const inFlight of [1, 32]) measurements.push(await measureLog(durability, inFlight));
}
rmSync(base, { recursive: true });
console.table(
  measurements.map(({ what, perSecond, costMicros, p50Micros, p99Micros, recordsPerSync }) => ({
    what,
    "records/s": Math.round(perSecond),
    "cost µs": toCell(costMicros),
    "p50 µs": toCell(p50Micros),
    "p99 µs": toCell(p99Micros),
    "records/sync": toCell(recordsPerSync),
  })),
);
