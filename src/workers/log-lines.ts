const lineEnd = 0x0a;

/** Cuts a stream into pieces that end with a line. */
export function readLines(stream: NodeJS.ReadableStream, onLines: (lines: Uint8Array) => void): void {
  let rest: Uint8Array[] = [];
  stream.on("data", (chunk: Buffer) => {
    const end = chunk.lastIndexOf(lineEnd) + 1;
    if (end === 0) {
      rest.push(chunk);
      return;
    }
    const lines = chunk.subarray(0, end);
    onLines(rest.length === 0 ? lines : Buffer.concat([...rest, lines]));
    rest = end === chunk.length ? [] : [chunk.subarray(end)];
  });
  stream.once("end", () => {
    if (rest.length > 0) onLines(Buffer.concat([...rest, Buffer.of(lineEnd)]));
  });
}
