package arbitrex.ml.client;

import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Waiting, with the interruptions of a thread as this client tells them. */
final class Blocking {
  private Blocking() {}

  /** @throws MlRpcException what the future ended with; code CANCELLED when the thread is interrupted */
  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException failed) {
      throw MlRpcException.from(failed);
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  /** Answers whether it happened in time. */
  static boolean await(CountDownLatch latch, Duration timeout) {
    try {
      return latch.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private static MlRpcException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return MlRpcException.from(
        Status.CANCELLED.withDescription("the thread was interrupted").withCause(cause).asRuntimeException());
  }
}
