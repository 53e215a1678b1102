import { rootRules, sectionRules } from "../config/config-schema.ts";
import { toSnakeCase } from "../config/key-names.ts";
import type { KeyRule } from "../config/key-rule.ts";

/** How the value of a key is written on a command line. */
export type ValueKind = KeyRule["kind"] | "regimes";

/** Every key that `config set` can change, e.g. `signal_filter.entry_threshold`, in the order of the configuration. */
export const configKeys: ReadonlyMap<string, ValueKind> = new Map([
  ...Object.entries(sectionRules).flatMap(([section, rules]) =>
    Object.entries(rules).map(([key, rule]) => [`${toSnakeCase(section)}.${toSnakeCase(key)}`, rule.kind] as const),
  ),
  ["signal_filter.allowed_regimes", "regimes"] as const,
  ...Object.entries(rootRules).map(([key, rule]) => [toSnakeCase(key), rule.kind] as const),
]);

/** Keys that somebody may have meant, nearest first; at most three. */
export function findNearKeys(wanted: string, keys: Iterable<string> = configKeys.keys()): string[] {
  const near = [...keys].map((key) => ({ key, distance: measureDistance(wanted, key) }));
  return near
    .filter(({ distance }) => distance <= wanted.length * nearShare)
    .sort((left, right) => left.distance - right.distance)
    .slice(0, 3)
    .map(({ key }) => key);
}

/** Share of the letters that may be wrong. */
const nearShare = 0.35;

/** Letters to change; a key without its section is as near as its own letters are. */
function measureDistance(wanted: string, key: string): number {
  const name = key.slice(key.lastIndexOf(".") + 1);
  return Math.min(countEdits(wanted, key), wanted.includes(".") ? Number.POSITIVE_INFINITY : countEdits(wanted, name));
}

/** Levenshtein distance: letters to insert, remove or replace. */
function countEdits(from: string, to: string): number {
  let costs = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...from].entries()) {
    const next = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const replace = (costs[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replace, (costs[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    costs = next;
  }
  return costs.at(-1) ?? 0;
}
