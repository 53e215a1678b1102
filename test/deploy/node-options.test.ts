import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readStartScript } from "../../bench/start-script.ts";

const optionsOf = (args: readonly string[]) => args.filter((word) => word.startsWith("--"));
const lineOf = (text: string, start: string) => text.split("\n").find((line) => line.startsWith(start)) ?? "";

describe("what bounds the memory of the service", () => {
  const { args, environment } = readStartScript();
  const shipped = optionsOf(args);

  it("is V8's two generations, nothing that skips the young one, no threads to collect it, and one heap of the C library for all threads", () => {
    expect(shipped).toEqual([
      "--max-semi-space-size=4",
      "--heap-growing-percent=50",
      "--external-memory-accounted-in-global-limit",
      "--no-allocation-site-pretenuring",
      "--no-parallel-scavenge",
    ]);
    expect(environment["MALLOC_ARENA_MAX"]).toBe("1");
  });

  it.each([
    ["the systemd unit", "deploy/systemd/ml-layer.service", "ExecStart="],
    ["the image", "deploy/container/Dockerfile", "ENTRYPOINT "],
  ])("is that of npm start in %s", (_, path, start) => {
    const text = readFileSync(path, "utf8");
    expect(optionsOf(lineOf(text, start).split(/[\s",\]]+/))).toEqual(shipped);
    expect(/\bMALLOC_ARENA_MAX=(\S+)/.exec(text)?.[1]).toBe(environment["MALLOC_ARENA_MAX"]);
  });
});
