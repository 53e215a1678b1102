package arbitrex.ml.client;

import arbitrex.ml.v1.BatchPredictRequest;
import arbitrex.ml.v1.BatchPredictResponse;
import arbitrex.ml.v1.PredictRequest;
import io.grpc.Status;
import java.util.TreeMap;

/** What a session knows of one symbol and timeframe. */
final class BatchPlace {
  /** As of the last answered item; null before the first. */
  KeptWindow window;

  /**
   * Items that will not be answered any more because their time was up, by their order: the window moves on by them before the
   * next item that is sent.
   */
  final TreeMap<Long, BatchItem> lost = new TreeMap<>();

  /** True while the current stream holds the same window, or will once it has answered what is on its way. */
  boolean inStep;

  /** The item on its way that gives the current stream the window. */
  BatchItem opener;

  /** Items without an answer that belong here, and those of them that have been sent. */
  int waiting;

  int inFlight;

  /**
   * True while the stream is being given the window, so that a refused one does not take the next items along, and for bars that
   * need their window sent with them while answers are due that may move it.
   */
  boolean mustWait(BatchItem item) {
    return opener != null || (item.bars != null && !inStep && inFlight > 0);
  }

  /**
   * An item as the current stream needs it: bars alone where it holds their window or there is none.
   *
   * @throws MlRpcException for bars that do not fit the window that has to go with them
   */
  BatchPredictRequest toMessage(BatchItem item) {
    if (inFlight == 0) takeLost();
    BatchPredictRequest.Builder message = BatchPredictRequest.newBuilder().setRequestId(item.id);
    if (item.bars != null && (inStep || window == null)) return message.setAppend(item.bars).build();
    PredictRequest whole = item.bars == null ? item.window : window.requestWith(item.bars);
    if (!inStep) {
      opener = item;
      inStep = true;
    }
    return message.setWindow(whole).build();
  }

  /**
   * Trusts an answer only where it is about the bar that comes next.
   *
   * @throws MlRpcException why there is no decision
   */
  Decision toDecision(BatchItem item, BatchPredictResponse answer) {
    if (answer.hasError()) throw MlRpcException.fromStatus(answer.getError(), null);
    Decision.Question asked = new Decision.Question(item.id, item.key.symbol(), item.key.timeframe());
    Decision decision = Decision.of(asked, answer.getResponse());
    if (item.bars == null) return decision;
    if (window == null) throw mismatch("an answer to bars without a window");
    int expected = window.barIndex() + window.measure(item.bars);
    int answered = decision.response().getBarIndex();
    if (answered != expected) throw mismatch("asked for bar " + expected + ", answered for bar " + answered);
    return decision;
  }

  /** Moves the window on by an item, where it fits. */
  void take(BatchItem item) {
    if (item.bars == null) {
      window = KeptWindow.of(item.window);
    } else if (window != null) {
      try {
        window = window.followedBy(item.bars);
      } catch (MlRpcException unfit) {
        // The service would have refused them, too.
        return;
      }
    }
  }

  void takeLost() {
    lost.values().forEach(this::take);
    lost.clear();
  }

  private static MlRpcException mismatch(String text) {
    return MlRpcException.ofClient(Status.Code.INTERNAL, MlRpcException.MISMATCHED_ANSWER, text);
  }
}
