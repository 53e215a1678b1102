package arbitrex.ml.client;

import arbitrex.ml.v1.BatchPredictRequest;
import arbitrex.ml.v1.BatchPredictRequest.AppendBars;
import arbitrex.ml.v1.BatchPredictResponse;
import arbitrex.ml.v1.InferenceServiceGrpc;
import arbitrex.ml.v1.PredictRequest;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Decides bar by bar: a full window of a symbol and timeframe once, then only its newest bars. When the connection is lost or
 * the service restarts, the session connects again and sends what is unanswered again, the first bars of every symbol together
 * with their window, so every decision is the one that a whole window would have got.
 *
 * <p>Safe for use by several threads. Items of one symbol and timeframe are decided in the order in which they were submitted. Bars
 * that the service refuses do not count; corrected ones may be appended in their place. Bars whose decision does not come in
 * time do count, since they are facts and only the decision is missing: they are not appended again.
 *
 * <p>Every method that decides throws {@link MlRpcException}, or completes its future with one. At most 1 024 items may be
 * without an answer. Completing or cancelling a future from outside changes nothing for the session.
 */
public final class BatchSession implements AutoCloseable {
  private static final int UNANSWERED_MAX = 1024;
  private static final Duration PAUSE_MIN = Duration.ofMillis(20);
  private static final Duration PAUSE_MAX = Duration.ofMillis(200);

  /** Time that the service has to end its side of a stream when the session closes. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final Channel channel;
  private final ScheduledExecutorService timers;
  private final Duration deadline;
  private final Consumer<BatchSession> onClose;
  private final Object lock = new Object();
  private final CountDownLatch ended = new CountDownLatch(1);

  // Guarded by lock.
  private final BatchQueue queue = new BatchQueue();
  private Stream stream;
  private boolean isPausing;
  private boolean isClosed;
  private Duration pause = PAUSE_MIN;

  BatchSession(
      Channel channel, ScheduledExecutorService timers, Duration deadline, Consumer<BatchSession> onClose) {
    this.channel = channel;
    this.timers = timers;
    this.deadline = deadline;
    this.onClose = onClose;
  }

  /** Decides on a full window, which the session then keeps in place of an earlier one of the same symbol and timeframe. */
  public Decision window(PredictRequest request) {
    return window(request, deadline);
  }

  /** {@link #window(PredictRequest)} with a deadline of its own, reconnections included. */
  public Decision window(PredictRequest request, Duration deadline) {
    return Blocking.await(windowAsync(request, deadline));
  }

  /** {@link #window(PredictRequest)} without waiting. */
  public CompletableFuture<Decision> windowAsync(PredictRequest request) {
    return windowAsync(request, deadline);
  }

  /** {@link #windowAsync(PredictRequest)} with a deadline of its own, reconnections included. */
  public CompletableFuture<Decision> windowAsync(PredictRequest request, Duration deadline) {
    return submit(BatchItem.ofWindow(RequestId.named(request), deadline));
  }

  /**
   * Decides at the newest of the given bars, at least one and at most as many as the window holds: the same series as in the
   * window, all of equal length, oldest bar first. Code FAILED_PRECONDITION, reason NO_WINDOW, where no full window came before.
   */
  public Decision append(AppendBars bars) {
    return append(bars, deadline);
  }

  /** {@link #append(AppendBars)} with a deadline of its own, reconnections included. */
  public Decision append(AppendBars bars, Duration deadline) {
    return Blocking.await(appendAsync(bars, deadline));
  }

  /** {@link #append(AppendBars)} without waiting, so that the next bars can follow at once. */
  public CompletableFuture<Decision> appendAsync(AppendBars bars) {
    return appendAsync(bars, deadline);
  }

  /** {@link #appendAsync(AppendBars)} with a deadline of its own, reconnections included. */
  public CompletableFuture<Decision> appendAsync(AppendBars bars, Duration deadline) {
    return submit(BatchItem.ofBars(RequestId.next(), bars, deadline));
  }

  /** Ends the session and waits until it has ended, at most a second. Items without an answer end with reason SESSION_CLOSED. */
  @Override
  public void close() {
    Stream open;
    synchronized (lock) {
      if (isClosed) return;
      isClosed = true;
      open = stream;
    }
    if (open != null) {
      open.halfClose();
      if (!Blocking.await(ended, CLOSE_TIMEOUT)) open.cancel();
    }
    change(() -> queue.end(sessionClosed()));
    onClose.accept(this);
  }

  private CompletableFuture<Decision> submit(BatchItem item) {
    change(
        () -> {
          if (isClosed) {
            queue.refuse(item, sessionClosed());
          } else if (queue.size() >= UNANSWERED_MAX) {
            String text = UNANSWERED_MAX + " items have no answer yet";
            queue.refuse(
                item,
                MlRpcException.ofClient(
                    Status.Code.RESOURCE_EXHAUSTED, MlRpcException.TOO_MANY_UNANSWERED, text));
          } else {
            queue.add(item);
            // Time runs out for an item whether or not anybody waits for it.
            item.timer =
                timers.schedule(
                    () -> change(() -> queue.expire(item)), item.deadline.toNanos(), TimeUnit.NANOSECONDS);
            proceed();
          }
        });
    return item.future;
  }

  /** Changes the queue alone, then tells those whose item was settled by that. */
  private void change(Runnable step) {
    List<Runnable> outcomes;
    synchronized (lock) {
      step.run();
      outcomes = queue.takeOutcomes();
    }
    outcomes.forEach(Runnable::run);
  }

  /** Sends what may be sent, on a new stream if need be. */
  private void proceed() {
    if (stream == null) {
      if (isPausing || isClosed || queue.isIdle()) return;
      stream = new Stream();
      InferenceServiceGrpc.newStub(channel).withWaitForReady().batchPredict(stream);
    }
    stream.pump();
  }

  private void onBreak(Stream broken, Throwable thrown) {
    change(
        () -> {
          if (stream != broken) return;
          stream = null;
          queue.restart(MlRpcException.from(thrown));
          if (isClosed) {
            ended.countDown();
            return;
          }
          isPausing = true;
          timers.schedule(this::onPauseEnd, pause.toNanos(), TimeUnit.NANOSECONDS);
          pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
        });
  }

  private void onPauseEnd() {
    change(
        () -> {
          isPausing = false;
          proceed();
        });
  }

  private static MlRpcException sessionClosed() {
    return MlRpcException.ofClient(
        Status.Code.CANCELLED, MlRpcException.SESSION_CLOSED, "the session has been closed");
  }

  /** One BatchPredict call, until it breaks. */
  private final class Stream implements ClientResponseObserver<BatchPredictRequest, BatchPredictResponse> {
    private ClientCallStreamObserver<BatchPredictRequest> requests;

    @Override
    public void beforeStart(ClientCallStreamObserver<BatchPredictRequest> call) {
      requests = call;
      call.setOnReadyHandler(() -> change(this::pump));
    }

    /** Sends as much as the transport takes; it asks for more when it has room. Under the session's lock. */
    void pump() {
      while (stream == this && !isClosed && requests.isReady()) {
        BatchPredictRequest message = queue.next();
        if (message == null) return;
        requests.onNext(message);
      }
    }

    void halfClose() {
      synchronized (lock) {
        if (stream == this) requests.onCompleted();
      }
    }

    void cancel() {
      synchronized (lock) {
        requests.cancel("the session has been closed", null);
      }
    }

    @Override
    public void onNext(BatchPredictResponse answer) {
      change(
          () -> {
            if (stream != this) return;
            pause = PAUSE_MIN;
            queue.answer(answer);
            // What waited for this answer may be sent now.
            pump();
          });
    }

    @Override
    public void onError(Throwable thrown) {
      onBreak(this, thrown);
    }

    @Override
    public void onCompleted() {
      onBreak(this, Status.UNAVAILABLE.withDescription("the service ended the stream").asRuntimeException());
    }
  }
}
