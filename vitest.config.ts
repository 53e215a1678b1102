import { env } from "node:process";
import { defineConfig } from "vitest/config";

/** Tests of the package alone; those that need tools from elsewhere have a configuration of their own. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Of the clients, TypeScript's needs nothing but Node.
    exclude: ["test/external/**", "test/clients/{python,go,java}*.test.ts"],
    // A worker that dies natively must not take the others along.
    pool: "forks",
    testTimeout: 30_000,
    hookTimeout: 30_000,
    retry: 0,
    allowOnly: false,
    reporters: env["CI"] === "true" ? ["default", ["json", { outputFile: "reports/vitest.json" }]] : ["default"],
  },
});
