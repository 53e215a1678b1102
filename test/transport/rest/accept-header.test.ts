import { expect, it } from "vitest";
import { prefersOver } from "../../../src/transport/rest/accept-header.ts";

const text = ["text/plain", "application/openmetrics-text"];
const prometheus3 =
  "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5," +
  "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
const prometheus2 =
  "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

it.each([
  ["a scraper of version 3", prometheus3, true],
  ["a scraper of version 2", prometheus2, true],
  ["plain text alone", "text/plain", true],
  ["plain text in capitals", "Text/Plain", true],
  ["any text", "text/*", true],
  ["text over anything", "text/plain, */*;q=0.5", true],
  ["JSON refused", "*/*, application/json;q=0", true],
  ["no header", undefined, false],
  ["anything", "*/*", false],
  ["an empty header", "", false],
  ["JSON", "application/json", false],
  ["both alike", "application/json, text/plain", false],
  ["JSON over text", "text/plain;q=0.5, application/json", false],
  ["a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", false],
  ["axios", "application/json, text/plain, */*", false],
  ["text refused", "text/plain;q=0, */*;q=0", false],
  ["nonsense", ";;;q=,,/", false],
  ["a quality that is none", "text/plain;q=many", false],
])("decides for %s", (_who, header, expected) => {
  expect(prefersOver(header, text, "application/json")).toBe(expected);
});
