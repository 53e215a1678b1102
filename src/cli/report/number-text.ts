/** `5 105`, with a no-break space: read the same in every language. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, "\u00A0");
}

/** `12.3 %`, or a dash where there is nothing to take a share of. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? "–" : formatPercent(part / whole);
}

/** `12.3 %` of 0.123. */
export function formatPercent(share: number): string {
  return `${(100 * share).toFixed(1)}\u00A0%`;
}

/** Milliseconds to three significant digits at least, whole microseconds at most. */
export function formatMs(ms: number): string {
  return ms < 10 ? ms.toFixed(3) : ms.toFixed(1);
}

/** A price to seven significant digits, which is more than any of them means. */
export function formatPrice(price: number): string {
  return String(Number(price.toPrecision(7)));
}

/** A number to three decimals that always shows its sign. */
export function formatSigned(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}

/** An input's value: whole numbers as they are, others to three decimals. */
export function formatValue(value: number): string {
  const text = Number.isInteger(value) ? String(value) : value.toFixed(3);
  return text.replace("-", "−");
}

/** `51.2 – 55.0 %` of an interval of shares, or a dash. */
export function formatInterval(interval: { readonly low: number; readonly high: number } | undefined): string {
  if (interval === undefined) return "–";
  return `${(100 * interval.low).toFixed(1)} – ${formatPercent(interval.high)}`;
}
