package arbitrex.ml.client;

import arbitrex.ml.v1.ConfigServiceGrpc;
import arbitrex.ml.v1.ConfigServiceGrpc.ConfigServiceBlockingStub;
import arbitrex.ml.v1.InferenceServiceGrpc;
import arbitrex.ml.v1.ModelRegistryServiceGrpc;
import arbitrex.ml.v1.ModelRegistryServiceGrpc.ModelRegistryServiceBlockingStub;
import arbitrex.ml.v1.ModelVersion;
import arbitrex.ml.v1.MonitoringServiceGrpc;
import arbitrex.ml.v1.MonitoringServiceGrpc.MonitoringServiceBlockingStub;
import arbitrex.ml.v1.PredictRequest;
import arbitrex.ml.v1.PredictResponse;
import arbitrex.ml.v1.PredictSymbolsRequest;
import arbitrex.ml.v1.RegisterModelRequest;
import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A connection to the service. Safe for use by several threads; one is enough for a process. It connects at the first call, and
 * again by itself when the connection is lost.
 *
 * <p>Everything that fails throws {@link MlRpcException}, or completes its future with one.
 */
public final class MlClient implements AutoCloseable {
  private static final Duration DECISION_DEADLINE = Duration.ofSeconds(1);
  private static final Duration HEALTH_PAUSE = Duration.ofMillis(100);
  private static final Duration HEALTH_DEADLINE = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  /** What the service may write: whole registries and exports fit. */
  private static final int READ_BYTES_MAX = 64 << 20;

  private final ManagedChannel connection;
  private final Channel channel;
  private final ScheduledThreadPoolExecutor timers;
  private final Duration decisionDeadline;
  private final Set<BatchSession> sessions = ConcurrentHashMap.newKeySet();

  private MlClient(Builder builder, ManagedChannelBuilder<?> transport) {
    decisionDeadline = builder.decisionDeadline;
    connection =
        transport
            .defaultServiceConfig(readServiceConfig())
            .enableRetry()
            .maxInboundMessageSize(READ_BYTES_MAX)
            // A connection whose other end has vanished is noticed, however long the kernel would wait.
            .keepAliveTime(20, TimeUnit.SECONDS)
            .keepAliveTimeout(5, TimeUnit.SECONDS)
            .build();
    channel = ClientInterceptors.intercept(connection, new CallDefaults(decisionDeadline, builder.token));
    timers = new ScheduledThreadPoolExecutor(1, MlClient::newTimerThread);
    timers.setRemoveOnCancelPolicy(true);
    ConnectPace.keep(connection, timers);
  }

  /**
   * Prepares a connection.
   *
   * @param target e.g. {@code 127.0.0.1:8003} or {@code dns:///ml-layer.trading:8003}
   */
  public static Builder builder(String target) {
    return new Builder(target);
  }

  /** A plaintext connection with every default. */
  public static MlClient connect(String target) {
    return builder(target).build();
  }

  /** How to connect. */
  public static final class Builder {
    private final String target;
    private ChannelCredentials credentials = InsecureChannelCredentials.create();
    private Duration decisionDeadline = DECISION_DEADLINE;
    private Supplier<String> token;

    private Builder(String target) {
      this.target = Objects.requireNonNull(target);
    }

    /** Encrypts, trusting the authorities that Java trusts. Default plaintext, as the service serves by default. */
    public Builder tls() {
      return credentials(TlsChannelCredentials.create());
    }

    /**
     * Encrypts, trusting these authorities alone.
     *
     * @param authorities certificates in PEM; read to its end, not closed
     */
    public Builder tls(InputStream authorities) throws IOException {
      return credentials(TlsChannelCredentials.newBuilder().trustManager(authorities).build());
    }

    /** Encrypts as these say, e.g. with a client certificate. */
    public Builder credentials(ChannelCredentials credentials) {
      this.credentials = Objects.requireNonNull(credentials);
      return this;
    }

    /**
     * Sends {@code authorization: Bearer …} with every call. Without {@link #tls()} anybody between here and the service can read
     * it: that is for a proxy on this machine which encrypts.
     */
    public Builder token(String token) {
      Objects.requireNonNull(token);
      return token(() -> token);
    }

    /** {@link #token(String)} for tokens that expire: asked at every call, from several threads. */
    public Builder token(Supplier<String> token) {
      this.token = Objects.requireNonNull(token);
      return this;
    }

    /** Time for a decision that is given no deadline, all attempts together; above 0. Default 1 s. */
    public Builder decisionDeadline(Duration deadline) {
      this.decisionDeadline = requirePositive(deadline);
      return this;
    }

    /** Prepares the connection; the first call connects. */
    public MlClient build() {
      return over(Grpc.newChannelBuilder(target, credentials));
    }

    MlClient over(ManagedChannelBuilder<?> transport) {
      return new MlClient(this, transport);
    }
  }

  /**
   * Asks whether one signal may trade now. It is tried again as the service config says, always under the same request_id, until
   * the deadline.
   *
   * <p>A refused trade is a decision, not an error.
   */
  public Decision predict(PredictRequest request) {
    return predict(request, decisionDeadline);
  }

  /** {@link #predict(PredictRequest)} with a deadline of its own, all attempts together. */
  public Decision predict(PredictRequest request, Duration deadline) {
    PredictRequest named = RequestId.named(request);
    try {
      return toDecision(
          named,
          ClientCalls.blockingUnaryCall(
              channel, InferenceServiceGrpc.getPredictMethod(), within(deadline), named));
    } catch (StatusRuntimeException failed) {
      throw MlRpcException.from(failed);
    }
  }

  /** {@link #predict(PredictRequest)} without waiting. */
  public CompletableFuture<Decision> predictAsync(PredictRequest request) {
    return predictAsync(request, decisionDeadline);
  }

  /** {@link #predictAsync(PredictRequest)} with a deadline of its own, all attempts together. */
  public CompletableFuture<Decision> predictAsync(PredictRequest request, Duration deadline) {
    PredictRequest named = RequestId.named(request);
    CompletableFuture<Decision> future = new CompletableFuture<>();
    ClientCalls.asyncUnaryCall(
        channel.newCall(InferenceServiceGrpc.getPredictMethod(), within(deadline)),
        named,
        new StreamObserver<PredictResponse>() {
          private PredictResponse answer = PredictResponse.getDefaultInstance();

          @Override
          public void onNext(PredictResponse response) {
            answer = response;
          }

          @Override
          public void onError(Throwable thrown) {
            future.completeExceptionally(MlRpcException.from(thrown));
          }

          @Override
          public void onCompleted() {
            try {
              future.complete(toDecision(named, answer));
            } catch (MlRpcException mistrust) {
              future.completeExceptionally(mistrust);
            }
          }
        });
    return future;
  }

  /** Asks for several symbols at one timeframe, at most 1 000. One that fails leaves the others as they are. */
  public SymbolDecisions predictSymbols(PredictSymbolsRequest request) {
    return predictSymbols(request, decisionDeadline);
  }

  /** {@link #predictSymbols(PredictSymbolsRequest)} with a deadline of its own, all attempts together. */
  public SymbolDecisions predictSymbols(PredictSymbolsRequest request, Duration deadline) {
    try {
      return new SymbolDecisions(
          request.getTimeframe(),
          ClientCalls.blockingUnaryCall(
              channel, InferenceServiceGrpc.getPredictSymbolsMethod(), within(deadline), request));
    } catch (StatusRuntimeException failed) {
      throw MlRpcException.from(failed);
    }
  }

  /** Opens a session that decides bar by bar. It lives until it, or this client, is closed. */
  public BatchSession openSession() {
    BatchSession session = new BatchSession(channel, timers, decisionDeadline, sessions::remove);
    sessions.add(session);
    return session;
  }

  /** Answers whether the service takes calls now. */
  public boolean isServing() {
    return isServing(HEALTH_DEADLINE);
  }

  /**
   * Waits until the service takes calls, however often it has to connect until then.
   *
   * @throws MlRpcException code DEADLINE_EXCEEDED after that time; at once where waiting cannot help, e.g. UNAUTHENTICATED
   */
  public void waitUntilServing(Duration timeout) {
    long until = System.nanoTime() + requirePositive(timeout).toNanos();
    MlRpcException last = null;
    for (; ; ) {
      Duration left = Duration.ofNanos(until - System.nanoTime());
      if (left.isNegative() || left.isZero()) throw MlRpcException.deadlineExceeded(timeout, last);
      try {
        if (isServing(left.compareTo(HEALTH_DEADLINE) < 0 ? left : HEALTH_DEADLINE)) return;
      } catch (MlRpcException failed) {
        last = failed;
        switch (failed.code()) {
          case UNAVAILABLE, CANCELLED, INTERNAL, UNKNOWN, DEADLINE_EXCEEDED -> {}
          default -> throw failed;
        }
      }
      Blocking.sleep(left.compareTo(HEALTH_PAUSE) < 0 ? left : HEALTH_PAUSE);
    }
  }

  /** Calls which models exist and which decide, e.g. {@code client.models(stub -> stub.listModels(request))}. */
  public <T> T models(Function<ModelRegistryServiceBlockingStub, T> call) {
    return typed(call, ModelRegistryServiceGrpc.newBlockingStub(channel));
  }

  /** Calls the configuration and the kill switch. */
  public <T> T config(Function<ConfigServiceBlockingStub, T> call) {
    return typed(call, ConfigServiceGrpc.newBlockingStub(channel));
  }

  /** Calls metrics, decisions, alerts, outcomes and drift. */
  public <T> T monitoring(Function<MonitoringServiceBlockingStub, T> call) {
    return typed(call, MonitoringServiceGrpc.newBlockingStub(channel));
  }

  /**
   * Registers a model whose file may be larger than one message, within 120 s.
   *
   * @param header as of RegisterModel, without a source
   * @param file read twice, first for the SHA-256 that an upload must name
   */
  public ModelVersion uploadModel(RegisterModelRequest header, Path file) throws IOException {
    return ModelUpload.send(channel, header, file);
  }

  /** For stubs of other kinds: with the client's token and deadlines; {@link MlRpcException#from} types their errors. */
  public Channel channel() {
    return channel;
  }

  /** Closes every session, then the connection; calls in flight have a second to end, then they are cancelled. */
  @Override
  public void close() {
    sessions.forEach(BatchSession::close);
    connection.shutdown();
    try {
      if (!connection.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) connection.shutdownNow();
    } catch (InterruptedException interrupted) {
      connection.shutdownNow();
      Thread.currentThread().interrupt();
    }
    timers.shutdown();
  }

  private boolean isServing(Duration deadline) {
    try {
      return HealthGrpc.newBlockingStub(channel)
              .withWaitForReady()
              .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus()
          == ServingStatus.SERVING;
    } catch (StatusRuntimeException failed) {
      throw MlRpcException.from(failed);
    }
  }

  private static <S, T> T typed(Function<S, T> call, S stub) {
    try {
      return call.apply(stub);
    } catch (StatusRuntimeException failed) {
      throw MlRpcException.from(failed);
    }
  }

  private static Decision toDecision(PredictRequest asked, PredictResponse answer) {
    return Decision.of(
        new Decision.Question(asked.getRequestId(), asked.getSymbol(), asked.getTimeframe()), answer);
  }

  private static CallOptions within(Duration deadline) {
    return CallOptions.DEFAULT.withDeadlineAfter(requirePositive(deadline).toNanos(), TimeUnit.NANOSECONDS);
  }

  private static Duration requirePositive(Duration duration) {
    if (duration.isNegative() || duration.isZero()) throw new IllegalArgumentException("must be above 0: " + duration);
    return duration;
  }

  private static Thread newTimerThread(Runnable work) {
    Thread thread = Executors.defaultThreadFactory().newThread(work);
    thread.setName("ml-client-timers");
    thread.setDaemon(true);
    return thread;
  }

  private static Map<String, ?> readServiceConfig() {
    try (InputStream file = MlClient.class.getResourceAsStream("service-config.json")) {
      Objects.requireNonNull(file, "service-config.json is missing from the archive of this client");
      return new Gson()
          .fromJson(new InputStreamReader(file, StandardCharsets.UTF_8), new TypeToken<Map<String, Object>>() {}.getType());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
