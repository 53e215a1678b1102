/** Longest varint: a negative 32-bit number, written as 64 bits. */
const varintBytesMax = 10;
/** Flag and length. */
const envelopeBytes = 5;

/**
 * Writes protobuf from its last byte to its first: when the length of a message has to be written, the message is there
 * already, so nothing is measured beforehand or moved afterwards. Fields are written in descending order, each value
 * before its tag.
 */
export class BackwardWriter {
  readonly #slabBytes: number;
  #slab: Buffer;
  #view: DataView;
  /** First byte written. */
  #start: number;
  /** Behind the last byte written. */
  #end: number;

  /**
   * @param slabBytes memory that is asked for at once and serves one answer after the other; it goes when the last of them has been sent. A longer
   *   message gets more.
   */
  constructor(slabBytes: number) {
    this.#slabBytes = slabBytes;
    this.#slab = Buffer.allocUnsafeSlow(slabBytes);
    this.#view = new DataView(this.#slab.buffer);
    this.#start = slabBytes;
    this.#end = slabBytes;
  }

  /** Bytes written since the last `take`. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** What has been written since the last `take`, which nobody writes to any more. */
  take(): Buffer {
    const bytes = this.#slab.subarray(this.#start, this.#end);
    this.#end = this.#start;
    return bytes;
  }

  /** What has been written since the last `take`, good until more is written. */
  peek(): Uint8Array {
    return this.#slab.subarray(this.#start, this.#end);
  }

  /** A copy of what was written since `length` was `before`. */
  copySince(before: number): Uint8Array {
    return Uint8Array.from(this.#slab.subarray(this.#start, this.#end - before));
  }

  /** Forgets what has been written since the last `take`. */
  drop(): void {
    this.#start = this.#end;
  }

  /** Puts gRPC's envelope before the message written since `length` was `before`: not compressed, its length. */
  envelope(before: number): void {
    const length = this.length - before;
    if (this.#start < envelopeBytes) this.#makeRoom(envelopeBytes);
    this.#start -= envelopeBytes;
    this.#slab[this.#start] = 0;
    this.#view.setUint32(this.#start + 1, length, false);
  }

  /** A non-negative safe integer. */
  varint(value: number): void {
    if (this.#start < varintBytesMax) this.#makeRoom(varintBytesMax);
    if (value < 0x80) {
      this.#slab[--this.#start] = value;
      return;
    }
    let count = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 128)) count++;
    this.#start -= count;
    let at = this.#start;
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) this.#slab[at++] = (rest % 128) | 0x80;
    this.#slab[at] = rest;
  }

  /** An `int32`: a negative one is written as the 64 bits of the same number. */
  int32(value: number): void {
    if (value >= 0) {
      this.varint(value);
      return;
    }
    if (this.#start < varintBytesMax) this.#makeRoom(varintBytesMax);
    this.#slab[--this.#start] = 1;
    for (let count = 0; count < 4; count++) this.#slab[--this.#start] = 0xff;
    this.#slab[--this.#start] = (value >>> 28) | 0xf0;
    for (let shift = 21; shift >= 0; shift -= 7) this.#slab[--this.#start] = (value >>> shift) | 0x80;
  }

  tag(tag: number): void {
    if (this.#start < 1) this.#makeRoom(1);
    this.#slab[--this.#start] = tag;
  }

  /** A field that is a double. */
  double(tag: number, value: number): void {
    if (this.#start < 9) this.#makeRoom(9);
    this.#start -= 9;
    this.#slab[this.#start] = tag;
    this.#view.setFloat64(this.#start + 1, value, true);
  }

  /** A field that is a text. */
  text(tag: number, value: string): void {
    const { length } = value;
    const bytesMax = length + 1 + varintBytesMax;
    if (this.#start < bytesMax) this.#makeRoom(bytesMax);
    const start = this.#start - length;
    const slab = this.#slab;
    for (let at = 0; at < length; at++) {
      const unit = value.charCodeAt(at);
      if (unit > 0x7f) {
        this.#encodedText(tag, value);
        return;
      }
      slab[start + at] = unit;
    }
    this.#start = start;
    this.varint(length);
    slab[--this.#start] = tag;
  }

  /** Bytes that are written already. */
  bytes(value: Uint8Array): void {
    if (this.#start < value.length) this.#makeRoom(value.length);
    this.#start -= value.length;
    this.#slab.set(value, this.#start);
  }

  #encodedText(tag: number, value: string): void {
    const length = Buffer.byteLength(value);
    if (this.#start < length) this.#makeRoom(length);
    this.#start -= length;
    this.#slab.write(value, this.#start, "utf8");
    this.varint(length);
    this.tag(tag);
  }

  /** Takes a new slab, with what is being written at its end: older answers may still be on their way. */
  #makeRoom(bytes: number): void {
    const { length } = this;
    const slab = Buffer.allocUnsafeSlow(Math.max(this.#slabBytes, 2 * (length + bytes)));
    slab.set(this.#slab.subarray(this.#start, this.#end), slab.length - length);
    this.#slab = slab;
    this.#view = new DataView(slab.buffer);
    this.#start = slab.length - length;
    this.#end = slab.length;
  }
}
