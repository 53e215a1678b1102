package arbitrex.ml.client;

import arbitrex.ml.v1.BatchPredictRequest;
import arbitrex.ml.v1.BatchPredictResponse;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The items of a session that have no answer, and the windows that outlive its streams. The session guards it; outcomes are
 * collected, so that the session can tell them without holding its lock.
 */
final class BatchQueue {
  final Map<BatchItem.Key, BatchPlace> places = new HashMap<>();
  private final TreeMap<Long, BatchItem> unsent = new TreeMap<>();
  private final Map<String, BatchItem> inFlight = new HashMap<>();
  private List<Runnable> outcomes = new ArrayList<>();
  private long last;
  private MlRpcException lastBreak;

  /** Items without an answer. */
  int size() {
    return unsent.size() + inFlight.size();
  }

  boolean isIdle() {
    return unsent.isEmpty();
  }

  /** What has been settled since this was last asked; running it tells those who wait. */
  List<Runnable> takeOutcomes() {
    List<Runnable> taken = outcomes;
    outcomes = new ArrayList<>();
    return taken;
  }

  void add(BatchItem item) {
    item.sequence = ++last;
    BatchPlace place = places.computeIfAbsent(item.key, key -> new BatchPlace());
    if (place.waiting == 0) place.takeLost();
    place.waiting++;
    unsent.put(item.sequence, item);
  }

  /** The message that may be sent now; null for none. Items of one symbol and timeframe never overtake each other. */
  BatchPredictRequest next() {
    Set<BatchItem.Key> held = new HashSet<>();
    for (Iterator<BatchItem> items = unsent.values().iterator(); items.hasNext(); ) {
      BatchItem item = items.next();
      BatchPlace place = places.get(item.key);
      if (held.contains(item.key) || place.mustWait(item) || inFlight.containsKey(item.id)) {
        held.add(item.key);
        continue;
      }
      items.remove();
      try {
        BatchPredictRequest message = place.toMessage(item);
        place.inFlight++;
        inFlight.put(item.id, item);
        return message;
      } catch (MlRpcException unfit) {
        refuse(item, unfit);
        leave(item);
      }
    }
    return null;
  }

  /** Settles the item that the service answered. */
  void answer(BatchPredictResponse answer) {
    BatchItem item = inFlight.remove(answer.getRequestId());
    if (item == null) return;
    BatchPlace place = places.get(item.key);
    place.inFlight--;
    boolean isOpener = place.opener == item;
    if (isOpener) place.opener = null;
    try {
      Decision decision = place.toDecision(item, answer);
      place.take(item);
      settle(item, () -> item.future.complete(decision));
    } catch (MlRpcException failure) {
      // Only after a plain refusal is the stream's window surely where it was.
      if (isOpener || failure.code() != Status.Code.INVALID_ARGUMENT) place.inStep = false;
      refuse(item, failure);
    }
    leave(item);
  }

  /** Settles an item whose time is up. What it brought stays part of the window: only the decision is missing. */
  void expire(BatchItem item) {
    if (item.isSettled) return;
    refuse(item, MlRpcException.deadlineExceeded(item.deadline, lastBreak));
    if (unsent.remove(item.sequence) != null) lose(item);
  }

  /** Prepares for the next stream: what is unanswered is sent again, or settled where the next one would end alike. */
  void restart(MlRpcException failure) {
    lastBreak = failure;
    for (BatchPlace place : places.values()) {
      place.inFlight = 0;
      place.inStep = false;
      place.opener = null;
    }
    for (BatchItem item : inFlight.values()) {
      if (item.isSettled) {
        lose(item);
      } else if (isPassing(failure)) {
        unsent.put(item.sequence, item);
      } else {
        refuse(item, failure);
        leave(item);
      }
    }
    inFlight.clear();
  }

  /** Settles everything. */
  void end(MlRpcException failure) {
    restart(failure);
    unsent.values().forEach(item -> refuse(item, failure));
    unsent.clear();
  }

  void refuse(BatchItem item, MlRpcException failure) {
    settle(item, () -> item.future.completeExceptionally(failure));
  }

  /** Answers whether another stream may go well where one ended: the connection was lost or reset, or the service went. */
  private static boolean isPassing(MlRpcException failure) {
    return switch (failure.code()) {
      case UNAVAILABLE, CANCELLED, INTERNAL, UNKNOWN -> !failure.reason().equals(MlRpcException.SESSION_CLOSED);
      default -> false;
    };
  }

  private void settle(BatchItem item, Runnable outcome) {
    if (item.isSettled) return;
    item.isSettled = true;
    if (item.timer != null) item.timer.cancel(false);
    outcomes.add(outcome);
  }

  private void lose(BatchItem item) {
    BatchPlace place = places.get(item.key);
    place.lost.put(item.sequence, item);
    place.inStep = false;
    leave(item);
  }

  /** Takes an item off its place, and forgets a place that holds nothing, so that refused symbols do not pile up. */
  private void leave(BatchItem item) {
    BatchPlace place = places.get(item.key);
    place.waiting--;
    if (place.waiting == 0 && place.window == null && place.lost.isEmpty()) places.remove(item.key);
  }
}
