package arbitrex.ml.client;

import arbitrex.ml.v1.PredictResponse;
import arbitrex.ml.v1.PredictSymbolsResponse;
import arbitrex.ml.v1.SymbolDecision;
import io.grpc.Status;

/** The answers to one {@link MlClient#predictSymbols}. */
public final class SymbolDecisions {
  private final String timeframe;
  private final PredictSymbolsResponse response;

  SymbolDecisions(String timeframe, PredictSymbolsResponse response) {
    this.timeframe = timeframe;
    this.response = response;
  }

  /**
   * The decision on one symbol.
   *
   * @throws MlRpcException the error that stands in its place; for a symbol without an answer as well
   */
  public Decision of(String symbol) {
    SymbolDecision answer = response.getResultsMap().get(symbol);
    if (answer == null) {
      throw MlRpcException.ofClient(
          Status.Code.INTERNAL, MlRpcException.MISMATCHED_ANSWER, "no answer for " + symbol);
    }
    if (answer.hasError()) throw MlRpcException.fromStatus(answer.getError(), null);
    PredictResponse whole =
        PredictResponse.newBuilder()
            .setPredictionId(answer.getPredictionId())
            .setSymbol(symbol)
            .setTimeframe(timeframe)
            .setTimestamp(answer.getTimestamp())
            .setPrediction(answer.getPrediction())
            .setRegimeModel(answer.getRegimeModel())
            .setSignalModel(answer.getSignalModel())
            .setConfigHash(answer.getConfigHash())
            .setProcessingTimeMs(answer.getProcessingTimeMs())
            .addAllMissingInputs(answer.getMissingInputsList())
            .build();
    return Decision.of(new Decision.Question("", symbol, timeframe), whole);
  }

  /** The whole answer. */
  public PredictSymbolsResponse response() {
    return response;
  }
}
