/** What an operator can do, and what it takes to do it. */

import { describeHalted, type HaltScopeName } from "./halt-row.ts";

export type Action =
  | { readonly kind: "halt" | "resume"; readonly scope: HaltScopeName; readonly target: string }
  | { readonly kind: "promote" | "rollback"; readonly model: string; readonly version: string };

/** The fields of the form, by the names the service gives them. */
export type FieldName = "target" | "reason" | "actor" | "confirmation";

export interface ActionText {
  readonly title: string;
  readonly consequence: string;
  readonly submit: string;
  /** To be typed as it stands, so that no slip of the hand does it. */
  readonly phrase: string;
  readonly needsReason: boolean;
  /** Said when it is done. */
  readonly done: string;
}

export type ActionValues = Readonly<Record<FieldName, string>>;

export type FieldErrors = Partial<Record<FieldName, string>>;

export function describeAction(action: Action): ActionText {
  switch (action.kind) {
    case "halt": {
      const what = describeHalted(action.scope, action.target);
      return {
        title: "Halt trading",
        consequence: `Every decision for ${what} is refused from the next one on, across restarts, until it is resumed.`,
        submit: "Halt",
        phrase: `halt ${phraseTarget(action)}`.trim(),
        needsReason: true,
        done: `Trading is halted for ${what}.`,
      };
    }
    case "resume": {
      const what = describeHalted(action.scope, action.target);
      return {
        title: "Resume trading",
        consequence: `The halt of ${what} is lifted; decisions may be allowed again at once.`,
        submit: "Resume",
        phrase: `resume ${phraseTarget(action)}`.trim(),
        needsReason: true,
        done: `The halt of ${what} is lifted.`,
      };
    }
    case "promote":
      return {
        title: "Promote a version",
        consequence: `${action.version} becomes the champion of ${action.model}: it decides from the next decision on, unless the configuration has chosen otherwise.`,
        submit: "Promote",
        phrase: `promote ${action.version}`,
        needsReason: false,
        done: `${action.version} is the champion of ${action.model}.`,
      };
    case "rollback":
      return {
        title: "Roll back a model",
        consequence: `The champion of ${action.model} before ${action.version} is champion again.`,
        submit: "Roll back",
        phrase: `rollback ${action.model}`,
        needsReason: false,
        done: `${action.model} is rolled back.`,
      };
    default:
      return action satisfies never;
  }
}

/** What is wrong with the form before it is sent. The service checks again, and has the last word. */
export function checkAction(action: Action, values: ActionValues): FieldErrors {
  const { phrase, needsReason } = describeAction(action);
  const lacksTarget = "scope" in action && action.scope !== "SERVICE" && action.target === "";
  return {
    ...(lacksTarget && { target: `Say which ${action.scope.toLowerCase()}.` }),
    ...(needsReason && values.reason.trim() === "" && { reason: "Say why; the audit log keeps it." }),
    ...(values.actor.trim() === "" && { actor: "Say who you are; the audit log keeps it." }),
    ...(values.confirmation.trim() !== phrase && { confirmation: `Type "${phrase}" to confirm.` }),
  };
}

function phraseTarget({ scope, target }: { readonly scope: HaltScopeName; readonly target: string }): string {
  return scope === "SERVICE" ? "service" : target;
}
