import type { QseOutput, Series } from "../../domain/request.ts";
import { PackedDoubles } from "./packed-doubles.ts";
import type { WireCursor } from "./wire-cursor.ts";
import { doubleTag, lengthTag, varintTag } from "./wire-tag.ts";

/** Feature window under construction. */
export type SeriesByName = Record<string, Series>;

/** One series as it was read. */
export interface NamedDoubles {
  readonly name: string;
  readonly series: PackedDoubles;
}

const entryKey = lengthTag(1);
const entryValue = lengthTag(2);
const seriesValues = lengthTag(1);

/** One entry of `map<string, FeatureSeries>`, whose series is packed doubles and nothing else. Undefined when the cursor was left. */
export function readSeries(cursor: WireCursor, end: number, features: SeriesByName): NamedDoubles | undefined {
  const entryEnd = cursor.fieldEnd(end);
  if (cursor.tag() !== entryKey) cursor.leave();
  const name = cursor.name(entryEnd);
  if (cursor.tag() !== entryValue || cursor.fieldEnd(entryEnd) !== entryEnd) cursor.leave();
  let bytes = 0;
  if (cursor.position < entryEnd) {
    if (cursor.tag() !== seriesValues || cursor.fieldEnd(entryEnd) !== entryEnd) cursor.leave();
    bytes = entryEnd - cursor.position;
  }
  // What is there already is an earlier entry of the same name, or what every object has.
  if (!cursor.isPlain || (bytes & 7) !== 0 || features[name] !== undefined) {
    cursor.leave();
    return undefined;
  }
  const series = new PackedDoubles(cursor.view, cursor.position, bytes >>> 3);
  features[name] = series;
  cursor.position = entryEnd;
  return { name, series };
}

const validationTag = lengthTag(1);
const metricsTag = lengthTag(2);
const regimeTag = lengthTag(3);

/** A `QseOutput`. */
export function readQseOutput(cursor: WireCursor, end: number): QseOutput {
  const messageEnd = cursor.fieldEnd(end);
  let validation: QseOutput["validation"];
  let metrics: QseOutput["metrics"];
  let regime: QseOutput["regime"];
  while (cursor.position < messageEnd) {
    const tag = cursor.tag();
    // A second message of the same field would have to be merged with the first.
    if (tag === validationTag && validation === undefined) validation = readValidation(cursor, messageEnd);
    else if (tag === metricsTag && metrics === undefined) metrics = readMetrics(cursor, messageEnd);
    else if (tag === regimeTag && regime === undefined) regime = readRegime(cursor, messageEnd);
    else cursor.leave();
  }
  return { validation, metrics, regime };
}

function readValidation(cursor: WireCursor, end: number): NonNullable<QseOutput["validation"]> {
  const messageEnd = cursor.fieldEnd(end);
  let signalValidityFlag: boolean | undefined;
  let autocorrCheckPassed: boolean | undefined;
  let stationarityCheckPassed: boolean | undefined;
  let distributionCheckPassed: boolean | undefined;
  let trendPersistenceCheckPassed: boolean | undefined;
  while (cursor.position < messageEnd) {
    const tag = cursor.tag();
    const value = cursor.flag(messageEnd);
    if (tag === varintTag(1)) signalValidityFlag = value;
    else if (tag === varintTag(2)) autocorrCheckPassed = value;
    else if (tag === varintTag(3)) stationarityCheckPassed = value;
    else if (tag === varintTag(4)) distributionCheckPassed = value;
    else if (tag === varintTag(5)) trendPersistenceCheckPassed = value;
    else cursor.leave();
  }
  return {
    signalValidityFlag,
    autocorrCheckPassed,
    stationarityCheckPassed,
    distributionCheckPassed,
    trendPersistenceCheckPassed,
  };
}

function readMetrics(cursor: WireCursor, end: number): NonNullable<QseOutput["metrics"]> {
  const messageEnd = cursor.fieldEnd(end);
  let trendPersistenceScore: number | undefined;
  let adfStationary: boolean | undefined;
  let zScore: number | undefined;
  let volatilityPercentile: number | undefined;
  let adfStatistic: number | undefined;
  let autocorrelation: number | undefined;
  while (cursor.position < messageEnd) {
    const tag = cursor.tag();
    if (tag === doubleTag(1)) trendPersistenceScore = cursor.double(messageEnd);
    else if (tag === varintTag(2)) adfStationary = cursor.flag(messageEnd);
    else if (tag === doubleTag(3)) zScore = cursor.double(messageEnd);
    else if (tag === doubleTag(4)) volatilityPercentile = cursor.double(messageEnd);
    else if (tag === doubleTag(5)) adfStatistic = cursor.double(messageEnd);
    else if (tag === doubleTag(6)) autocorrelation = cursor.double(messageEnd);
    else cursor.leave();
  }
  return { trendPersistenceScore, adfStationary, zScore, volatilityPercentile, adfStatistic, autocorrelation };
}

function readRegime(cursor: WireCursor, end: number): NonNullable<QseOutput["regime"]> {
  const messageEnd = cursor.fieldEnd(end);
  let trendStrength: number | undefined;
  let efficiencyRatio: number | undefined;
  let correlationRegime: string | undefined;
  while (cursor.position < messageEnd) {
    const tag = cursor.tag();
    if (tag === doubleTag(1)) trendStrength = cursor.double(messageEnd);
    else if (tag === doubleTag(2)) efficiencyRatio = cursor.double(messageEnd);
    else if (tag === lengthTag(3)) correlationRegime = cursor.name(messageEnd);
    else cursor.leave();
  }
  return { trendStrength, efficiencyRatio, correlationRegime };
}

/** A `google.protobuf.Timestamp` as microseconds since 1970; what is finer is cut off. */
export function readMicros(cursor: WireCursor, end: number): number {
  const messageEnd = cursor.fieldEnd(end);
  let seconds = 0;
  let nanos = 0;
  while (cursor.position < messageEnd) {
    const tag = cursor.tag();
    if (tag === varintTag(1)) seconds = cursor.varint(messageEnd);
    else if (tag === varintTag(2)) nanos = cursor.count(messageEnd);
    else cursor.leave();
  }
  return seconds * 1_000_000 + Math.floor(nanos / 1000);
}
