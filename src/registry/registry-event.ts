import type { VersionState } from "./version-state.ts";

/** What was changed, by whom: what an audit record needs. */
export interface RegistryChange {
  readonly action: "REGISTER" | "DELETE" | "SET_ALIAS" | "REMOVE_ALIAS" | "ROLLBACK";
  readonly modelName: string;
  readonly version: string;
  readonly sha256: string;
  /** The alias that moved. */
  readonly alias?: "champion" | "challenger";
  /** Version that the alias pointed at before. */
  readonly previous?: string | undefined;
  readonly actor: string;
}

/** Told to the composition root, for metrics and the audit log. */
export type RegistryEvent =
  | { readonly type: "changed"; readonly change: RegistryChange }
  | {
      readonly type: "state_changed";
      readonly modelName: string;
      readonly version: string;
      readonly from: VersionState;
      readonly to: VersionState;
      readonly reason: string;
    };
