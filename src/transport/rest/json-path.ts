/** Where in a JSON document a reader is, cheap to extend and written out only when something is wrong. */

export interface JsonPath {
  readonly parent: JsonPath | undefined;
  readonly kind: "field" | "key" | "index";
  readonly step: string | number;
}

/** Longest name shown: a caller's key may be megabytes long and comes back to the caller. */
const stepLengthMax = 64;

/** `features["atr"].values[117]`; the document as a whole is `body`. */
export function formatPath(path: JsonPath | undefined): string {
  if (path === undefined) return "body";
  const steps: string[] = [];
  for (let at: JsonPath | undefined = path; at !== undefined; at = at.parent) steps.push(formatStep(at));
  return steps.reverse().join("");
}

function formatStep(path: JsonPath): string {
  if (path.kind === "index") return `[${path.step}]`;
  const name = shorten(String(path.step), stepLengthMax);
  if (path.kind === "key") return `[${JSON.stringify(name)}]`;
  return path.parent === undefined ? name : `.${name}`;
}

/** The text, cut where it is longer than `lengthMax`. */
export function shorten(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax)}…`;
}
