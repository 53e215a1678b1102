import { GateResult_Name } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { enumName } from "./enum-name.ts";

/** A gate in words: what it wants. */
const gateWords: Readonly<Record<string, string>> = {
  TRADING_ENABLED: "trading enabled",
  QSE_VALID: "QSE valid",
  REGIME_ALLOWED: "regime allowed",
  REGIME_CONFIDENCE: "regime confidence",
  SIGNAL_PROBABILITY: "signal probability",
  IN_DISTRIBUTION: "in distribution",
};

export function describeGate(name: number): string {
  return describeGateName(enumName(GateResult_Name, name));
}

export function describeGateName(name: string): string {
  return gateWords[name] ?? name.toLowerCase().replaceAll("_", " ");
}
