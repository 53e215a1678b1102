import { type DecisionInputs, type GateName, gateNames, type ModelIdentity } from "../domain/decision.ts";
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

/** Names of what a trained model reads, in its order; undefined when they are not known any more. */
export type InputNames = (model: ModelIdentity) => readonly unknown[] | undefined;

/** Takes logged decisions again on another engine, and tells which would change. */
export async function dryRun(
  engine: DecisionEngine,
  decisions: AsyncIterable<RecordedDecision>,
  inputNames: InputNames,
): Promise<DryRunReport> {
  const flips: DecisionFlip[] = [];
  let replayed = 0;
  let notReplayable = 0;
  let flipCount = 0;
  for await (const recorded of decisions) {
    if (!isReplayable(recorded, engine, inputNames)) {
      notReplayable++;
      continue;
    }
    const decision = await engine.redecide(selectBars(recorded.inputs, engine), recorded.halted);
    replayed++;
    if (decision.allowTrade === recorded.allowed) continue;
    flipCount++;
    if (flips.length >= flipsListed) continue;
    const { predictionId, symbol, allowed, failedGates } = recorded;
    const fails = (name: GateName): boolean => decision.gates.some((gate) => gate.name === name && !gate.passed);
    const gates = gateNames.filter((name) => fails(name) !== failedGates.includes(name));
    flips.push({ predictionId, symbol, allowed, wouldAllow: decision.allowTrade, gates });
  }
  return { replayed, notReplayable, flipCount, flips };
}

/** Records hold what the models of their time read: a longer smoothing window or another model's inputs are not there. */
function isReplayable(recorded: RecordedDecision, engine: DecisionEngine, inputNames: InputNames): boolean {
  const { inputs } = recorded;
  const { config, regimeModel, signalModel } = engine.snapshot;
  const bars = inputs.efficiencyRatio.length;
  if (bars === 0) return inputs.windowTooShort === undefined && inputs.bars < requiredBarsOf(engine);
  return (
    bars >= config.config.regime.regimeSmoothingWindow &&
    (!("run" in regimeModel) ||
      (inputs.regimeRows !== undefined && readSame(recorded.regimeModel, regimeModel.identity, inputNames))) &&
    (!("run" in signalModel) ||
      (inputs.signalRow !== undefined && readSame(recorded.signalModel, signalModel.identity, inputNames)))
  );
}

/** A row holds numbers without names: another model may read it only when it names the same ones in the same order. */
function readSame(recorded: ModelIdentity, model: ModelIdentity, inputNames: InputNames): boolean {
  if (recorded.sha256 === model.sha256 && recorded.version === model.version) return true;
  const names = inputNames(recorded);
  return names !== undefined && JSON.stringify(names) === JSON.stringify(inputNames(model));
}

/** The newest bars, as many as the engine's smoothing window has; a record may hold more. */
function selectBars(inputs: DecisionInputs, engine: DecisionEngine): DecisionInputs {
  const { regimeSmoothingWindow: window } = engine.snapshot.config.config.regime;
  if (inputs.efficiencyRatio.length <= window) return inputs;
  return {
    ...inputs,
    efficiencyRatio: inputs.efficiencyRatio.slice(-window),
    volatilityPercentile: inputs.volatilityPercentile.slice(-window),
    ...(inputs.regimeRows !== undefined && { regimeRows: inputs.regimeRows.slice(-window) }),
  };
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
