import { InvalidInputError } from "../domain/errors.ts";

/** A semantic version, e.g. `v1.1.0_lightgbm`. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** What kind of model it is, e.g. `lightgbm`; may be empty. */
  readonly label: string;
}

/** Nine digits stay exact and sort; a label ends up in a file name. */
const pattern = /^v(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:_([a-z0-9][a-z0-9_]{0,39}))?$/;

/** @returns undefined when the text is no version. */
export function findVersion(text: string): Version | undefined {
  const [, major, minor, patch, label = ""] = pattern.exec(text) ?? [];
  if (major === undefined) return undefined;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), label };
}

/** @throws InvalidInputError when the text is no version. */
export function parseVersion(text: string, field: string): Version {
  const version = findVersion(text);
  if (version !== undefined) return version;
  const description = `${JSON.stringify(text)} is no version; expected one such as v2.0.0 or v1.1.0_lightgbm`;
  throw new InvalidInputError([{ field, description }], "INVALID_VERSION");
}

export function formatVersion({ major, minor, patch, label }: Version): string {
  return `v${major}.${minor}.${patch}${label === "" ? "" : `_${label}`}`;
}

/** Orders by number; versions with the same number are ordered by label, so that the order is total. */
export function compareVersions(a: Version, b: Version): number {
  const byNumber = a.major - b.major || a.minor - b.minor || a.patch - b.patch;
  if (byNumber !== 0) return byNumber;
  if (a.label === b.label) return 0;
  return a.label < b.label ? -1 : 1;
}

/** The version after the highest one: next minor, patch 0. `v1.0.0` when there is none. */
export function nextMinor(taken: readonly Version[], label: string): Version {
  const highest = taken.toSorted(compareVersions).at(-1);
  if (highest === undefined) return { major: 1, minor: 0, patch: 0, label };
  return { major: highest.major, minor: highest.minor + 1, patch: 0, label };
}
