/** A power of two. Features, symbols and timeframes of a usual day fit several times. */
const places = 1024;

/**
 * Short texts that come again and again, such as names of features. A text that was met before costs a comparison and no
 * memory; one whose place another has taken costs what it would without the cache.
 */
export class TextCache {
  readonly #texts: string[] = new Array<string>(places).fill("");

  /** The text of these bytes; undefined when they are more than ASCII. */
  read(bytes: Buffer, start: number, end: number): string | undefined {
    let hash = end - start;
    let all = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      hash = (Math.imul(hash, 31) + byte) | 0;
      all |= byte;
    }
    if (all > 0x7f) return undefined;
    const place = (hash ^ (hash >>> 16)) & (places - 1);
    const known = this.#texts[place] ?? "";
    if (isText(known, bytes, start, end)) return known;
    const text = bytes.toString("latin1", start, end);
    this.#texts[place] = text;
    return text;
  }
}

function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let at = start; at < end; at++) if (text.charCodeAt(at - start) !== bytes[at]) return false;
  return true;
}
