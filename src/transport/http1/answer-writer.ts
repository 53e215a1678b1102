/** Answers as text, with what HTTP/1.1 says of every one of them: when it was given and what becomes of the connection. */

import { STATUS_CODES } from "../http-module.ts";
import type { Http1Answer } from "./http1-route.ts";

export class AnswerWriter {
  readonly #nowMs: () => number;
  readonly #keepAlive: string;
  /** The second that `#date` is good for. */
  #second = Number.NaN;
  #date = "";

  /** @param keepAliveTimeoutMs time an idle connection is kept, of which its client is told */
  constructor(keepAliveTimeoutMs: number, nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#keepAlive = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveTimeoutMs / 1_000)}\r\n\r\n`;
  }

  /** @param isLast the connection ends with this answer */
  write({ status, fields, body }: Http1Answer, isLast: boolean): string {
    let text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
    for (let at = 0; at + 1 < fields.length; at += 2) text += `${fields[at]}: ${fields[at + 1]}\r\n`;
    return `${text}Date: ${this.#dateText()}\r\n${isLast ? closing : this.#keepAlive}${body}`;
  }

  #dateText(): string {
    const nowMs = this.#nowMs();
    const second = Math.floor(nowMs / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#date = new Date(nowMs).toUTCString();
    }
    return this.#date;
  }
}

const closing = "Connection: close\r\n\r\n";
