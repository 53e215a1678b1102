import { describe, expect, it } from "vitest";
import { parsePathTemplate, splitPath } from "../../../src/transport/rest/path-template.ts";

describe("parsePathTemplate", () => {
  it("splits a template into literals and variables", () => {
    expect(parsePathTemplate("/models/{model_name}/versions").segments).toEqual([
      { kind: "literal", text: "models" },
      { kind: "variable", field: "model_name" },
      { kind: "literal", text: "versions" },
    ]);
  });

  it("reads the root as no segments", () => {
    expect(parsePathTemplate("/").segments).toEqual([]);
  });

  it.each([
    ["no leading slash", "models"],
    ["a wildcard", "/models/**"],
    ["a pattern in a variable", "/models/{name=models/*}"],
    ["a nested field", "/models/{model.name}"],
    ["a verb", "/models:list"],
    ["an empty segment", "/models//list"],
    ["a trailing slash", "/models/"],
    ["a variable twice", "/models/{name}/{name}"],
  ])("refuses a template with %s", (_what, text) => {
    expect(() => parsePathTemplate(text)).toThrow(text);
  });
});

describe("splitPath", () => {
  it.each([
    ["/", []],
    ["/health", ["health"]],
    ["/models/a%20b/versions", ["models", "a b", "versions"]],
    ["/models/a%2Fb", ["models", "a/b"]],
    ["/models/%E2%82%AC", ["models", "€"]],
    ["/models/", ["models", ""]],
    ["//", ["", ""]],
    ["/a+b", ["a+b"]],
  ])("splits %s", (path, segments) => {
    expect(splitPath(path)).toEqual(segments);
  });

  it.each(["/%", "/models/%zz", "/models/%E2%82", "", "*", "http://host/health"])("finds no path in %j", (path) => {
    expect(splitPath(path)).toBeUndefined();
  });
});
