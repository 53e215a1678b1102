/** Steps of a decision that goals are about, as the timing names them. */

export const decodeStage = "decode the protobuf request";
export const rulesStage = "decide (engine alone)";
/** Followed by the versions, in brackets. */
export const trainedStage = "decide, both models trained";
export const explainedStage = "decide, both models trained, with TreeSHAP";
export const syncStage = "write 1.9 KB and fdatasync";
