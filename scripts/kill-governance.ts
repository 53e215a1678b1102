/**
 * Kills a serving process a hundred times during each kind of change: `node scripts/kill-governance.ts [rounds] [seed]`. Takes about two
 * minutes; exit code 1 when a state was neither old nor new, something acknowledged was lost, or the service did not start.
 */
import { describeCounts, runKillRounds } from "../test/control/kill-rounds.ts";

const rounds = Number(process.argv[2] ?? 100);
const seed = Number(process.argv[3] ?? 20_240_229);

for (const name of ["UpdateConfig", "RegisterModel"] as const) {
  const counts = await runKillRounds(name, rounds, seed);
  process.stdout.write(`${describeCounts(name, counts)}\n`);
  for (const fault of [...counts.broken, ...counts.failedStarts]) process.stdout.write(`  ${fault}\n`);
  if (counts.broken.length + counts.failedStarts.length > 0) process.exitCode = 1;
}
