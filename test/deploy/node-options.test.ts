import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readStartScript } from "../../bench/start-script.ts";

const optionsOf = (args: readonly string[]) => args.filter((word) => word.startsWith("--"));
const lineOf = (path: string, start: string) =>
  readFileSync(path, "utf8")
    .split("\n")
    .find((line) => line.startsWith(start)) ?? "";

describe("Node's options", () => {
  const shipped = optionsOf(readStartScript().args);

  it("bound the young generation, which would grow to 48 MB otherwise", () => {
    expect(shipped).toEqual(["--max-semi-space-size=8"]);
  });

  it.each([
    ["the systemd unit", "deploy/systemd/ml-layer.service", "ExecStart="],
    ["the image", "deploy/container/Dockerfile", "ENTRYPOINT "],
  ])("are those of npm start in %s", (_, path, start) => {
    expect(optionsOf(lineOf(path, start).split(/[\s",\]]+/))).toEqual(shipped);
  });
});
