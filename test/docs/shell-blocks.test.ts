import { expect, it } from "vitest";
import { splitCommands } from "../external/documentation/shell-blocks.ts";

it.each([
  ["one a line", ["one", "two"], ["one", "two"]],
  ["no comments", ["# says nothing", "one  # why", "two '# not'"], ["one", "two '# not'"]],
  ["a backslash goes on", ["one \\", "  two"], ["one \\\n  two"]],
  ["a quotation goes on", ["curl -d '{", '"a": 1}\'', "two"], ["curl -d '{\n\"a\": 1}'", "two"]],
  ["an apostrophe in a comment opens nothing", ["one # it's", "two"], ["one", "two"]],
  ["an escaped quote opens nothing", ['one \\"', "two"], ['one \\"', "two"]],
  ["a word with # inside is a word", ["one a#b"], ["one a#b"]],
])("splits shell blocks into commands: %s", (_, lines, texts) => {
  expect(splitCommands(lines).map(({ text }) => text)).toEqual(texts);
});

it("refuses a block whose last command has no end", () => {
  expect(() => splitCommands(["one 'two"])).toThrow("no end");
});
