/** Calls that go on until they are stopped, each over a connection of its own. */
import type { PredictResponse } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { Refusal } from "../contract/clients/contract-client.ts";
import { createTrendingRequest } from "../control/trained-requests.ts";
import { openClient, predict } from "../service/service-client.ts";

export interface LoadedConnection {
  readonly answers: PredictResponse[];
  readonly refusals: Refusal[];
}

export interface Load {
  readonly connections: readonly LoadedConnection[];
  /** Everything that was answered on any connection. */
  answers(): PredictResponse[];
  /** Resolves when no call is in flight. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly connections: number;
  /** @default 4 */
  readonly inFlight?: number;
  /** Told of each answer when it is there, and of when its call began, as {@link performance.now} counts. */
  readonly onAnswer?: (answer: PredictResponse, begunMs: number) => void;
}

export function startLoad(port: number, { connections, inFlight = 4, onAnswer }: LoadOptions): Load {
  let isStopped = false;
  // Any of the models can read it.
  const request = createTrendingRequest(1);
  const loaded = Array.from({ length: connections }, (): LoadedConnection => ({ answers: [], refusals: [] }));
  const callers = loaded.map(async ({ answers, refusals }) => {
    using client = openClient(port);
    const call = async (): Promise<void> => {
      while (!isStopped) {
        const begunMs = performance.now();
        const { answer, refusal } = await predict(client, request);
        if (refusal !== undefined) refusals.push(refusal);
        if (answer === undefined) continue;
        answers.push(answer);
        onAnswer?.(answer, begunMs);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, call));
  });
  return {
    connections: loaded,
    answers: () => loaded.flatMap(({ answers }) => answers),
    async stop() {
      isStopped = true;
      await Promise.all(callers);
    },
  };
}
