import { EventEmitter } from "node:events";
import {
  appendFileSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UnavailableError } from "../../../src/domain/errors.ts";
import { openFileContent } from "../../../src/transport/rest/file-content.ts";
import { createTextContent } from "../../../src/transport/rest/static-document.ts";

const text = "a page for people\n".repeat(5_000);
/** Long ago, so that every later write has another time however soon it comes. */
const writtenAt = new Date("2020-01-02T03:04:05Z");

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "file-content-test-"));
  path = join(directory, "page.js");
  writeFileSync(path, text);
  utimesSync(path, writtenAt, writtenAt);
});

afterEach(() => rmSync(directory, { recursive: true }));

/** The content for a response that is done at once. */
async function readOnce(content: ReturnType<typeof openFileContent>): Promise<string> {
  const response = new EventEmitter();
  try {
    return Buffer.from(await content.lend(response)).toString();
  } finally {
    response.emit("close");
  }
}

describe("a document's file", () => {
  it("is lent with the length and the tag of its bytes", async () => {
    const content = openFileContent(path);
    expect(content).toMatchObject({ bytes: text.length, etag: createTextContent(text).etag });
    expect(await readOnce(content)).toBe(text);
    expect(await readOnce(content)).toBe(text);
  });

  it("may be empty", async () => {
    truncateSync(path);
    expect(await readOnce(openFileContent(path))).toBe("");
  });

  it.each([
    ["missing", "none.js", /^ENOENT: no such file or directory, open '.*none\.js'$/],
    ["a folder", ".", /^EISDIR/],
  ])("is missed at once when it is %s", (_, name, message) => {
    expect(() => openFileContent(join(directory, name))).toThrow(message);
  });

  it("is read once for all responses that are open, and again for the next", async () => {
    const content = openFileContent(path);
    const [first, second, third, last] = [0, 1, 2, 3].map(() => new EventEmitter());
    if (!first || !second || !third || !last) throw new Error("unreachable");
    const [one, two] = await Promise.all([content.lend(first), content.lend(second)]);
    expect(two).toBe(one);
    first.emit("close");
    expect(await content.lend(third)).toBe(one);
    second.emit("close");
    third.emit("close");
    expect(await content.lend(last)).not.toBe(one);
  });

  it("is let go of when its only response has closed before it was read", async () => {
    const content = openFileContent(path);
    const response = new EventEmitter();
    const lent = content.lend(response);
    response.emit("close");
    const next = content.lend(new EventEmitter());
    expect(await next).not.toBe(await lent);
  });
});

describe("a file that is not what it was at the start", () => {
  const other = text.replaceAll("people", "nobody");

  it.each<[how: string, change: () => void]>([
    ["written anew, as long as before", () => writeFileSync(path, other)],
    [
      "written anew with its times put back",
      () => {
        writeFileSync(path, other);
        utimesSync(path, writtenAt, writtenAt);
      },
    ],
    ["longer", () => appendFileSync(path, "x")],
    ["shorter", () => truncateSync(path, text.length - 1)],
    ["empty", () => truncateSync(path)],
    [
      "another",
      () => {
        writeFileSync(`${path}.new`, other);
        renameSync(`${path}.new`, path);
      },
    ],
    ["gone", () => rmSync(path)],
    [
      "a folder",
      () => {
        rmSync(path);
        mkdirSync(path);
      },
    ],
  ])("is not lent when it is %s", async (_, change) => {
    const content = openFileContent(path);
    expect(await readOnce(content)).toBe(text);
    change();
    for (const _attempt of [1, 2]) {
      const error: unknown = await readOnce(content).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(UnavailableError);
      expect(error).toMatchObject({ reason: "DOCUMENT_UNAVAILABLE", cause: expect.any(Error) });
      expect(String(error)).not.toContain(directory);
    }
  });

  it.each<[how: string, change: () => void]>([
    ["touched", () => utimesSync(path, new Date(), new Date())],
    ["linked to", () => linkSync(path, `${path}.link`)],
    [
      "installed again",
      () => {
        const { ino } = statSync(path);
        copyFileSync(path, `${path}.new`);
        renameSync(`${path}.new`, path);
        expect(statSync(path).ino).not.toBe(ino);
      },
    ],
  ])("is lent when it has only been %s", async (_, change) => {
    const content = openFileContent(path);
    change();
    expect(await readOnce(content)).toBe(text);
  });

  it("is lent again when it is back, even to others than those who missed it", async () => {
    const content = openFileContent(path);
    renameSync(path, `${path}.away`);
    const stillOpen = new EventEmitter();
    await expect(content.lend(stillOpen)).rejects.toThrow(UnavailableError);
    renameSync(`${path}.away`, path);
    expect(await readOnce(content)).toBe(text);
    stillOpen.emit("close");
  });
});
