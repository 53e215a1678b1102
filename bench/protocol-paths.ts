export const predictPath = "/arbitrex.ml.v1.InferenceService/Predict";
export const batchPredictPath = "/arbitrex.ml.v1.InferenceService/BatchPredict";
export const restPath = "/predict";
