import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEnvironment } from "../environment.ts";
import { startService } from "../service.ts";
import { createServiceLog } from "../service-log.ts";
import type { TextOutput } from "./progress-bar.ts";

/** A service that lives as long as one command. */
export interface OwnService {
  readonly baseUrl: string;
  /** Stops it, and removes its logs unless they are kept; answers the folder they are kept in. */
  stop(): Promise<string | undefined>;
}

/**
 * Starts a service on a free port of this machine, with the models that the environment names and logs in a folder of its
 * own. Its warnings go to `log`.
 */
export async function startOwnService(
  variables: Readonly<Record<string, string | undefined>>,
  keepLogs: boolean,
  log: TextOutput,
): Promise<OwnService> {
  const logDirectory = await mkdtemp(join(tmpdir(), "ml-layer-replay-"));
  const discard = (): Promise<void> => rm(logDirectory, { recursive: true, force: true });
  const environment = {
    ...readEnvironment({ MODELS_DIR: variables["MODELS_DIR"] }),
    port: 0,
    logDirectory,
    configDirectory: join(logDirectory, "config"),
    logLevel: "warn" as const,
  };
  try {
    const serviceLog = createServiceLog(environment.logLevel, { write: (line) => void log.write(line) });
    const service = await startService(environment, { log: serviceLog });
    return {
      baseUrl: `http://${service.host}:${service.port}`,
      async stop() {
        await service.stop();
        if (keepLogs) return logDirectory;
        await discard();
        return undefined;
      },
    };
  } catch (error) {
    await discard();
    throw error;
  }
}
