import { numberListModule } from "../../../gen/wasm/number-list.ts";

/** Where the text begins in the module's memory; the count stands before it. */
const textStart = 64;

/**
 * Finds the ends of JSON lists of numbers, proves that they are such lists, and counts their values, without reading them: 6 µs for 40 KB of
 * which `JSON.parse` takes 45 (number-list.wat says how). It knows numbers as programs write them and gives up on the rest.
 */
export class NumberListScanner {
  readonly #scan: (at: number, end: number) => number;
  readonly #memory: Uint8Array;
  readonly #counts: Int32Array;
  #textEnd = textStart;
  /** Longest text. */
  readonly bytesMax = 1024 * 1024;

  constructor() {
    const { exports } = new WebAssembly.Instance(
      new WebAssembly.Module(Uint8Array.from(Buffer.from(numberListModule, "base64"))),
    );
    const { memory, scan } = exports;
    if (!(memory instanceof WebAssembly.Memory) || !isScan(scan))
      throw new TypeError("not the module of number-list.wat");
    this.#scan = scan;
    this.#memory = new Uint8Array(memory.buffer);
    this.#counts = new Int32Array(memory.buffer);
  }

  /** Begins with another text, of at most `bytesMax` bytes. */
  open(text: Uint8Array): void {
    this.#memory.set(text, textStart);
    this.#textEnd = textStart + text.length;
  }

  /** The place of the `]` that ends the list whose `[` is just before `at`; -1 for what it does not know. */
  findEnd(at: number): number {
    const end = this.#scan(textStart + at, this.#textEnd);
    return end === -1 ? -1 : end - textStart;
  }

  /** Values of the list whose end was found last. */
  get count(): number {
    return this.#counts[0] ?? 0;
  }
}

function isScan(value: unknown): value is (at: number, end: number) => number {
  return typeof value === "function";
}
