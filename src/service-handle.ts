/** A running service. */
export interface Service extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Of the configuration at the start. */
  readonly configHash: string;
  /** Drains, flushes the audit log, releases the port. Idempotent. */
  stop(): Promise<void>;
}

/** Closes what was opened, the last first. */
export async function closeAll(closers: (() => Promise<void>)[]): Promise<void> {
  for (const closer of closers.splice(0).reverse()) await closer();
}

export function createHandle(
  address: { readonly host: string; readonly port: number },
  configHash: string,
  closers: (() => Promise<void>)[],
): Service {
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= closeAll(closers);
    return stopped;
  };
  return { ...address, configHash, stop, [Symbol.asyncDispose]: stop };
}
