const calendarTime =
  /^(\d{4})([-/.]?)(\d{2})\2(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Milliseconds since 1970-01-01 UTC, or undefined when `text` is no time. Taken are ISO 8601 dates and date-times, the same with
 * `/`, `.` or nothing between the parts, and Unix times in seconds (10 digits) or milliseconds (13). A time without a
 * zone is UTC. `03/04/2020` is refused, since nobody can tell which of the two is the month.
 */
export function parseBarTime(text: string): number | undefined {
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  if (/^\d{13}$/.test(text)) return Number(text);
  const match = calendarTime.exec(text);
  if (match === null) return undefined;
  const [, year = "", , month = "", day = "", hour = "00", minute = "00", second = "00", fraction = "", zone = "Z"] =
    match;
  const milliseconds = fraction.slice(0, 3).padEnd(3, "0");
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`;
  const localMs = Date.parse(local);
  // Date.parse turns 30 February into 1 March; a date that does not survive the round trip does not exist.
  if (Number.isNaN(localMs) || new Date(localMs).toISOString() !== local) return undefined;
  return localMs - zoneOffsetMs(zone);
}

function zoneOffsetMs(zone: string): number {
  const sign = zone.startsWith("-") ? -1 : 1;
  const [hours = 0, minutes = 0] = (zone.match(/\d{2}/g) ?? []).map(Number);
  return sign * (hours * 60 + minutes) * 60_000;
}
