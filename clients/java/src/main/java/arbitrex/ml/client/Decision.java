package arbitrex.ml.client;

import arbitrex.ml.v1.GateResult;
import arbitrex.ml.v1.PredictResponse;
import arbitrex.ml.v1.RegimePrediction;
import io.grpc.Status;
import java.util.List;
import java.util.Objects;

/** The service's answer to one request. There is none without an answer that can be trusted. */
public final class Decision {
  /** What an answer is held against. */
  record Question(String requestId, String symbol, String timeframe) {}

  private final PredictResponse response;

  private Decision(PredictResponse response) {
    this.response = Objects.requireNonNull(response);
  }

  /** Trusts an answer only where it answers this question and agrees with its own gates. */
  static Decision of(Question asked, PredictResponse response) {
    Question answered = new Question(response.getRequestId(), response.getSymbol(), response.getTimeframe());
    if (!answered.equals(asked)) {
      throw MlRpcException.ofClient(
          Status.Code.INTERNAL, MlRpcException.MISMATCHED_ANSWER, "asked for " + asked + ", answered for " + answered);
    }
    List<GateResult> gates = response.getPrediction().getGatesList();
    boolean allPassed = gates.stream().allMatch(GateResult::getPassed);
    if (gates.isEmpty() || (response.getPrediction().getAllowTrade() && !allPassed)) {
      throw MlRpcException.ofClient(
          Status.Code.INTERNAL, MlRpcException.CONTRADICTORY_ANSWER, "an answer that its own gates do not carry");
    }
    return new Decision(response);
  }

  /** May the signal trade now? */
  public boolean isTradeAllowed() {
    return response.getPrediction().getAllowTrade();
  }

  /** The failed gates in words, or why the trade is allowed; then warnings. */
  public List<String> reasons() {
    return response.getPrediction().getDecisionReasonsList();
  }

  /** Market regime after smoothing. */
  public RegimePrediction.Label regime() {
    return response.getPrediction().getRegime().getRegimeLabel();
  }

  /** Probability of the regime at the newest bar, in [0, 1]. */
  public double regimeConfidence() {
    return response.getPrediction().getRegime().getRegimeConfidence();
  }

  /** Estimated probability that the momentum signal succeeds, in [0, 1]. */
  public double successProbability() {
    return response.getPrediction().getSignal().getMomentumSuccessProb();
  }

  /** Key of the decision's audit record, to report its outcome under. */
  public String predictionId() {
    return response.getPredictionId();
  }

  /** The whole answer. */
  public PredictResponse response() {
    return response;
  }

  @Override
  public String toString() {
    return "Decision[tradeAllowed=" + isTradeAllowed() + ", reasons=" + reasons() + "]";
  }
}
