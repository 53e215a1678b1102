import type { DecisionEvent } from "../../domain/decision-event.ts";
import { BackwardWriter } from "./backward-writer.ts";
import { type PredictInput, readPredictRequest } from "./predict-request-reader.ts";
import { PredictResponseWriter } from "./predict-response-writer.ts";
import { TextCache } from "./text-cache.ts";
import { WireCursor } from "./wire-cursor.ts";

/** What Predict answers, before it is a message or bytes. */
export interface PredictAnswer {
  readonly event: DecisionEvent;
  readonly omitExplanation: boolean;
}

/** About a dozen answers: memory of more of them would outlive the young generation, and wait for a collection of the old one. */
const slabBytes = 16_384;

/** Predict's messages without the messages. */
export class PredictCodec {
  readonly #cursor = new WireCursor(new TextCache());
  readonly #writer = new BackwardWriter(slabBytes);
  readonly #response: PredictResponseWriter;

  constructor(mlVersion: string) {
    this.#response = new PredictResponseWriter(mlVersion);
  }

  /** A view of the bytes; undefined when they are more than this codec reads, or malformed. */
  read(message: Buffer): PredictInput | undefined {
    const cursor = this.#cursor;
    cursor.open(message);
    const input = readPredictRequest(cursor, message.length);
    cursor.close();
    return cursor.isPlain ? input : undefined;
  }

  /** The answer in gRPC's envelope. */
  write({ event, omitExplanation }: PredictAnswer): Buffer {
    this.#writer.drop();
    this.#response.write(this.#writer, event, omitExplanation);
    this.#writer.envelope(0);
    return this.#writer.take();
  }
}
