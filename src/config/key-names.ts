/** `entryThreshold` → `entry_threshold`: the form of a key in JSON, in errors and under the hash. */
export function toSnakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
