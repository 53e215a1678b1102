/** `2026-01-02T03:04:05.678901Z`: UTC with microseconds, the one form of a time in logs. */
export function formatMicros(micros: number): string {
  const wholeMs = Math.floor(micros / 1000);
  const rest = String(micros - wholeMs * 1000).padStart(3, "0");
  return `${new Date(wholeMs).toISOString().slice(0, -1)}${rest}Z`;
}
