/** Numbers and times as the console shows them. Times are UTC: operators compare them with logs. */

import { type Timestamp, timestampMs } from "@bufbuild/protobuf/wkt";

const integerFormat = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** Stands where there is no figure. */
export const absent = "–";

export function formatCount(count: number | bigint): string {
  return integerFormat.format(count);
}

/** A share in [0, 1] as percent. */
export function formatPercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

export function formatShare(value: number): string {
  return value.toFixed(3);
}

/** With its sign, as a real minus. */
export function formatSigned(value: number, digits = 4): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? "−" : "+"}${text}`;
}

export function formatMillis(value: number): string {
  return `${formatMillisFigure(value)} ms`;
}

/** Three figures that count, at any magnitude of a latency, and nothing below a microsecond. */
export function formatMillisFigure(value: number): string {
  if (value <= 0) return "0";
  return value.toFixed(Math.min(3, Math.max(0, 2 - Math.floor(Math.log10(value)))));
}

/** Decisions a second. */
export function formatRate(perSecond: number): string {
  return perSecond >= 100 ? formatCount(perSecond) : perSecond.toFixed(1);
}

export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor((whole % 86_400) / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min ${whole % 60} s`;
  return `${whole} s`;
}

/** Time of day, UTC, to the second. */
export function formatClock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

/** Time of day, UTC, to the millisecond. */
export function formatPreciseClock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23);
}

/** Date and time, UTC, to the second. */
export function formatMoment(timestamp: Timestamp | undefined): string {
  if (timestamp === undefined) return absent;
  return `${new Date(timestampMs(timestamp)).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
