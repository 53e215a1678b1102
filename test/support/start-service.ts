/** A real service on a free port, with folders of its own. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../src/environment.ts";
import { type ServiceOverrides, startService } from "../../src/service.ts";
import { createServiceLog } from "../../src/service-log.ts";

export interface TestService extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly configHash: string;
  readonly logDirectory: string;
  readonly configDirectory: string;
  /** Rejects when the service cannot stop as it should; disposing afterwards does not complain again. */
  stop(): Promise<void>;
}

export interface TestServiceOptions extends ServiceOverrides {
  /** What the environment would say. @default a free port, temporary folders, durability "os" */
  readonly environment?: Partial<Environment>;
}

/** Starts a service with the shipped models; disposing of it stops it and removes the folders it was not given. */
export async function startTestService(options: TestServiceOptions = {}): Promise<TestService> {
  const { environment: given, ...overrides } = options;
  const directory = mkdtempSync(join(tmpdir(), "ml-layer-test-"));
  const environment: Environment = {
    host: "127.0.0.1",
    port: 0,
    modelsDirectory: join(directory, "models"),
    logDirectory: join(directory, "logs"),
    configDirectory: join(directory, "config"),
    logLevel: "silent",
    auditDurability: "os",
    alertmanagerUrls: [],
    otlpEndpoint: undefined,
    otelServiceName: "ml-layer",
    ...given,
  };
  const removeDirectory = () => rmSync(directory, { recursive: true, force: true });
  const log = createServiceLog(environment.logLevel, { write: () => undefined });
  const service = await startService(environment, { log, ...overrides }).catch((error: unknown) => {
    removeDirectory();
    throw error;
  });
  let isStopAsked = false;
  return {
    port: service.port,
    url: `http://127.0.0.1:${service.port}`,
    configHash: service.configHash,
    logDirectory: environment.logDirectory,
    configDirectory: environment.configDirectory,
    stop() {
      isStopAsked = true;
      return service.stop();
    },
    async [Symbol.asyncDispose]() {
      try {
        if (!isStopAsked) await service.stop();
      } finally {
        removeDirectory();
      }
    },
  };
}
