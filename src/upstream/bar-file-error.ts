import { MlError } from "../domain/errors.ts";

/** One thing that is wrong, or odd, in a bar file. */
export interface BarFileProblem {
  /** Line in the file, counted from 1. */
  readonly line: number;
  /** Name of the column, as the file writes it. */
  readonly column?: string;
  /** What is wrong and what to do about it. */
  readonly message: string;
}

/** The file cannot be read as bars; `problems` has every reason, up to a limit, in the order of the lines. */
export class BarFileError extends MlError {
  readonly problems: readonly BarFileProblem[];

  constructor(fileName: string, problems: readonly BarFileProblem[]) {
    super("BAR_FILE_INVALID", [`${fileName} cannot be read as bars:`, ...problems.map(toLine)].join("\n  "));
    this.problems = problems;
  }
}

function toLine({ line, column, message }: BarFileProblem): string {
  return `line ${line}${column === undefined ? "" : `, column ${column}`}: ${message}`;
}
