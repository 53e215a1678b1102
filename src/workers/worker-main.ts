/** A worker's process: started by the primary, told by it what to do, and over when it is gone. */
import { Socket } from "node:net";
import { keepBufferPoolYoung } from "../buffer-pool.ts";
import { MlError } from "../domain/errors.ts";
import { isToWorker, type ToPrimary, type ToWorker } from "./messages.ts";
import { Worker } from "./worker.ts";

/** Longest time to write what is acknowledged when the primary is gone. */
const abandonTimeoutMs = 5_000;

keepBufferPoolYoung();

let worker: Worker | undefined;
/** What came while the worker was starting. */
const early: [Exclude<ToWorker, { kind: "start" }>, Socket | undefined][] = [];

process.on("message", (message: unknown, handle: unknown) => {
  if (!isToWorker(message)) throw new Error("the primary said something unexpected");
  const socket = handle instanceof Socket ? handle : undefined;
  if (message.kind === "start") void begin(message);
  else if (worker === undefined) early.push([message, socket]);
  else worker.receive(message, socket);
});

process.once("disconnect", () => {
  // The log went through the primary.
  process.stderr.write(`worker ${process.pid}: the primary process is gone; nothing is answered any more\n`);
  setTimeout(() => process.exit(1), abandonTimeoutMs).unref();
  const exit = (): void => process.exit(1);
  void (worker?.abandon() ?? Promise.resolve()).then(exit, exit);
});

// A terminal signals the whole group; the primary drains its workers.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

async function begin({ start }: Extract<ToWorker, { kind: "start" }>): Promise<void> {
  try {
    worker = await Worker.start(start, send);
    for (const [message, socket] of early.splice(0)) worker.receive(message, socket);
  } catch (error) {
    const reason = error instanceof MlError ? error.reason : "INTERNAL";
    const message = error instanceof MlError ? error.message : String(error instanceof Error ? error.stack : error);
    send({ kind: "failed", reason, message }, () => process.exit(1));
  }
}

function send(message: ToPrimary, onSent?: () => void): void {
  // A primary that is gone is told of by `disconnect`.
  if (process.connected) process.send?.(message, undefined, undefined, () => onSent?.());
}
