import { env } from "node:process";
import { defineConfig } from "vitest/config";

/** The clients of other languages. Without CI=true a missing toolchain skips its tests. */
export default defineConfig({
  test: {
    include: ["test/clients/{python,go,java}*.test.ts"],
    pool: "forks",
    // Toolchains that build take their time on a loaded machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: 0,
    allowOnly: false,
    reporters:
      env["CI"] === "true" ? ["default", ["json", { outputFile: "reports/vitest-clients.json" }]] : ["default"],
  },
});
