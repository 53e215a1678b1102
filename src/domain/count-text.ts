/**
 * Texts of whole numbers that are new every time. `String` keeps each in a table of the last 16 000, which is old: a number that no other call will
 * have, be it a place in a chain or the microseconds of a time, outlives its call there, at 30 bytes each. Put together of groups of three digits it does not.
 */

const groups: readonly string[] = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, "0"));

/** Three digits of a whole number below 1000. */
export function toThreeDigits(value: number): string {
  return groups[value] ?? String(value).padStart(3, "0");
}

/** A whole number of at least 0, as `String` has it. */
export function toCountText(value: number): string {
  if (!(value >= 1000)) return String(value);
  const thousands = Math.floor(value / 1000);
  return `${thousands}${toThreeDigits(value - thousands * 1000)}`;
}
