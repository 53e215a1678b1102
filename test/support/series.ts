import type { SeriesValues } from "../../src/domain/request.ts";

/** The values of a series as they are now: a view may move on. */
export function listValues(values: SeriesValues): number[] {
  return Array.from({ length: values.length }, (_, bar) => values.at(bar) ?? Number.NaN);
}
