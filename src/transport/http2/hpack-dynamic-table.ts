/** The fields that a peer has told us to remember (RFC 7541, sections 2.3.2 and 4). */

/** What an entry counts beyond its octets. */
const entryOverheadBytes = 32;

/** A ring of entries, the newest at position 0; the oldest go when a new one needs their place. */
export class HpackDynamicTable {
  readonly #names: string[];
  readonly #values: string[];
  /** The ring's length less one; the length is a power of two. */
  readonly #mask: number;
  #bytesMax: number;
  #bytes = 0;
  #count = 0;
  /** Slot of the newest entry. */
  #newest = 0;
  #generation = 0;

  /**
   * @param bytesMax to begin with
   * @param bytesMaxEver which no later size exceeds: there is room for as many entries as it can ever hold
   */
  constructor(bytesMax: number, bytesMaxEver: number) {
    this.#bytesMax = bytesMax;
    let slots = 1;
    while (slots < bytesMaxEver / entryOverheadBytes) slots *= 2;
    this.#mask = slots - 1;
    this.#names = new Array<string>(slots).fill("");
    this.#values = new Array<string>(slots).fill("");
  }

  /** Counts up with every change. */
  get generation(): number {
    return this.#generation;
  }

  /** How many entries there are. */
  get count(): number {
    return this.#count;
  }

  /** The name at a position below `count`. */
  nameAt(position: number): string | undefined {
    return this.#names[(this.#newest - position) & this.#mask];
  }

  /** The value at a position below `count`. */
  valueAt(position: number): string | undefined {
    return this.#values[(this.#newest - position) & this.#mask];
  }

  /** Adds a field of latin1 strings. One that is larger than the whole table leaves it empty, which is no error. */
  insert(name: string, value: string): void {
    this.#generation++;
    const bytes = name.length + value.length + entryOverheadBytes;
    this.#evictDownTo(this.#bytesMax - bytes);
    if (bytes > this.#bytesMax) return;
    this.#newest = (this.#newest + 1) & this.#mask;
    this.#names[this.#newest] = name;
    this.#values[this.#newest] = value;
    this.#bytes += bytes;
    this.#count++;
  }

  /** Sets the size; of the entries, as many of the newest stay as it can hold. */
  resize(bytesMax: number): void {
    if (bytesMax === this.#bytesMax) return;
    this.#generation++;
    this.#bytesMax = bytesMax;
    this.#evictDownTo(bytesMax);
  }

  #evictDownTo(bytes: number): void {
    while (this.#count > 0 && this.#bytes > bytes) {
      this.#count--;
      const slot = (this.#newest - this.#count) & this.#mask;
      this.#bytes -= (this.#names[slot] ?? "").length + (this.#values[slot] ?? "").length + entryOverheadBytes;
      // An evicted string must not be kept alive: the ring has room for many more than may be in use.
      this.#names[slot] = "";
      this.#values[slot] = "";
    }
  }
}
