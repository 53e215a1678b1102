#!/usr/bin/env node
import { keepCompiledCode } from "./compiled-code.ts";

keepCompiledCode(process.env);
// What is loaded before the line above is compiled at every start.
const { runCommandLine } = await import("./cli/command-line.ts");
await runCommandLine(process.argv);
