import type { Clock } from "../../domain/clock.ts";
import type { AlertLevel, AlertRule } from "../../domain/config.ts";
import type { DecisionFigures } from "../decision-figures.ts";
import type { AlertFigures } from "../service-families.ts";
import type { Alert, AlertTransition } from "./alert.ts";
import { readAlertMetric } from "./alert-metrics.ts";
import { nextState, type Observation, type RuleState } from "./alert-state.ts";
import type { AlertWatch } from "./governance-rules.ts";

/** Resolved alerts that are remembered. */
export const resolvedAlertsMax = 1_000;

export interface AlertBookOptions {
  readonly clock: Clock;
  /** The rules in force; asked at every evaluation. */
  readonly rules: () => readonly AlertRule[];
  /** What governance watches beside the rules; asked at every evaluation. @default nothing */
  readonly watches?: () => readonly AlertWatch[];
  /** Figures of the decisions that are at most so old. */
  readonly readWindow: (windowMs: number) => DecisionFigures;
  /** Told of every transition once; must not throw. */
  readonly onTransition: (transition: AlertTransition) => void;
  /** @default resolvedAlertsMax */
  readonly resolvedMax?: number;
}

/** An alert under way. */
interface OpenAlert {
  readonly alert: Alert & { readonly state: Exclude<RuleState, "INACTIVE"> };
  readonly startedMs: number;
}

interface Moment {
  readonly nowMicros: number;
  readonly nowMs: number;
  readonly readWindow: (windowMs: number) => DecisionFigures;
}

/**
 * Holds the rules against the sliding windows and remembers what came of it.
 *
 * A condition is true when the window holds at least `minSamples` decisions and the metric is beyond the threshold (not at
 * it). So an alert whose window runs empty resolves: nothing shows any more that the condition holds.
 */
export class AlertBook {
  readonly #options: AlertBookOptions;
  readonly #open = new Map<string, OpenAlert>();
  /** Oldest first. */
  #resolved: Alert[] = [];

  constructor(options: AlertBookOptions) {
    this.#options = options;
  }

  /** Evaluates every enabled rule and what governance watches. What is open for anything else ends. */
  evaluate(): void {
    const moment = this.#now();
    const watches = new Map(this.#readWatches(moment).map((watch) => [watch.rule.name, watch]));
    for (const [name, open] of this.#open) {
      const rule = watches.get(name)?.rule;
      if (rule === undefined || !watchesTheSame(rule, open.alert.rule)) this.#step(open, "CLEAR", moment);
    }
    for (const watch of watches.values()) this.#judge(watch, moment);
  }

  /** Alerts of one severity or all: those under way, then those resolved, newest first each. */
  list(severity?: AlertLevel): Alert[] {
    const open = [...this.#open.values()].map(({ alert }) => alert);
    open.sort((a, b) => b.startedAtMicros - a.startedAtMicros);
    return [...open, ...this.#resolved.toReversed()].filter(isOf(severity));
  }

  /** Every enabled rule, and whether it fires. */
  firing(): AlertFigures[] {
    const watched = this.#options.watches?.().map(({ rule }) => rule) ?? [];
    const enabled = this.#options.rules().filter((rule) => rule.enabled);
    return [...enabled, ...watched].map(({ name, severity }) => {
      const alert = this.#open.get(name)?.alert;
      return { alertname: name, severity, firing: alert?.state === "FIRING" && alert.rule.severity === severity };
    });
  }

  /**
   * Forgets alerts of one severity or all. A condition that still holds makes a new alert at the next evaluation.
   *
   * @returns How many there were.
   */
  clear(severity?: AlertLevel): number {
    const matches = isOf(severity);
    const moment = this.#now();
    const cleared = this.list(severity).length;
    for (const open of this.#open.values()) if (matches(open.alert)) this.#step(open, "CLEAR", moment);
    this.#resolved = this.#resolved.filter((alert) => !matches(alert));
    return cleared;
  }

  #now(): Moment {
    const { clock, readWindow } = this.#options;
    const read = new Map<number, DecisionFigures>();
    return {
      nowMicros: clock.nowMicros(),
      nowMs: clock.monotonicMs(),
      // Rules share windows, and a window of a day is some thousand additions.
      readWindow(windowMs) {
        const figures = read.get(windowMs) ?? readWindow(windowMs);
        read.set(windowMs, figures);
        return figures;
      },
    };
  }

  /** The rules over their windows of decisions, and what governance watches. */
  #readWatches({ readWindow }: Moment): AlertWatch[] {
    const enabled = this.#options.rules().filter((rule) => rule.enabled);
    const rules = enabled.map((rule) => {
      const figures = readWindow(rule.windowMinutes * 60_000);
      const value = readAlertMetric(rule.metric, figures);
      return { rule, value, samples: figures.total, span: `the last ${rule.windowMinutes} min` };
    });
    return [...rules, ...(this.#options.watches?.() ?? [])];
  }

  #judge({ rule, value, samples, span }: AlertWatch, moment: Moment): void {
    const hasEnough = samples >= rule.minSamples;
    const open = this.#open.get(rule.name);
    if (hasEnough && isBeyond(rule, value)) {
      const { alert, startedMs } = open ?? {
        alert: beginAlert({ rule, value, span }, moment.nowMicros),
        startedMs: moment.nowMs,
      };
      const isHeld = moment.nowMs - startedMs >= rule.forSeconds * 1000;
      const from = open === undefined ? "INACTIVE" : open.alert.state;
      this.#step({ alert: { ...alert, rule, value, span }, startedMs }, isHeld ? "HELD" : "BREACHED", moment, from);
    } else if (open !== undefined) {
      const alert = { ...open.alert, rule, span, ...(hasEnough && { value }) };
      this.#step({ ...open, alert }, "CLEAR", moment);
    }
  }

  /** Makes one transition of one rule; the only place that does. */
  #step(
    { alert, startedMs }: OpenAlert,
    observation: Observation,
    moment: Moment,
    from: RuleState = alert.state,
  ): void {
    const to = nextState(from, observation);
    const { name } = alert.rule;
    switch (to) {
      case "INACTIVE":
        this.#open.delete(name);
        this.#tell({ from, to, alert });
        break;
      case "PENDING":
      case "FIRING": {
        const firedAtMicros = to === "FIRING" ? (alert.firedAtMicros ?? moment.nowMicros) : undefined;
        const next = { ...alert, state: to, firedAtMicros };
        this.#open.set(name, { alert: next, startedMs });
        this.#tell({ from, to, alert: next });
        break;
      }
      case "RESOLVED": {
        const next = { ...alert, state: to, resolvedAtMicros: moment.nowMicros };
        this.#open.delete(name);
        this.#keep(next);
        this.#tell({ from, to, alert: next });
        break;
      }
      default:
        to satisfies never;
    }
  }

  #keep(alert: Alert): void {
    this.#resolved.push(alert);
    if (this.#resolved.length > (this.#options.resolvedMax ?? resolvedAlertsMax)) this.#resolved.shift();
  }

  #tell(transition: AlertTransition): void {
    if (transition.from !== transition.to) this.#options.onTransition(transition);
  }
}

function beginAlert(watched: Pick<AlertWatch, "rule" | "value" | "span">, startedAtMicros: number): OpenAlert["alert"] {
  return { ...watched, state: "PENDING", startedAtMicros, firedAtMicros: undefined, resolvedAtMicros: undefined };
}

function isBeyond({ comparison, threshold }: AlertRule, value: number): boolean {
  return comparison === "GREATER_THAN" ? value > threshold : value < threshold;
}

/** A rule that watches something else, or is of another urgency, does not go on with the alert it had. */
function watchesTheSame(rule: AlertRule, before: AlertRule): boolean {
  return rule.metric === before.metric && rule.comparison === before.comparison && rule.severity === before.severity;
}

function isOf(severity: AlertLevel | undefined): (alert: Alert) => boolean {
  return ({ rule }) => severity === undefined || rule.severity === severity;
}
