import { PerformanceObserver } from "node:perf_hooks";
import { collectDefaultMetrics, Registry } from "prom-client";
import { expect, it, vi } from "vitest";
import { collectProcessMetrics } from "../../../src/monitor/prometheus/process-metrics.ts";

const leftOut = [
  "nodejs_active_handles_total",
  "nodejs_active_requests_total",
  "nodejs_active_resources_total",
  "nodejs_gc_duration_seconds",
];

function namesOf(collect: (registry: Registry) => void): string[] {
  const registry = new Registry();
  collect(registry);
  return registry
    .getMetricsAsArray()
    .map(({ name }) => name)
    .toSorted();
}

it("collects what prom-client has of a process, by the same names, but not what is misnamed or costs every call", () => {
  const usual = namesOf((register) => collectDefaultMetrics({ register }));
  const ours = namesOf(collectProcessMetrics);
  expect(ours.length).toBeGreaterThan(20);
  expect([...ours, ...leftOut].toSorted()).toEqual(usual);
});

it("observes no garbage collections", () => {
  const observe = vi.spyOn(PerformanceObserver.prototype, "observe");
  collectProcessMetrics(new Registry());
  expect(observe).not.toHaveBeenCalled();
  observe.mockRestore();
});
