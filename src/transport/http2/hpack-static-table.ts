/** The 61 fields that every HTTP/2 peer knows beforehand (RFC 7541, appendix A). */

/** In the order of their indexes, which begin at 1. */
const fields: readonly (readonly [name: string, value: string])[] = [
  [":authority", ""],
  [":method", "GET"],
  [":method", "POST"],
  [":path", "/"],
  [":path", "/index.html"],
  [":scheme", "http"],
  [":scheme", "https"],
  [":status", "200"],
  [":status", "204"],
  [":status", "206"],
  [":status", "304"],
  [":status", "400"],
  [":status", "404"],
  [":status", "500"],
  ["accept-charset", ""],
  ["accept-encoding", "gzip, deflate"],
  ["accept-language", ""],
  ["accept-ranges", ""],
  ["accept", ""],
  ["access-control-allow-origin", ""],
  ["age", ""],
  ["allow", ""],
  ["authorization", ""],
  ["cache-control", ""],
  ["content-disposition", ""],
  ["content-encoding", ""],
  ["content-language", ""],
  ["content-length", ""],
  ["content-location", ""],
  ["content-range", ""],
  ["content-type", ""],
  ["cookie", ""],
  ["date", ""],
  ["etag", ""],
  ["expect", ""],
  ["expires", ""],
  ["from", ""],
  ["host", ""],
  ["if-match", ""],
  ["if-modified-since", ""],
  ["if-none-match", ""],
  ["if-range", ""],
  ["if-unmodified-since", ""],
  ["last-modified", ""],
  ["link", ""],
  ["location", ""],
  ["max-forwards", ""],
  ["proxy-authenticate", ""],
  ["proxy-authorization", ""],
  ["range", ""],
  ["referer", ""],
  ["refresh", ""],
  ["retry-after", ""],
  ["server", ""],
  ["set-cookie", ""],
  ["strict-transport-security", ""],
  ["transfer-encoding", ""],
  ["user-agent", ""],
  ["vary", ""],
  ["via", ""],
  ["www-authenticate", ""],
];

/** The highest index of the static table; the dynamic table's begin after it. */
export const staticIndexMax = fields.length;

/** Names and values by index; nothing stands at 0. */
export const staticNames: readonly string[] = ["", ...fields.map(([name]) => name)];
export const staticValues: readonly string[] = ["", ...fields.map(([, value]) => value)];

/** What the table knows of a name. */
export interface StaticName {
  /** The lowest index under which the name stands. */
  readonly index: number;
  /** The values it stands there with, in the order of their indexes: they follow one another. */
  readonly values: readonly string[];
}

export const staticNameOf: ReadonlyMap<string, StaticName> = new Map(
  [...Map.groupBy(fields, ([name]) => name)].map(([name, equals]) => [
    name,
    { index: staticNames.indexOf(name), values: equals.map(([, value]) => value) },
  ]),
);
