/**
 * Whether what is on the page is true now. A page that goes quiet looks like a service that does nothing, which is worse
 * than one that is known to be down: everything but "live" says so, and says since when.
 */

import { formatClock, formatDuration } from "./figure-text.ts";

export type Connection =
  | { readonly kind: "connecting"; readonly sinceMs: number }
  | { readonly kind: "live"; readonly lastMs: number }
  | {
      readonly kind: "lost";
      readonly sinceMs: number;
      readonly lastMs: number | undefined;
      readonly reason: string;
    }
  /** Nobody looks; what was read before is old until the next answer. */
  | { readonly kind: "paused"; readonly lastMs: number | undefined };

export interface ConnectionText {
  readonly level: "live" | "wait" | "lost";
  /** One word. */
  readonly badge: string;
  /** The whole story; empty while live. */
  readonly notice: string;
}

/** Without an answer for so long, a connection that reported no failure is lost all the same. */
export const silenceMaxMs = 6_000;

export function describeConnection(connection: Connection, nowMs: number): ConnectionText {
  switch (connection.kind) {
    case "connecting":
      return { level: "wait", badge: "Connecting", notice: "Waiting for the first answer of the service." };
    case "paused":
      return { level: "wait", badge: "Paused", notice: `Not updated while hidden. ${describeAge(connection.lastMs)}` };
    case "lost":
      return { level: "lost", badge: "Lost", notice: describeLoss(connection, nowMs) };
    case "live": {
      const { lastMs } = connection;
      if (nowMs - lastMs <= silenceMaxMs) return { level: "live", badge: "Live", notice: "" };
      return {
        level: "lost",
        badge: "Lost",
        notice: describeLoss({ sinceMs: lastMs, lastMs, reason: "no answer" }, nowMs),
      };
    }
    default:
      return connection satisfies never;
  }
}

/** A failure after a failure is the same loss. */
export function loseConnection(connection: Connection, reason: string, nowMs: number): Connection {
  if (connection.kind === "lost") return { ...connection, reason };
  const lastMs = connection.kind === "connecting" ? undefined : connection.lastMs;
  return { kind: "lost", sinceMs: nowMs, lastMs, reason };
}

/** Stops claiming anything about a service that is not asked. */
export function pauseConnection(connection: Connection): Connection {
  return { kind: "paused", lastMs: connection.kind === "connecting" ? undefined : connection.lastMs };
}

function describeLoss(
  { sinceMs, lastMs, reason }: { sinceMs: number; lastMs: number | undefined; reason: string },
  nowMs: number,
): string {
  const since = `No answer since ${formatClock(sinceMs)} UTC (${formatDuration((nowMs - sinceMs) / 1000)}): ${reason}.`;
  return `${since} ${describeAge(lastMs)}`;
}

function describeAge(lastMs: number | undefined): string {
  return lastMs === undefined ? "Nothing has been read yet." : `Everything below is as of ${formatClock(lastMs)} UTC.`;
}
