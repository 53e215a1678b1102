/**
 * The whole loop on real bars, with a service of its own, as a transcript:
 *
 *     npm run test:training                            # once: makes training/.venv
 *     node scripts/learning-loop.ts [--folder loop] [--short]
 *
 * Bars → table → training that is refused where there is no edge → training that passes → registered over gRPC → shadow → outcomes →
 * promotion → performance, drift, advice → table of the audit log → rollback → the log proved. --short takes one small market and
 * fewer bars. Exit code 1 when a step ends otherwise than it should.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const programs = new Map([
  ["ml-layer", [process.execPath, join(root, "src/main.ts")]],
  ["arbitrex-train", [process.env["ARBITREX_TRAIN"] ?? join(root, "training/.venv/bin/arbitrex-train")]],
]);
const { values: options } = parseArgs({
  options: { folder: { type: "string" }, short: { type: "boolean", default: false } },
});
const temporary = options.folder === undefined ? mkdtempSync(join(tmpdir(), "learning-loop-")) : undefined;
const folder = options.folder ?? temporary ?? "";
mkdirSync(folder, { recursive: true });
const places = { MODELS_DIR: "models", LOG_DIR: "logs", CONFIG_DIR: "config" };
/** What the steps have in common: folders, and a quick training where only the way counts. */
const quick = options.short ? "--splits 2 --bootstrap 20 --control-turns 0 --threads 1" : "";
const bars = readFileSync(join(root, "node_modules/vega-datasets/data/sp500-2000.csv"), "utf8").trimEnd().split("\n");

/** Writes bars of the S&P 500; replays need 121 of them before the first decision. */
function writeBars(name: string, from: number, to: number): void {
  writeFileSync(join(folder, name), `${[bars[0], ...bars.slice(1 + from, 1 + to)].join("\n")}\n`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs a command line, shows it with the first lines of what it says, and holds its exit code against the one that is due. */
function step(line: string, dueCodes: readonly number[] = [0], linesShown = 40): string {
  say(`\n$ ${line}`);
  const [name = "", ...args] = line.split(" ").filter((word) => word !== "");
  const [command = name, ...first] = programs.get(name) ?? [];
  const { status, stdout, stderr, error } = spawnSync(command, [...first, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...places, PORT: String(port), NO_COLOR: "1", COLUMNS: "120" },
  });
  if (error !== undefined) throw error;
  const said = `${name === "arbitrex-train" || status !== 0 ? stderr : ""}${stdout}`.trimEnd().split("\n");
  const rest = said.slice(linesShown).filter((text) => text.startsWith("Outcomes"));
  say([...said.slice(0, linesShown), ...(said.length > linesShown ? ["…", ...rest] : [])].join("\n"));
  if (status === null || !dueCodes.includes(status)) {
    throw new Error(`${line}: exit code ${status}, expected ${dueCodes.join(" or ")}`);
  }
  if (status !== 0) say(`(exit code ${status}, as it should)`);
  return stdout;
}

async function ask(path: string, pick: (answer: unknown) => unknown = (answer) => answer): Promise<void> {
  say(`\n$ curl http://127.0.0.1:PORT${path}`);
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  say(JSON.stringify(pick(await answer.json()), undefined, 1).slice(0, 2500));
}

/** A member of an object from outside, which may be absent. */
function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(key)
    : undefined;
}

/** What the models' predictions came to, without the tables of calibration. */
function pickPerformance(summary: unknown): unknown {
  const models = member(summary, "models");
  const keys = ["outcomes", "auc", "brier", "log_loss", "accuracy", "hit_rate", "calibration_error"];
  return (Array.isArray(models) ? models : []).map((each: unknown) => {
    const version = `${member(member(each, "model"), "name")} ${member(member(each, "model"), "version")}`;
    return [version, Object.fromEntries(keys.map((key) => [key, member(each, key)]))];
  });
}

/** The three inputs of each model that have moved furthest. */
function pickDrift(answer: unknown): unknown {
  const models = member(answer, "models");
  return (Array.isArray(models) ? models : []).map((each: unknown) => {
    const features = member(each, "features");
    const byDrift = (Array.isArray(features) ? features : []).toSorted(
      (a: unknown, b: unknown) => Number(member(b, "psi")) - Number(member(a, "psi")),
    );
    const version = `${member(member(each, "model"), "name")} ${member(member(each, "model"), "version")}`;
    const moved = byDrift
      .slice(0, 3)
      .map((found: unknown) => `${member(found, "feature")} psi ${member(found, "psi")}`);
    return [version, { samples: member(each, "samples"), has_reference: member(each, "has_reference"), moved }];
  });
}

let port = 0;
const service = spawn(process.execPath, [join(root, "src/main.ts"), "serve"], {
  cwd: folder,
  env: { ...process.env, ...places, HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "warn" },
  stdio: ["ignore", "ignore", "pipe"],
});
const ended = new Promise<void>((resolve) => service.once("exit", () => resolve()));
try {
  port = await readPort();
  await runLoop();
  say("\nthe loop is closed");
} finally {
  service.kill("SIGTERM");
  await ended;
  if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
}

async function readPort(): Promise<number> {
  let said = "";
  service.stderr.setEncoding("utf8");
  for await (const chunk of service.stderr.iterator({ destroyOnReturn: false })) {
    said += String(chunk);
    const [, found] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said) ?? [];
    if (found === undefined) continue;
    service.stderr.resume();
    return Number(found);
  }
  throw new Error(`the service did not start: ${said}`);
}

async function runLoop(): Promise<void> {
  trainOnRealBars();
  const signal = trainOnMarkets();
  // The first part is decided by the rules while the challenger shadows, the second by the champion.
  const [begin, middle, end] = options.short ? [3800, 4300, 5105] : [2000, 3500, 5105];
  writeBars("first.csv", begin, middle);
  writeBars("second.csv", middle - 130, end);
  step(`ml-layer models shadow signal_filter ${signal}`);
  replay("first");
  await ask("/metrics", (answer) => member(member(answer, "metrics"), "shadow") ?? "no shadow figures");
  step(`ml-layer models promote signal_filter ${signal}`);
  step("ml-layer config set signal_filter.use_ml_model=true");
  replay("second");
  await ask("/metrics/summary?hours=24", pickPerformance);
  await ask("/drift", pickDrift);
  // Exit code 4: at least one model should be trained anew.
  step("ml-layer models advise", [0, 4], 60);
  step("ml-layer dataset --audit logs --models models --out logged.parquet");
  // Rules decided at first, so the inputs are those that both have read. One symbol's log teaches little, and the verdict says so.
  step(
    `arbitrex-train signal --table logged.parquet --inputs recorded --out retrained ${quick} --splits 1 --min-samples 500`,
    [0, 3],
  );
  step("ml-layer models rollback signal_filter");
  step("ml-layer models list");
  step("ml-layer audit verify --dir logs");
}

function replay(part: string): void {
  const about = `--symbol SP500 --timeframe 1D --address 127.0.0.1:${port}`;
  step(`ml-layer replay --bars ${part}.csv ${about} --outcomes --out ${part}.html`, [0], 12);
}

function trainOnRealBars(): void {
  writeBars("sp500.csv", 0, bars.length - 1);
  step("ml-layer dataset --bars sp500.csv --out sp500.parquet");
  step(`arbitrex-train signal --table sp500.parquet --out sp500-signal ${quick}`, [3]);
}

/** @returns the version that the registry gave the model */
function trainOnMarkets(): string {
  const seeds = options.short ? [101] : [101, 102, 103, 104, 105, 106];
  for (const seed of seeds) {
    step(`ml-layer simulate --seed ${seed} --bars ${options.short ? 2500 : 5000} --out market-${seed}`);
    step(`ml-layer dataset --bars market-${seed}/bars.csv --out market-${seed}.parquet`);
  }
  const tables = seeds.map((seed) => `market-${seed}.parquet`).join(" ");
  step(`arbitrex-train signal --table ${tables} --out signal ${quick} --child-samples 100 --learning-rate 0.1`);
  const registered = step(`arbitrex-train register signal --server 127.0.0.1:${port} --actor quant`);
  const [, version] = /registered signal_filter\/(\S+),/.exec(registered) ?? [];
  if (version === undefined) throw new Error("the registry named no version");
  return version;
}
