import { Code, ConnectError, createClient, createRouterTransport } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { applyReading, createState } from "../../console/model/console-state.ts";
import type { Clients } from "../../console/service/clients.ts";
import { performAction } from "../../console/service/operator.ts";
import { ServiceReader } from "../../console/service/reader.ts";
import { ConfigService, Halt_Scope } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { createRecords } from "./decision-records.ts";

/** A service that counts what it is asked and lacks alerting. */
function createService(options: { readonly isDown?: boolean } = {}) {
  const asked: string[] = [];
  const requests: unknown[] = [];
  const note = <T>(name: string, answer: T) => {
    return (request: unknown) => {
      asked.push(name);
      requests.push(request);
      return answer;
    };
  };
  const transport = createRouterTransport(({ service }) => {
    service(MonitoringService, {
      getStatus(request) {
        note("status", undefined)(request);
        if (options.isDown === true) throw new ConnectError("draining", Code.Unavailable);
        return { status: "running" };
      },
      getMetrics: note("metrics", { metrics: { totalPredictions: 3n } }),
      listDecisions: note("decisions", { decisions: createRecords(3) }),
      listAlerts(request) {
        note("alerts", undefined)(request);
        throw new ConnectError("no alerting", Code.Unimplemented);
      },
    });
    service(ModelRegistryService, {
      listModels: note("models", { models: [] }),
      setModelAlias: note("promote", {}),
      rollbackModel: note("rollback", {}),
    });
    service(ConfigService, {
      getConfig: note("config", {}),
      haltTrading: note("halt", {}),
      resumeTrading: note("resume", {}),
    });
  });
  const clients: Clients = {
    monitoring: createClient(MonitoringService, transport),
    config: createClient(ConfigService, transport),
    registry: createClient(ModelRegistryService, transport),
  };
  return { asked, requests, clients };
}

const { signal } = new AbortController();

describe("a round of questions", () => {
  it("asks for everything at first, then leaves out what seldom changes and what is not offered", async () => {
    const { asked, clients } = createService();
    const reader = new ServiceReader(clients);
    const reading = await reader.read(createState(0), signal);
    expect(reading.alerts).toEqual({ kind: "failed", reason: "no alerting", isMissing: true });
    expect(asked.splice(0).sort()).toEqual(["alerts", "config", "decisions", "metrics", "models", "status"]);
    await reader.read(createState(0), signal);
    expect(asked.splice(0).sort()).toEqual(["decisions", "metrics", "status"]);
    reader.refresh();
    await reader.read(createState(0), signal);
    expect(asked).toHaveLength(6);
  });

  it("asks for the decisions since the newest one known", async () => {
    const { requests, asked, clients } = createService();
    const reader = new ServiceReader(clients);
    const state = applyReading(createState(0), await reader.read(createState(0), signal), 0);
    requests.splice(0);
    asked.splice(0);
    await reader.read(state, signal);
    expect(requests[asked.indexOf("decisions")]).toMatchObject({ since: state.decisions[0]?.timestamp });
  });

  it("asks nothing more of a service that does not answer for its status", async () => {
    const { asked, clients } = createService({ isDown: true });
    await expect(new ServiceReader(clients).read(createState(0), signal)).rejects.toThrow("draining");
    expect(asked).toEqual(["status"]);
  });
});

describe("a confirmed action", () => {
  const values = { target: "", reason: " news ", actor: " me ", confirmation: "" };

  it.each([
    [
      "halt",
      { kind: "halt", scope: "SYMBOL", target: "EURUSD" },
      { scope: Halt_Scope.SYMBOL, target: "EURUSD", reason: "news", actor: "me" },
    ],
    ["resume", { kind: "resume", scope: "SERVICE", target: "" }, { scope: Halt_Scope.SERVICE, target: "" }],
    [
      "promote",
      { kind: "promote", model: "signal_filter", version: "v2" },
      { modelName: "signal_filter", version: "v2", alias: "champion", actor: "me" },
    ],
    ["rollback", { kind: "rollback", model: "signal_filter", version: "v2" }, { modelName: "signal_filter" }],
  ] as const)("is asked of the service: %s", async (name, action, request) => {
    const { asked, requests, clients } = createService();
    await performAction(clients, action, values);
    expect(asked).toEqual([name]);
    expect(requests[0]).toMatchObject(request);
  });
});
