/** How values lie in a row. A row has no names and no types: who reads it asks in the order in which it was written. */

/** Lengths are written seven bits a byte, the lowest first; this one says that another byte follows. */
export const lengthContinues = 0x80;
/** Bytes of a number, the lowest first. */
export const numberBytes = 8;
/** Bytes of the length before a part. */
export const partHeaderBytes = 4;
