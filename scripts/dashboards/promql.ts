/** PromQL in the forms that the panels use, always of the jobs and instances that are chosen at the top. */

export const rateWindow = "$__rate_interval";

/** The series of one metric. */
export function select(metric: string, ...matchers: readonly string[]): string {
  return `${metric}{${['job=~"$job"', 'instance=~"$instance"', ...matchers].join(", ")}}`;
}

export function sum(vector: string, by = ""): string {
  return by === "" ? `sum(${vector})` : `sum by (${by}) (${vector})`;
}

/** What a counter grows by in a second. */
export function rate(counter: string, window = rateWindow): string {
  return `rate(${counter}[${window}])`;
}

/** One sum for each of another one, e.g. records for each sync. */
export function ratio(sum: string, other: string): string {
  return `${sum} / ${other}`;
}

/** A part's share of all; series begin with their first event, so a part without one is a share of 0. */
export function share(part: string, whole: string): string {
  return `(${part} or 0 * ${whole}) / ${whole}`;
}

/** The share of each part in one whole. */
export function shares(parts: string, whole: string): string {
  return `${parts} / on () group_left () ${whole}`;
}

/** The mean of what a histogram has observed. */
export function mean(histogram: string, by = "", window = rateWindow, ...matchers: readonly string[]): string {
  const total = (end: string) => sum(rate(select(`${histogram}_${end}`, ...matchers), window), by);
  return ratio(total("sum"), total("count"));
}

/** A quantile of what a histogram has observed, as close as its buckets allow. */
export function quantile(of: number, histogram: string, by = "", ...matchers: readonly string[]): string {
  const buckets = sum(rate(select(`${histogram}_bucket`, ...matchers)), by === "" ? "le" : `le, ${by}`);
  return `histogram_quantile(${of}, ${buckets})`;
}
