import type { FieldViolation, UnmetCondition } from "../domain/errors.ts";
import type { Metadata } from "./model-metadata.ts";
import type { ModelName } from "./registry-index.ts";

/** A model file that somebody wants registered; nothing about it is trusted yet. */
export interface Candidate {
  readonly modelName: ModelName;
  readonly bytes: Uint8Array;
  readonly metadata: Metadata;
  readonly sizeBytesMax: number;
}

/** What the checking process found. Plain data: it crosses a process boundary. */
export type CandidateFinding =
  | {
      readonly kind: "accepted";
      /** Duration of parsing, loading and creating the session, ms. */
      readonly loadMs: number;
      /** Duration of verification and warm-up, ms. */
      readonly verifyMs: number;
    }
  | { readonly kind: "invalid"; readonly reason: string; readonly violations: readonly FieldViolation[] }
  | { readonly kind: "unmet"; readonly reason: string; readonly conditions: readonly UnmetCondition[] };

/** First message of the checking process. */
export const readyMessage = "ready";
