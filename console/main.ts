/** The operator's console: asks the service every second and a half, shows what it says, does what is confirmed. */

import { ConnectError } from "@connectrpc/connect";
import { countFiring } from "./model/alert-row.ts";
import { describeConnection } from "./model/connection.ts";
import {
  applyFailure,
  applyPause,
  applyReading,
  type ConsoleState,
  createState,
  type Reading,
} from "./model/console-state.ts";
import type { HaltScopeName } from "./model/halt-row.ts";
import { answerOf } from "./model/part.ts";
import { createClients } from "./service/clients.ts";
import { performAction } from "./service/operator.ts";
import { PollLoop } from "./service/poll-loop.ts";
import { ServiceReader } from "./service/reader.ts";
import { ActionDialog } from "./view/action-dialog.ts";
import { CardsView } from "./view/cards-view.ts";
import { DecisionsView } from "./view/decisions-view.ts";
import { DetailView } from "./view/detail-view.ts";
import { find } from "./view/element.ts";
import { HeaderView } from "./view/header-view.ts";
import { ModelsView } from "./view/models-view.ts";
import { RegimesView } from "./view/regimes-view.ts";
import { SideView } from "./view/side-view.ts";

const pollIntervalMs = 1_500;
/** Redrawn as often even without an answer, so that the age of what is shown keeps counting. */
const redrawIntervalMs = 1_000;

let state: ConsoleState = createState(Date.now());

const clients = createClients(new URL(".", document.baseURI).href.replace(/\/$/, ""));
const reader = new ServiceReader(clients);
const announcer = find("announcer");

const dialog = new ActionDialog({
  perform: (action, values) => performAction(clients, action, values),
  onDone(text) {
    announce(text);
    reader.refresh();
    loop.start();
  },
  listTargets,
});
const detail = new DetailView();
const header = new HeaderView({
  onHalt: () => dialog.open({ kind: "halt", scope: "SERVICE", target: "" }, true),
  onResume: ({ scope, target }) => dialog.open({ kind: "resume", scope, target }),
});
const cards = new CardsView();
const regimes = new RegimesView();
const decisions = new DecisionsView((decision) => detail.open(decision));
const side = new SideView();
const models = new ModelsView((action) => dialog.open(action));

const loop = new PollLoop<Reading>({
  read: (signal) => reader.read(state, signal),
  onReading: (reading) => change(applyReading(state, reading, Date.now())),
  onFailure: (error) => change(applyFailure(state, ConnectError.from(error).rawMessage, Date.now())),
  intervalMs: pollIntervalMs,
  delay(run, ms) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
});

function change(next: ConsoleState): void {
  announceChanges(state, next);
  state = next;
  show();
}

function show(): void {
  header.show(state, Date.now());
  cards.show(state);
  regimes.show(state.decisions);
  decisions.show(state);
  side.show(state);
  models.show(state);
}

/** What somebody who does not see the page must hear of. Decisions are not among it: they never stop. */
function announceChanges(before: ConsoleState, after: ConsoleState): void {
  const levels = [before, after].map(({ connection }) => describeConnection(connection, Date.now()).level);
  if (levels[0] !== levels[1]) {
    if (levels[1] === "lost") announce("The connection to the service is lost. The figures are not live.");
    else if (levels[1] === "live" && before.status !== undefined) announce("The service answers again.");
  }
  const halts = [before.status?.halts.length ?? 0, after.status?.halts.length ?? 0] as const;
  if (before.status !== undefined && halts[0] !== halts[1]) announce(`${halts[1]} halts are in force.`);
  const firing = [before, after].map(({ alerts }) => countFiring(answerOf(alerts) ?? []));
  if (firing[0] !== firing[1]) announce(`${firing[1]} alerts are firing.`);
}

function announce(text: string): void {
  announcer.textContent = text;
}

function listTargets(scope: HaltScopeName): readonly string[] {
  if (scope === "SYMBOL") return [...new Set(state.decisions.map(({ symbol }) => symbol))].sort();
  const versions = answerOf(state.models) ?? [];
  return [...new Set(versions.flatMap(({ modelName, version }) => [modelName, `${modelName}/${version}`]))].sort();
}

function followVisibility(): void {
  if (document.hidden) {
    loop.stop();
    change(applyPause(state));
  } else {
    reader.refresh();
    loop.start();
  }
}

document.addEventListener("visibilitychange", followVisibility);
setInterval(() => {
  if (!document.hidden) header.show(state, Date.now());
}, redrawIntervalMs);
show();
followVisibility();
