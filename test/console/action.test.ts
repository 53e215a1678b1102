import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { type Action, type ActionValues, checkAction, describeAction } from "../../console/model/action.ts";
import { toActionFailure } from "../../console/model/action-failure.ts";
import { BadRequestSchema, PreconditionFailureSchema } from "../../gen/ts/google/rpc/error_details_pb.ts";

const haltService: Action = { kind: "halt", scope: "SERVICE", target: "" };
const haltSymbol: Action = { kind: "halt", scope: "SYMBOL", target: "EURUSD" };
const promote: Action = { kind: "promote", model: "signal_filter", version: "v2.0.0" };

function fill(action: Action, values: Partial<ActionValues> = {}): ActionValues {
  const { phrase } = describeAction(action);
  return { target: "", reason: "because", actor: "me", confirmation: phrase, ...values };
}

describe("an action", () => {
  it.each<[phrase: string, action: Action]>([
    ["halt service", haltService],
    ["halt EURUSD", haltSymbol],
    ["resume signal_filter/v1", { kind: "resume", scope: "MODEL", target: "signal_filter/v1" }],
    ["promote v2.0.0", promote],
    ["rollback signal_filter", { kind: "rollback", model: "signal_filter", version: "v2.0.0" }],
  ])("is confirmed by %j and nothing else", (phrase, action) => {
    expect(checkAction(action, fill(action, { confirmation: ` ${phrase} ` }))).toEqual({});
    for (const confirmation of ["", phrase.slice(0, -1), phrase.toUpperCase()]) {
      expect(Object.keys(checkAction(action, fill(action, { confirmation })))).toEqual(["confirmation"]);
    }
  });

  it.each<[name: string, action: Action, values: Partial<ActionValues>, fields: string[]]>([
    ["a reason", haltService, { reason: " " }, ["reason"]],
    ["somebody who does it", haltService, { actor: "" }, ["actor"]],
    ["a symbol", { ...haltSymbol, target: "" }, {}, ["target"]],
    ["all of it", haltService, { reason: "", actor: "", confirmation: "" }, ["reason", "actor", "confirmation"]],
  ])("needs %s", (_, action, values, fields) => {
    expect(Object.keys(checkAction(action, fill(action, values)))).toEqual(fields);
  });

  it("on models needs no reason: the service takes none", () => {
    expect(checkAction(promote, fill(promote, { reason: "" }))).toEqual({});
  });
});

describe("a refused action", () => {
  it("is shown beside the fields it is about", () => {
    const violations = [
      { field: "target", description: "no model but signal_filter decides" },
      { field: "scope", description: "expected one of SERVICE" },
    ];
    const error = new ConnectError("invalid", Code.InvalidArgument, undefined, [
      { desc: BadRequestSchema, value: { fieldViolations: violations } },
    ]);
    expect(toActionFailure(error)).toEqual({
      fields: { target: "no model but signal_filter decides" },
      summary: "scope: expected one of SERVICE",
    });
  });

  it("names the condition that does not hold", () => {
    const error = new ConnectError("unmet", Code.FailedPrecondition, undefined, [
      { desc: PreconditionFailureSchema, value: { violations: [{ subject: "v2", description: "is not loaded" }] } },
    ]);
    expect(toActionFailure(error)).toEqual({ fields: {}, summary: "v2: is not loaded" });
  });

  it("without details shows its message", () => {
    expect(toActionFailure(new ConnectError("no halt", Code.NotFound)).summary).toBe("no halt");
  });

  it.each([
    [Code.DeadlineExceeded, true],
    [Code.Unknown, true],
    [Code.NotFound, false],
    [Code.Unavailable, false],
  ])("with code %i says whether it may have been done", (code, expected) => {
    expect(toActionFailure(new ConnectError("x", code)).summary.includes("may have been done")).toBe(expected);
  });
});
