/** Finds what serves a path and an HTTP method, in time that depends on the path's length only. */

import type { PathTemplate } from "./path-template.ts";

export type RouteMatch<T> =
  | { readonly kind: "found"; readonly value: T; readonly variables: ReadonlyMap<string, string> }
  /** The path is known; `allow` is every method that some template of this path has. */
  | { readonly kind: "wrong_method"; readonly allow: readonly string[] }
  | { readonly kind: "unknown_path" };

interface Leaf<T> {
  readonly value: T;
  readonly fields: readonly string[];
}

interface TrieNode<T> {
  readonly literals: Map<string, TrieNode<T>>;
  variable: TrieNode<T> | undefined;
  readonly leaves: Map<string, Leaf<T>>;
}

export class RouteTrie<T> {
  readonly #root: TrieNode<T> = createNode();

  /** Two routes for the same method and path are a mistake and refused. */
  add(httpMethod: string, template: PathTemplate, value: T): void {
    let node = this.#root;
    const fields: string[] = [];
    for (const segment of template.segments) {
      if (segment.kind === "literal") {
        const next = node.literals.get(segment.text) ?? createNode<T>();
        node.literals.set(segment.text, next);
        node = next;
      } else {
        node.variable ??= createNode();
        node = node.variable;
        fields.push(segment.field);
      }
    }
    if (node.leaves.has(httpMethod)) throw new Error(`two routes serve ${httpMethod} ${template.text}`);
    node.leaves.set(httpMethod, { value, fields });
  }

  /**
   * A literal segment beats a variable one, the first segment first, among the templates that have the method.
   * HEAD is served by what serves GET.
   */
  match(httpMethod: string, segments: readonly string[]): RouteMatch<T> {
    const wanted = httpMethod === "HEAD" ? "GET" : httpMethod;
    const allow = new Set<string>();
    const captured: string[] = [];
    const leaf = findLeaf(this.#root, segments, 0, wanted, captured, allow);
    if (leaf !== undefined) {
      const variables = new Map(leaf.fields.map((field, index) => [field, captured[index] ?? ""]));
      return { kind: "found", value: leaf.value, variables };
    }
    if (allow.size === 0) return { kind: "unknown_path" };
    if (allow.has("GET")) allow.add("HEAD");
    return { kind: "wrong_method", allow: [...allow].sort() };
  }
}

function createNode<T>(): TrieNode<T> {
  return { literals: new Map(), variable: undefined, leaves: new Map() };
}

function findLeaf<T>(
  node: TrieNode<T>,
  segments: readonly string[],
  depth: number,
  httpMethod: string,
  captured: string[],
  allow: Set<string>,
): Leaf<T> | undefined {
  const segment = segments[depth];
  if (segment === undefined) {
    for (const method of node.leaves.keys()) allow.add(method);
    return node.leaves.get(httpMethod);
  }
  const literal = node.literals.get(segment);
  if (literal !== undefined) {
    const leaf = findLeaf(literal, segments, depth + 1, httpMethod, captured, allow);
    if (leaf !== undefined) return leaf;
  }
  // An empty segment names nothing: `/models//versions` is no path of this service.
  if (node.variable === undefined || segment === "") return undefined;
  captured.push(segment);
  const leaf = findLeaf(node.variable, segments, depth + 1, httpMethod, captured, allow);
  if (leaf === undefined) captured.pop();
  return leaf;
}
