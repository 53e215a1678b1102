import { describe, expect, it } from "vitest";
import { AnswerWriter } from "../../../src/transport/http1/answer-writer.ts";

const answer = { status: 200, fields: ["content-length", "2", "x", "y"], body: "ok", encoding: "latin1" } as const;

describe("an answer as text", () => {
  it("has its own headers, then the date and what becomes of the connection, then its body", () => {
    const writer = new AnswerWriter(65_000, () => Date.UTC(2026, 0, 2, 3, 4, 5, 999));
    const start = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx: y\r\nDate: Fri, 02 Jan 2026 03:04:05 GMT\r\n";
    expect(writer.write(answer, false)).toBe(`${start}Connection: keep-alive\r\nKeep-Alive: timeout=65\r\n\r\nok`);
    expect(writer.write(answer, true)).toBe(`${start}Connection: close\r\n\r\nok`);
  });

  it("says the second in which it was given, also after a clock that was set back", () => {
    let nowMs = Date.UTC(2026, 0, 2, 3, 4, 5, 0);
    const writer = new AnswerWriter(65_000, () => nowMs);
    const dateAfter = (ms: number) => {
      nowMs += ms;
      return /Date: (.*)\r/.exec(writer.write(answer, false))?.[1];
    };
    expect(dateAfter(0)).toBe("Fri, 02 Jan 2026 03:04:05 GMT");
    expect(dateAfter(999)).toBe("Fri, 02 Jan 2026 03:04:05 GMT");
    expect(dateAfter(1)).toBe("Fri, 02 Jan 2026 03:04:06 GMT");
    expect(dateAfter(60_000)).toBe("Fri, 02 Jan 2026 03:05:06 GMT");
    expect(dateAfter(-60_000)).toBe("Fri, 02 Jan 2026 03:04:06 GMT");
  });
});
