/** Every shell command of the documentation, run in the order it is shown, against a service that was started as the README says. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { requireTool } from "../external-tool.ts";
import { runElsewhere } from "./commands-run-elsewhere.ts";
import { readShownCommands } from "./shell-blocks.ts";

const root = new URL("../../../", import.meta.url);
/** Documents whose commands a reader types into a checkout beside a running service. */
const documents = [
  "README.md",
  "docs/OPERATIONS.md",
  "docs/MODELS.md",
  "docs/COMPATIBILITY.md",
  "deploy/README.md",
  "bench/README.md",
  "clients/go/README.md",
  "clients/java/README.md",
  "clients/python/README.md",
  "clients/typescript/README.md",
];

const isRunElsewhere = (text: string): boolean => runElsewhere.some(({ command }) => command.test(text));

it.each(documents)("%s shows commands", (document) => {
  expect(readShownCommands(root, document).length).toBeGreaterThan(0);
});

// Documents whose every command is run elsewhere need no service.
const typed = documents.filter((document) =>
  readShownCommands(root, document).some(({ text }) => !isRunElsewhere(text)),
);

describe.each(typed)("the commands of %s", (document) => {
  const commands = readShownCommands(root, document);
  let checkout: Checkout | undefined;

  beforeAll(async () => {
    checkout = await openCheckout();
  }, 60_000);

  afterAll(() => checkout?.close());

  beforeEach(({ skip }) => {
    requireTool(skip, "curl", "--version");
    requireTool(skip, "grpcurl", "-version");
  });

  // One after the other: what the second shows the first has made.
  for (const { line, text } of commands) {
    if (isRunElsewhere(text)) continue;
    it(`line ${line}: ${text.split("\n")[0]}`, () => {
      const { status, output } = checkout?.run(text) ?? { status: -1, output: "no checkout" };
      expect(status, output).toBe(0);
      // curl ends with 0 whatever the service answers.
      expect(output).not.toMatch(/"code":\s*"[a-z_]+",\s*"message"/);
    });
  }
});

it("has no reason for leaving out a command that is not shown", () => {
  const shown = documents.flatMap((document) => readShownCommands(root, document)).map(({ text }) => text);
  const idle = runElsewhere.filter(({ command }) => !shown.some((text) => command.test(text)));
  expect(idle.map(({ command }) => String(command))).toEqual([]);
});

interface Checkout {
  run(command: string): { status: number | null; output: string };
  close(): Promise<void>;
}

/** The repository with folders of its own for what a service writes, and `npm start` in it. */
async function openCheckout(): Promise<Checkout> {
  const directory = mkdtempSync(join(tmpdir(), "ml-layer-documentation-"));
  for (const name of readdirSync(root)) {
    if (name === "logs" || name === "config" || name === ".git") continue;
    if (name === "models") cpSync(new URL(name, root), join(directory, name), { recursive: true });
    else symlinkSync(fileURLToPath(new URL(name, root)), join(directory, name));
  }
  const variables = { ...process.env, MODELS_DIR: "models", LOG_LEVEL: "error" };
  const service = spawn("npm", ["start"], {
    cwd: directory,
    env: { ...variables, PORT: "0" },
    stdio: ["ignore", "ignore", "pipe"],
    // npm hands no signal on; the group is told.
    detached: true,
  });
  // Not its exit: npm ends before the service does, whose standard error stays open until then.
  const closed = once(service, "close");
  const port = await findPort(service.stderr, closed);
  return {
    run(command) {
      const { status, stdout, stderr } = spawnSync("bash", ["-c", command.replaceAll("8003", port)], {
        cwd: directory,
        env: { ...variables, PORT: port },
        encoding: "utf8",
        timeout: 50_000,
      });
      return { status, output: `${stdout}${stderr}` };
    },
    async close() {
      if (service.pid !== undefined) process.kill(-service.pid, "SIGTERM");
      await closed;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function findPort(errors: NodeJS.ReadableStream, closed: Promise<unknown>): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    errors.on("data", (chunk) => {
      said += String(chunk);
      const port = /API\s+http:\/\/[^ ]+:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(port);
    });
    void closed.then(() => reject(new Error(`the service did not start: ${said}`)));
  });
}
