/** Answers of HTTP/1.1 as they came, taken apart. */

export interface RawAnswer {
  readonly status: string;
  /** `name: value`, in the order of their names. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** All answers in what a server said, interim ones too; throws when something else is in it, or when the last one is not complete. */
export function readAnswers(bytes: Buffer): RawAnswer[] {
  const text = bytes.toString("latin1");
  const answers: RawAnswer[] = [];
  for (let at = 0; at < text.length; ) {
    const headEnd = text.indexOf("\r\n\r\n", at);
    const [status = "", ...headers] = text.slice(at, headEnd).split("\r\n");
    const end = findEnd(text, headEnd + 4, headers.join("\n"));
    if (!status.startsWith("HTTP/1.1 ") || headEnd === -1 || end > text.length) {
      throw new Error(`no answer: ${JSON.stringify(text.slice(at))}`);
    }
    answers.push({ status, headers: headers.toSorted(), body: text.slice(headEnd + 4, end) });
    at = end;
  }
  return answers;
}

/** Where the body ends that begins there. */
function findEnd(text: string, start: number, headers: string): number {
  if (/^transfer-encoding: chunked$/im.test(headers)) return text.indexOf("0\r\n\r\n", start) + 5;
  return start + Number(/^content-length: (\d+)$/im.exec(headers)?.[1] ?? 0);
}

/** Without what two answers to one request may differ in: when they were given, and ids that were made for them. */
export function toComparable({ status, headers, body }: RawAnswer): RawAnswer {
  const same = headers.map((header) => header.replace(/^Date: .{29}$/, "Date").replace(/: made-\d+$/, ": made"));
  return { status, headers: same, body: body.replaceAll(/made-\d+/g, "made") };
}
