/** `entryThreshold` → `entry_threshold`: the form of a key in JSON, in errors and under the hash. */
export function toSnakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `entry_threshold` → `entryThreshold`, or `undefined` for what no key is ever written as. */
export function fromSnakeCase(key: string): string | undefined {
  const name = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return toSnakeCase(name) === key ? name : undefined;
}
