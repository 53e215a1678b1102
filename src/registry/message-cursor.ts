/** Protobuf's wire types. */
export const wireTypes = { varint: 0, bit64: 1, lengthDelimited: 2, startGroup: 3, endGroup: 4, bit32: 5 } as const;

/** Groups nest; nothing that a converter writes has one. */
const groupDepthMax = 100;

const brokenOff = (): RangeError => new RangeError("it ends inside a field");

/**
 * Reads the values of a protobuf message one after the other. A model of 100 trees is 70 000 of them, each with a tag, and the process that
 * checks a model reads them before any code is optimized: so a number of up to 28 bits becomes neither an object nor a bigint.
 */
export class MessageCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Number and wire type of the next field, as they are written: the number times 8, plus the type. */
  readTag(): number {
    const tag = this.readInteger();
    if (tag < 8 || tag > 0xffff_ffff || (tag & 7) > wireTypes.bit32)
      throw new RangeError(`${tag} is no tag of a field`);
    return tag;
  }

  /** An int64 that a number can hold. */
  readInteger(): number {
    const start = this.#at;
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#nextByte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    this.#at = start;
    return this.#readLongInteger();
  }

  /** The low 32 bits of a varint, which is how enumerations and lengths are read everywhere. */
  readUint32(): number {
    const start = this.#at;
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#nextByte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    this.#at = start;
    return Number(BigInt.asUintN(32, this.#readVarint()));
  }

  readFloat(): number {
    const at = this.#at;
    this.#advance(4);
    return this.#view.getFloat32(at, true);
  }

  /** The next length-delimited value, where it lies. */
  readBytes(): Uint8Array {
    const length = this.readUint32();
    const at = this.#at;
    this.#advance(length);
    return this.#bytes.subarray(at, this.#at);
  }

  /** Passes over the value of a field. */
  skip(tag: number, groupDepth = 0): void {
    switch (tag & 7) {
      case wireTypes.varint:
        this.#readPastVarint();
        return;
      case wireTypes.bit64:
        this.#advance(8);
        return;
      case wireTypes.bit32:
        this.#advance(4);
        return;
      case wireTypes.lengthDelimited:
        this.#advance(this.readUint32());
        return;
      case wireTypes.startGroup:
        this.#skipGroup(tag, groupDepth);
        return;
      default:
        throw new RangeError(`field ${tag >>> 3} has wire type ${tag & 7}, which does not begin a value`);
    }
  }

  #skipGroup(opening: number, depth: number): void {
    if (depth >= groupDepthMax) throw new RangeError(`groups are nested more than ${groupDepthMax} deep`);
    for (;;) {
      const tag = this.readTag();
      if ((tag & 7) !== wireTypes.endGroup) this.skip(tag, depth + 1);
      else if (tag >>> 3 === opening >>> 3) return;
      else throw new RangeError(`group ${opening >>> 3} ends as ${tag >>> 3}`);
    }
  }

  #nextByte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw brokenOff();
    this.#at++;
    return byte;
  }

  #advance(length: number): void {
    if (length > this.#bytes.length - this.#at) throw brokenOff();
    this.#at += length;
  }

  #readPastVarint(): void {
    for (let length = 1; this.#nextByte() >= 0x80; length++) {
      if (length === 10) throw new RangeError("a number takes more than 10 bytes");
    }
  }

  #readVarint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#nextByte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("a number takes more than 10 bytes");
  }

  #readLongInteger(): number {
    const value = BigInt.asIntN(64, this.#readVarint());
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw new RangeError(`${value} is out of range`);
  }
}
