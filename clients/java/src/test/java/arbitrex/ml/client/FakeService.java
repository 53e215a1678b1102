package arbitrex.ml.client;

import arbitrex.ml.v1.BatchPredictRequest;
import arbitrex.ml.v1.BatchPredictRequest.AppendBars;
import arbitrex.ml.v1.BatchPredictResponse;
import arbitrex.ml.v1.GateResult;
import arbitrex.ml.v1.InferenceServiceGrpc.InferenceServiceImplBase;
import arbitrex.ml.v1.PredictRequest;
import arbitrex.ml.v1.PredictResponse;
import arbitrex.ml.v1.Prediction;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A service inside this process that answers as it is told and remembers what it was asked. */
final class FakeService extends InferenceServiceImplBase implements ServerInterceptor, AutoCloseable {
  /** Answers a request; throws a status to refuse it; null never answers. */
  Function<PredictRequest, PredictResponse> predict = FakeService::allowed;

  /** Answers an item; throws a status to end the stream; null never answers. */
  Function<BatchPredictRequest, BatchPredictResponse> batch = item -> null;

  final List<PredictRequest> requests = new CopyOnWriteArrayList<>();
  final List<BatchPredictRequest> items = new CopyOnWriteArrayList<>();
  volatile Metadata headers;
  private final String name = UUID.randomUUID().toString();
  private final Server server;

  FakeService() throws IOException {
    server = InProcessServerBuilder.forName(name).addService(this).intercept(this).build().start();
  }

  MlClient.Builder client() {
    return MlClient.builder(name);
  }

  MlClient connect(MlClient.Builder builder) {
    return builder.over(InProcessChannelBuilder.forName(name));
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata received, ServerCallHandler<Q, R> next) {
    headers = received;
    return next.startCall(call, received);
  }

  @Override
  public void predict(PredictRequest request, StreamObserver<PredictResponse> answers) {
    requests.add(request);
    try {
      PredictResponse answer = predict.apply(request);
      if (answer == null) return;
      answers.onNext(answer);
      answers.onCompleted();
    } catch (StatusRuntimeException refusal) {
      answers.onError(refusal);
    }
  }

  @Override
  public StreamObserver<BatchPredictRequest> batchPredict(StreamObserver<BatchPredictResponse> answers) {
    return new StreamObserver<>() {
      @Override
      public void onNext(BatchPredictRequest item) {
        items.add(item);
        try {
          BatchPredictResponse answer = batch.apply(item);
          if (answer != null) answers.onNext(answer);
        } catch (StatusRuntimeException refusal) {
          answers.onError(refusal);
        }
      }

      @Override
      public void onError(Throwable gone) {
        // The client has gone; there is nobody to answer.
      }

      @Override
      public void onCompleted() {
        answers.onCompleted();
      }
    };
  }

  static StatusRuntimeException refusal(Status.Code code, String message, Message... details) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder().setCode(code.value()).setMessage(message);
    for (Message detail : details) status.addDetails(Any.pack(detail));
    return StatusProto.toStatusRuntimeException(status.build());
  }

  static ErrorInfo errorInfo(String reason) {
    return ErrorInfo.newBuilder().setReason(reason).setDomain(MlRpcException.SERVICE_DOMAIN).build();
  }

  static PredictRequest window(String symbol) {
    return PredictRequest.newBuilder()
        .setSymbol(symbol)
        .setTimeframe("4H")
        .putAllFeatures(Features.of(Map.of("atr", new double[] {1, 2, 3}, "momentum_score", new double[] {4, 5, 6})))
        .build();
  }

  static AppendBars bars(String symbol, double... values) {
    return AppendBars.newBuilder()
        .setSymbol(symbol)
        .setTimeframe("4H")
        .putAllFeatures(Features.of(Map.of("atr", values, "momentum_score", values)))
        .build();
  }

  /** The answer to a request that every gate lets through. */
  static PredictResponse allowed(PredictRequest request) {
    return PredictResponse.newBuilder()
        .setRequestId(request.getRequestId())
        .setSymbol(request.getSymbol())
        .setTimeframe(request.getTimeframe())
        .setBarIndex(request.getBarIndex())
        .setPrediction(
            Prediction.newBuilder()
                .setAllowTrade(true)
                .addGates(GateResult.newBuilder().setName(GateResult.Name.QSE_VALID).setPassed(true)))
        .build();
  }

  /** The answer to an item at the bar of that index. */
  static BatchPredictResponse allowedItem(BatchPredictRequest item, int barIndex) {
    PredictRequest asked =
        PredictRequest.newBuilder()
            .setRequestId(item.getRequestId())
            .setSymbol(item.getWindow().getSymbol() + item.getAppend().getSymbol())
            .setTimeframe("4H")
            .setBarIndex(barIndex)
            .build();
    return BatchPredictResponse.newBuilder().setRequestId(item.getRequestId()).setResponse(allowed(asked)).build();
  }

  static BatchPredictResponse refusedItem(BatchPredictRequest item, Status.Code code) {
    return BatchPredictResponse.newBuilder()
        .setRequestId(item.getRequestId())
        .setError(com.google.rpc.Status.newBuilder().setCode(code.value()).setMessage("no"))
        .build();
  }

  /** Answers every item at the bar that comes next, as the service does. */
  static Function<BatchPredictRequest, BatchPredictResponse> counting() {
    int[] index = {-1};
    return item -> {
      if (item.hasAppend()) index[0] += item.getAppend().getFeaturesMap().get("atr").getValuesCount();
      else index[0] = item.getWindow().hasBarIndex() ? item.getWindow().getBarIndex() : 2;
      return allowedItem(item, index[0]);
    };
  }
}
