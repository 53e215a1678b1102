/** Who the service is, whether it is heard, and what stands in its way. */

import type { GetStatusResponse } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { describeConnection } from "../model/connection.ts";
import type { ConsoleState } from "../model/console-state.ts";
import { formatCount, formatDuration } from "../model/figure-text.ts";
import { type HaltRow, toHaltRows } from "../model/halt-row.ts";
import { type Child, find, h } from "./element.ts";
import { Section } from "./section.ts";

export interface HeaderEvents {
  readonly onHalt: () => void;
  readonly onResume: (halt: HaltRow) => void;
}

interface Notices {
  readonly halts: readonly HaltRow[];
  readonly isDraining: boolean;
  readonly auditPath: string | undefined;
}

export class HeaderView {
  readonly #badge = find("badge");
  readonly #connection: Section<string>;
  readonly #facts: Section<readonly (readonly [string, string])[]>;
  readonly #notices: Section<Notices>;

  constructor({ onHalt, onResume }: HeaderEvents) {
    find("halt").addEventListener("click", onHalt);
    this.#connection = new Section(find("connection"), (notice) =>
      notice === "" ? [] : [h("p", { class: "notice", "data-level": "lost" }, h("strong", {}, "Not live. "), notice)],
    );
    this.#facts = new Section(find("facts"), (facts) =>
      facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
    );
    this.#notices = new Section(find("notices"), (notices) => buildNotices(notices, onResume));
  }

  show(state: ConsoleState, nowMs: number): void {
    const { level, badge, notice } = describeConnection(state.connection, nowMs);
    document.body.dataset["connection"] = level;
    this.#badge.dataset["level"] = level;
    if (this.#badge.textContent !== badge) this.#badge.textContent = badge;
    this.#connection.show(notice);
    const { status } = state;
    if (status === undefined) return;
    this.#facts.show(listFacts(status));
    this.#notices.show({
      halts: toHaltRows(status.halts),
      isDraining: status.status === "draining",
      auditPath: status.audit?.healthy === false ? status.audit.path : undefined,
    });
  }
}

function listFacts(status: GetStatusResponse): readonly (readonly [string, string])[] {
  return [
    ["Status", status.halts.length > 0 ? `${status.status}, halted` : status.status],
    ["Version", status.mlVersion],
    ["Configuration", status.configHash],
    ["Up", formatDuration(status.uptimeSeconds)],
    ["Decisions", formatCount(status.totalPredictions)],
  ];
}

function buildNotices({ halts, isDraining, auditPath }: Notices, onResume: (halt: HaltRow) => void): readonly Child[] {
  const notices: Child[] = [];
  if (auditPath !== undefined) {
    const text = `${auditPath} cannot be written, so no decision is answered any more.`;
    notices.push(h("p", { class: "notice", "data-level": "bad" }, h("strong", {}, "Audit log failed. "), text));
  }
  if (isDraining) {
    const text = "The service finishes the calls in flight and stops.";
    notices.push(h("p", { class: "notice", "data-level": "warn" }, h("strong", {}, "Draining. "), text));
  }
  if (halts.length > 0) {
    const rows = halts.map((halt) => buildHalt(halt, onResume));
    const list = h("ul", { class: "halts" }, ...rows);
    notices.push(h("div", { class: "notice", "data-level": "bad" }, h("strong", {}, "Trading is halted"), list));
  }
  return notices;
}

function buildHalt(halt: HaltRow, onResume: (halt: HaltRow) => void): HTMLElement {
  const button = h("button", { type: "button", "data-key": `resume ${halt.key}` }, "Resume…");
  button.setAttribute("aria-label", `Resume ${halt.what}…`);
  button.addEventListener("click", () => onResume(halt));
  const by = halt.by === "" ? "" : ` by ${halt.by}`;
  const text = h("span", {}, h("b", {}, halt.what), `: ${halt.reason} `, h("small", {}, `since ${halt.since}${by}`));
  return h("li", {}, text, button);
}
