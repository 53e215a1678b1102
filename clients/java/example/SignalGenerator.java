import arbitrex.ml.client.BatchSession;
import arbitrex.ml.client.Decision;
import arbitrex.ml.client.Features;
import arbitrex.ml.client.MlClient;
import arbitrex.ml.client.MlRpcException;
import arbitrex.ml.v1.BatchPredictRequest.AppendBars;
import arbitrex.ml.v1.PredictRequest;
import arbitrex.ml.v1.QseOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A signal generator that asks before it trades: {@code SignalGenerator HOST:PORT BARS.csv [BARS]}.
 *
 * <p>It reads daily bars with the columns date and close, makes features of them, and prints for each of the newest bars whether
 * its momentum signal may trade. Your own feature engine and statistics take the place of {@code toFeatures} and {@code check}.
 */
public final class SignalGenerator {
  private static final String SYMBOL = "SPX";
  private static final String TIMEFRAME = "1D";
  private static final int LOOKBACK = 20;
  private static final int RANK_BARS = 100;
  private static final int WINDOW_BARS = 120;

  private final String[] dates;
  private final double[] closes;

  private SignalGenerator(List<String> lines) {
    List<String> columns = List.of(lines.get(0).split(","));
    int date = columns.indexOf("date");
    int close = columns.indexOf("close");
    List<String[]> rows = lines.stream().skip(1).map(line -> line.split(",")).toList();
    dates = rows.stream().map(row -> row[date]).toArray(String[]::new);
    closes = rows.stream().mapToDouble(row -> Double.parseDouble(row[close])).toArray();
  }

  public static void main(String[] args) throws IOException {
    SignalGenerator generator = new SignalGenerator(Files.readAllLines(Path.of(args[1])));
    generator.run(args[0], args.length > 2 ? Integer.parseInt(args[2]) : 60);
  }

  private void run(String address, int bars) {
    int first = closes.length - bars;
    int trades = 0;
    try (MlClient client = MlClient.connect(address)) {
      client.waitUntilServing(Duration.ofSeconds(30));
      try (BatchSession session = client.openSession()) {
        for (int at = first; at < closes.length; at++) {
          try {
            Decision decision = at == first ? session.window(windowAt(at)) : session.append(barAt(at));
            if (act(at, decision)) trades++;
          } catch (MlRpcException failure) {
            // No decision is a refusal.
            System.out.println(dates[at] + "  no trade: " + failure.getMessage());
          }
        }
      }
    }
    System.out.println(trades + " trades on " + bars + " bars");
  }

  /** Here an order would go out. */
  private boolean act(int at, Decision decision) {
    if (!decision.isTradeAllowed()) {
      System.out.println(dates[at] + "  no trade: " + decision.reasons().get(0));
      return false;
    }
    String side = toFeatures(at).get("momentum_score") > 0 ? "long" : "short";
    System.out.printf(
        Locale.ROOT, "%s  %s, probability %.4f%n", dates[at], side, decision.successProbability());
    return true;
  }

  private PredictRequest windowAt(int at) {
    return PredictRequest.newBuilder()
        .setSymbol(SYMBOL)
        .setTimeframe(TIMEFRAME)
        .putAllFeatures(Features.of(series(at - WINDOW_BARS + 1, at)))
        .setQseOutput(check(toFeatures(at)))
        .setHistoryBars(at + 1)
        .build();
  }

  private AppendBars barAt(int at) {
    return AppendBars.newBuilder()
        .setSymbol(SYMBOL)
        .setTimeframe(TIMEFRAME)
        .putAllFeatures(Features.of(series(at, at)))
        .setQseOutput(check(toFeatures(at)))
        .build();
  }

  private Map<String, double[]> series(int from, int to) {
    Map<String, double[]> series = new LinkedHashMap<>();
    for (int at = from; at <= to; at++) {
      int bar = at - from;
      toFeatures(at)
          .forEach((name, value) -> series.computeIfAbsent(name, key -> new double[to - from + 1])[bar] = value);
    }
    return series;
  }

  /** The features of one bar, from that bar and those before it. */
  private Map<String, Double> toFeatures(int at) {
    double[] returns = new double[LOOKBACK + RANK_BARS];
    for (int i = 0; i < returns.length; i++) {
      int bar = at - returns.length + 1 + i;
      returns[i] = Math.log(closes[bar] / closes[bar - 1]);
    }
    double[] volatilities = new double[RANK_BARS];
    for (int i = 0; i < RANK_BARS; i++) {
      double squares = 0;
      for (int j = i + 1; j <= i + LOOKBACK; j++) squares += returns[j] * returns[j];
      volatilities[i] = Math.sqrt(squares / LOOKBACK);
    }
    double volatility = volatilities[RANK_BARS - 1];
    double[] recent = Arrays.copyOfRange(returns, RANK_BARS, returns.length);
    double momentum = Arrays.stream(recent).sum();
    double path = 0;
    for (int bar = at - LOOKBACK + 1; bar <= at; bar++) path += Math.abs(closes[bar] - closes[bar - 1]);
    double lower = Arrays.stream(volatilities).filter(each -> each < volatility).count();
    double alike = Arrays.stream(recent).filter(each -> each * momentum > 0).count();
    return Map.of(
        "momentum_score", momentum / (volatility * Math.sqrt(LOOKBACK)),
        "efficiency_ratio", Math.abs(closes[at] - closes[at - LOOKBACK]) / path,
        "vol_percentile", 100 * lower / RANK_BARS,
        "trend_consistency", alike / LOOKBACK);
  }

  /** What a statistics engine would find. This one only looks whether the trend persists. */
  private static QseOutput check(Map<String, Double> newest) {
    return QseOutput.newBuilder()
        .setValidation(
            QseOutput.Validation.newBuilder()
                .setSignalValidityFlag(true)
                .setAutocorrCheckPassed(true)
                .setStationarityCheckPassed(true)
                .setDistributionCheckPassed(Math.abs(newest.get("momentum_score")) < 3))
        .setMetrics(
            QseOutput.Metrics.newBuilder().setTrendPersistenceScore(2 * newest.get("trend_consistency") - 1))
        .build();
  }
}
