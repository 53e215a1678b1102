import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { findServiceUrl } from "../../src/cli/admin-client.ts";
import { registerConfig } from "../../src/cli/config.ts";
import { registerHalt } from "../../src/cli/halt.ts";
import { registerModels } from "../../src/cli/models.ts";

const program = new Command("ml-layer");
for (const register of [registerModels, registerConfig, registerHalt]) register(program);

/** Commands that do something, by what a user types. */
function listCommands(parent: Command, path: readonly string[] = []): [name: string, command: Command][] {
  return parent.commands.flatMap((command) => {
    const words = [...path, command.name()];
    return command.commands.length > 0 ? listCommands(command, words) : [[words.join(" "), command]];
  });
}

function readHelp(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

describe("the help", () => {
  const commands = listCommands(program);

  it("knows every command", () => {
    expect(commands.map(([name]) => name).join(", ")).toBe(
      "models list, models show, models register, models promote, models shadow, models unshadow, models rollback, " +
        "models delete, models advise, config get, config set, config history, config diff, config rollback, halt, resume",
    );
  });

  it.each(commands)("of %s has an example of it, and says how to reach a service", (name, command) => {
    const help = readHelp(command);
    expect(help).toMatch(new RegExp(`\\nExamples?:\\n {2}ml-layer ${name}`));
    expect(help).toContain("--address");
    expect(help).toContain("--json");
  });
});

describe("the service that is asked", () => {
  it.each<[string, string | undefined, Record<string, string>, string]>([
    ["the one of the option", "host:9000", { PORT: "1" }, "http://host:9000"],
    ["the one on this machine", undefined, {}, "http://127.0.0.1:8003"],
    ["the one of the environment", undefined, { HOST: "10.0.0.7", PORT: "9001" }, "http://10.0.0.7:9001"],
    ["on this machine when it listens everywhere", undefined, { HOST: "0.0.0.0" }, "http://127.0.0.1:8003"],
    ["on this machine when it listens everywhere in IPv6", undefined, { HOST: "::" }, "http://[::1]:8003"],
  ])("is %s", (_, address, variables, url) => {
    expect(findServiceUrl(address, variables)).toBe(url);
  });
});
