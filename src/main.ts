#!/usr/bin/env node
import { Command } from "commander";
import { registerAudit } from "./cli/audit.ts";
import { registerDemo } from "./cli/demo.ts";
import { registerReplay } from "./cli/replay.ts";
import { registerServe } from "./cli/serve.ts";
import { MlError } from "./domain/errors.ts";
import { mlVersion } from "./package-root.ts";

const program = new Command("ml-layer")
  .description("Decides whether a trading signal may trade now, and proves it afterwards.")
  .version(mlVersion)
  .showHelpAfterError();

registerServe(program);
registerDemo(program);
registerReplay(program);
registerAudit(program);

try {
  await program.parseAsync();
} catch (error) {
  // What the user can mend is said in one line; anything else is a defect and shows where it is.
  if (error instanceof MlError) {
    process.stderr.write(`ml-layer: ${error.message}\n`);
    process.exitCode = 2;
  } else throw error;
}
