import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { AuditDurability } from "../../../src/monitor/audit/audit-log.ts";
import { verifyAuditLog } from "../../../src/monitor/audit/audit-verify.ts";
import { listFiles, makeTemporaryDirectory, openTestLog, readField } from "./temporary-log.ts";

const fixture = join(import.meta.dirname, "fixtures", "append-load.ts");

/** Lets a process append under load, kills it after about `acknowledgements`, and returns the ids it acknowledged. */
async function killUnderLoad(
  directory: string,
  durability: AuditDurability,
  prefix: string,
  acknowledgements: number,
): Promise<string[]> {
  const child = spawn(process.execPath, [fixture, directory, durability, prefix], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    // A line is 10 to 12 bytes long; nothing depends on the exact moment, it only has to vary.
    if (output.length > acknowledgements * 11) child.kill("SIGKILL");
  });
  const [, signal] = await once(child, "close");
  expect(signal).toBe("SIGKILL");
  const ids = output.split("\n").filter((line) => line.startsWith("ack "));
  return ids.map((line) => line.slice("ack ".length));
}

it.each<[AuditDurability, number]>([
  ["strict", 20],
  ["os", 10],
])(
  "%s: keeps every acknowledged record through %i rounds of kill -9 under load",
  { timeout: 60_000 },
  async (durability, rounds) => {
    const directory = makeTemporaryDirectory();
    const acknowledged: string[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const moment = 1 + Math.floor(Math.random() * 600);
      acknowledged.push(...(await killUnderLoad(directory, durability, `r${round}`, moment)));
      const log = await openTestLog({ directory });
      await log.close();
      expect(await verifyAuditLog(directory)).toMatchObject({ status: "intact" });
      const ids = new Set(await readField(directory, "prediction_id"));
      expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    }
    expect(acknowledged.length).toBeGreaterThan(rounds * 40);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    // The load was heavy enough to rotate while being killed.
    expect(listFiles(directory).length).toBeGreaterThan(2);
  },
);
