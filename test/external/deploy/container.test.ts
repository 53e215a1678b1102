/** The image as an operator runs it: not root, nothing writable but its volume, drained by SIGTERM. */

import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openClient, predict } from "../../service/service-client.ts";
import { createPredictRequest } from "../../support/predict-requests.ts";
import { requireTool } from "../external-tool.ts";
import { buildImage, type ContainerImage, runInImage } from "./container-image.ts";

let image: ContainerImage | undefined;
let volume: string;

describe("the container image", () => {
  const tools = [
    ["buildah", "--version"],
    ["dpkg", "--version"],
    // Mounting takes root.
    ["unshare", "--mount", "true"],
  ] as const;

  beforeAll(() => {
    volume = mkdtempSync(join(tmpdir(), "ml-layer-volume-"));
    chownSync(volume, 10_001, 10_001);
    if (tools.every(([command, ...probe]) => spawnSync(command, probe).status === 0)) image = buildImage();
  }, 300_000);

  beforeEach(({ skip }) => {
    for (const [command, ...probe] of tools) requireTool(skip, command, ...probe);
  });

  afterAll(() => {
    image?.[Symbol.dispose]();
    rmSync(volume, { recursive: true, force: true });
  });

  it("holds what the service needs, for this platform, and nothing it was built with", () => {
    const { directory } = requireImage();
    const packages = readdirSync(join(directory, "app/node_modules"));
    expect(packages).toContain("onnxruntime-node");
    for (const name of ["typescript", "vitest", "node", "@biomejs"]) expect(packages).not.toContain(name);
    expect(existsSync(join(directory, "app/src"))).toBe(false);
    const kilobytes = Number(execFileSync("du", ["-sk", join(directory, "app")], { encoding: "utf8" }).split("\t")[0]);
    expect(kilobytes).toBeLessThan(150_000);
  });

  it("runs as a user of its own", () => {
    expect(requireImage().config.User).toBe("10001:10001");
  });

  it("decides, is healthy, keeps its log on the volume and ends with 0 when it is told to", async () => {
    const { config } = requireImage();
    const service = runInImage(requireImage(), [...config.Entrypoint, ...config.Cmd], volume, { PORT: "0" });
    const exit = once(service, "exit");
    const port = await findPort(service.stderr);
    using client = openClient(port);
    expect((await predict(client, createPredictRequest())).answer?.prediction?.allowTrade).toBe(true);
    const [kind, ...healthcheck] = config.Healthcheck.Test;
    expect(kind).toBe("CMD");
    expect(await runToEnd(healthcheck, { PORT: String(port) })).toEqual({ code: 0, output: "" });
    // Every environment variable of the image that names a folder names one on the volume.
    expect(readdirSync(volume).toSorted()).toEqual(["config", "logs", "models"]);
    service.kill("SIGTERM");
    expect(await exit).toEqual([0, null]);
    const verified = await runToEnd([...config.Entrypoint, "audit", "verify"]);
    expect(verified).toMatchObject({ code: 0, output: expect.stringContaining("intact") });
    expect((await runToEnd(healthcheck, { PORT: String(port) })).code).toBe(1);
  });

  it("can write nowhere else", async () => {
    const { code, output } = await runToEnd(["node", "-e", "fs.writeFileSync('/app/x', '')"]);
    expect(output).toContain("EROFS");
    expect(code).not.toBe(0);
    expect((await runToEnd(["node", "-p", "process.getuid() + ' ' + process.getgid()"])).output).toBe("10001 10001\n");
  });

  async function runToEnd(command: readonly string[], variables?: Record<string, string>) {
    const run = runInImage(requireImage(), command, volume, variables);
    const [output, errors, [code]] = await Promise.all([read(run.stdout), read(run.stderr), once(run, "exit")]);
    return { code, output: output + errors };
  }
});

function requireImage(): ContainerImage {
  if (image === undefined) throw new Error("the image has not been built");
  return image;
}

async function read(stream: NodeJS.ReadableStream | null): Promise<string> {
  return stream === null ? "" : text(stream);
}

/** The port that the service announces on standard error. */
async function findPort(errors: NodeJS.ReadableStream | null): Promise<number> {
  let said = "";
  for await (const chunk of errors ?? []) {
    said += String(chunk);
    const port = /API\s+http:\/\/[^ ]+:(\d+)/.exec(said)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`the service did not start: ${said}`);
}
