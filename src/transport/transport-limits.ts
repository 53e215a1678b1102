/** Every limit of the port, by name. */

export interface TransportLimits {
  /** Open connections; further ones are closed at once. @default 1024 */
  readonly connectionsMax: number;
  /** Time for the first bytes of a connection, so that a silent one is not kept. @default 10000 */
  readonly firstByteTimeoutMs: number;
  /** HTTP/1.1: time for the headers of a request. @default 15000 */
  readonly headersTimeoutMs: number;
  /** Time for a request that is one message to arrive; HTTP/1.1: for any request. @default 120000 */
  readonly requestTimeoutMs: number;
  /** HTTP/1.1: time an idle connection is kept; longer than the 60 s of common load balancers. @default 65000 */
  readonly keepAliveTimeoutMs: number;
  /** HTTP/2: time between pings; a peer that has not answered the last one is gone. @default 30000 */
  readonly pingIntervalMs: number;
  /** HTTP/1.1: size of all headers of a request. @default 16384 */
  readonly headerBytesMax: number;
  /** HTTP/2: concurrent streams of one connection. @default 256 */
  readonly concurrentStreamsMax: number;
  /** HTTP/2: megabytes of answers that wait for a client to read, beside the largest; with more, it may open no further streams. @default 16 */
  readonly sessionMemoryMbMax: number;
  /** HTTP/2: bytes a client may send ahead on one stream. @default 262144 */
  readonly streamWindowBytes: number;
  /** HTTP/2: bytes a client may send ahead on one connection. @default 1048576 */
  readonly sessionWindowBytes: number;
  /** Largest message that is read. @default 4194304 */
  readonly readMaxBytes: number;
  /** Bytes of requests that are not complete yet, of all connections together: gRPC's lanes, and what HTTP/1.1's lane reads. @default 134217728 */
  readonly unfinishedBytesMax: number;
  /** Largest message that is written; whole registries and exports must fit. @default 67108864 */
  readonly writeMaxBytes: number;
  /** Smallest message that is compressed; smaller ones cost more time than they save. @default 32768 */
  readonly compressMinBytes: number;
}

const defaults: TransportLimits = {
  connectionsMax: 1_024,
  firstByteTimeoutMs: 10_000,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 120_000,
  keepAliveTimeoutMs: 65_000,
  pingIntervalMs: 30_000,
  headerBytesMax: 16_384,
  concurrentStreamsMax: 256,
  sessionMemoryMbMax: 16,
  streamWindowBytes: 262_144,
  sessionWindowBytes: 1_048_576,
  readMaxBytes: 4_194_304,
  unfinishedBytesMax: 134_217_728,
  writeMaxBytes: 67_108_864,
  compressMinBytes: 32_768,
};

/** All limits, the given ones in place of the defaults. Throws a RangeError that names a limit that is no positive integer. */
export function resolveLimits(given: Partial<TransportLimits> = {}): TransportLimits {
  const limits = { ...defaults, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value <= 0) throw new RangeError(`limit ${name} must be a positive integer`);
  }
  return Object.freeze(limits);
}
