import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";

const lines = 8_000;

/** Fills its log with more than a pipe holds, says so when the writer waits for a reader, drains it and ends at once. */
const program = `
  import { setImmediate as nextTurn } from "node:timers/promises";
  import { createServiceLog } from ${JSON.stringify(new URL("../src/service-log.ts", import.meta.url).href)};
  const log = createServiceLog("info");
  for (let number = 0; number < ${lines}; number++) log.write(JSON.stringify({ number, text: "x".repeat(200) }) + "\\n");
  while (!process.getActiveResourcesInfo().includes("Timeout")) await nextTurn();
  log.logger.info("last");
  process.send("full");
  await log.drain();
  process.exit(0);
`;

it("has every line whole in a pipe when it is drained, though the pipe took a part of one and its reader is late", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  await once(child, "message");
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  const [code] = await once(child, "close");
  const read = text
    .trimEnd()
    .split("\n")
    .map((line): Record<string, unknown> => JSON.parse(line));
  expect(code).toBe(0);
  expect(read.slice(0, -1).map(({ number }) => number)).toEqual(Array.from({ length: lines }, (_, number) => number));
  expect(read.at(-1)).toMatchObject({ msg: "last" });
});
