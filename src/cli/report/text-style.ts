/** Marks text for a terminal, or leaves it as it is. */
export interface TextStyle {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  odd(text: string): string;
}

export const plainStyle: TextStyle = { bold: same, dim: same, good: same, bad: same, odd: same };

/** The terminal's own sixteen colours, so that the text is readable on whatever background it has. */
export const colourStyle: TextStyle = {
  bold: (text) => mark(1, 22, text),
  dim: (text) => mark(2, 22, text),
  good: (text) => mark(32, 39, text),
  bad: (text) => mark(31, 39, text),
  odd: (text) => mark(33, 39, text),
};

/** Colour on a terminal that can show it, unless the user set NO_COLOR (https://no-color.org) to anything. */
export function chooseTextStyle(isTTY: boolean, variables: Readonly<Record<string, string | undefined>>): TextStyle {
  const refused = (variables["NO_COLOR"] ?? "") !== "" || variables["TERM"] === "dumb";
  return isTTY && !refused ? colourStyle : plainStyle;
}

function same(text: string): string {
  return text;
}

function mark(on: number, off: number, text: string): string {
  return `\u001B[${on}m${text}\u001B[${off}m`;
}
