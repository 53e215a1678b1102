/** grpc.health.v1: is this service, or one of its services, ready for calls? */

import {
  type HealthCheckRequest,
  Health as HealthService,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from "../../gen/ts/grpc/health/v1/health_pb.ts";
import type { CallContext } from "../domain/call-context.ts";
import { NotFoundError, OverloadedError } from "../domain/errors.ts";
import { bindService, type ServiceBinding } from "./service-binding.ts";

export interface HealthOptions {
  /** Watch calls at a time; each holds its stream for good. @default 256 */
  readonly watchersMax?: number;
}

export interface Health {
  readonly binding: ServiceBinding;
  /** Changes the answer for all services and tells the watchers. Not serving at first. */
  setServing(isServing: boolean): void;
  /** Tells the watchers that nothing is served any more and ends their calls, which would hold up a drain. */
  shutdown(): void;
  /** Watch calls now. */
  watchers(): number;
}

/** Watchers are few; one that is refused may find a place when another has left. */
const watcherRetryAfterMs = 1_000;

/** Knows the named services, and the service as a whole under the empty name. */
export function createHealth(serviceNames: readonly string[], options: HealthOptions = {}): Health {
  const watchersMax = options.watchersMax ?? 256;
  const known = new Set(["", ...serviceNames]);
  const watchers = new Set<() => void>();
  let status: ServingStatus = ServingStatus.NOT_SERVING;
  let isShutDown = false;

  const notifyAll = () => {
    for (const notify of watchers) notify();
  };

  async function* watch({ service }: HealthCheckRequest, call: CallContext) {
    if (watchers.size >= watchersMax) {
      throw new OverloadedError(
        `${watchersMax} watchers are connected already`,
        watcherRetryAfterMs,
        "TOO_MANY_WATCHERS",
      );
    }
    let wake = () => {};
    const notify = () => wake();
    watchers.add(notify);
    call.signal.addEventListener("abort", notify);
    try {
      let last: ServingStatus | undefined;
      while (!call.signal.aborted) {
        // Made before the status is read, so that no change in between is missed.
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const current = known.has(service) ? status : ServingStatus.SERVICE_UNKNOWN;
        if (current !== last) {
          last = current;
          yield { status: current };
          // Changes while the client was slow to read have woken nobody.
          continue;
        }
        if (isShutDown) return;
        await changed;
      }
    } finally {
      watchers.delete(notify);
      call.signal.removeEventListener("abort", notify);
    }
  }

  return {
    binding: bindService(HealthService, {
      check({ service }: HealthCheckRequest) {
        if (!known.has(service)) throw new NotFoundError("service", service);
        return { status };
      },
      watch,
    }),
    setServing(isServing) {
      if (isShutDown) return;
      status = isServing ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
      notifyAll();
    },
    shutdown() {
      status = ServingStatus.NOT_SERVING;
      isShutDown = true;
      notifyAll();
    },
    watchers: () => watchers.size,
  };
}
