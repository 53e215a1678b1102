import { userInfo } from "node:os";
import { type DescMessage, type JsonValue, type MessageShape, toJson } from "@bufbuild/protobuf";
import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";
import type { Command } from "commander";
import { type AdminClient, findServiceUrl, openAdminClient } from "./admin-client.ts";
import { describeFailure } from "./error-text.ts";

/** Options of every command that asks a running service. */
export interface ServiceOptions {
  readonly address?: string;
  readonly json?: boolean;
}

/** Options of every command that changes something. */
export interface ChangeOptions extends ServiceOptions {
  readonly actor?: string;
}

/** What a command found or did: once for programs, once for people. */
export interface Report {
  readonly json: JsonValue;
  readonly lines: readonly string[];
}

export function addServiceOptions(command: Command): Command {
  return command
    .option("--address <host:port>", "the service to ask (default: HOST and PORT, else 127.0.0.1:8003)")
    .option("--json", "one JSON object instead of text");
}

export function addChangeOptions(command: Command): Command {
  return addServiceOptions(command).option(
    "--actor <name>",
    "who does this, for the audit log (default: your user name)",
  );
}

/** Examples under a command's help. */
export function addExamples(command: Command, ...examples: readonly string[]): Command {
  const heading = examples.length === 1 ? "Example:" : "Examples:";
  return command.addHelpText("after", `\n${[heading, ...examples.map((line) => `  ml-layer ${line}`)].join("\n")}`);
}

/** Asks the service and prints the report; what the user can mend goes to standard error and into the exit code. */
export async function runAdminCommand(
  { address, json }: ServiceOptions,
  ask: (client: AdminClient) => Promise<Report>,
): Promise<void> {
  const client = openAdminClient(findServiceUrl(address, process.env));
  try {
    const report = await ask(client);
    const lines = json === true ? [JSON.stringify(report.json)] : report.lines.map(toPrintable);
    process.stdout.write(`${lines.join("\n")}\n`);
  } catch (error) {
    const failure = describeFailure(error, client.baseUrl);
    if (failure === undefined) throw error;
    process.stderr.write(`${failure.lines.map(toPrintable).join("\n")}\n`);
    process.exitCode = failure.exitCode;
  } finally {
    client.close();
  }
}

/** Who is written into the audit log. */
export function chooseActor({ actor }: ChangeOptions): string {
  if (actor !== undefined) return actor;
  try {
    return userInfo().username;
  } catch (error) {
    // A container may run under a number that no user has.
    if (error instanceof Error && "code" in error) return `uid ${process.getuid?.() ?? "unknown"}`;
    throw error;
  }
}

/** The protobuf JSON of an answer: fields as the .proto files name them, zero values written out. */
export function toReportJson<D extends DescMessage>(schema: D, message: MessageShape<D>): JsonValue {
  return toJson(schema, message, { useProtoFieldName: true, alwaysEmitImplicit: true });
}

/** `2026-01-02 03:04:05Z`, or nothing where there is no time. */
export function formatTime(time: Timestamp | undefined): string {
  return time === undefined
    ? ""
    : timestampDate(time)
        .toISOString()
        .replace("T", " ")
        .replace(/\.\d+Z$/, "Z");
}

/** Reasons and names come from other people: what they wrote must not steer this terminal. */
function toPrintable(line: string): string {
  return line.replace(/[\p{Cc}\p{Bidi_Control}]/gu, "\uFFFD");
}
