/**
 * Adds up vitest's JSON reports and prints `N passed, N failed`, the one line our CI reads: `ci-summary.ts REPORT…`.
 * Fails when a test failed, when one was skipped, when a file could not be loaded, and when none ran.
 */
import { readFileSync } from "node:fs";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numTotalTests: number;
  readonly numFailedTestSuites: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const paths = process.argv.slice(2);
if (paths.length === 0) throw new TypeError("usage: ci-summary.ts REPORT…");

let passed = 0;
let failed = 0;
let isSound = true;
for (const path of paths) {
  const report = readReport(path);
  if (report === undefined) {
    complain(`${path}: no report, so its tests did not run to their end`);
    continue;
  }
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  if (report.numTotalTests === 0) complain(`${path}: no test ran`);
  if (!report.success) complain(`${path}: the run failed`);
  for (const { name, status, assertionResults } of report.testResults) {
    if (status === "failed" && assertionResults.length === 0) complain(`${name} could not be loaded`);
    for (const { fullName, status } of assertionResults) {
      if (status !== "passed") complain(`${status}: ${name} > ${fullName}`);
    }
  }
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = isSound && failed === 0 && passed > 0 ? 0 : 1;

function complain(what: string): void {
  isSound = false;
  process.stderr.write(`${what}\n`);
}

/** The report; undefined when vitest ended before it wrote one. */
function readReport(path: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
