import { typescriptRunner } from "./languages.ts";
import { describeScenarios } from "./scenario-suite.ts";

describeScenarios("TypeScript", () => typescriptRunner);
