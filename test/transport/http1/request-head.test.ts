import { describe, expect, it } from "vitest";
import type { Http1Route } from "../../../src/transport/http1/http1-route.ts";
import { RequestFinder, rememberedBytesMax } from "../../../src/transport/http1/request-finder.ts";
import { readRequestHead } from "../../../src/transport/http1/request-head.ts";
import { ReadSweep } from "../../../src/transport/read-sweep.ts";

const headOf = (lines: readonly string[]) => Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
const usual = ["POST /a HTTP/1.1", "Host: b", "Content-Length: 7"];
const many = (count: number) => [...usual, ...Array.from({ length: count - 2 }, (_, index) => `X-${index}: y`)];

describe("the head of a request", () => {
  it("says where it goes, what it has and how long it and its body are, wherever it stands", () => {
    const head = headOf([...usual, "X-Request-ID: c d", "traceparent:e"]);
    const bytes = Buffer.concat([Buffer.from("before"), head, Buffer.from("behind")]);
    const found = readRequestHead(bytes, 6, 1_000);
    expect(found).toEqual({ path: "/a", headers: expect.any(Map), contentLength: 7, bytes: head.length });
    expect([...(found?.headers ?? [])]).toEqual([
      ["host", "b"],
      ["content-length", "7"],
      ["x-request-id", "c d"],
      ["traceparent", "e"],
    ]);
  });

  it("may be as large as is allowed, and no byte larger", () => {
    const head = headOf(usual);
    expect(readRequestHead(head, 0, head.length)?.bytes).toBe(head.length);
    expect(readRequestHead(head, 0, head.length - 1)).toBeUndefined();
    expect(readRequestHead(head.subarray(0, -1), 0, 1_000)).toBeUndefined();
  });

  it("may have 64 headers, and not one more", () => {
    expect(readRequestHead(headOf(many(64)), 0, 10_000)?.headers.size).toBe(64);
    expect(readRequestHead(headOf(many(65)), 0, 10_000)).toBeUndefined();
  });

  it.each([
    ["1", 1],
    ["9999999999", 9_999_999_999],
    ["10000000000", undefined],
    ["0", undefined],
    ["07", undefined],
    ["7 ", undefined],
    ["7.0", undefined],
    ["1e3", undefined],
    ["", undefined],
  ])("has a length in plain digits: %j is %s", (text, length) => {
    const head = headOf(["POST /a HTTP/1.1", "Host: b", `Content-Length: ${text}`]);
    expect(readRequestHead(head, 0, 1_000)?.contentLength).toBe(length);
  });

  it("is looked at in no more than linear time", () => {
    const blanks = headOf([...usual, `X: y${" \t".repeat(500_000)}`]);
    expect(readRequestHead(blanks, 0, 2_000_000)).toBeUndefined();
    const dots = headOf([...usual, `X: ${"y ".repeat(500_000)}y`]);
    expect(readRequestHead(dots, 0, 2_000_000)?.bytes).toBe(dots.length);
  });
});

describe("a request on a connection", () => {
  class Route implements Http1Route {
    readonly sweep = new ReadSweep(1);
    looks = 0;
    accepts(): boolean {
      this.looks++;
      return true;
    }
    open(): never {
      throw new Error("not asked for here");
    }
    refusal(): undefined {}
    answer(): never {
      throw new Error("not asked for here");
    }
    fail(): never {
      throw new Error("not asked for here");
    }
  }
  const start = () => {
    const route = new Route();
    return { route, finder: new RequestFinder(new Map([["/a", route]]), 10_000) };
  };
  /** A head of so many bytes. */
  const sized = (bytes: number) => headOf([...usual, `X: ${"x".repeat(bytes - headOf([...usual, "X: "]).length)}`]);

  it("whose head is that of the last one is known without being read", () => {
    const { route, finder } = start();
    const [one, other] = [headOf([...usual, "X-Request-Id: 1"]), headOf([...usual, "X-Request-Id: 2"])];
    for (const bytes of [one, Buffer.concat([one, other]), one]) finder.find(bytes, 0);
    expect(route.looks).toBe(1);
    expect(finder.find(Buffer.concat([one, other]), one.length)?.head.headers.get("x-request-id")).toBe("2");
    expect(finder.find(one, 0)?.head.headers.get("x-request-id")).toBe("1");
    expect(route.looks).toBe(3);
  });

  it("is read anew where its head only begins as the last one", () => {
    const { finder } = start();
    const one = headOf(usual);
    expect(finder.find(one, 0)?.head.contentLength).toBe(7);
    const longer = Buffer.from(one.toString("latin1").replace("7\r\n\r\n", "77\r\n\r\n"));
    expect(finder.find(longer, 0)?.head.contentLength).toBe(77);
    const more = headOf([...usual, "Transfer-Encoding: chunked"]);
    expect(finder.find(more, 0)).toBeUndefined();
    expect(finder.find(one.subarray(0, -1), 0)).toBeUndefined();
  });

  it.each([
    [rememberedBytesMax, 1],
    [rememberedBytesMax + 1, 2],
  ])("has a head that is remembered up to a kilobyte: of %i bytes it is read %i times", (bytes, looks) => {
    const { route, finder } = start();
    const head = sized(bytes);
    expect(head.length).toBe(bytes);
    expect(finder.find(head, 0)?.head.bytes).toBe(bytes);
    expect(finder.find(head, 0)?.head.bytes).toBe(bytes);
    expect(route.looks).toBe(looks);
  });
});
