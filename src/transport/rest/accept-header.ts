/** Which of several media types a client would rather have. */

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

/** Longest header looked at; what comes after says nothing that a client of this service needs to say. */
const headerLengthMax = 2_048;

/** True when the header names one of `mediaTypes` with a higher quality than `fallback`, which also wins ties. */
export function prefersOver(accept: string | undefined, mediaTypes: readonly string[], fallback: string): boolean {
  if (accept === undefined) return false;
  const ranges = parseAccept(accept);
  const best = Math.max(...mediaTypes.map((type) => qualityOf(ranges, type)));
  return best > qualityOf(ranges, fallback);
}

function parseAccept(header: string): readonly MediaRange[] {
  return header
    .slice(0, headerLengthMax)
    .split(",")
    .map((item) => {
      const [type = "", ...parameters] = item.split(";").map((part) => part.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
      return { type, quality: quality === undefined ? 1 : toQuality(quality) };
    });
}

function toQuality(text: string): number {
  const quality = Number(text);
  return quality >= 0 && quality <= 1 ? quality : 0;
}

/** The most specific range decides; among equals the highest quality, as versions of one type are listed apart. */
function qualityOf(ranges: readonly MediaRange[], mediaType: string): number {
  const [group = ""] = mediaType.split("/");
  for (const type of [mediaType, `${group}/*`, "*/*"]) {
    const qualities = ranges.filter((range) => range.type === type).map((range) => range.quality);
    if (qualities.length > 0) return Math.max(...qualities);
  }
  return 0;
}
