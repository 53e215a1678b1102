import type { DecisionRequest, QseOutput } from "../../domain/request.ts";
import { readMicros, readQseOutput, readSeries, type SeriesByName } from "./request-parts-reader.ts";
import type { WireCursor } from "./wire-cursor.ts";
import { lengthTag, varintTag } from "./wire-tag.ts";

/** What a `PredictRequest` says. */
export interface PredictInput extends DecisionRequest {
  /** Empty when the caller gave none. */
  readonly requestId: string;
  /** Close time of the newest bar in microseconds since 1970. */
  readonly barTimeMicros: number | undefined;
  readonly omitExplanation: boolean;
}

/** Tags of the fields, by what they hold. */
const symbolTag = lengthTag(1);
const timeframeTag = lengthTag(2);
const featuresTag = lengthTag(3);
const qseTag = lengthTag(4);
const barIndexTag = varintTag(5);
const historyBarsTag = varintTag(6);
const barTimeTag = lengthTag(7);
const requestIdTag = lengthTag(8);
const omitExplanationTag = varintTag(9);

/**
 * Reads a `PredictRequest` from here to `end`. Its series stay where they are: they are good for as long as the bytes are.
 * Means something only if the cursor is still plain afterwards.
 */
export function readPredictRequest(cursor: WireCursor, end: number): PredictInput {
  let symbol = "";
  let timeframe = "";
  let requestId = "";
  let omitExplanation = false;
  let qseOutput: QseOutput | undefined;
  let barIndex: number | undefined;
  let historyBars: number | undefined;
  let barTimeMicros: number | undefined;
  const features: SeriesByName = {};
  while (cursor.position < end) {
    const tag = cursor.tag();
    if (tag === featuresTag) readSeries(cursor, end, features);
    else if (tag === symbolTag) symbol = cursor.name(end);
    else if (tag === timeframeTag) timeframe = cursor.name(end);
    else if (tag === qseTag && qseOutput === undefined) qseOutput = readQseOutput(cursor, end);
    else if (tag === barIndexTag) barIndex = cursor.count(end);
    else if (tag === historyBarsTag) historyBars = cursor.count(end);
    else if (tag === barTimeTag && barTimeMicros === undefined) barTimeMicros = readMicros(cursor, end);
    else if (tag === requestIdTag) requestId = cursor.text(end);
    else if (tag === omitExplanationTag) omitExplanation = cursor.flag(end);
    else cursor.leave();
  }
  return {
    symbol,
    timeframe,
    features,
    qseOutput,
    barIndex,
    historyBars,
    barTimeMicros,
    requestId,
    omitExplanation,
  };
}
