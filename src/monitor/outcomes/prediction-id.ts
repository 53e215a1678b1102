/** Prediction ids as four numbers, so that a hundred thousand of them are one flat array. */

/** Numbers that one id takes. */
export const idWords = 4;

const idLength = 36;
const dash = 0x2d;
/** Where a dash stands: 8-4-4-4-12. */
const dashAt = new Set([8, 13, 18, 23]);

/** Value of each hexadecimal digit by its character code, -1 for any other character below 128. */
const digitValues = new Int8Array(128).fill(-1);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  digitValues[digit.charCodeAt(0)] = value;
  digitValues[digit.toUpperCase().charCodeAt(0)] = value;
}

/**
 * Reads a UUID into four numbers of `words`, beginning at `at`.
 *
 * @returns false when it is none; what stands there then means nothing.
 */
export function readPredictionId(id: string, words: Uint32Array, at: number): boolean {
  if (id.length !== idLength) return false;
  let word = 0;
  let digits = 0;
  for (let index = 0; index < idLength; index++) {
    const code = id.charCodeAt(index);
    if (code === dash) {
      if (!dashAt.has(index)) return false;
      continue;
    }
    const value = code < 128 ? (digitValues[code] ?? -1) : -1;
    if (value < 0) return false;
    word = (word << 4) | value;
    digits++;
    if (digits % 8 === 0) words[at + digits / 8 - 1] = word;
  }
  return digits === 8 * idWords;
}

/** When a UUIDv7 was made, milliseconds since 1970. */
export function readIdTimeMs(words: Uint32Array, at: number): number {
  return (words[at] ?? 0) * 0x1_0000 + ((words[at + 1] ?? 0) >>> 16);
}
