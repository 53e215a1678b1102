/** What one key may hold. */
export type KeyRule =
  | { readonly kind: "number"; readonly min: number; readonly max: number; readonly open?: "min" | "max" | "both" }
  | { readonly kind: "integer"; readonly min: number; readonly max: number }
  | { readonly kind: "boolean" }
  | { readonly kind: "string"; readonly lengthMax: number; readonly pattern?: RegExp; readonly hint?: string }
  | { readonly kind: "choice"; readonly choices: readonly string[] };

/** What is wrong with a value, or `undefined` when nothing is. */
export function describeFault(value: unknown, rule: KeyRule): string | undefined {
  switch (rule.kind) {
    case "boolean":
      return typeof value === "boolean" ? undefined : `expected true or false, got ${describeValue(value)}`;
    case "string":
      if (typeof value !== "string") return `expected a string, got ${describeValue(value)}`;
      if (value.length > rule.lengthMax) return `${value.length} characters; at most ${rule.lengthMax}`;
      return rule.pattern === undefined || rule.pattern.test(value) ? undefined : (rule.hint ?? "has the wrong form");
    case "choice":
      if (typeof value === "string" && rule.choices.includes(value)) return undefined;
      return `expected one of ${rule.choices.join(", ")}, got ${describeValue(value)}`;
    case "integer":
      if (typeof value !== "number" || !Number.isInteger(value)) {
        return `expected a whole number, got ${describeValue(value)}`;
      }
      return value >= rule.min && value <= rule.max ? undefined : `${value} is outside [${rule.min}, ${rule.max}]`;
    case "number":
      return describeNumberFault(value, rule);
    default:
      return rule satisfies never;
  }
}

function describeNumberFault(value: unknown, rule: KeyRule & { kind: "number" }): string | undefined {
  if (typeof value !== "number" || !Number.isFinite(value))
    return `expected a finite number, got ${describeValue(value)}`;
  const minOpen = rule.open === "min" || rule.open === "both";
  const maxOpen = rule.open === "max" || rule.open === "both";
  const inside = (minOpen ? value > rule.min : value >= rule.min) && (maxOpen ? value < rule.max : value <= rule.max);
  return inside
    ? undefined
    : `${value} is outside ${minOpen ? "(" : "["}${rule.min}, ${rule.max}${maxOpen ? ")" : "]"}`;
}

/** Names the kind of what is no scalar, and quotes nothing long: the text goes into errors and logs. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = String(value);
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
