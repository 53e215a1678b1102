/** Longest request id, in characters. */
export const requestIdLengthMax = 128;
/** Largest bar index, that of a 32-bit field: four thousand years of one-minute bars. */
export const barIndexMax = 2_147_483_647;
/** Most symbols of one PredictSymbols call. */
export const symbolsMax = 1_000;
/** Most windows one stream keeps. */
export const streamWindowsMax = 1_000;
/** Most numbers all windows of one stream hold together: 32 MB. */
export const streamValuesMax = 4_000_000;
/** Answers of one stream that wait for the audit log or for the client, before the stream stops being read. */
export const streamPendingMax = 256;
