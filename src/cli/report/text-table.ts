/** One column of a table. */
export interface TextColumn {
  readonly heading: string;
  /** @default "left" */
  readonly align?: "left" | "right";
}

/** Colours are bytes that take no room. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what such a sequence starts with.
const escapeSequence = /\u001B\[\d+m/g;

/** Lines of a table: headings, a rule, the rows; two spaces between columns. */
export function layOutTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ heading }, index) =>
    Math.max(heading.length, ...rows.map((row) => measureText(row[index] ?? ""))),
  );
  const toLine = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => padCell(cell, widths[index] ?? 0, columns[index]?.align ?? "left"))
      .join("  ")
      .trimEnd();
  return [
    toLine(columns.map(({ heading }) => heading)),
    widths.map((width) => "─".repeat(width)).join("──"),
    ...rows.map(toLine),
  ];
}

/** Columns of a terminal that the text takes. */
export function measureText(text: string): number {
  return text.replace(escapeSequence, "").length;
}

function padCell(cell: string, width: number, align: "left" | "right"): string {
  const padding = " ".repeat(Math.max(0, width - measureText(cell)));
  return align === "left" ? cell + padding : padding + cell;
}
