import type { Clock } from "../domain/clock.ts";
import type { DecisionInputs } from "../domain/decision.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import type { DecisionRequest } from "../domain/request.ts";
import type { ShadowComparison, ShadowOmission } from "../domain/shadow-comparison.ts";
import type { DecisionEngine } from "../engine/decision-engine.ts";
import type { BuiltEngine } from "./engine-builder.ts";

export interface ShadowOptions {
  readonly monotonicMs: () => number;
  /** Runs a task after what is due now, in particular after the answer has been written. */
  readonly defer: (task: () => void, delayMs: number) => void;
  readonly onComparison: (comparison: ShadowComparison) => void;
  readonly onOmission: (reason: ShadowOmission, error?: unknown) => void;
  /** Decisions that may wait. @default 256 */
  readonly queueLengthMax?: number;
  /** Share of the time that challengers may take. @default 0.2 */
  readonly timeShareMax?: number;
}

interface Waiting {
  readonly occupant: Occupant;
  readonly inputs: DecisionInputs;
  readonly event: DecisionEvent;
}

interface Occupant {
  readonly engine: DecisionEngine;
  readonly release: () => void;
  waiting: number;
  retired: boolean;
}

/**
 * Lets a challenger decide what has been decided already. It reads its inputs with the decision, since a stream's
 * window moves on, and scores them after the answer has left, within its own share of the time: a slow challenger is
 * compared less often, it never delays an answer for long and never changes one.
 */
export class Shadow {
  readonly #options: ShadowOptions;
  readonly #queue: Waiting[] = [];
  readonly #queueLengthMax: number;
  readonly #pauseFactor: number;
  #occupant: Occupant | undefined;
  #scoring = false;

  constructor(options: ShadowOptions) {
    this.#options = options;
    this.#queueLengthMax = options.queueLengthMax ?? 256;
    this.#pauseFactor = 1 / (options.timeShareMax ?? 0.2) - 1;
  }

  /** Takes another challenger, or none; decisions that wait for the old one are still compared with it. */
  setChallenger(built: BuiltEngine | undefined): void {
    const old = this.#occupant;
    this.#occupant = built && { engine: built.engine, release: built.release, waiting: 0, retired: false };
    if (old !== undefined) retire(old);
  }

  /**
   * Reads what the challenger needs for a decision.
   *
   * @returns what to call with the decision once it is taken; undefined when nothing is to be compared
   */
  watch(request: DecisionRequest): ((event: DecisionEvent) => void) | undefined {
    const occupant = this.#occupant;
    if (occupant === undefined) return undefined;
    // Told with the decision: what was never decided is not the challenger's omission.
    if (this.#queue.length >= this.#queueLengthMax) return () => this.#options.onOmission("dropped");
    try {
      const inputs = occupant.engine.readInputs(request);
      return (event) => this.#enqueue({ occupant, inputs, event });
    } catch (error) {
      return () => this.#options.onOmission("failed", error);
    }
  }

  #enqueue(waiting: Waiting): void {
    // Between a change of the configuration and the challenger's, a comparison would show the change and not the model.
    if (waiting.event.decision.configHash !== waiting.occupant.engine.snapshot.config.hash) {
      this.#options.onOmission("dropped");
      return;
    }
    waiting.occupant.waiting++;
    this.#queue.push(waiting);
    if (this.#scoring) return;
    this.#scoring = true;
    this.#options.defer(() => void this.#scoreNext(), 0);
  }

  async #scoreNext(): Promise<void> {
    const startedMs = this.#options.monotonicMs();
    const waiting = this.#queue.shift();
    if (waiting === undefined) {
      this.#scoring = false;
      return;
    }
    await this.#score(waiting);
    waiting.occupant.waiting--;
    if (waiting.occupant.retired && waiting.occupant.waiting === 0) waiting.occupant.release();
    const spentMs = this.#options.monotonicMs() - startedMs;
    this.#options.defer(() => void this.#scoreNext(), spentMs * this.#pauseFactor);
  }

  async #score({ occupant, inputs, event }: Waiting): Promise<void> {
    try {
      const halt = event.decision.gates.find((gate) => gate.name === "TRADING_ENABLED" && !gate.passed);
      const decision = await occupant.engine.redecide(inputs, halt?.message);
      this.#options.onComparison({
        predictionId: event.predictionId,
        regimeModel: decision.regimeModel,
        signalModel: decision.signalModel,
        regime: decision.regime.label,
        probability: decision.signal.probability,
        allowed: decision.allowTrade,
        probabilityDifference: decision.signal.probability - event.decision.signal.probability,
        regimeDiffers: decision.regime.label !== event.decision.regime.label,
        flips: decision.allowTrade !== event.decision.allowTrade,
      });
    } catch (error) {
      this.#options.onOmission("failed", error);
    }
  }
}

export interface ShadowListeners {
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly onComparison: (comparison: ShadowComparison) => void;
  readonly onOmission: (reason: ShadowOmission) => void;
  readonly onFault: (message: string, error: unknown) => void;
}

/** A shadow that scores after what the event loop has to do now. */
export function createShadow({ clock, onComparison, onOmission, onFault }: ShadowListeners): Shadow {
  return new Shadow({
    monotonicMs: clock.monotonicMs,
    defer: (task, delayMs) => (delayMs < 1 ? setImmediate(task) : setTimeout(task, delayMs).unref()),
    onComparison,
    onOmission(reason, error) {
      onOmission(reason);
      if (error !== undefined) onFault("challenger failed", error);
    },
  });
}

function retire(occupant: Occupant): void {
  occupant.retired = true;
  if (occupant.waiting === 0) occupant.release();
}
