/** Wire types, as they stand in a tag. */
const varintType = 0;
const fixed64Type = 1;
const lengthType = 2;

/** The tag of a field that holds a varint. */
export const varintTag = (field: number): number => (field << 3) | varintType;
/** The tag of a field that holds a double. */
export const doubleTag = (field: number): number => (field << 3) | fixed64Type;
/** The tag of a field that holds a text, a message, a map entry or packed numbers. */
export const lengthTag = (field: number): number => (field << 3) | lengthType;
