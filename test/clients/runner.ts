/** A language's scenario runner as a child process: one JSON line in, one JSON line out. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** One wrong field, unmet condition or resource, as the runner read it from the typed error of its client. */
export type RunnerError = Readonly<Record<string, unknown>> & { readonly code: string; readonly reason?: string };

export interface RunnerOutcome {
  /** Base64 of the answer. */
  readonly message?: string;
  readonly error?: RunnerError;
}

export interface RunnerReply {
  readonly ok?: RunnerOutcome & { readonly items?: readonly RunnerOutcome[] };
  readonly error?: RunnerError;
  /** The runner itself is wrong. */
  readonly fault?: string;
}

export interface Runner extends AsyncDisposable {
  /** @throws Error with what the runner said, when it faults, ends or does not answer. */
  obey(command: Readonly<Record<string, unknown>>): Promise<RunnerReply>;
}

/** How a runner is started. */
export interface RunnerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Longest time for one command: deadlines of the scenarios are shorter, and a machine may be busy. */
const replyTimeoutMs = 60_000;

export function startRunner({ command, args, env }: RunnerCommand): Runner {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-10_000);
  });
  // Writing to a runner that has ended fails; that it has ended is told by its output.
  child.stdin.on("error", () => undefined);
  const failed = new Promise<never>((_resolve, reject) => child.once("error", reject));
  failed.catch(() => undefined);
  const ended = once(child, "exit");
  const replies = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async obey(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      const reply = await Promise.race([replies.next(), failed, timeOut(order)]);
      if (reply.done === true) throw new Error(`the runner ended at ${JSON.stringify(order).slice(0, 200)}\n${said}`);
      const { fault, ...rest }: RunnerReply = JSON.parse(reply.value);
      if (fault !== undefined) throw new Error(`${String(order["op"])}: ${fault}\n${said}`);
      return rest;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      const [code] = await Promise.race([ended, failed]);
      clearTimeout(timer);
      if (code !== 0) throw new Error(`the runner ended with exit code ${code}\n${said}`);
    },
  };
}

async function timeOut(order: Readonly<Record<string, unknown>>): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(`no reply to ${String(order["op"])}`)), replyTimeoutMs).unref();
  });
}
