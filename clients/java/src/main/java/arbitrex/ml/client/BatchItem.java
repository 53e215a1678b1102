package arbitrex.ml.client;

import arbitrex.ml.v1.BatchPredictRequest.AppendBars;
import arbitrex.ml.v1.PredictRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** One question of a session, from its submission to its answer. Exactly one of window and bars is set. */
final class BatchItem {
  /** What a session keeps a window for. */
  record Key(String symbol, String timeframe) {}

  final String id;
  final Key key;
  final PredictRequest window;
  final AppendBars bars;
  final Duration deadline;
  final CompletableFuture<Decision> future = new CompletableFuture<>();
  long sequence;
  Future<?> timer;

  /** True once the item has its outcome. It may stay all the same: its bars are facts, although its time was up. */
  boolean isSettled;

  private BatchItem(String id, Key key, PredictRequest window, AppendBars bars, Duration deadline) {
    this.id = id;
    this.key = key;
    this.window = window;
    this.bars = bars;
    this.deadline = deadline;
  }

  static BatchItem ofWindow(PredictRequest window, Duration deadline) {
    Key key = new Key(window.getSymbol(), window.getTimeframe());
    return new BatchItem(window.getRequestId(), key, window, null, deadline);
  }

  static BatchItem ofBars(String id, AppendBars bars, Duration deadline) {
    return new BatchItem(id, new Key(bars.getSymbol(), bars.getTimeframe()), null, bars, deadline);
  }
}
