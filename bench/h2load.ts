import { readFileSync, rmSync } from "node:fs";
import { runCommand } from "./child-output.ts";
import { type Load, type LoadResult, type Post, quote } from "./load.ts";
import { quantile } from "./measurement.ts";

/**
 * Drives an HTTP/2 server. Latencies are h2load's own log, one line a request, so the percentiles are exact.
 * h2load knows nothing of gRPC trailers: a failed call is HTTP 200 too. An error has no body, though, so the bytes
 * received tell whether the answers were right.
 *
 * @throws when a request failed or the answers are not as large as the verified one.
 */
export async function runH2load(
  post: Post,
  load: Load,
  placement: readonly string[],
  logFile: string,
): Promise<LoadResult> {
  const { connections, inFlight, seconds } = load;
  const command = [
    ...placement,
    ...["h2load", "-D", `${seconds}`, "-c", `${connections}`, "-m", `${inFlight}`, "-t", "1"],
    ...["-d", post.bodyFile, "-H", `content-type: ${post.contentType}`, "-H", "te: trailers"],
    ...[`--log-file=${logFile}`, post.url],
  ];
  rmSync(logFile, { force: true });
  const output = await runCommand(command, seconds * 1000 + 30_000);
  const latencies = readLatencies(logFile, output);
  assertAnswers(output, latencies.length, post.answerBytes, connections * inFlight);
  return {
    answers: latencies.length,
    perSecond: latencies.length / seconds,
    p50Micros: quantile(latencies, 0.5),
    p99Micros: quantile(latencies, 0.99),
    command: quote(command),
  };
}

/** Microseconds in ascending order. Lines of status 0 are the requests in flight when time was up. */
function readLatencies(logFile: string, output: string): Float64Array {
  const latencies: number[] = [];
  for (const line of readFileSync(logFile, "utf8").split("\n")) {
    const [, status, micros] = line.split("\t");
    if (status === "200") latencies.push(Number(micros));
    else if (status !== undefined && status !== "0") throw new Error(`a request ended with HTTP ${status}\n${output}`);
  }
  return Float64Array.from(latencies).sort();
}

function assertAnswers(output: string, answers: number, answerBytes: number, inFlight: number): void {
  const dataBytes = Number(/\((\d+)\) data$/m.exec(output)?.[1] ?? Number.NaN);
  const expected = answers * answerBytes;
  // Answers differ by a few bytes (ids, times), and those in flight at the end may have arrived in part.
  const tolerance = 0.03 * expected + inFlight * answerBytes;
  if (Math.abs(dataBytes - expected) <= tolerance) return;
  throw new Error(
    `${answers} answers of ${answerBytes} bytes were expected, ${dataBytes} bytes came: calls failed\n${output}`,
  );
}
