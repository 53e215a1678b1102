/** Where a rule is between two evaluations. */
export type RuleState = "INACTIVE" | "PENDING" | "FIRING";

/** What an evaluation found: the condition is false, true, or has been true for as long as the rule asks. */
export type Observation = "CLEAR" | "BREACHED" | "HELD";

/**
 * The legal transitions. RESOLVED ends an alert and leaves its rule INACTIVE. There is no hysteresis: one evaluation that
 * finds the condition false ends what is pending or firing, as Prometheus has it.
 */
const transitions = {
  INACTIVE: { CLEAR: "INACTIVE", BREACHED: "PENDING", HELD: "FIRING" },
  PENDING: { CLEAR: "INACTIVE", BREACHED: "PENDING", HELD: "FIRING" },
  // BREACHED: somebody made the rule ask for a longer time while it was firing.
  FIRING: { CLEAR: "RESOLVED", BREACHED: "FIRING", HELD: "FIRING" },
} as const satisfies Record<RuleState, Record<Observation, RuleState | "RESOLVED">>;

export function nextState(state: RuleState, observation: Observation): RuleState | "RESOLVED" {
  return transitions[state][observation];
}
