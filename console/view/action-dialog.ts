/** Asks an operator to confirm: who, why, and the words that say what is about to happen. */

import {
  type Action,
  type ActionValues,
  checkAction,
  describeAction,
  type FieldErrors,
  type FieldName,
} from "../model/action.ts";
import { toActionFailure } from "../model/action-failure.ts";
import { type HaltScopeName, haltScopeNames } from "../model/halt-row.ts";
import { findDialog, h } from "./element.ts";

export interface ActionDialogOptions {
  readonly perform: (action: Action, values: ActionValues) => Promise<void>;
  /** Told when it is done, in words. */
  readonly onDone: (text: string) => void;
  /** What a halt can name: the symbols and models known. */
  readonly listTargets: (scope: HaltScopeName) => readonly string[];
}

interface Field {
  readonly input: HTMLInputElement;
  readonly error: HTMLElement;
  readonly row: HTMLElement;
}

/** Longest texts the service takes are its own affair; this only keeps the form usable. */
const lengthMax = 500;

export class ActionDialog {
  readonly #dialog = findDialog("action");
  readonly #options: ActionDialogOptions;
  /** Kept while the page is open: the next action is most likely by the same person. */
  #actor = "";

  constructor(options: ActionDialogOptions) {
    this.#options = options;
  }

  /** @param choosesTarget Lets the operator choose what to halt, beginning with what the action names. */
  open(action: Action, choosesTarget = false): void {
    const form = new ActionForm(action, choosesTarget, this.#actor, this.#options.listTargets);
    form.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit(form);
    });
    form.cancel.addEventListener("click", () => this.#dialog.close());
    this.#dialog.replaceChildren(form.element);
    this.#dialog.showModal();
    form.focusFirst();
  }

  async #submit(form: ActionForm): Promise<void> {
    if (form.isBusy) return;
    const { action, values } = form;
    const errors = checkAction(action, values);
    form.showErrors(errors, "");
    if (Object.keys(errors).length > 0) return;
    this.#actor = values.actor;
    form.isBusy = true;
    try {
      await this.#options.perform(action, values);
    } catch (error) {
      const failure = toActionFailure(error);
      form.showErrors(failure.fields, failure.summary);
      return;
    } finally {
      form.isBusy = false;
    }
    this.#dialog.close();
    this.#options.onDone(describeAction(action).done);
  }
}

class ActionForm {
  readonly element: HTMLFormElement;
  readonly cancel = h("button", { type: "button" }, "Cancel");
  readonly #submit = h("button", { type: "submit", class: "danger" });
  readonly #summary = h("p", { class: "form-error", role: "alert" });
  readonly #consequence = h("p", {});
  readonly #phrase = h("code", {});
  readonly #targets = h("datalist", { id: "action-targets" });
  readonly #fields: Readonly<Record<FieldName, Field>>;
  readonly #listTargets: ActionDialogOptions["listTargets"];
  #action: Action;

  constructor(action: Action, choosesTarget: boolean, actor: string, listTargets: ActionDialogOptions["listTargets"]) {
    this.#action = action;
    this.#listTargets = listTargets;
    const { title, needsReason, submit } = describeAction(action);
    this.#fields = {
      target: createField("target", "Which one", { list: "action-targets" }),
      reason: createField("reason", "Why"),
      actor: createField("actor", "Who you are", { autocomplete: "username" }),
      confirmation: createField("confirmation", h("span", {}, "Type ", this.#phrase, " to confirm")),
    };
    const { target, reason, actor: who, confirmation } = this.#fields;
    who.input.value = actor;
    this.#submit.textContent = submit;
    this.element = h(
      "form",
      { novalidate: true, autocomplete: "off" },
      h("h2", { id: "action-title" }, title),
      ...(choosesTarget ? [this.#buildScopes()] : []),
      ...(choosesTarget ? [target.row, this.#targets] : []),
      this.#consequence,
      ...(needsReason ? [reason.row] : []),
      who.row,
      confirmation.row,
      this.#summary,
      h("p", { class: "buttons" }, this.#submit, this.cancel),
    );
    target.input.addEventListener("input", () => this.#choose({ target: target.input.value.trim() }));
    this.#describe();
  }

  get action(): Action {
    return this.#action;
  }

  get values(): ActionValues {
    const { target, reason, actor, confirmation } = this.#fields;
    return {
      target: target.input.value,
      reason: reason.input.value,
      actor: actor.input.value,
      confirmation: confirmation.input.value,
    };
  }

  get isBusy(): boolean {
    return this.element.hasAttribute("aria-busy");
  }

  set isBusy(busy: boolean) {
    this.element.toggleAttribute("aria-busy", busy);
    this.#submit.textContent = busy ? "Working…" : describeAction(this.#action).submit;
  }

  focusFirst(): void {
    const first = this.element.querySelector<HTMLElement>("input:checked") ?? this.element.querySelector("input");
    first?.focus();
  }

  /** Each error stands beside its field; the first field in error gets the focus. */
  showErrors(errors: FieldErrors, summary: string): void {
    const others: string[] = summary === "" ? [] : [summary];
    let first: HTMLInputElement | undefined;
    for (const name of ["target", "reason", "actor", "confirmation"] as const) {
      const { input, error } = this.#fields[name];
      const text = errors[name] ?? "";
      error.textContent = text;
      input.setAttribute("aria-invalid", String(text !== ""));
      if (text === "") continue;
      if (input.isConnected) first ??= input;
      else others.push(`${name}: ${text}`);
    }
    this.#summary.textContent = others.join(". ");
    first?.focus();
  }

  #buildScopes(): HTMLElement {
    const choices = haltScopeNames.map((scope) => {
      const input = h("input", { type: "radio", name: "scope", value: scope });
      input.checked = "scope" in this.#action && this.#action.scope === scope;
      input.addEventListener("change", () => this.#choose({ scope }));
      return h("label", {}, input, scope.toLowerCase());
    });
    return h("fieldset", {}, h("legend", {}, "What to halt"), ...choices);
  }

  #choose(choice: { readonly scope?: HaltScopeName; readonly target?: string }): void {
    if (!("scope" in this.#action)) return;
    const next = { ...this.#action, ...choice };
    this.#action = next.scope === "SERVICE" ? { ...next, target: "" } : next;
    this.#describe();
  }

  #describe(): void {
    const { consequence, phrase } = describeAction(this.#action);
    this.#consequence.textContent = consequence;
    this.#phrase.textContent = phrase;
    if (!("scope" in this.#action)) return;
    const { scope } = this.#action;
    this.#fields.target.row.hidden = scope === "SERVICE";
    if (scope === "SERVICE") this.#fields.target.input.value = "";
    this.#targets.replaceChildren(...this.#listTargets(scope).map((value) => h("option", { value })));
  }
}

function createField(name: FieldName, label: string | HTMLElement, attributes: Record<string, string> = {}): Field {
  const id = `action-${name}`;
  const error = h("span", { class: "field-error", id: `${id}-error` });
  const described = { "aria-describedby": `${id}-error`, "aria-required": "true" };
  const plain = { autocomplete: "off", spellcheck: "false", maxlength: lengthMax };
  const input = h("input", { id, name, type: "text", ...plain, ...described, ...attributes });
  return { input, error, row: h("p", { class: "field" }, h("label", { for: id }, label), input, error) };
}
