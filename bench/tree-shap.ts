/**
 * Times one explanation of each ensemble in a folder: `node bench/tree-shap.ts [folder] [calls]`. The folder holds what
 * `test/engine/trees/fixtures/make-ensembles.py` writes; by default it is that of the tests.
 */
import { createTreeExplainer } from "../src/engine/trees/tree-shap.ts";
import { type EnsembleFixture, fixtureFolder, readEnsembleFixture } from "../test/engine/trees/ensemble-fixture.ts";
import { quantile } from "./measurement.ts";

const [, , folder = fixtureFolder, calls = "20000"] = process.argv;
const warmUpCalls = 2000;

for (const name of ["signal", "regime"] as const) {
  const fixture = readEnsembleFixture(name, folder);
  const preparedMs = performance.now();
  createTreeExplainer(fixture.ensemble);
  const prepareMs = performance.now() - preparedMs;
  timeExplanations(fixture, warmUpCalls);
  const micros = timeExplanations(fixture, Number(calls));
  const { treeOutputs, baseScores, features } = fixture.ensemble;
  const trees = treeOutputs.length / baseScores.length;
  const leaves = (features.length / treeOutputs.length + 1) / 2;
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((share) => quantile(micros, share).toFixed(1));
  process.stdout.write(
    `${name}: ${trees} trees of ${leaves.toFixed(1)} leaves for one class; p50 ${p50} µs, p90 ${p90} µs, p99 ${p99} µs; ` +
      `prepared in ${prepareMs.toFixed(0)} ms\n`,
  );
}

/** Each call explains another row: the same row again would find every branch predicted. */
function timeExplanations({ ensemble, rows }: EnsembleFixture, count: number): Float64Array {
  const explainer = createTreeExplainer(ensemble);
  const micros = new Float64Array(count);
  for (let call = 0; call < count; call++) {
    const row = rows[call % rows.length];
    if (row === undefined) throw new Error("the fixture has no rows");
    const startedMs = performance.now();
    explainer.explain(row, call % ensemble.classCount);
    micros[call] = (performance.now() - startedMs) * 1000;
  }
  return micros.sort();
}
