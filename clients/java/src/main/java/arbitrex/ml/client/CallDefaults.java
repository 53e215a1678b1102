package arbitrex.ml.client;

import arbitrex.ml.v1.InferenceServiceGrpc;
import arbitrex.ml.v1.ModelRegistryServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Gives every call with one answer a deadline, and every call the token. */
final class CallDefaults implements ClientInterceptor {
  private static final Duration ADMINISTRATIVE_DEADLINE = Duration.ofSeconds(30);

  /** The service checks a model in a process of its own. */
  static final Duration REGISTRATION_DEADLINE = Duration.ofSeconds(120);

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final Duration decisionDeadline;
  private final Supplier<String> token;

  /** A token of null is none. */
  CallDefaults(Duration decisionDeadline, Supplier<String> token) {
    this.decisionDeadline = decisionDeadline;
    this.token = token;
  }

  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    boolean needsDeadline = options.getDeadline() == null && method.getType() == MethodType.UNARY;
    CallOptions limited =
        needsDeadline ? options.withDeadlineAfter(deadlineOf(method).toNanos(), TimeUnit.NANOSECONDS) : options;
    ClientCall<Q, R> call = next.newCall(method, limited);
    if (token == null) return call;
    return new SimpleForwardingClientCall<>(call) {
      @Override
      public void start(Listener<R> listener, Metadata headers) {
        headers.put(AUTHORIZATION, "Bearer " + token.get());
        super.start(listener, headers);
      }
    };
  }

  private Duration deadlineOf(MethodDescriptor<?, ?> method) {
    if (method.getFullMethodName().equals(ModelRegistryServiceGrpc.getRegisterModelMethod().getFullMethodName())) {
      return REGISTRATION_DEADLINE;
    }
    String service = String.valueOf(method.getServiceName());
    boolean decides = service.equals(InferenceServiceGrpc.SERVICE_NAME) || service.equals(HealthGrpc.SERVICE_NAME);
    return decides ? decisionDeadline : ADMINISTRATIVE_DEADLINE;
  }
}
