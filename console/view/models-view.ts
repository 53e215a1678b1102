import type { Action } from "../model/action.ts";
import type { ConsoleState } from "../model/console-state.ts";
import { describeObstacles, type ModelRow, toModelRows } from "../model/model-row.ts";
import { answerOf } from "../model/part.ts";
import { type Child, find, h } from "./element.ts";
import { Section } from "./section.ts";

interface Models {
  readonly rows: readonly ModelRow[];
  readonly fault: string | undefined;
  readonly obstacles: readonly string[];
}

/** The versions of the models, and what can be done with them. */
export class ModelsView {
  readonly #section: Section<Models>;

  constructor(onAction: (action: Action) => void) {
    this.#section = new Section(find("models"), (models) => buildModels(models, onAction));
  }

  show({ models, config }: ConsoleState): void {
    const configuration = answerOf(config);
    const versions = answerOf(models) ?? [];
    this.#section.show({
      rows: toModelRows(versions),
      fault: models?.kind === "failed" ? models.reason : undefined,
      obstacles: configuration === undefined ? [] : describeObstacles(configuration, versions),
    });
  }
}

function buildModels({ rows, fault, obstacles }: Models, onAction: (action: Action) => void): readonly Child[] {
  if (fault !== undefined) return [h("p", { class: "empty" }, `Cannot be read: ${fault}.`)];
  if (rows.length === 0) return [h("p", { class: "empty" }, "Not read yet.")];
  const names = ["Model", "Version", "State", "Actions"];
  const head = names.map((name) => h("th", { scope: "col" }, name));
  const table = h(
    "table",
    { class: "models", "aria-labelledby": "models-title" },
    h("thead", {}, h("tr", {}, ...head)),
    h("tbody", {}, ...rows.map((row) => buildRow(row, onAction))),
  );
  return [table, ...obstacles.map((text) => h("p", { class: "note" }, text))];
}

function buildRow(row: ModelRow, onAction: (action: Action) => void): HTMLElement {
  const { name, version } = row;
  const tags = [...(row.isServing ? ["serving"] : []), ...row.aliases].map((tag) =>
    h("span", { class: "tag", "data-tag": tag }, tag),
  );
  const reason = row.stateReason === "" ? [] : [h("small", {}, row.stateReason)];
  const button = (text: string, action: Action, label: string) => {
    const element = h(
      "button",
      { type: "button", "data-key": `${text} ${name} ${version}`, "aria-label": label },
      text,
    );
    element.addEventListener("click", () => onAction(action));
    return element;
  };
  const promote = button("Promote…", { kind: "promote", model: name, version }, `Promote ${name} ${version}…`);
  const rollback = button("Roll back…", { kind: "rollback", model: name, version }, `Roll back ${name}…`);
  const target = `${name}/${version}`;
  const halt = button("Halt…", { kind: "halt", scope: "MODEL", target }, `Halt ${target}…`);
  const cell = (...children: readonly Child[]) => h("td", {}, ...children);
  return h(
    "tr",
    {},
    cell(h("b", {}, name)),
    cell(h("span", { class: "version" }, version), h("small", {}, `${row.format}, sha256 ${row.digest}`)),
    cell(h("span", { class: "state" }, row.state.toLowerCase()), " ", ...tags, ...reason),
    cell(
      h(
        "span",
        { class: "buttons" },
        ...(row.canPromote ? [promote] : []),
        ...(row.canRollback ? [rollback] : []),
        halt,
      ),
    ),
  );
}
