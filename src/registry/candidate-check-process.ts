/**
 * The process in which a candidate is loaded for the first time. A damaged model file can abort the
 * runtime natively, hang it or make it take all memory; here that costs nobody anything.
 */
import { writeFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { Worker } from "node:worker_threads";
import { InvalidInputError, UnmetConditionError } from "../domain/errors.ts";
import { type Candidate, type CandidateFinding, readyMessage } from "./candidate.ts";
import { readSignature } from "./model-metadata.ts";
import { verifyModel } from "./model-verification.ts";
import { inspectOnnx } from "./onnx-inspector.ts";
import { loadOnnxModel } from "./onnx-model.ts";

/** A candidate has no version yet. */
const candidateVersion = "candidate";

async function examineCandidate(candidate: Candidate): Promise<CandidateFinding> {
  const { modelName, metadata, bytes, sizeBytesMax } = candidate;
  const startedAt = performance.now();
  try {
    const signature = readSignature(modelName, metadata);
    inspectOnnx(bytes, sizeBytesMax);
    const identity = { name: modelName, version: candidateVersion, sha256: "" };
    const model = await loadOnnxModel(bytes, signature, identity, metadata["tree_covers"]);
    const loadedAt = performance.now();
    await verifyModel(model, signature);
    const verifiedAt = performance.now();
    await model.release();
    return { kind: "accepted", loadMs: loadedAt - startedAt, verifyMs: verifiedAt - loadedAt };
  } catch (error) {
    if (error instanceof InvalidInputError) {
      return { kind: "invalid", reason: error.reason, violations: error.violations };
    }
    if (error instanceof UnmetConditionError) {
      return { kind: "unmet", reason: error.reason, conditions: error.conditions };
    }
    throw error;
  }
}

/** When memory runs out, the kernel shall end this process and not the service. */
function offerToDieFirst(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", "1000");
  } catch {
    // Only Linux has it; elsewhere the parent's limit has to do.
    return;
  }
}

/**
 * While a model runs, the event loop stands still and nobody would notice that the service is gone; a thread does.
 */
function endWithParent(): void {
  const source = `
    const { workerData } = require("node:worker_threads");
    setInterval(() => { if (process.ppid !== workerData) process.kill(process.pid, "SIGKILL"); }, 500);
  `;
  new Worker(source, { eval: true, workerData: process.ppid }).unref();
  process.once("disconnect", () => process.exit());
}

offerToDieFirst();
endWithParent();
process.on("message", (candidate: Candidate) => {
  // A rejection is a defect of the check; unhandled it ends the process, which refuses the candidate.
  void examineCandidate(candidate).then((finding) => {
    // Said first, the finding would end this process before what it has compiled is written.
    flushCompileCache();
    process.send?.(finding);
  });
});
process.send?.(readyMessage);
