/** Strings in the Huffman code of RFC 7541, appendix B: decoding only. */

/**
 * Bits of each symbol's code; the symbol after the 256 octets is EOS. The code is canonical (of two codes of one length the
 * lower is of the lower symbol, and shorter codes come first), so that the lengths tell the codes.
 */
const codeBits: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6,
  5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23,
  22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22,
  23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26,
  20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27,
  27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27,
  27, 27, 27, 26, 30,
];
const eos = 256;
const codeBitsMax = 30;

/**
 * One step per four bits. A state is a node of the code's tree: 256 inner nodes, of which 0 is the root. The entry at
 * `state << 4 | bits` holds the next state (bits 0–7), the octet that was completed (bits 8–15), and the flags. Four bits
 * complete one octet at most, because no code is shorter than five.
 */
const steps = new Uint32Array(256 * 16);
const stepEmits = 1 << 16;
const stepFails = 1 << 17;

/** Whether a string may end in a state: after less than an octet of ones, which is the beginning of EOS (section 5.2). */
const endsWell = new Uint8Array(256);

buildSteps();

/** Runs as the module is loaded, so in the interpreter: tables without objects keep it under a millisecond. */
function buildSteps(): void {
  const children = buildTree();
  for (let entry = 0; entry < steps.length; entry++) {
    let state = entry >> 4;
    let flags = 0;
    for (let at = 3; at >= 0; at--) {
      const next = children[(state << 1) | ((entry >> at) & 1)] ?? 0;
      if (next < 0) flags |= ~next === eos ? stepFails : stepEmits | (~next << 8);
      state = Math.max(next, 0);
    }
    steps[entry] = flags | state;
  }
  for (let ones = 0, state = 0; ones < 8; ones++) {
    endsWell[state] = 1;
    state = children[(state << 1) | 1] ?? 0;
  }
}

/** At `node << 1 | bit` what follows: another inner node, or a symbol as its complement (so below 0). */
function buildTree(): Int16Array {
  const children = new Int16Array(256 * 2);
  let nodes = 1;
  let code = 0;
  for (let length = 1; length <= codeBitsMax; length++) {
    code <<= 1;
    for (let symbol = codeBits.indexOf(length); symbol >= 0; symbol = codeBits.indexOf(length, symbol + 1)) {
      let node = 0;
      for (let at = length - 1; at > 0; at--) {
        const branch = (node << 1) | ((code >> at) & 1);
        // The root follows on nothing, so 0 stands for a node that is not there yet.
        if (children[branch] === 0) children[branch] = nodes++;
        node = children[branch] ?? 0;
      }
      children[(node << 1) | (code & 1)] = ~symbol;
      code++;
    }
  }
  return children;
}

/** Where strings of a usual length are put together; nothing of it outlives a call. */
const scratch = Buffer.alloc(2_048);

/** The latin1 string that the octets from start to end encode; undefined when they are no string of the code. */
export function decodeHuffman(block: Buffer, start: number, end: number): string | undefined {
  // The shortest code has five bits.
  const lengthMax = ((end - start) * 8) / 5;
  const target = lengthMax > scratch.length ? Buffer.allocUnsafe(Math.floor(lengthMax)) : scratch;
  let length = 0;
  let step = 0;
  for (let at = start; at < end; at++) {
    const octet = block[at] ?? 0;
    step = steps[((step & 0xff) << 4) | (octet >> 4)] ?? stepFails;
    if (step >= stepEmits) {
      if (step >= stepFails) return undefined;
      target[length++] = step >> 8;
    }
    step = steps[((step & 0xff) << 4) | (octet & 0xf)] ?? stepFails;
    if (step >= stepEmits) {
      if (step >= stepFails) return undefined;
      target[length++] = step >> 8;
    }
  }
  return endsWell[step & 0xff] === 1 ? target.toString("latin1", 0, length) : undefined;
}
