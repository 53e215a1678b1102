import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { readLines } from "../../src/workers/log-lines.ts";

const text = "a\nb €\n\nlonger than the others\n";

it.each([1, 2, 3, 5, 8, 100])("hands on whole lines of a stream that comes in pieces of %i bytes", async (length) => {
  const stream = new PassThrough();
  const pieces: string[] = [];
  readLines(stream, (lines) => void pieces.push(Buffer.from(lines).toString()));
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += length) stream.write(bytes.subarray(at, at + length));
  stream.end();
  await new Promise((resolve) => stream.once("close", resolve));
  expect(pieces.join("")).toBe(text);
  for (const piece of pieces) expect(piece.endsWith("\n")).toBe(true);
});

it("ends a line that its writer could not", async () => {
  const stream = new PassThrough();
  const pieces: string[] = [];
  readLines(stream, (lines) => void pieces.push(Buffer.from(lines).toString()));
  stream.end("whole\nha");
  await new Promise((resolve) => stream.once("close", resolve));
  expect(pieces).toEqual(["whole\n", "ha\n"]);
});
