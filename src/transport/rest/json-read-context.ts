/** What the readers of the parts of a JSON document share. */

import type { JsonPath } from "./json-path.ts";
import type { JsonViolations } from "./json-violations.ts";

/** How one document is read, and what came of it. */
export class ReadContext {
  readonly violations: JsonViolations;
  /** Unknown keys are passed over instead of refused. */
  readonly ignoresUnknownKeys: boolean;
  /** Messages around the value that is being read. */
  depth = 0;

  constructor(violations: JsonViolations, ignoresUnknownKeys: boolean) {
    this.violations = violations;
    this.ignoresUnknownKeys = ignoresUnknownKeys;
  }
}

/** Answers undefined where a value is absent, or wrong and noted as a violation. */
export type ValueReader = (json: unknown, path: JsonPath | undefined, context: ReadContext) => unknown;
