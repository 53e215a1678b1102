import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { makeTemporaryDirectory, openTestBoard, openTestStore } from "./temporary-config.ts";

const fixture = join(import.meta.dirname, "fixtures", "change-repeatedly.ts");

/**
 * Starts a process that changes things. Node keeps what it compiled in the cache directory when a process ends by itself, after which
 * the next one starts in a quarter of the time: 30 instead of 120 ms.
 */
function startChanging(directory: string, kind: "config" | "halts", cache: string, changes: number) {
  const child = spawn(process.execPath, [fixture, directory, kind, String(changes)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Fills the cache, and answers its directory. */
async function warmUp(kind: "config" | "halts"): Promise<string> {
  const cache = makeTemporaryDirectory();
  const child = startChanging(makeTemporaryDirectory(), kind, cache, 1);
  child.stdout.resume();
  expect(await once(child, "close")).toEqual([0, null]);
  return cache;
}

/** What a process said before it was killed. */
interface Statement {
  readonly kind: string;
  readonly state: string;
}

/**
 * Lets a process change things, and kills it a random moment after its `changes`-th: the moments fall before, into and behind the
 * write and the sync.
 */
async function killWhileChanging(
  directory: string,
  kind: "config" | "halts",
  cache: string,
  changes: number,
): Promise<Statement[]> {
  const child = startChanging(directory, kind, cache, 1_000_000);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (output.split("\ntry ").length <= changes) return;
    const spins = Math.random() * 20_000;
    for (let spin = 0; spin < spins; spin += 1) Math.sqrt(spin);
    child.kill("SIGKILL");
  });
  const [, signal] = await once(child, "close");
  expect(signal).toBe("SIGKILL");
  return output
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const [said = "", state = ""] = line.split(" ");
      return { kind: said, state };
    });
}

/** The state that was last acknowledged, and the one that was being written, if any. */
function expectedStates(statements: readonly Statement[]): string[] {
  const last = statements.findLastIndex(({ kind }) => kind !== "try");
  return statements.slice(last, last + 2).map(({ state }) => state);
}

it("resumes the old or the new configuration after each of 100 kills during updates", {
  timeout: 120_000,
}, async () => {
  const directory = makeTemporaryDirectory();
  const cache = await warmUp("config");
  const acknowledged = new Set<string>();
  let unfinished = 0;
  for (let round = 1; round <= 100; round += 1) {
    const statements = await killWhileChanging(directory, "config", cache, Math.floor(Math.random() * 8));
    const expected = expectedStates(statements);
    if (expected.length === 2) unfinished += 1;
    for (const { kind, state } of statements) if (kind === "ack") acknowledged.add(state);
    const store = await openTestStore({ directory });
    expect(expected).toContain(store.current().hash);
    const history = new Set(store.history(1_000_000).map((version) => version.hash));
    expect([...acknowledged].filter((hash) => !history.has(hash))).toEqual([]);
    await store.close();
  }
  expect(acknowledged.size).toBeGreaterThan(100);
  // The kills did fall into updates, not between them.
  expect(unfinished).toBeGreaterThan(10);
});

it("resumes the old or the new halts after each of 25 kills", { timeout: 120_000 }, async () => {
  const directory = makeTemporaryDirectory();
  const cache = await warmUp("halts");
  for (let round = 1; round <= 25; round += 1) {
    const statements = await killWhileChanging(directory, "halts", cache, 1 + Math.floor(Math.random() * 8));
    const board = openTestBoard({ directory });
    const symbols = board.list().map((halt) => halt.target);
    expect(expectedStates(statements)).toContain(symbols.sort().join(","));
    await board.close();
  }
});
