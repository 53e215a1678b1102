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
  { command: / \/(etc|var)\//, where: "writes into the machine's own folders" },
];
