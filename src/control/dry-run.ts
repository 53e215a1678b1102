import type { DecisionInputs, GateName } from "../domain/decision.ts";
import { InvalidInputError } from "../domain/errors.ts";
import type { DecisionEngine } from "../engine/decision-engine.ts";
import type { RecordedDecision } from "../monitor/recorded-decision.ts";

/** A logged decision that would be another one. */
export interface DecisionFlip {
  readonly predictionId: string;
  readonly symbol: string;
  readonly allowed: boolean;
  readonly wouldAllow: boolean;
  /** Gates whose outcome changes. */
  readonly gates: readonly GateName[];
}

export interface DryRunReport {
  /** Decisions taken again. */
  readonly replayed: number;
  /** Decisions whose record lacks what the new configuration would read. */
  readonly notReplayable: number;
  readonly flipCount: number;
  /** The first of them, oldest first. */
  readonly flips: readonly DecisionFlip[];
}

/** Most decisions that one dry run takes again. */
export const dryRunDecisionsMax = 10_000;
const flipsListed = 1_000;

/** Takes logged decisions again on another engine, and tells which would change. */
export async function dryRun(
  engine: DecisionEngine,
  decisions: AsyncIterable<RecordedDecision>,
): Promise<DryRunReport> {
  const flips: DecisionFlip[] = [];
  let replayed = 0;
  let notReplayable = 0;
  let flipCount = 0;
  for await (const recorded of decisions) {
    if (!isReplayable(recorded.inputs, engine)) {
      notReplayable++;
      continue;
    }
    const decision = await engine.redecide(recorded.inputs, recorded.halted);
    replayed++;
    if (decision.allowTrade === recorded.allowed) continue;
    flipCount++;
    if (flips.length >= flipsListed) continue;
    const { predictionId, symbol, allowed, failedGates } = recorded;
    const gates = decision.gates
      .filter((gate) => gate.passed === failedGates.includes(gate.name))
      .map(({ name }) => name);
    flips.push({ predictionId, symbol, allowed, wouldAllow: decision.allowTrade, gates });
  }
  return { replayed, notReplayable, flipCount, flips };
}

/** Records hold what the models of their time read: a longer smoothing window or another model's inputs are not there. */
function isReplayable(inputs: DecisionInputs, engine: DecisionEngine): boolean {
  const { config, regimeModel, signalModel } = engine.snapshot;
  const bars = inputs.efficiencyRatio.length;
  if (bars === 0) return inputs.windowTooShort === undefined && inputs.bars < requiredBarsOf(engine);
  return (
    bars >= config.config.regime.regimeSmoothingWindow &&
    (!("run" in regimeModel) || inputs.regimeRows?.[0]?.length === regimeModel.inputs.length) &&
    (!("run" in signalModel) || inputs.signalRow?.length === signalModel.inputs.length)
  );
}

function requiredBarsOf(engine: DecisionEngine): number {
  const { regime, signalFilter } = engine.snapshot.config.config;
  return Math.max(regime.minBarsRequired, signalFilter.minBarsRequired);
}

/** @throws InvalidInputError when more are asked for than a dry run takes again. */
export function assertDryRunDecisions(count: number): void {
  if (count <= dryRunDecisionsMax) return;
  throw new InvalidInputError([{ field: "dry_run_decisions", description: `${count} is above ${dryRunDecisionsMax}` }]);
}
