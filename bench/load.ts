/** What a generator keeps going against one server. */
export interface Load {
  readonly connections: number;
  /** Requests in flight on each connection. */
  readonly inFlight: number;
  readonly seconds: number;
}

/** One shot of a generator, and the command line that repeats it. */
export interface LoadResult {
  readonly answers: number;
  readonly perSecond: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  readonly command: string;
}

/** The command as a shell takes it. */
export function quote(command: readonly string[]): string {
  return command.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word}'`)).join(" ");
}

/** What is posted, and how large the answer to it is. */
export interface Post {
  readonly url: string;
  readonly bodyFile: string;
  readonly contentType: string;
  /** Body bytes of one right answer. */
  readonly answerBytes: number;
}
