/** The path templates of `google.api.http`, as far as this service uses them: literals and `{variable}` segments. */

export type PathSegment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "variable"; readonly field: string };

export interface PathTemplate {
  /** As written in the proto file, e.g. `/models/{model_name}/versions`. */
  readonly text: string;
  readonly segments: readonly PathSegment[];
}

const literalPattern = /^[A-Za-z0-9._~-]+$/;
const variablePattern = /^\{([a-z][a-z0-9_]*)\}$/;

/**
 * Reads a template. A template that is not understood is a mistake in a proto file and ends the start-up:
 * serving it wrongly would be worse.
 */
export function parsePathTemplate(text: string): PathTemplate {
  if (!text.startsWith("/")) throw new Error(`path template must start with "/": ${text}`);
  if (text === "/") return { text, segments: [] };
  const segments = text
    .slice(1)
    .split("/")
    .map((segment) => parseSegment(segment, text));
  const fields = segments.flatMap((segment) => (segment.kind === "variable" ? [segment.field] : []));
  if (new Set(fields).size !== fields.length) throw new Error(`path template repeats a variable: ${text}`);
  return { text, segments };
}

function parseSegment(segment: string, template: string): PathSegment {
  const field = variablePattern.exec(segment)?.[1];
  if (field !== undefined) return { kind: "variable", field };
  if (!literalPattern.test(segment))
    throw new Error(`path template has an unsupported segment "${segment}": ${template}`);
  return { kind: "literal", text: segment };
}

/**
 * Splits the path of a request into decoded segments; undefined when it can match no template. Every segment is
 * decoded after the split, so an encoded slash stays inside its segment. A trailing slash is an empty last segment
 * and therefore another path.
 */
export function splitPath(path: string): readonly string[] | undefined {
  if (path === "/") return [];
  if (!path.startsWith("/")) return undefined;
  try {
    return path.slice(1).split("/").map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
