package arbitrex.ml.client;

import arbitrex.ml.client.MlRpcException.FieldViolation;
import arbitrex.ml.v1.BatchPredictRequest.AppendBars;
import arbitrex.ml.v1.FeatureSeries;
import arbitrex.ml.v1.PredictRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the service decided on last for one symbol and timeframe. Immutable.
 *
 * @param series newest bars by feature name, all of the same length
 * @param bars that length
 * @param historyBars number of bars that exist
 * @param barIndex index of the newest bar
 */
record KeptWindow(Map<String, double[]> series, int bars, int historyBars, int barIndex) {
  static KeptWindow of(PredictRequest request) {
    Map<String, double[]> series = new LinkedHashMap<>();
    int bars = 0;
    for (Map.Entry<String, FeatureSeries> each : request.getFeaturesMap().entrySet()) {
      series.put(each.getKey(), toArray(each.getValue()));
      bars = each.getValue().getValuesCount();
    }
    int historyBars = request.hasHistoryBars() ? request.getHistoryBars() : bars;
    int barIndex = request.hasBarIndex() ? request.getBarIndex() : historyBars - 1;
    return new KeptWindow(series, bars, historyBars, barIndex);
  }

  /** The number of appended bars; the exception names every series that does not fit the window. */
  int measure(AppendBars append) {
    Map<String, FeatureSeries> features = append.getFeaturesMap();
    int added = commonLength(features);
    List<FieldViolation> violations = new ArrayList<>();
    features.forEach(
        (name, values) -> {
          int length = values.getValuesCount();
          if (!series.containsKey(name)) violations.add(violation(name, "the full window has no such series"));
          else if (length == 0) violations.add(violation(name, "must hold at least one bar"));
          else if (length > bars) {
            violations.add(violation(name, length + " bars; the window holds " + bars + ": send a full window"));
          } else if (length != added) {
            violations.add(violation(name, length + " bars where the other series have " + added));
          }
        });
    for (String name : series.keySet()) {
      if (!features.containsKey(name)) violations.add(violation(name, "is missing; the full window has it"));
    }
    if (violations.isEmpty() && added == 0) {
      violations.add(new FieldViolation("append.features", "must hold at least one bar"));
    }
    if (!violations.isEmpty()) throw MlRpcException.ofFields("INVALID_APPEND", violations);
    return added;
  }

  /** The window moved on by bars of its shape. */
  KeptWindow followedBy(AppendBars append) {
    int added = measure(append);
    Map<String, double[]> moved = new LinkedHashMap<>();
    series.forEach(
        (name, values) -> {
          double[] next = new double[bars];
          System.arraycopy(values, added, next, 0, bars - added);
          System.arraycopy(toArray(append.getFeaturesMap().get(name)), 0, next, bars - added, added);
          moved.put(name, next);
        });
    return new KeptWindow(moved, bars, historyBars + added, barIndex + added);
  }

  /** The whole window that the service decides on when the bars are appended. */
  PredictRequest requestWith(AppendBars append) {
    KeptWindow next = followedBy(append);
    PredictRequest.Builder request =
        PredictRequest.newBuilder()
            .setSymbol(append.getSymbol())
            .setTimeframe(append.getTimeframe())
            .putAllFeatures(Features.of(next.series))
            .setHistoryBars(next.historyBars)
            .setBarIndex(next.barIndex)
            .setOmitExplanation(append.getOmitExplanation());
    if (append.hasQseOutput()) request.setQseOutput(append.getQseOutput());
    if (append.hasBarTime()) request.setBarTime(append.getBarTime());
    return request.build();
  }

  private static FieldViolation violation(String series, String description) {
    return new FieldViolation("append.features[\"" + series + "\"]", description);
  }

  /** The length that most series have, so that the odd one out is the one that is named. */
  private static int commonLength(Map<String, FeatureSeries> features) {
    Map<Integer, Integer> counts = new HashMap<>();
    int common = 0;
    for (FeatureSeries values : features.values()) {
      int length = values.getValuesCount();
      if (counts.merge(length, 1, Integer::sum) > counts.getOrDefault(common, 0)) common = length;
    }
    return common;
  }

  private static double[] toArray(FeatureSeries values) {
    return values.getValuesList().stream().mapToDouble(Double::doubleValue).toArray();
  }
}
