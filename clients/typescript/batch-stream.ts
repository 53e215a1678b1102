import { create } from "@bufbuild/protobuf";
import {
  type BatchPredictRequest,
  BatchPredictRequestSchema,
  type BatchPredictResponse,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { WindowChange } from "./stream-window.ts";

/** The RPC. */
export type OpenBatchPredict = (
  requests: AsyncIterable<BatchPredictRequest>,
  signal: AbortSignal,
) => AsyncIterable<BatchPredictResponse>;

/** One BatchPredict call: what was sent on it, and what its other end therefore holds. */
export class BatchStream implements AsyncIterable<BatchPredictResponse> {
  /** Keys whose window the service holds, as far as this side can tell. */
  readonly known = new Set<string>();
  readonly #open: OpenBatchPredict;
  readonly #controller = new AbortController();
  readonly #outgoing: BatchPredictRequest[] = [];
  #wake: () => void = () => undefined;
  #isEnded = false;

  constructor(open: OpenBatchPredict) {
    this.#open = open;
  }

  send(requestId: string, item: WindowChange): void {
    this.#outgoing.push(create(BatchPredictRequestSchema, { requestId, item }));
    this.#wake();
  }

  /** Nothing more will be sent; answers still come. */
  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** Ends it at once. */
  cancel(): void {
    this.end();
    this.#controller.abort();
  }

  [Symbol.asyncIterator](): AsyncIterator<BatchPredictResponse> {
    return this.#open(this.#requests(), this.#controller.signal)[Symbol.asyncIterator]();
  }

  async *#requests(): AsyncGenerator<BatchPredictRequest> {
    for (;;) {
      const request = this.#outgoing.shift();
      if (request !== undefined) yield request;
      else if (this.#isEnded) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
