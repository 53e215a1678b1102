/**
 * Generates the messages of the Connect conformance suite for the server under test (`npm run generate:conformance`). Their
 * definitions come with the suite itself, as a Go module, so that both are of one version. Needs Go; the result is committed.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suiteModule, suiteVersion } from "../test/conformance/suite-version.ts";

/** What a server under test speaks: the service, and how it is told what to be. */
const paths = ["config", "server_compat", "service"].flatMap((file) => [
  "--path",
  `connectrpc/conformance/v1/${file}.proto`,
]);

const scratch = mkdtempSync(join(tmpdir(), "conformance-"));
try {
  const image = join(scratch, "suite.binpb");
  const { Dir: folder }: { Dir: string } = JSON.parse(
    // Outside of any Go module, so that none is changed.
    execFileSync("go", ["mod", "download", "-json", `${suiteModule}@${suiteVersion}`], {
      cwd: scratch,
      encoding: "utf8",
    }),
  );
  // Without source info there are no comments: the suite's prose stays in the suite.
  run("buf", "build", join(folder, "proto"), "--exclude-source-info", "-o", image);
  run("buf", "generate", image, "--template", "test/conformance/buf.gen.yaml", "--clean", ...paths);
} finally {
  rmSync(scratch, { recursive: true });
}

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: "inherit" });
}
