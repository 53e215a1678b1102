/** Encodes records one behind the other and chains them; what it holds is written to the file in one piece. */
import { toCountText } from "../../domain/count-text.ts";
import { type AuditBody, type ChainPosition, chainBytesMax, encodeBody, hashOf, lineBytesMax } from "./audit-record.ts";
import { EncodedBody } from "./encoded-body.ts";

/** Holds about 50 decisions; more than this is given back after a burst. */
const capacityBytesUsual = 64 * 1024;
const capacityBytesKept = 1024 * 1024;

export class RecordBuffer {
  readonly #recordBytesMax: number;
  #bytes = Buffer.allocUnsafeSlow(capacityBytesUsual);
  #used = 0;
  #count = 0;
  #last: ChainPosition;

  constructor(last: ChainPosition, recordBytesMax: number) {
    if (!(recordBytesMax <= lineBytesMax)) throw new RangeError(`recordBytesMax must be at most ${lineBytesMax}`);
    this.#last = last;
    this.#recordBytesMax = recordBytesMax;
  }

  /** The last record added. */
  get last(): ChainPosition {
    return this.#last;
  }

  /** Records held. */
  get count(): number {
    return this.#count;
  }

  /** Bytes held. */
  get byteLength(): number {
    return this.#used;
  }

  /** Adds a record. When it throws, nothing was added and the chain has not moved. */
  add(body: AuditBody | EncodedBody): void {
    const start = this.#used;
    const seq = this.#last.seq + 1;
    const bodyEnd = start + (body instanceof EncodedBody ? this.#copy(body) : this.#encode(body));
    const chain = `,"seq":${toCountText(seq)},"prev_hash":"${this.#last.hash}"`;
    const covered = bodyEnd - start + this.#bytes.write(chain, bodyEnd, "latin1");
    // Hashing the encoded bytes in place is a quarter faster than hashing the string and encoding it again.
    const hash = hashOf(this.#bytes.subarray(start, start + covered));
    const length = covered + this.#bytes.write(`,"hash":"${hash}"}\n`, start + covered, "latin1");
    if (length > this.#recordBytesMax) throw tooLarge(length, this.#recordBytesMax);
    this.#used = start + length;
    this.#count += 1;
    this.#last = { seq, hash };
  }

  /** What is held, valid until the next `add` or `clear`. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#used);
  }

  /** Forgets what was written out; the chain goes on. */
  clear(): void {
    this.#used = 0;
    this.#count = 0;
    if (this.#bytes.length > capacityBytesKept) this.#bytes = Buffer.allocUnsafeSlow(capacityBytesUsual);
  }

  /** Writes a body behind what is held and tells how long it is. */
  #copy(body: EncodedBody): number {
    const { length } = body;
    if (length > this.#recordBytesMax) throw tooLarge(length, this.#recordBytesMax);
    this.#reserve(length + chainBytesMax);
    body.copyTo(this.#bytes, this.#used);
    return length;
  }

  #encode(body: AuditBody): number {
    const text = encodeBody(body);
    if (text.length > this.#recordBytesMax) throw tooLarge(text.length, this.#recordBytesMax);
    // One UTF-16 unit is three bytes of UTF-8 at most, so no second pass over the text is needed to size it.
    this.#reserve(text.length * 3 + chainBytesMax);
    return this.#bytes.write(text, this.#used, "utf8");
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#used + more));
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
  }
}

function tooLarge(bytes: number, bytesMax: number): RangeError {
  return new RangeError(`audit record of ${bytes} bytes or more exceeds recordBytesMax ${bytesMax}`);
}
