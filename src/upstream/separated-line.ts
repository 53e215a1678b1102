/** What may stand between two cells. */
export type Separator = "," | ";" | "\t";

const separators: readonly Separator[] = [",", ";", "\t"];

/** The separator that the header line has most of, quoted text aside; a comma when it has none. */
export function detectSeparator(header: string): Separator {
  const bare = header.replace(/"[^"]*"/g, "");
  const count = (separator: Separator): number => bare.split(separator).length;
  return separators.reduce((best, next) => (count(next) > count(best) ? next : best));
}

/**
 * The cells of one line, trimmed (of a byte order mark, too, which `trim` counts as a space) and without their quotes; undefined when a quote is left open. A doubled quote inside quotes is
 * one quote (RFC 4180). A cell cannot hold a line break: no column of a bar file needs one, and line numbers stay true.
 */
export function splitLine(line: string, separator: Separator): string[] | undefined {
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (character === '"' && isQuoted && line.charAt(index + 1) === '"') {
      cell += '"';
      index += 1;
    } else if (character === '"') {
      isQuoted = !isQuoted;
    } else if (character === separator && !isQuoted) {
      cells.push(cell.trim());
      cell = "";
    } else {
      cell += character;
    }
  }
  return isQuoted ? undefined : [...cells, cell.trim()];
}
