import { readFileSync, writeFileSync } from "node:fs";

const begin = "<!-- results: written by npm run bench -- --readme -->";
const end = "<!-- end of results -->";

/** Puts the report of a run in the place of the one before. @throws when the file has no such place. */
export function replaceResults(file: string, report: string): void {
  const text = readFileSync(file, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${file} has no lines ${begin} and ${end}`);
  writeFileSync(file, `${text.slice(0, from + begin.length)}\n\n${demote(report)}\n\n${text.slice(to)}`);
}

/** The report's headings below the chapter they stand in. */
function demote(report: string): string {
  return report.replace(/^# /gm, "### ").replace(/^## /gm, "#### ");
}
