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

describe("OTEL_EXPORTER_OTLP_ENDPOINT", () => {
  it.each<[string | undefined, string | undefined]>([
    [undefined, undefined],
    ["", undefined],
    ["http://collector:4318", "http://collector:4318"],
    ["https://collector.example/prefix/", "https://collector.example/prefix/"],
  ])("%j names %j", (text, url) => {
    expect(readEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: text }).otlpEndpoint).toBe(url);
  });

  it.each<[string, string]>([
    ["collector:4318", "the address is not of the form http://host:port"],
    ["grpc://collector:4317", "the address is not of the form http://host:port"],
    ["http://user:secret@a:1", "the address must not hold credentials"],
    ["http://a:1/?token=secret", "the address must end with its path"],
  ])("refuses %j without repeating it", (text, words) => {
    expect(() => readEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: text })).toThrow(
      expect.objectContaining({ message: `OTEL_EXPORTER_OTLP_ENDPOINT: ${words}`, reason: "INVALID_ENVIRONMENT" }),
    );
  });
});

describe("OTEL_SERVICE_NAME", () => {
  it.each<[string | undefined, string]>([
    [undefined, "ml-layer"],
    ["", "ml-layer"],
    ["desk-7", "desk-7"],
  ])("%j names %j", (text, name) => {
    expect(readEnvironment({ OTEL_SERVICE_NAME: text }).otelServiceName).toBe(name);
  });
});
