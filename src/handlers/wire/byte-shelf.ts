/** Some fifty answers. */
const blockBytes = 65_536;
/** Empty blocks that are kept for what comes: a burst of waiting answers beyond a megabyte asks for memory again. */
const emptyBlocksMax = 16;

interface Block {
  readonly bytes: Uint8Array;
  used: number;
  /** What lies here and has not been taken. */
  waiting: number;
}

/** Where bytes lie until they are taken. */
export interface Shelved {
  readonly block: Block;
  readonly start: number;
  readonly end: number;
}

/**
 * Memory for bytes that wait a while, written over and over, so that the garbage collector has nothing to do with them. What is never taken leaves with its
 * block, since the shelf holds only the block it fills and empty ones.
 */
export class ByteShelf {
  #filling = createBlock(blockBytes);
  readonly #empty: Block[] = [];

  /** Copies them. */
  put(bytes: Uint8Array): Shelved {
    const block = this.#room(bytes.length);
    const start = block.used;
    const end = start + bytes.length;
    block.bytes.set(bytes, start);
    block.used = end;
    block.waiting++;
    return { block, start, end };
  }

  /** The bytes, good until the next `put`. They may be taken once. */
  take({ block, start, end }: Shelved): Uint8Array {
    block.waiting--;
    if (block.waiting === 0) this.#recycle(block);
    return block.bytes.subarray(start, end);
  }

  #room(length: number): Block {
    if (this.#filling.used + length <= blockBytes) return this.#filling;
    if (length > blockBytes) return createBlock(length);
    this.#filling = this.#empty.pop() ?? createBlock(blockBytes);
    return this.#filling;
  }

  #recycle(block: Block): void {
    block.used = 0;
    const isSpare = block !== this.#filling && block.bytes.length === blockBytes;
    if (isSpare && this.#empty.length < emptyBlocksMax) this.#empty.push(block);
  }
}

function createBlock(length: number): Block {
  // Not of Buffer's pool, which would be kept as well.
  return { bytes: new Uint8Array(length), used: 0, waiting: 0 };
}
