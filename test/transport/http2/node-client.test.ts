/** Node's own client of HTTP/2 doing many things at once: whatever is not cancelled arrives as it was sent. */

import { once } from "node:events";
import { type ClientHttp2Session, connect, constants, type SecureClientSessionOptions } from "node:http2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSelfSigned } from "../self-signed.ts";
import { until } from "../stub-service.ts";
import { type BodyServer, bytesOf, hashOf, startBodyServer } from "./body-service.ts";
import { createRandom, type Random } from "./seeded-random.ts";

const pattern = bytesOf(1_000_000);

interface Deeds {
  compared: number;
  cancelled: number;
}

/** Sends a body, in pieces, and returns what comes back; undefined when the call was cancelled on the way. */
async function ask(
  session: ClientHttp2Session,
  path: string,
  body: Buffer | undefined,
  random: Random,
  cancel: boolean,
) {
  const stream = session.request({ ":path": path, ":method": body === undefined ? "GET" : "POST" });
  const pieces: Buffer[] = [];
  const closed = once(stream, "close");
  // A call that is cancelled ends with an error or without one, as it happens.
  stream.on("error", () => undefined);
  stream.on("data", (piece: Buffer) => {
    pieces.push(piece);
    if (random(20) === 0) {
      stream.pause();
      setImmediate(() => stream.resume());
    }
  });
  for (let at = 0; body !== undefined && at < body.length; ) {
    const end = at + 1 + random(60_000);
    // Node's client gives up streams of which too much waits in its own memory.
    if (!stream.write(body.subarray(at, end)) && !cancel) await once(stream, "drain");
    at = end;
  }
  stream.end();
  if (cancel) {
    for (let turns = random(10); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
    stream.close(constants.NGHTTP2_CANCEL);
  }
  await closed;
  return cancel ? undefined : hashOf(Buffer.concat(pieces));
}

async function doSomething(session: ClientHttp2Session, random: Random, deeds: Deeds): Promise<void> {
  const cancel = random(5) === 0;
  const compare = async (path: string, body: Buffer | undefined, expected: () => string) => {
    const hash = await ask(session, path, body, random, cancel);
    if (hash === undefined) deeds.cancelled++;
    else {
      expect(hash).toBe(expected());
      deeds.compared++;
    }
  };
  const size = random(2) === 0 ? random(2_000) : random(600_000);
  const start = random(pattern.length - size);
  const body = pattern.subarray(start, start + size);
  const choices = [
    () => compare(`/bytes/${size}`, undefined, () => hashOf(bytesOf(size))),
    () => compare("/echo", body, () => hashOf(body)),
    () => compare("/hash", body, () => hashOf(Buffer.from(hashOf(body)))),
    () => new Promise<void>((resolve) => session.ping(() => resolve())),
    () => new Promise<void>((resolve) => session.settings({ initialWindowSize: random(200_000) + 1 }, () => resolve())),
  ];
  await choices[random(choices.length)]?.();
}

async function doMany(session: ClientHttp2Session, random: Random, count: number): Promise<Deeds> {
  const deeds = { compared: 0, cancelled: 0 };
  const doNext = async () => {
    while (count-- > 0) await doSomething(session, random, deeds);
  };
  await Promise.all(Array.from({ length: 12 }, doNext));
  return deeds;
}

describe.each<
  [what: string, tls: ReturnType<typeof createSelfSigned> | undefined, options: SecureClientSessionOptions]
>([
  ["in plaintext", undefined, {}],
  ["over TLS", createSelfSigned(), { rejectUnauthorized: false }],
])("%s", (_what, tls, options) => {
  let server: BodyServer;
  let authority: string;
  beforeAll(async () => {
    server = await startBodyServer(tls === undefined ? {} : { listener: { tls } });
    authority = `${tls === undefined ? "http" : "https"}://127.0.0.1:${server.port}`;
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it.each([1, 2, 3])("uploads, downloads, cancellations, pings and settings mix: seed %i", async (seed) => {
    const random = createRandom(seed * 0x9113);
    const sessions = [connect(authority, options), connect(authority, options)];
    const deeds = await Promise.all(sessions.map((session) => doMany(session, random, 120)));
    for (const { compared, cancelled } of deeds) {
      expect(compared).toBeGreaterThan(30);
      expect(cancelled).toBeGreaterThan(3);
    }
    for (const session of sessions) session.close();
    await until(() => server.listener.stats().connections === 0);
    expect(server.listener.stats().requests).toBe(0);
    expect(server.faults).toEqual([]);
  });

  it("headers of an answer that need several frames arrive", async () => {
    const session = connect(authority, options);
    const stream = session.request({ ":path": "/headers/60" });
    const [headers] = await once(stream, "response");
    expect(Object.keys(headers).filter((name) => name.startsWith("x-"))).toHaveLength(60);
    expect(headers).toMatchObject({ "x-0": "0".repeat(500), "x-59": "59".repeat(500) });
    stream.resume();
    await once(stream, "close");
    session.close();
  });

  it("ten megabytes go both ways at the same time", async () => {
    const session = connect(authority, options);
    const random = createRandom(10);
    const body = bytesOf(10_000_000);
    const [echoed, hashed, bytes] = await Promise.all([
      ask(session, "/echo", body, random, false),
      ask(session, "/hash", body, random, false),
      ask(session, "/bytes/10000000", undefined, random, false),
    ]);
    expect([echoed, bytes, hashed]).toEqual([hashOf(body), hashOf(body), hashOf(Buffer.from(hashOf(body)))]);
    if (tls !== undefined) expect(session.alpnProtocol).toBe("h2");
    session.close();
  });
});
