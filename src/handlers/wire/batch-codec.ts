import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BatchPredictRequestSchema } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { StatusSchema } from "../../../gen/ts/google/rpc/status_pb.ts";
import { type BatchAnswer, type BatchItem, toBatchItem } from "../batch-item.ts";
import { BackwardWriter } from "./backward-writer.ts";
import { BatchRequestReader } from "./batch-request-reader.ts";
import { ByteShelf } from "./byte-shelf.ts";
import { PredictResponseWriter } from "./predict-response-writer.ts";
import { closeMessage, writeText } from "./response-fields.ts";
import { TextCache } from "./text-cache.ts";
import { WireCursor } from "./wire-cursor.ts";

/** Three writes of some thirty answers each. With less, most writes begin with new memory and a copy; more would outlive the young generation. */
const slabBytes = 131_072;

/** BatchPredict's messages without the messages. */
export class BatchCodec {
  readonly #cursor = new WireCursor(new TextCache());
  readonly #reader = new BatchRequestReader();
  readonly #writer = new BackwardWriter(slabBytes);
  readonly #response: PredictResponseWriter;
  readonly #shelf = new ByteShelf();

  constructor(mlVersion: string) {
    this.#response = new PredictResponseWriter(mlVersion);
  }

  /** An item, good until the bytes change. Throws as the general decoder does when they are malformed. */
  read(message: Buffer): BatchItem {
    const cursor = this.#cursor;
    cursor.open(message);
    const item = this.#reader.read(cursor, message.length);
    cursor.close();
    if (cursor.isPlain) return item;
    return toBatchItem(fromBinary(BatchPredictRequestSchema, message, { readUnknownFields: false }));
  }

  /** The answers in their order, each in gRPC's envelope. */
  write(answers: readonly BatchAnswer[]): Buffer {
    const writer = this.#writer;
    writer.drop();
    // The writer goes backwards.
    for (let at = answers.length - 1; at >= 0; at--) {
      const answer = answers[at];
      if (answer?.encoded !== undefined) writer.bytes(this.#shelf.take(answer.encoded));
      else if (answer !== undefined) this.#writeAnswer(answer);
    }
    return writer.take();
  }

  /**
   * The answer as its bytes, laid aside. Decisions that waited for a sync of the disk outlived the young generation, 1.7 of every 6.3 MB, and a third
   * of the time of a strict stream went into moving them.
   */
  encode(answer: BatchAnswer): BatchAnswer {
    this.#writeAnswer(answer);
    const encoded = this.#shelf.put(this.#writer.peek());
    this.#writer.drop();
    return { requestId: answer.requestId, encoded };
  }

  #writeAnswer(answer: BatchAnswer): void {
    const writer = this.#writer;
    const before = writer.length;
    this.#writeResult(answer);
    writeText(writer, 1, answer.requestId);
    writer.envelope(before);
  }

  #writeResult({ event, omitExplanation = false, error }: BatchAnswer): void {
    const writer = this.#writer;
    const before = writer.length;
    if (event !== undefined) {
      this.#response.write(writer, event, omitExplanation);
      closeMessage(writer, 2, before);
    } else if (error !== undefined) {
      writer.bytes(toBinary(StatusSchema, create(StatusSchema, error)));
      closeMessage(writer, 3, before);
    }
  }
}
