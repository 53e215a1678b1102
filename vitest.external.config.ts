import { env } from "node:process";
import { defineConfig } from "vitest/config";

/** Tests that need tools from elsewhere: grpcurl, Python, Chromium. Without CI=true a missing tool skips its tests. */
export default defineConfig({
  test: {
    include: ["test/external/**/*.test.ts"],
    pool: "forks",
    // A browser takes its time on a loaded machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: 0,
    allowOnly: false,
    reporters:
      env["CI"] === "true" ? ["default", ["json", { outputFile: "reports/vitest-external.json" }]] : ["default"],
  },
});
