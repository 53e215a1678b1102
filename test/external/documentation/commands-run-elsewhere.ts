/**
 * Commands of the documentation that the documentation's test does not run, each with who does, or why nobody can. Whatever
 * matches nothing here is run.
 */
export const runElsewhere: readonly { readonly command: RegExp; readonly where: string }[] = [
  {
    command: /^npm ci && npm start$/,
    where: "test/external/documentation starts the service the same way, after .ci/run's npm ci",
  },
  { command: /^npm ci && npm test$/, where: ".ci/run" },
  {
    command: /^npm run bench(?! -- --help)/,
    where: "takes minutes and a quiet machine: bench/README.md holds its results",
  },
  { command: /^apt-get install /, where: ".ci/run installs the tests' packages; needs root" },
  {
    command: /^docker |^docker compose /,
    where: "no Docker here: test/external/deploy builds and runs the image with buildah",
  },
  { command: /^helm install /, where: "no cluster here: test/external/deploy renders and checks the chart" },
  { command: /^kubectl |\bkubectl /, where: "no cluster here: test/external/deploy checks the manifests" },
  {
    command: /^prometheus --config/,
    where: "test/external/prometheus.test.ts runs the server; this one would never end",
  },
  {
    command: /^(ml-layer (simulate|dataset|models shadow)|arbitrex-train|npm run test:training)\b/,
    where: "test/external/learning-loop.test.ts goes the whole way from bars to a model; .ci/run the training tests",
  },
  { command: /^go (get|run) /, where: "test/clients/go.test.ts builds and runs the client and its examples" },
  { command: /^(mvn|java) /, where: "test/clients/java.test.ts builds and runs the client and its examples" },
  {
    command: /^(pip install \.\/clients|python example|node clients\/typescript\/example)/,
    where: "test/clients/python-package.test.ts installs the package and runs both examples",
  },
  {
    command: /^node scripts\/freeze-api\.ts$/,
    where: "freezes the next release's API; test/contract/old-client reads what it wrote",
  },
  { command: / \/(etc|var)\//, where: "writes into the machine's own folders" },
];
