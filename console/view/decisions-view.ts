/** The decisions as they come: rows are added and removed, never built anew, so that none moves away under a click. */

import type { DecisionRecord } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import type { ConsoleState } from "../model/console-state.ts";
import { type DecisionRow, filterDecisions, type RowFilter, toDecisionRow } from "../model/decision-row.ts";
import { find, h, setShare } from "./element.ts";

/** Rows shown. */
const rowsMax = 40;

export class DecisionsView {
  readonly #body = find("rows");
  readonly #note = find("decisions-note");
  readonly #onOpen: (decision: DecisionRecord) => void;
  readonly #rows = new Map<string, HTMLTableRowElement>();
  #filter: RowFilter = { symbol: "", outcome: "all" };
  #state: ConsoleState | undefined;
  /** What is shown while the table is held. */
  #held: readonly DecisionRecord[] | undefined;
  #opened: HTMLTableRowElement | undefined;

  constructor(onOpen: (decision: DecisionRecord) => void) {
    this.#onOpen = onOpen;
    this.#listenToFilter();
    this.#listenToHold();
    this.#body.addEventListener("click", (event) => this.#openAt(event.target));
    this.#body.addEventListener("keydown", (event) => this.#moveBy(event));
    this.#body.addEventListener("focusin", (event) => this.#makeStop(event.target));
  }

  show(state: ConsoleState): void {
    this.#state = state;
    const decisions = filterDecisions(this.#held ?? state.decisions, this.#filter).slice(0, rowsMax);
    this.#place(decisions);
    this.#describe(state, decisions.length);
  }

  #place(decisions: readonly DecisionRecord[]): void {
    const wanted = new Set(decisions.map(({ predictionId }) => predictionId));
    const focused = this.#body.contains(document.activeElement) ? document.activeElement?.closest("tr") : undefined;
    for (const [id, row] of this.#rows) {
      // The row with the focus stays until the focus has left it, and one that is open until the focus is back.
      if (wanted.has(id) || row === focused || row === this.#opened) continue;
      row.remove();
      this.#rows.delete(id);
    }
    let next = this.#body.firstElementChild;
    for (const decision of decisions) {
      const row = this.#rows.get(decision.predictionId) ?? this.#add(decision);
      if (row === next) next = next.nextElementSibling;
      else this.#body.insertBefore(row, next);
    }
    this.#keepOneStop();
  }

  #add(decision: DecisionRecord): HTMLTableRowElement {
    const row = buildRow(toDecisionRow(decision));
    this.#rows.set(decision.predictionId, row);
    return row;
  }

  #describe(state: ConsoleState, shown: number): void {
    const notes: string[] = [];
    if (state.decisionsFault !== undefined) notes.push(`Decisions cannot be listed: ${state.decisionsFault}.`);
    if (this.#held !== undefined) {
      const newest = this.#held[0]?.predictionId;
      const newer = state.decisions.findIndex(({ predictionId }) => predictionId === newest);
      notes.push(`Held; ${newer === -1 ? "many" : newer} newer decisions are not shown.`);
    }
    if (state.hasSkipped) notes.push("Decisions come faster than they can be listed; some are left out here.");
    if (shown === 0) notes.push(state.decisions.length === 0 ? "No decisions yet." : "No decision matches the filter.");
    const text = notes.join(" ");
    if (this.#note.textContent !== text) this.#note.textContent = text;
    this.#note.hidden = text === "";
  }

  #listenToFilter(): void {
    const symbol = find("filter-symbol");
    const outcome = find("filter-outcome");
    const read = () => {
      if (!(symbol instanceof HTMLInputElement) || !(outcome instanceof HTMLSelectElement)) return;
      const chosen = outcome.value === "allowed" || outcome.value === "refused" ? outcome.value : "all";
      this.#filter = { symbol: symbol.value, outcome: chosen };
      if (this.#state !== undefined) this.show(this.#state);
    };
    symbol.addEventListener("input", read);
    outcome.addEventListener("change", read);
    find("filter").addEventListener("submit", (event) => event.preventDefault());
  }

  #listenToHold(): void {
    const button = find("hold");
    button.addEventListener("click", () => {
      this.#held = this.#held === undefined ? (this.#state?.decisions ?? []) : undefined;
      button.setAttribute("aria-pressed", String(this.#held !== undefined));
      if (this.#state !== undefined) this.show(this.#state);
    });
  }

  #openAt(target: EventTarget | null): void {
    if (!(target instanceof Element)) return;
    const row = target.closest("tr");
    const known = [...(this.#held ?? []), ...(this.#state?.decisions ?? [])];
    const decision = known.find(({ predictionId }) => predictionId === row?.dataset["id"]);
    if (row === null || decision === undefined) return;
    // A click beside the button must not leave the focus behind: it is where the dialog gives it back to.
    row.querySelector("button")?.focus({ preventScroll: true });
    this.#opened = row;
    this.#onOpen(decision);
  }

  /** The table is one stop of the tab key; inside, arrows move. */
  #moveBy(event: KeyboardEvent): void {
    const buttons = this.#buttons();
    const { activeElement } = document;
    if (!(activeElement instanceof HTMLButtonElement)) return;
    const at = buttons.indexOf(activeElement);
    if (at === -1) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[Math.min(buttons.length - 1, Math.max(0, to))]?.focus();
  }

  #makeStop(target: EventTarget | null): void {
    this.#opened = undefined;
    for (const button of this.#buttons()) button.tabIndex = button === target ? 0 : -1;
  }

  #keepOneStop(): void {
    const buttons = this.#buttons();
    if (buttons.some((button) => button === document.activeElement)) return;
    buttons.forEach((button, index) => {
      button.tabIndex = index === 0 ? 0 : -1;
    });
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.#body.querySelectorAll("button")];
  }
}

function buildRow(row: DecisionRow): HTMLTableRowElement {
  const open = h("button", { type: "button", class: "open", tabindex: -1, "aria-label": row.summary }, row.time);
  const regime = h("span", { class: "regime", "data-regime": row.regime }, row.regime.toLowerCase());
  const outcome = h("span", { class: "outcome", "data-allowed": String(row.isAllowed) }, row.outcome);
  const flip = row.isFlipped ? [h("span", { class: "tag" }, "challenger differs")] : [];
  const cell = (name: string, ...children: readonly (Node | string)[]) =>
    h("td", { class: `cell-${name}` }, ...children);
  return h(
    "tr",
    { "data-id": row.id, "data-allowed": String(row.isAllowed) },
    cell("time", open),
    cell("symbol", h("b", {}, row.symbol), ` ${row.timeframe}`),
    cell("regime", regime),
    cell("confidence", row.confidence),
    cell("probability", buildProbability(row)),
    cell("outcome", outcome, ...flip),
    cell("gates", row.failedGates.join(", ")),
  );
}

function buildProbability(row: DecisionRow): HTMLElement {
  const track = h("span", { class: "track", "aria-hidden": "true" });
  setShare(track, "--value", row.probability);
  if (row.threshold !== undefined) {
    const mark = h("span", { class: "mark" });
    setShare(track, "--threshold", row.threshold);
    track.append(mark);
  }
  const text = h("span", { class: "figures" }, row.probabilityText, h("small", {}, ` / ${row.thresholdText}`));
  return h("span", { class: "probability" }, track, text);
}
