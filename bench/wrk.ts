import { runCommand } from "./child-output.ts";
import { fieldsOf, numberIn } from "./json-fields.ts";
import { type Load, type LoadResult, type Post, quote } from "./load.ts";

/** From the package's root, where the harness runs. */
const script = "bench/wrk-post.lua";

/**
 * Drives an HTTP/1.1 server; `load.inFlight` must be 1, since nobody pipelines.
 *
 * @throws when a request failed.
 */
export async function runWrk(post: Post, load: Load, placement: readonly string[]): Promise<LoadResult> {
  if (load.inFlight !== 1) throw new RangeError("wrk keeps one request in flight on each connection");
  const command = [
    ...placement,
    ...["wrk", "-t", "1", "-c", `${load.connections}`, "-d", `${load.seconds}s`, "-s", script, post.url],
    ...["--", post.bodyFile, post.contentType],
  ];
  const output = await runCommand(command, load.seconds * 1000 + 30_000);
  const figures = fieldsOf(JSON.parse(output.trimEnd().split("\n").at(-1) ?? ""));
  if (numberIn(figures, "failed") > 0) throw new Error(`requests failed\n${output}`);
  return {
    answers: numberIn(figures, "requests"),
    perSecond: numberIn(figures, "requests") / (numberIn(figures, "durationMicros") / 1e6),
    p50Micros: numberIn(figures, "p50Micros"),
    p99Micros: numberIn(figures, "p99Micros"),
    command: quote(command),
  };
}
