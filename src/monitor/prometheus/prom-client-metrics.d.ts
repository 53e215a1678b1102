/** The parts of `collectDefaultMetrics`, for which prom-client 15 has no types. */
declare module "prom-client/lib/metrics/*" {
  const collect: (
    registry: import("prom-client").Registry,
    config: { readonly eventLoopMonitoringPrecision: number },
  ) => void;
  export default collect;
}
