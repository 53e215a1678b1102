import type { Series } from "../../domain/request.ts";
import type { PredictInput } from "../wire/predict-request-reader.ts";
import { TextCache } from "../wire/text-cache.ts";
import { closeBrace, colon, comma, JsonCursor, openBrace, openBracket } from "./json-cursor.ts";
import { JsonSeries } from "./json-series.ts";
import { NumberListScanner } from "./number-list-scanner.ts";
import { PlainValues } from "./plain-values.ts";
import { readPredictFields } from "./predict-fields.ts";

/** Feature window under construction. */
type SeriesByName = Record<string, Series>;

const featuresKey = "features";
const featuresText = `"${featuresKey}"`;
/** The rest of a body is looked through for escapes and for what is more than ASCII. */
const unusual = /[\\\x80-\xff]/;

/**
 * Reads the body of a Predict over REST as clients usually write it, and leaves every series where it was received. On everything else it gives up,
 * and the general reader decides what the body says: this one never has to know what is malformed, nor to say so.
 *
 * The window is checked and cut out, and what is left of the body is a few hundred bytes for `JSON.parse`.
 */
export class PredictBodyReader {
  readonly #cursor = new JsonCursor(new TextCache());
  readonly #lists = new NumberListScanner();

  /** A view of the bytes; undefined when it takes the general reader to tell what they say. */
  read(body: Buffer): PredictInput | undefined {
    if (body.length > this.#lists.bytesMax) return undefined;
    const cursor = this.#cursor;
    cursor.open(body);
    const input = this.#findWindow() ? this.#readBody(body) : undefined;
    cursor.close();
    return input;
  }

  /** Moves to the features; false when they are not an object in an object. */
  #findWindow(): boolean {
    const cursor = this.#cursor;
    if (!cursor.take(openBrace)) return false;
    do {
      const key = cursor.name();
      if (key === undefined || !cursor.take(colon)) return false;
      if (key === featuresKey) return cursor.take(openBrace);
      cursor.skip();
    } while (cursor.take(comma));
    return false;
  }

  #readBody(body: Buffer): PredictInput | undefined {
    const start = this.#cursor.position - 1;
    const features = this.#readWindow(body);
    if (features === undefined) return undefined;
    const rest = `${body.toString("latin1", 0, start)}{}${body.toString("latin1", this.#cursor.position)}`;
    // Features that are given twice count the second time.
    if (unusual.test(rest) || rest.indexOf(featuresText) !== rest.lastIndexOf(featuresText)) return undefined;
    const values = new PlainValues();
    const input = readPredictFields(parse(rest), features, values);
    return values.isPlain ? input : undefined;
  }

  /** From behind the `{` of the features to behind their `}`. */
  #readWindow(body: Buffer): SeriesByName | undefined {
    const cursor = this.#cursor;
    const lists = this.#lists;
    lists.open(body);
    const features: SeriesByName = {};
    do {
      const name = cursor.name();
      // What is there already is an earlier series of the same name, or what every object has.
      if (name === undefined || features[name] !== undefined) return undefined;
      if (!cursor.take(colon) || !cursor.take(openBracket)) return undefined;
      const start = cursor.position;
      const end = lists.findEnd(start);
      if (end === -1) return undefined;
      features[name] = new JsonSeries(body, start, end, lists.count);
      cursor.position = end + 1;
    } while (cursor.take(comma));
    return cursor.take(closeBrace) ? features : undefined;
  }
}

/** Undefined for what is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The general reader parses the whole body and says what is wrong.
    return undefined;
  }
}
