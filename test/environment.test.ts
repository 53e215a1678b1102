import { describe, expect, it } from "vitest";
import { readEnvironment } from "../src/environment.ts";

describe("ALERTMANAGER_URLS", () => {
  it.each<[string | undefined, string[]]>([
    [undefined, []],
    ["", []],
    ["http://alertmanager:9093", ["http://alertmanager:9093"]],
    [" https://a.example/prefix/ , http://[::1]:9093,", ["https://a.example/prefix/", "http://[::1]:9093"]],
    [new Array(10).fill("http://a:1").join(), new Array(10).fill("http://a:1")],
  ])("%j names %j", (text, urls) => {
    expect(readEnvironment({ ALERTMANAGER_URLS: text }).alertmanagerUrls).toEqual(urls);
  });

  it.each<[string, string]>([
    ["alertmanager:9093", "address 1 is not of the form http://host:port"],
    ["http://a:1,ftp://b:2", "address 2 is not of the form http://host:port"],
    ["http://user:secret@a:1", "address 1 must not hold credentials"],
    ["http://a:1/?token=secret", "address 1 must end with its path"],
    [new Array(11).fill("http://a:1").join(), "11 addresses; at most 10"],
  ])("refuses %j without repeating it", (text, words) => {
    expect(() => readEnvironment({ ALERTMANAGER_URLS: text })).toThrow(
      expect.objectContaining({ message: `ALERTMANAGER_URLS: ${words}`, reason: "INVALID_ENVIRONMENT" }),
    );
  });
});
