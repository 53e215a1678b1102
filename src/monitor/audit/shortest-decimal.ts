import { shortestDecimalModule } from "../../../gen/wasm/shortest-decimal.ts";

/** Powers of ten that the module is given, each as two numbers of 64 bits; see shortest-decimal.wat. */
const exponentMin = -8;
const exponentMax = 31;
const powersStart = 64;
const bitsOfPower = 128n;

/** Outside of these, texts have exponents: `1e-7`, `1e+21`. */
const smallest = 1e-6;
const tooLarge = 1e21;

/**
 * Writes numbers as `String` does, without making texts: V8 looks each of them up in a table of the last 16 000, and numbers that were never there
 * before cost it a text and a number besides. See shortest-decimal.wat for how.
 */
export class ShortestDecimal {
  readonly #write: (value: number) => number;
  /** Where a text stands. */
  readonly bytes: Uint8Array;

  constructor() {
    const { exports } = new WebAssembly.Instance(
      new WebAssembly.Module(Uint8Array.from(Buffer.from(shortestDecimalModule, "base64"))),
    );
    const { memory, write } = exports;
    if (!(memory instanceof WebAssembly.Memory) || !isWrite(write))
      throw new TypeError("not the module of shortest-decimal.wat");
    const powers = new BigUint64Array(memory.buffer, powersStart);
    for (let exponent = exponentMin; exponent <= exponentMax; exponent++) {
      const power = scaledPower(exponent);
      const at = 2 * (exponent - exponentMin);
      powers[at] = power >> 64n;
      powers[at + 1] = BigInt.asUintN(64, power);
    }
    this.#write = write;
    this.bytes = new Uint8Array(memory.buffer, 0, powersStart);
  }

  /** Writes a number to `bytes` and returns its length; 0 for one that is negative, has an exponent or is none. */
  write(value: number): number {
    return value >= smallest && value < tooLarge ? this.#write(value) : 0;
  }
}

/** 10^exponent with its highest bit at the highest of 128, rounded up. */
function scaledPower(exponent: number): bigint {
  if (exponent >= 0) {
    const power = 10n ** BigInt(exponent);
    return power << (bitsOfPower - bitLength(power));
  }
  const divisor = 10n ** BigInt(-exponent);
  const scale = 1n << (bitsOfPower - 1n + bitLength(divisor));
  return (scale + divisor - 1n) / divisor;
}

function bitLength(value: bigint): bigint {
  return BigInt(value.toString(2).length);
}

function isWrite(value: unknown): value is (value: number) => number {
  return typeof value === "function";
}
