import { Command } from "commander";
import { MlError } from "../domain/errors.ts";
import { mlVersion } from "../package-root.ts";

/** Adds a command and its subcommands. */
type Register = (program: Command) => void;

/** Every command by name, in the order of the help. Only the one that is asked for is loaded: a service needs none of the others. */
const commands: Readonly<Record<string, () => Promise<Register>>> = {
  serve: async () => (await import("./serve.ts")).registerServe,
  demo: async () => (await import("./demo.ts")).registerDemo,
  replay: async () => (await import("./replay.ts")).registerReplay,
  audit: async () => (await import("./audit.ts")).registerAudit,
  alerts: async () => (await import("./alerts.ts")).registerAlerts,
  models: async () => (await import("./models.ts")).registerModels,
  config: async () => (await import("./config.ts")).registerConfig,
  halt: async () => (await import("./halt.ts")).registerHalt,
  resume: async () => (await import("./halt.ts")).registerHalt,
  simulate: async () => (await import("./simulate.ts")).registerSimulate,
  dataset: async () => (await import("./dataset.ts")).registerDataset,
};

/** Runs the command that the arguments of the process name. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  const program = new Command("ml-layer")
    .description("Decides whether a trading signal may trade now, and proves it afterwards.")
    .version(mlVersion)
    .showHelpAfterError()
    // `models register --version` is the model's.
    .enablePositionalOptions()
    // A wrong option ends like every other mistake of the caller's.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
  for (const register of await loadCommands(argv[2])) register(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    // What the user can mend is said in one line; anything else is a defect and shows where it is.
    if (error instanceof MlError) {
      process.stderr.write(`ml-layer: ${error.message}\n`);
      process.exitCode = 2;
    } else throw error;
  }
}

/** One command when it is named first; all of them to help, and to say what an unknown one could have been. */
async function loadCommands(name: string | undefined): Promise<Set<Register>> {
  const named = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (named !== undefined) return new Set([await named()]);
  return new Set(await Promise.all(Object.values(commands).map((load) => load())));
}
