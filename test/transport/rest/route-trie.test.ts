import { describe, expect, it } from "vitest";
import { parsePathTemplate, splitPath } from "../../../src/transport/rest/path-template.ts";
import { type RouteMatch, RouteTrie } from "../../../src/transport/rest/route-trie.ts";

const routes: readonly (readonly [method: string, template: string])[] = [
  ["GET", "/"],
  ["GET", "/models/list"],
  ["POST", "/models/register"],
  ["GET", "/models/{model_name}/versions"],
  ["GET", "/models/{model_name}/versions/{version}"],
  ["DELETE", "/models/{model_name}/{version}"],
  ["POST", "/models/{model_name}/rollback"],
  ["PATCH", "/alerts/rules/{name}"],
  ["DELETE", "/alerts/rules/{name}"],
  ["GET", "/alerts/rules"],
];

function match(method: string, path: string): RouteMatch<string> {
  const trie = new RouteTrie<string>();
  for (const [httpMethod, template] of routes) {
    trie.add(httpMethod, parsePathTemplate(template), `${httpMethod} ${template}`);
  }
  const segments = splitPath(path);
  if (segments === undefined) throw new Error(`not a path: ${path}`);
  return trie.match(method, segments);
}

describe("RouteTrie", () => {
  it.each([
    ["GET", "/", "GET /", {}],
    ["HEAD", "/models/list", "GET /models/list", {}],
    ["GET", "/models/x/versions", "GET /models/{model_name}/versions", { model_name: "x" }],
    ["GET", "/models/list/versions", "GET /models/{model_name}/versions", { model_name: "list" }],
    [
      "GET",
      "/models/a%2Fb/versions/v1.0.0",
      "GET /models/{model_name}/versions/{version}",
      { model_name: "a/b", version: "v1.0.0" },
    ],
    ["DELETE", "/models/x/v1", "DELETE /models/{model_name}/{version}", { model_name: "x", version: "v1" }],
    ["DELETE", "/models/x/versions", "DELETE /models/{model_name}/{version}", { model_name: "x", version: "versions" }],
    ["POST", "/models/x/rollback", "POST /models/{model_name}/rollback", { model_name: "x" }],
    ["PATCH", "/alerts/rules/__proto__", "PATCH /alerts/rules/{name}", { name: "__proto__" }],
  ])("serves %s %s by %s", (method, path, value, variables) => {
    const found = match(method, path);
    expect(found).toMatchObject({ kind: "found", value });
    expect(found.kind === "found" && [...found.variables]).toEqual(Object.entries(variables));
  });

  it.each([
    ["PUT", "/models/list", ["GET", "HEAD"]],
    ["GET", "/models/register", ["POST"]],
    ["PUT", "/models/x/versions", ["DELETE", "GET", "HEAD"]],
    ["GET", "/alerts/rules/x", ["DELETE", "PATCH"]],
    ["HEAD", "/alerts/rules/x", ["DELETE", "PATCH"]],
    ["POST", "/", ["GET", "HEAD"]],
  ])("knows the path of %s %s and what may be done there", (method, path, allow) => {
    expect(match(method, path)).toEqual({ kind: "wrong_method", allow });
  });

  it.each([
    ["GET", "/nothing"],
    ["GET", "/models"],
    ["GET", "/models/"],
    ["GET", "/models/list/"],
    ["GET", "/models//versions"],
    ["DELETE", "/models/x/"],
    ["GET", "/MODELS/list"],
    ["GET", "/models/x/versions/v/more"],
    ["GET", "/constructor"],
    ["GET", "/__proto__"],
  ])("knows no path for %s %s", (method, path) => {
    expect(match(method, path)).toEqual({ kind: "unknown_path" });
  });

  it("forgets what it captured on a way that led nowhere", () => {
    const trie = new RouteTrie<string>();
    trie.add("GET", parsePathTemplate("/models/{model_name}/rollback"), "near");
    trie.add("GET", parsePathTemplate("/{kind}/{name}/versions"), "far");
    const found = trie.match("GET", ["models", "x", "versions"]);
    expect(found.kind === "found" && [...found.variables]).toEqual([
      ["kind", "models"],
      ["name", "x"],
    ]);
  });

  it("refuses two routes for the same method and shape of path", () => {
    const trie = new RouteTrie<string>();
    trie.add("GET", parsePathTemplate("/models/{model_name}"), "first");
    expect(() => trie.add("GET", parsePathTemplate("/models/{name}"), "second")).toThrow("two routes");
  });
});
