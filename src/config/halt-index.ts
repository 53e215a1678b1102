import type { ModelIdentity } from "../domain/decision.ts";
import { describeHalt, foldSymbol, type Halt } from "./halt.ts";

/** Answers why a decision is halted. */
export interface HaltIndex {
  find(symbol: string, models: readonly ModelIdentity[]): string | undefined;
}

const nothingHalted: HaltIndex = { find: () => undefined };

/** Prepares the lookup that every decision makes; it allocates nothing unless there is a halt. */
export function indexHalts(halts: readonly Halt[]): HaltIndex {
  if (halts.length === 0) return nothingHalted;
  const service = halts.find((halt) => halt.scope === "SERVICE");
  if (service !== undefined) {
    const text = describeHalt(service);
    return { find: () => text };
  }
  const symbols = new Map<string, string>();
  const models = new Map<string, string>();
  for (const halt of halts) {
    if (halt.scope === "SYMBOL") symbols.set(foldSymbol(halt.target), describeHalt(halt));
    else models.set(halt.target, describeHalt(halt));
  }
  return {
    find(symbol, takingPart) {
      const ofSymbol = symbols.size === 0 ? undefined : symbols.get(foldSymbol(symbol));
      return ofSymbol ?? (models.size === 0 ? undefined : findModel(models, takingPart));
    },
  };
}

function findModel(halted: ReadonlyMap<string, string>, models: readonly ModelIdentity[]): string | undefined {
  for (const { name, version } of models) {
    const text = halted.get(name) ?? halted.get(`${name}/${version}`);
    if (text !== undefined) return text;
  }
  return undefined;
}
