import type { ModelIdentity } from "../domain/decision.ts";
import { InvalidInputError } from "../domain/errors.ts";
import type { RegimeModel, SignalModel } from "../domain/model.ts";
import type { RegimeProbabilities } from "../domain/regime.ts";

/** Reads members of a parsed JSON file and names the one that is not what it should be. */
interface JsonReader {
  number(...path: string[]): number;
}

/**
 * Reads the parameters of a rule-based regime classifier.
 *
 * @throws InvalidInputError naming the parameter that is absent or not a number.
 */
export function readRegimeModel(identity: ModelIdentity, json: unknown): RegimeModel {
  const reader = createJsonReader(identity, json);
  const probabilities = (rule: string): RegimeProbabilities =>
    assertProbabilities(identity, rule, {
      trending: reader.number("probabilities", rule, "trending"),
      ranging: reader.number("probabilities", rule, "ranging"),
      stressed: reader.number("probabilities", rule, "stressed"),
    });
  return {
    identity,
    rules: {
      weakTrendingMinEfficiency: reader.number("weak_trending_min_efficiency"),
      probabilities: {
        stressed: probabilities("stressed"),
        trending: probabilities("trending"),
        ranging: probabilities("ranging"),
        weakTrending: probabilities("weak_trending"),
        weakRanging: probabilities("weak_ranging"),
      },
    },
  };
}

/**
 * Reads the parameters of a rule-based signal filter.
 *
 * @throws InvalidInputError naming the parameter that is absent or not a number.
 */
export function readSignalModel(identity: ModelIdentity, json: unknown): SignalModel {
  const { number } = createJsonReader(identity, json);
  return {
    identity,
    weights: {
      base: number("base"),
      momentum: { weight: number("momentum", "weight"), limit: number("momentum", "limit") },
      trendConsistency: {
        weight: number("trend_consistency", "weight"),
        neutral: number("trend_consistency", "neutral"),
      },
      trendPersistence: {
        weight: number("trend_persistence", "weight"),
        neutral: number("trend_persistence", "neutral"),
        limit: number("trend_persistence", "limit"),
      },
      volatility: {
        high: number("volatility", "high"),
        low: number("volatility", "low"),
        extreme: number("volatility", "extreme"),
      },
      regime: {
        TRENDING: number("regime", "trending"),
        RANGING: number("regime", "ranging"),
        STRESSED: number("regime", "stressed"),
      },
      autocorrCheck: number("autocorr_check"),
      stationarityCheck: number("stationarity_check"),
      distributionCheck: number("distribution_check"),
    },
  };
}

function createJsonReader(identity: ModelIdentity, json: unknown): JsonReader {
  return {
    number(...path) {
      let at: unknown = json;
      for (const key of path) {
        at = typeof at === "object" && at !== null ? new Map<string, unknown>(Object.entries(at)).get(key) : undefined;
      }
      if (typeof at === "number" && Number.isFinite(at)) return at;
      throw describeBadParameter(identity, path.join("."), "expected a finite number");
    },
  };
}

function assertProbabilities(identity: ModelIdentity, rule: string, given: RegimeProbabilities): RegimeProbabilities {
  const values = [given.trending, given.ranging, given.stressed];
  const sum = given.trending + given.ranging + given.stressed;
  if (values.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) < 1e-9) return given;
  throw describeBadParameter(identity, `probabilities.${rule}`, "expected three probabilities that sum to 1");
}

function describeBadParameter(identity: ModelIdentity, path: string, description: string): InvalidInputError {
  return new InvalidInputError(
    [{ field: `${identity.name}/${identity.version}: ${path}`, description }],
    "INVALID_MODEL_FILE",
  );
}
