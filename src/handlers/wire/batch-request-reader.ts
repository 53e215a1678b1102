import type { QseOutput } from "../../domain/request.ts";
import type { BatchItem } from "../batch-item.ts";
import type { AppendedBars } from "../stream-windows.ts";
import { AppendedSeriesReader } from "./appended-series-reader.ts";
import { type PredictInput, readPredictRequest } from "./predict-request-reader.ts";
import { readMicros, readQseOutput } from "./request-parts-reader.ts";
import type { WireCursor } from "./wire-cursor.ts";
import { lengthTag, varintTag } from "./wire-tag.ts";

const requestIdTag = lengthTag(1);
const windowTag = lengthTag(2);
const appendTag = lengthTag(3);

interface AppendInput extends AppendedBars {
  readonly barTimeMicros: number | undefined;
}

const symbolTag = lengthTag(1);
const timeframeTag = lengthTag(2);
const featuresTag = lengthTag(3);
const qseTag = lengthTag(4);
const barTimeTag = lengthTag(5);
const omitExplanationTag = varintTag(6);

/** Reads `BatchPredictRequest`s, one after the other. */
export class BatchRequestReader {
  readonly #series = new AppendedSeriesReader();

  /** Reads from here to `end`. Means something only if the cursor is still plain afterwards. */
  read(cursor: WireCursor, end: number): BatchItem {
    let requestId = "";
    let window: PredictInput | undefined;
    let append: AppendInput | undefined;
    while (cursor.position < end) {
      const tag = cursor.tag();
      if (tag === requestIdTag) requestId = cursor.text(end);
      // Of two items the last one counts, or both are merged.
      else if (window !== undefined || append !== undefined) cursor.leave();
      else if (tag === windowTag) window = readPredictRequest(cursor, cursor.fieldEnd(end));
      else if (tag === appendTag) append = this.#readAppend(cursor, cursor.fieldEnd(end));
      else cursor.leave();
    }
    return { requestId, window, append, barTimeMicros: (window ?? append)?.barTimeMicros };
  }

  #readAppend(cursor: WireCursor, end: number): AppendInput {
    let symbol = "";
    let timeframe = "";
    let omitExplanation = false;
    let qseOutput: QseOutput | undefined;
    let barTimeMicros: number | undefined;
    this.#series.begin();
    while (cursor.position < end) {
      const tag = cursor.tag();
      if (tag === featuresTag) this.#series.readEntry(cursor, end);
      else if (tag === symbolTag) symbol = cursor.name(end);
      else if (tag === timeframeTag) timeframe = cursor.name(end);
      else if (tag === qseTag && qseOutput === undefined) qseOutput = readQseOutput(cursor, end);
      else if (tag === barTimeTag && barTimeMicros === undefined) barTimeMicros = readMicros(cursor, end);
      else if (tag === omitExplanationTag) omitExplanation = cursor.flag(end);
      else cursor.leave();
    }
    return { symbol, timeframe, bars: this.#series.finish(), qseOutput, omitExplanation, barTimeMicros };
  }
}
