import type { Arena } from "./competition.ts";
import type { StartRow } from "./results.ts";
import { type ServerCommand, startServer } from "./server-process.ts";
import { serviceOs } from "./suites.ts";

/** Node itself takes a while to start; what is above that is ours. */
const nothing: ServerCommand = {
  args: ["-e", "process.stderr.write('http://127.0.0.1:0'); setInterval(() => {}, 1000)"],
  environment: {},
  outputFile: "/dev/null",
};

/** Starts Node doing nothing and the service in turns, and takes the time until each says it is ready. */
export async function runStartSuite({ options, scratch, placement, report }: Arena): Promise<StartRow[]> {
  const contestants = [
    { contestant: "node, no program", command: () => nothing, readyMs: [] as number[] },
    {
      contestant: "service",
      command: () => serviceOs.start(scratch, options.logLevel),
      readyMs: [] as number[],
    },
  ];
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const { contestant, command, readyMs } of contestants) {
      await using server = await startServer(command(), placement.server);
      readyMs.push(server.readyMs);
      report(`start round ${round}, ${contestant}: ready after ${Math.round(server.readyMs)} ms`);
    }
  }
  return contestants;
}
