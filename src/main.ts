#!/usr/bin/env node
import { Command } from "commander";
import { registerAlerts } from "./cli/alerts.ts";
import { registerAudit } from "./cli/audit.ts";
import { registerConfig } from "./cli/config.ts";
import { registerDataset } from "./cli/dataset.ts";
import { registerDemo } from "./cli/demo.ts";
import { registerHalt } from "./cli/halt.ts";
import { registerModels } from "./cli/models.ts";
import { registerReplay } from "./cli/replay.ts";
import { registerServe } from "./cli/serve.ts";
import { registerSimulate } from "./cli/simulate.ts";
import { MlError } from "./domain/errors.ts";
import { mlVersion } from "./package-root.ts";

const program = new Command("ml-layer")
  .description("Decides whether a trading signal may trade now, and proves it afterwards.")
  .version(mlVersion)
  .showHelpAfterError()
  // `models register --version` is the model's.
  .enablePositionalOptions()
  // A wrong option ends like every other mistake of the caller's.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

registerServe(program);
registerDemo(program);
registerReplay(program);
registerAudit(program);
registerAlerts(program);
registerModels(program);
registerConfig(program);
registerHalt(program);
registerSimulate(program);
registerDataset(program);

try {
  await program.parseAsync();
} catch (error) {
  // What the user can mend is said in one line; anything else is a defect and shows where it is.
  if (error instanceof MlError) {
    process.stderr.write(`ml-layer: ${error.message}\n`);
    process.exitCode = 2;
  } else throw error;
}
