import { runCommand } from "./child-output.ts";
import { fieldsOf, numberIn } from "./json-fields.ts";
import { type Load, type LoadResult, type Post, quote } from "./load.ts";

/**
 * One client with one stream, in which one appended bar is under way at a time: `stream-item-client.ts` in a process of its own.
 *
 * @throws when an answer is missing or is not as large as the verified one.
 */
export async function runStreamItems(post: Post, load: Load, placement: readonly string[]): Promise<LoadResult> {
  if (load.connections !== 1 || load.inFlight !== 1) throw new RangeError("a quiet stream has one item under way");
  const command = [
    ...placement,
    ...[process.execPath, "bench/stream-item-client.ts", post.url, post.bodyFile],
    ...[`${load.seconds}`, `${post.answerBytes}`],
  ];
  const output = await runCommand(command, load.seconds * 1000 + 30_000);
  const figures = fieldsOf(JSON.parse(output));
  return {
    answers: numberIn(figures, "answers"),
    perSecond: numberIn(figures, "answers") / numberIn(figures, "seconds"),
    p50Micros: numberIn(figures, "p50Micros"),
    p99Micros: numberIn(figures, "p99Micros"),
    command: quote(command.map((word) => (word === process.execPath ? "node" : word))),
  };
}
