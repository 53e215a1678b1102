/**
 * The same bytes to a listener with the lane and to one where `node:http` reads everything: the same answers, the same reports,
 * the same end. Whatever the lane takes, it has to have read as that parser does.
 */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MemorySocket } from "../http2/memory-socket.ts";
import { createRandom, type Random } from "../http2/seeded-random.ts";
import { readAnswers, toComparable } from "./answers.ts";
import { connectRequest, type LaneServer, predictPath, restRequest, startLaneServer } from "./lane-service.ts";

const listener = { limits: { readMaxBytes: 1_000, headerBytesMax: 2_000 } };
let lane: LaneServer;
let plain: LaneServer;
beforeAll(async () => {
  lane = await startLaneServer({ listener });
  plain = await startLaneServer({ listener, hasLane: false });
});
afterAll(async () => {
  expect([...lane.faults, ...plain.faults]).toEqual([]);
  await lane[Symbol.asyncDispose]();
  await plain[Symbol.asyncDispose]();
});

/** Lets everything happen that is due; it has never taken more than one turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** What becomes of a connection on which these pieces come, one after the other. */
async function talk(server: LaneServer, pieces: readonly Buffer[]) {
  server.reports.length = 0;
  server.handler.reads.length = 0;
  const socket = new MemorySocket();
  server.listener.adopt(socket);
  for (const piece of pieces) {
    if (!socket.hasEnded) socket.push(piece);
    await settle();
  }
  const { hasEnded } = socket;
  const bodyBytes = [...server.handler.reads];
  socket.destroy();
  await settle();
  return {
    bodyBytes,
    outcome: {
      answers: readAnswers(socket.sent()).map(toComparable),
      // Of requests that came together and end in the same turn `node:http` may report the second first.
      reports: server.reports
        .map(({ protocol, code, requestBytes }) => `${protocol} ${code} ${requestBytes}`)
        .toSorted(),
      hasEnded,
    },
  };
}

/**
 * Talks to both; returns how many requests the lane has taken. Requests that come together are one after the other to the lane, while
 * `node:http` reads them all before the first is answered: there each has to come by itself to mean the same.
 */
async function compare(pieces: readonly Buffer[]): Promise<number> {
  const mine = await talk(lane, pieces);
  const theirs = await talk(plain, splitAfter(pieces, mine.bodyBytes));
  const sent = pieces.map((piece) => piece.toString("latin1"));
  expect({ sent, ...mine.outcome }).toEqual({ sent, ...theirs.outcome });
  expect(theirs.bodyBytes).toEqual([]);
  return mine.bodyBytes.length;
}

/** The pieces, cut where the requests with these bodies end that are the first of all. */
function splitAfter(pieces: readonly Buffer[], bodyBytes: readonly number[]): Buffer[] {
  const all = Buffer.concat(pieces);
  const ends: number[] = [];
  for (const length of bodyBytes) ends.push(all.indexOf("\r\n\r\n", ends.at(-1)) + 4 + length);
  let end = 0;
  for (const piece of pieces) {
    end += piece.length;
    ends.push(end);
  }
  const sorted = [...new Set(ends)].toSorted((a, b) => a - b);
  return sorted.map((each, index) => all.subarray(sorted[index - 1] ?? 0, each));
}

const line = (text: string) => ({ headers: `${text}\r\n` });
const raw = (text: string) => Buffer.from(text, "latin1");
/** A request whose head is written out. */
const head = (lines: readonly string[], body = "\x0a\x01X") => raw(`${lines.join("\r\n")}\r\n\r\n${body}`);
const usual = [`POST ${predictPath} HTTP/1.1`, "Host: a", "Content-Type: application/proto", "Content-Length: 3"];
const without = (name: string) => usual.filter((each) => !each.startsWith(name));
const replace = (name: string, by: string) => usual.map((each) => (each.startsWith(name) ? by : each));

/** How many of each the lane takes; what follows on the connection is then read by whoever has it. */
const requests: readonly [taken: 0 | 1, what: string, bytes: Buffer][] = [
  [1, "a call of Connect", connectRequest("EURUSD")],
  [1, "a call over REST", restRequest("EURUSD")],
  [1, "text beyond ASCII over REST", restRequest("€")],
  [1, "a call that is refused", connectRequest("")],
  [1, "the same over REST", restRequest("")],
  [1, "a call that fails", connectRequest("fail")],
  [1, "the same over REST", restRequest("fail")],
  [1, "bytes that are no message", head(replace("Content-Length", "Content-Length: 4"), "\xff\xff\xff\xff")],
  [1, "a body that is no JSON", restRequest("\u0001")],
  [
    1,
    "an id and a trace",
    connectRequest("X", line(`X-Request-Id: mine\r\ntraceparent: 00-${"a".repeat(32)}-${"b".repeat(16)}-01`)),
  ],
  [1, "an id that is none", connectRequest("X", line(`X-Request-Id: ${"x".repeat(129)}`))],
  [1, "time enough", restRequest("X", line("Connect-Timeout-Ms: 5000"))],
  [1, "no time", connectRequest("X", line("Connect-Timeout-Ms: 0"))],
  [1, "an encoding that is none", restRequest("X", line("Content-Encoding: identity"))],
  [1, "a connection that stays", connectRequest("X", line("Connection: Keep-Alive"))],
  [
    1,
    "names in any case, and no blank before a value",
    head([usual[0] ?? "", "hOST:a", "content-TYPE:application/proto", "CONTENT-length:3"]),
  ],
  [1, "a value with blanks and tabs in it", connectRequest("X", line("User-Agent: a \t b"))],
  [
    1,
    "no content type over REST",
    raw('POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 14\r\n\r\n{"symbol":"X"}'),
  ],
  [0, "a connection that goes", connectRequest("X", line("Connection: close"))],
  [0, "an upgrade", connectRequest("X", line("Connection: upgrade\r\nUpgrade: h2c"))],
  [0, "an upgrade of which the connection says nothing", connectRequest("X", line("Upgrade: websocket"))],
  [0, "what is expected", connectRequest("X", line("Expect: 100-continue"))],
  [0, "what nobody can expect", connectRequest("X", line("Expect: more"))],
  [0, "an empty value", connectRequest("X", line("X-Empty:"))],
  [0, "a blank before the colon", connectRequest("X", line("X-Blank : y"))],
  [0, "blanks around a value", connectRequest("X", line("X-Blank:   y  "))],
  [0, "a folded line", connectRequest("X", line("X-Folded: a\r\n b"))],
  [0, "a line feed alone", raw(connectRequest("X").toString("latin1").replace("localhost\r\n", "localhost\n"))],
  [0, "a carriage return alone", raw(connectRequest("X").toString("latin1").replace("localhost\r\n", "localhost\r"))],
  [0, "a zero byte", connectRequest("X", line("X-Zero: a\0b"))],
  [0, "a byte beyond ASCII", head([...usual, "X-Latin: \xe4"])],
  [0, "a header twice", connectRequest("X", line("Accept: a\r\nAccept: b"))],
  [0, "two hosts", head([...usual, "Host: a"])],
  [0, "two lengths that agree", head([...usual, "Content-Length: 3"])],
  [0, "two lengths that do not", head([...usual, "Content-Length: 4"])],
  [0, "two lengths in one line", head(replace("Content-Length", "Content-Length: 3, 3"))],
  [0, "a length with a sign", head(replace("Content-Length", "Content-Length: +3"))],
  [0, "a length with a zero before it", head(replace("Content-Length", "Content-Length: 03"))],
  [0, "a length in hexadecimal", head(replace("Content-Length", "Content-Length: 0x3"))],
  [0, "a length below zero", head(replace("Content-Length", "Content-Length: -3"))],
  [0, "a length beyond all numbers", head(replace("Content-Length", "Content-Length: 99999999999999999999"))],
  [0, "no length", head(without("Content-Length"), "")],
  [0, "a length of zero", head(replace("Content-Length", "Content-Length: 0"), "")],
  [0, "a length and chunks", head([...usual, "Transfer-Encoding: chunked"], "3\r\n\x0a\x01X\r\n0\r\n\r\n")],
  [0, "chunks", head([...without("Content-Length"), "Transfer-Encoding: chunked"], "3\r\n\x0a\x01X\r\n0\r\n\r\n")],
  [
    0,
    "chunks and a trailer",
    head(
      [...without("Content-Length"), "Transfer-Encoding: chunked", "Trailer: a"],
      "3\r\n\x0a\x01X\r\n0\r\na: b\r\n\r\n",
    ),
  ],
  [0, "an encoding by another name", head([...usual, "Transfer-Encoding: identity"])],
  [0, "no host", head(without("Host"))],
  [0, "a host that is none", head(replace("Host", "Host: ["))],
  [0, "HTTP/1.0", head(replace("POST", `POST ${predictPath} HTTP/1.0`))],
  [0, "HTTP/1.2", head(replace("POST", `POST ${predictPath} HTTP/1.2`))],
  [0, "two blanks in the request line", head(replace("POST", `POST  ${predictPath} HTTP/1.1`))],
  [0, "a blank at its end", head(replace("POST", `POST ${predictPath} HTTP/1.1 `))],
  [0, "a method in lower case", head(replace("POST", `post ${predictPath} HTTP/1.1`))],
  [0, "another method", head(replace("POST", `PUT ${predictPath} HTTP/1.1`))],
  [0, "a path with its host", head(replace("POST", `POST http://a${predictPath} HTTP/1.1`))],
  [0, "a query", connectRequest("X", { path: `${predictPath}?a` })],
  [0, "a path with an escape", restRequest("X", { path: "/predic%74" })],
  [0, "another path", restRequest("X", { path: "/nowhere" })],
  [0, "an empty line before the request", Buffer.concat([raw("\r\n"), connectRequest("X")])],
  [0, "a GET", raw("GET /predict HTTP/1.1\r\nHost: a\r\n\r\n")],
  [0, "JSON for an RPC", restRequest("X", { path: predictPath })],
  [0, "another version of Connect", connectRequest("X", line("Connect-Protocol-Version: 2"))],
  [0, "a time that is none", restRequest("X", line("Connect-Timeout-Ms: soon"))],
  [0, "a packed body", restRequest("X", line("Content-Encoding: br"))],
  [
    0,
    "another content type",
    raw('POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nContent-Length: 14\r\n\r\n{"symbol":"X"}'),
  ],
  [0, "too large a body", restRequest("x".repeat(1_000))],
  [0, "too large a head", connectRequest("X", line(`X-Large: ${"x".repeat(2_000)}`))],
  [0, "no HTTP at all", raw("hello\r\n\r\n")],
];

describe("a connection has the same answers, reports and end with the lane as without it", () => {
  const [next, last] = [connectRequest("NEXT"), restRequest("LAST")];

  it.each(requests)("(%i taken) %s", async (taken, _what, bytes) => {
    expect(await compare([bytes])).toBe(taken);
    expect(await compare([bytes, next, last])).toBe(3 * taken);
    expect(await compare([Buffer.concat([bytes, next, last])])).toBe(3 * taken);
    expect(await compare([Buffer.concat([last, bytes])])).toBe(1 + taken);
  });

  it.each(requests.filter(([taken]) => taken === 1))("(%i taken) %s, cut anywhere", async (_taken, _what, bytes) => {
    const all = Buffer.concat([bytes, next]);
    for (let at = 1; at < bytes.length + 20; at++) await compare([all.subarray(0, at), all.subarray(at)]);
  });

  it.each(requests.filter(([taken]) => taken === 0))("(%i taken) %s, cut anywhere", async (_taken, _what, bytes) => {
    const all = Buffer.concat([last, bytes.subarray(0, 300)]);
    for (let at = last.length - 3; at < all.length; at++) await compare([all.subarray(0, at), all.subarray(at)]);
  });
});

const fuzzed = 8_000;
const oddBytes = [0, 9, 10, 13, 32, 34, 43, 44, 48, 49, 51, 58, 80, 127, 128, 255];
const oddLines = [
  "Transfer-Encoding: chunked",
  "Transfer-Encoding : chunked",
  "Content-Length: 3",
  "Content-Length:3",
  "content-length: 0",
  "Connection: close",
  "Connection: content-length",
  "Proxy-Connection: close",
  "Upgrade: h2c",
  "TE: trailers",
  "Keep-Alive: timeout=1",
  "X: y\r\n z",
  "X:",
  ": x",
  "X-Request-Id: a b",
  "",
];

/** Bends a request; most stay as they are. */
function bend(bytes: Buffer, random: Random): Buffer {
  if (random(4) === 0) return bytes;
  const at = random(bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
  const text = bytes.toString("latin1");
  const bends = [
    () => Buffer.concat([before, Buffer.of(oddBytes[random(oddBytes.length)] ?? 0), after]),
    () => Buffer.concat([before, Buffer.of(oddBytes[random(oddBytes.length)] ?? 0), bytes.subarray(at)]),
    () => Buffer.concat([before, after]),
    () => Buffer.concat([before, bytes.subarray(Math.max(0, at - random(30)))]),
    () => raw(text.replace("\r\nHost", `\r\n${oddLines[random(oddLines.length)]}\r\nHost`)),
    () =>
      raw(text.replace(/Content-Length: (\d+)/, (_, length) => `Content-Length: ${Number(length) + random(5) - 2}`)),
    () => raw(text.replace(/: /, ":".padEnd(random(4)))),
  ];
  return bends[random(bends.length)]?.() ?? bytes;
}

/** In pieces of any size. */
function shred(bytes: Buffer, random: Random): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = random(3) === 0 ? at + 1 + random(60) : bytes.length;
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

describe(`${fuzzed} connections of requests that are bent somewhere and cut anywhere`, () => {
  it("go as they do without the lane", { timeout: 60_000 }, async () => {
    const random = createRandom(0x1_1e);
    // `node:http` writes "100 Continue" into the middle of the answer before it; and what takes too long is a matter of luck.
    const isFair = (bytes: Buffer) => bytes.length < 500 && !bytes.includes("Expect") && !bytes.includes("Timeout");
    const seeds = requests.map(([, , bytes]) => bytes).filter(isFair);
    let taken = 0;
    let untouched = 0;
    for (let nth = 0; nth < fuzzed; nth++) {
      const several = Array.from({ length: 1 + random(3) }, () => bend(seeds[random(seeds.length)] ?? raw(""), random));
      const bytes = Buffer.concat(several);
      const count = await compare(shred(bytes, random));
      taken += count;
      if (count === 0) untouched++;
    }
    // Both happen often enough to mean something.
    expect(taken).toBeGreaterThan(fuzzed / 10);
    expect(untouched).toBeGreaterThan(fuzzed / 10);
  });
});
