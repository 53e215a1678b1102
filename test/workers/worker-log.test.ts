import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createFolders } from "../control/governed-service.ts";
import { serveInProcess } from "../service/served-process.ts";
import { waitUntil } from "../service/service-client.ts";
import { startLoad } from "./load.ts";

/** Enough that every worker hands on several pieces. */
const answersMin = 1_500;

it.each(["file", "pipe"] as const)(
  "writes every line of every worker whole when the log is a %s",
  {
    timeout: 60_000,
  },
  async (kind) => {
    using folders = createFolders();
    mkdirSync(folders.logDirectory, { recursive: true });
    const path = join(folders.logDirectory, "log");
    const file = openSync(path, "w");
    const { modelsDirectory: MODELS_DIR, configDirectory: CONFIG_DIR, logDirectory: LOG_DIR } = folders;
    const served = await serveInProcess(
      { MODELS_DIR, CONFIG_DIR, LOG_DIR, WORKERS: "2", LOG_LEVEL: "info", AUDIT_DURABILITY: "os" },
      [],
      kind === "pipe" ? "pipe" : file,
    );
    closeSync(file);
    let piped = "";
    served.child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      piped += chunk;
    });
    const load = startLoad(served.port, { connections: 4 });
    await waitUntil(async () => load.answers().length >= answersMin);
    await load.stop();
    const ended = once(served.child, "close");
    served.child.kill("SIGTERM");
    await ended;
    const text = kind === "pipe" ? piped : readFileSync(path, "utf8");
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line): Record<string, unknown> => JSON.parse(line));
    const calls = lines.filter(({ msg }) => msg === "call finished");
    expect(calls).toHaveLength(load.answers().length);
    expect(new Set(calls.map(({ worker }) => worker))).toEqual(new Set([1, 2]));
  },
);
