package arbitrex.ml.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import arbitrex.ml.client.MlRpcException.FieldViolation;
import arbitrex.ml.client.MlRpcException.PreconditionViolation;
import arbitrex.ml.client.MlRpcException.Resource;
import arbitrex.ml.v1.PredictResponse;
import com.google.rpc.BadRequest;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
final class MlClientTest {
  private FakeService service;

  @BeforeEach
  void start() throws IOException {
    service = new FakeService();
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void sendsOneRequestIdWithEveryAttemptAndTheToken() {
    service.predict =
        request -> {
          if (service.requests.size() < 3) throw FakeService.refusal(Status.Code.UNAVAILABLE, "not yet");
          return FakeService.allowed(request);
        };
    try (MlClient client = service.connect(service.client().token("s3cret").decisionDeadline(Duration.ofSeconds(20)))) {
      assertTrue(client.predict(FakeService.window("EURUSD")).isTradeAllowed());
    }
    assertEquals(3, service.requests.size());
    assertFalse(service.requests.get(0).getRequestId().isEmpty());
    assertEquals(1, service.requests.stream().distinct().count());
    assertEquals(
        "Bearer s3cret", service.headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER)));
  }

  @Test
  void givesACallWithoutADeadlineTheClients() {
    service.predict = request -> null;
    try (MlClient client = service.connect(service.client().decisionDeadline(Duration.ofMillis(20)))) {
      MlRpcException failure =
          assertThrows(MlRpcException.class, () -> client.predict(FakeService.window("EURUSD")));
      assertEquals(Status.Code.DEADLINE_EXCEEDED, failure.code());
    }
  }

  @Test
  void refusesADeadlineThatIsNone() {
    assertThrows(IllegalArgumentException.class, () -> service.client().decisionDeadline(Duration.ZERO));
  }

  @Test
  void readsEveryDetailOfAnError() {
    service.predict =
        request -> {
          throw FakeService.refusal(
              Status.Code.FAILED_PRECONDITION,
              "no",
              FakeService.errorInfo("CAUSE"),
              BadRequest.newBuilder()
                  .addFieldViolations(
                      BadRequest.FieldViolation.newBuilder().setField("symbol").setDescription("is empty"))
                  .build(),
              PreconditionFailure.newBuilder()
                  .addViolations(
                      PreconditionFailure.Violation.newBuilder().setType("T").setSubject("s").setDescription("d"))
                  .build(),
              ResourceInfo.newBuilder().setResourceType("model").setResourceName("x").setDescription("gone").build(),
              RetryInfo.newBuilder()
                  .setRetryDelay(com.google.protobuf.Duration.newBuilder().setNanos(100_000_000))
                  .build());
        };
    try (MlClient client = service.connect(service.client())) {
      MlRpcException failure =
          assertThrows(MlRpcException.class, () -> client.predict(FakeService.window("EURUSD")));
      assertEquals(Status.Code.FAILED_PRECONDITION, failure.code());
      assertEquals("no", failure.getMessage());
      assertEquals("CAUSE", failure.reason());
      assertEquals(MlRpcException.SERVICE_DOMAIN, failure.domain());
      assertEquals(List.of(new FieldViolation("symbol", "is empty")), failure.fieldViolations());
      assertEquals(List.of(new PreconditionViolation("T", "s", "d")), failure.preconditionViolations());
      assertEquals(Optional.of(new Resource("model", "x", "gone")), failure.resource());
      assertEquals(Optional.of(Duration.ofMillis(100)), failure.retryDelay());
    }
  }

  @Test
  void neverCallsAnErrorOk() {
    assertEquals(
        Status.Code.INTERNAL,
        MlRpcException.fromStatus(com.google.rpc.Status.getDefaultInstance(), null).code());
  }

  static Stream<Arguments> untrustworthyAnswers() {
    return Stream.of(
        spoiled("another request", answer -> answer.setRequestId("other")),
        spoiled("another symbol", answer -> answer.setSymbol("GBPUSD")),
        spoiled("another timeframe", answer -> answer.setTimeframe("1D")),
        spoiled("no prediction", PredictResponse.Builder::clearPrediction),
        spoiled("no gates", answer -> answer.getPredictionBuilder().clearGates()),
        spoiled("a gate that failed", answer -> answer.getPredictionBuilder().getGatesBuilder(0).setPassed(false)));
  }

  private static Arguments spoiled(String name, Consumer<PredictResponse.Builder> spoil) {
    return Arguments.of(name, spoil);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("untrustworthyAnswers")
  void decidesNothingWithoutATrustworthyAnswer(String name, Consumer<PredictResponse.Builder> spoil) {
    service.predict =
        request -> {
          PredictResponse.Builder answer = FakeService.allowed(request).toBuilder();
          spoil.accept(answer);
          return answer.build();
        };
    try (MlClient client = service.connect(service.client())) {
      MlRpcException failure =
          assertThrows(MlRpcException.class, () -> client.predict(FakeService.window("EURUSD")), name);
      assertEquals(MlRpcException.CLIENT_DOMAIN, failure.domain());
      ExecutionException later =
          assertThrows(ExecutionException.class, () -> client.predictAsync(FakeService.window("EURUSD")).get());
      assertEquals(failure.reason(), MlRpcException.from(later).reason());
    }
  }
}
