import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { describeFailure } from "../../src/cli/error-text.ts";
import {
  AlreadyExistsError,
  ConflictError,
  InvalidInputError,
  NotFoundError,
  OverloadedError,
  UnavailableError,
  UnmetConditionError,
} from "../../src/domain/errors.ts";
import { toConnectError } from "../../src/transport/chain/status.ts";

const url = "http://127.0.0.1:8003";
const violations = [
  { field: "a.b", description: "is wrong" },
  { field: "c", description: "too" },
];
const condition = { type: "MODEL_SERVING", subject: "m/v1", description: "it decides now" };

describe("an error of the service", () => {
  it.each<[string, Error, number, readonly string[]]>([
    [
      "a line for each field",
      new InvalidInputError(violations, "WRONG"),
      2,
      ["ml-layer: invalid_argument (WRONG)", "  a.b: is wrong", "  c: too"],
    ],
    [
      "a line for each condition, and a hint",
      new UnmetConditionError([condition, { ...condition, type: "OTHER" }], "MODEL_SERVING"),
      2,
      [
        "ml-layer: failed_precondition (MODEL_SERVING)",
        "  m/v1: it decides now",
        "  m/v1: it decides now (OTHER)",
        expect.stringContaining("  hint: let another version decide first"),
      ],
    ],
    [
      "what is not there",
      new NotFoundError("config", "feed"),
      2,
      ["ml-layer: not_found: no such config: feed", expect.stringContaining("ml-layer config history")],
    ],
    [
      "what is there already",
      new AlreadyExistsError("model_version", "m/v1"),
      2,
      ["ml-layer: already_exists: model version exists already: m/v1", expect.stringContaining("leave --version away")],
    ],
    ["who was faster", new ConflictError("changed"), 2, ["ml-layer: aborted (CONFLICT): changed"]],
    [
      "when to try again",
      new OverloadedError("3 wait", 5000, "FULL"),
      1,
      ["ml-layer: resource_exhausted (FULL): 3 wait", "  hint: try again in 5 s"],
    ],
    ["that it drains", new UnavailableError("draining", "DRAINING"), 1, ["ml-layer: unavailable (DRAINING): draining"]],
    [
      "no more than it tells, when it is a defect",
      new Error("secret"),
      1,
      ["ml-layer: internal: internal error", "  hint: the cause stands in the service's log"],
    ],
  ])("says %s", (_, error, exitCode, lines) => {
    expect(describeFailure(toConnectError(error), url)).toEqual({ lines, exitCode });
  });
});

describe("an error of this side", () => {
  it.each<[string, Error, number, readonly string[]]>([
    [
      "that nobody answers",
      new ConnectError("connect ECONNREFUSED", Code.Unavailable),
      3,
      [
        `ml-layer: unavailable: the service at ${url} cannot be reached: connect ECONNREFUSED`,
        expect.stringContaining("ml-layer serve"),
      ],
    ],
    [
      "that the answer is late",
      new ConnectError("late", Code.DeadlineExceeded),
      3,
      [
        `ml-layer: deadline_exceeded: the service at ${url} did not answer in time`,
        expect.stringContaining("may have been made"),
      ],
    ],
    ["each argument that is wrong", new InvalidInputError(violations), 2, ["ml-layer: a.b: is wrong", "  c: too"]],
  ])("says %s", (_, error, exitCode, lines) => {
    expect(describeFailure(error, url)).toEqual({ lines, exitCode });
  });

  it("leaves defects to whoever finds them", () => {
    expect(describeFailure(new TypeError("no function"), url)).toBeUndefined();
  });
});
