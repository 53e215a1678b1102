/** A power of two. Features, symbols and timeframes of a usual day fit several times. */
const places = 1024;

/** A text that was met before, as bytes and as text. */
interface Known {
  readonly bytes: Uint8Array;
  readonly text: string;
}

const nothing: Known = { bytes: new Uint8Array(0), text: "" };

/**
 * Short texts that come again and again, such as names of features. A text that was met before costs a comparison and no
 * memory; one whose place another has taken costs what it would without the cache.
 */
export class TextCache {
  readonly #known: Known[] = new Array<Known>(places).fill(nothing);

  /** The text of these bytes; undefined when they are more than ASCII. */
  read(bytes: Buffer, start: number, end: number): string | undefined {
    const place = placeOf(bytes, start, end);
    const known = this.#known[place] ?? nothing;
    if (isSame(known.bytes, bytes, start, end)) return known.text;
    for (let at = start; at < end; at++) if ((bytes[at] ?? 0) > 0x7f) return undefined;
    const text = bytes.toString("latin1", start, end);
    this.#known[place] = { bytes: Uint8Array.from(bytes.subarray(start, end)), text };
    return text;
  }
}

/** From a few bytes only: all of them are compared anyway, and names differ in their ends or their length. */
function placeOf(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start] ?? 0;
  const middle = bytes[(start + end) >> 1] ?? 0;
  const secondLast = bytes[end - 2] ?? 0;
  const last = bytes[end - 1] ?? 0;
  const sum = (((end - start) * 31 + first) * 31 + middle) * 31 + secondLast;
  return (sum * 31 + last) & (places - 1);
}

function isSame(known: Uint8Array, bytes: Buffer, start: number, end: number): boolean {
  const length = end - start;
  if (known.length !== length) return false;
  for (let at = 0; at < length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
}
