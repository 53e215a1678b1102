import type { ModelIdentity } from "./decision.ts";
import type { RegimeLabel } from "./regime.ts";

/** What a challenger would have decided, beside what was decided. */
export interface ShadowComparison {
  readonly predictionId: string;
  readonly regimeModel: ModelIdentity;
  readonly signalModel: ModelIdentity;
  readonly regime: RegimeLabel;
  readonly probability: number;
  readonly allowed: boolean;
  /** The challenger's probability less the one that decided. */
  readonly probabilityDifference: number;
  /** Whether the regime is another one. */
  readonly regimeDiffers: boolean;
  /** Whether the trade would have been decided the other way. */
  readonly flips: boolean;
}

/** Why a decision was not compared. */
export type ShadowOmission = "dropped" | "failed";
