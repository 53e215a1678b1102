package arbitrex.ml.client;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tries a lost connection again sooner than gRPC for Java does by itself, whose pauses start at a second and grow to two
 * minutes: too long for a service that restarts while markets move.
 */
final class ConnectPace {
  private static final Duration PAUSE_MIN = Duration.ofMillis(100);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(1);

  private final ManagedChannel channel;
  private final ScheduledExecutorService timers;
  private Duration pause = PAUSE_MIN;

  private ConnectPace(ManagedChannel channel, ScheduledExecutorService timers) {
    this.channel = channel;
    this.timers = timers;
  }

  static void keep(ManagedChannel channel, ScheduledExecutorService timers) {
    new ConnectPace(channel, timers).follow();
  }

  private synchronized void follow() {
    ConnectivityState state = channel.getState(false);
    if (state == ConnectivityState.SHUTDOWN || timers.isShutdown()) return;
    if (state == ConnectivityState.READY) pause = PAUSE_MIN;
    if (state == ConnectivityState.TRANSIENT_FAILURE) {
      timers.schedule(this::tryAgain, pause.toNanos(), TimeUnit.NANOSECONDS);
    } else {
      channel.notifyWhenStateChanged(state, this::follow);
    }
  }

  private synchronized void tryAgain() {
    pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
    channel.resetConnectBackoff();
    follow();
  }
}
