package arbitrex.ml.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * InferenceService answers whether a signal may trade now. Decisions are pure:
 * the same request under the same configuration and models has the same answer
 * on any replica, in any order, at any time.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class InferenceServiceGrpc {

  private InferenceServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "arbitrex.ml.v1.InferenceService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.PredictRequest,
      arbitrex.ml.v1.PredictResponse> getPredictMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Predict",
      requestType = arbitrex.ml.v1.PredictRequest.class,
      responseType = arbitrex.ml.v1.PredictResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.PredictRequest,
      arbitrex.ml.v1.PredictResponse> getPredictMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.PredictRequest, arbitrex.ml.v1.PredictResponse> getPredictMethod;
    if ((getPredictMethod = InferenceServiceGrpc.getPredictMethod) == null) {
      synchronized (InferenceServiceGrpc.class) {
        if ((getPredictMethod = InferenceServiceGrpc.getPredictMethod) == null) {
          InferenceServiceGrpc.getPredictMethod = getPredictMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.PredictRequest, arbitrex.ml.v1.PredictResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Predict"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.PredictRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.PredictResponse.getDefaultInstance()))
              .setSchemaDescriptor(new InferenceServiceMethodDescriptorSupplier("Predict"))
              .build();
        }
      }
    }
    return getPredictMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.PredictSymbolsRequest,
      arbitrex.ml.v1.PredictSymbolsResponse> getPredictSymbolsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "PredictSymbols",
      requestType = arbitrex.ml.v1.PredictSymbolsRequest.class,
      responseType = arbitrex.ml.v1.PredictSymbolsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.PredictSymbolsRequest,
      arbitrex.ml.v1.PredictSymbolsResponse> getPredictSymbolsMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.PredictSymbolsRequest, arbitrex.ml.v1.PredictSymbolsResponse> getPredictSymbolsMethod;
    if ((getPredictSymbolsMethod = InferenceServiceGrpc.getPredictSymbolsMethod) == null) {
      synchronized (InferenceServiceGrpc.class) {
        if ((getPredictSymbolsMethod = InferenceServiceGrpc.getPredictSymbolsMethod) == null) {
          InferenceServiceGrpc.getPredictSymbolsMethod = getPredictSymbolsMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.PredictSymbolsRequest, arbitrex.ml.v1.PredictSymbolsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "PredictSymbols"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.PredictSymbolsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.PredictSymbolsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new InferenceServiceMethodDescriptorSupplier("PredictSymbols"))
              .build();
        }
      }
    }
    return getPredictSymbolsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.BatchPredictRequest,
      arbitrex.ml.v1.BatchPredictResponse> getBatchPredictMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchPredict",
      requestType = arbitrex.ml.v1.BatchPredictRequest.class,
      responseType = arbitrex.ml.v1.BatchPredictResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.BatchPredictRequest,
      arbitrex.ml.v1.BatchPredictResponse> getBatchPredictMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.BatchPredictRequest, arbitrex.ml.v1.BatchPredictResponse> getBatchPredictMethod;
    if ((getBatchPredictMethod = InferenceServiceGrpc.getBatchPredictMethod) == null) {
      synchronized (InferenceServiceGrpc.class) {
        if ((getBatchPredictMethod = InferenceServiceGrpc.getBatchPredictMethod) == null) {
          InferenceServiceGrpc.getBatchPredictMethod = getBatchPredictMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.BatchPredictRequest, arbitrex.ml.v1.BatchPredictResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchPredict"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.BatchPredictRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.BatchPredictResponse.getDefaultInstance()))
              .setSchemaDescriptor(new InferenceServiceMethodDescriptorSupplier("BatchPredict"))
              .build();
        }
      }
    }
    return getBatchPredictMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static InferenceServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<InferenceServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<InferenceServiceStub>() {
        @java.lang.Override
        public InferenceServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new InferenceServiceStub(channel, callOptions);
        }
      };
    return InferenceServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static InferenceServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<InferenceServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<InferenceServiceBlockingV2Stub>() {
        @java.lang.Override
        public InferenceServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new InferenceServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return InferenceServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static InferenceServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<InferenceServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<InferenceServiceBlockingStub>() {
        @java.lang.Override
        public InferenceServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new InferenceServiceBlockingStub(channel, callOptions);
        }
      };
    return InferenceServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static InferenceServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<InferenceServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<InferenceServiceFutureStub>() {
        @java.lang.Override
        public InferenceServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new InferenceServiceFutureStub(channel, callOptions);
        }
      };
    return InferenceServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * InferenceService answers whether a signal may trade now. Decisions are pure:
   * the same request under the same configuration and models has the same answer
   * on any replica, in any order, at any time.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Predict decides for one symbol at its newest bar.
     * Errors: INVALID_ARGUMENT names the wrong field; RESOURCE_EXHAUSTED when the
     * message is too large or too many calls are in flight; UNAVAILABLE when the
     * service drains or the audit log cannot be written; DEADLINE_EXCEEDED.
     * A refused trade is not an error: allow_trade is false.
     * </pre>
     */
    default void predict(arbitrex.ml.v1.PredictRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.PredictResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getPredictMethod(), responseObserver);
    }

    /**
     * <pre>
     * PredictSymbols decides for several symbols at one timeframe. A symbol that
     * fails has an error in its place; the others are answered.
     * </pre>
     */
    default void predictSymbols(arbitrex.ml.v1.PredictSymbolsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.PredictSymbolsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getPredictSymbolsMethod(), responseObserver);
    }

    /**
     * <pre>
     * BatchPredict decides for a stream of bars. After a full window for a
     * (symbol, timeframe) the stream keeps that window, and further bars need only
     * the newest values. Answers to one (symbol, timeframe) keep their order. One bad
     * item is answered with its error; the stream goes on. The state ends with the stream.
     * An item that is refused at once (INVALID_ARGUMENT) leaves the window as it was. One
     * that fails after its bars were taken in, such as by a decision that cannot be
     * recorded, makes the stream forget the window, so that bars sent again are never
     * counted twice: further bars are answered FAILED_PRECONDITION, NO_WINDOW, until the
     * next full window. After any error but INVALID_ARGUMENT, send a full window.
     * </pre>
     */
    default io.grpc.stub.StreamObserver<arbitrex.ml.v1.BatchPredictRequest> batchPredict(
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.BatchPredictResponse> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getBatchPredictMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service InferenceService.
   * <pre>
   * InferenceService answers whether a signal may trade now. Decisions are pure:
   * the same request under the same configuration and models has the same answer
   * on any replica, in any order, at any time.
   * </pre>
   */
  public static abstract class InferenceServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return InferenceServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service InferenceService.
   * <pre>
   * InferenceService answers whether a signal may trade now. Decisions are pure:
   * the same request under the same configuration and models has the same answer
   * on any replica, in any order, at any time.
   * </pre>
   */
  public static final class InferenceServiceStub
      extends io.grpc.stub.AbstractAsyncStub<InferenceServiceStub> {
    private InferenceServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected InferenceServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new InferenceServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Predict decides for one symbol at its newest bar.
     * Errors: INVALID_ARGUMENT names the wrong field; RESOURCE_EXHAUSTED when the
     * message is too large or too many calls are in flight; UNAVAILABLE when the
     * service drains or the audit log cannot be written; DEADLINE_EXCEEDED.
     * A refused trade is not an error: allow_trade is false.
     * </pre>
     */
    public void predict(arbitrex.ml.v1.PredictRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.PredictResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getPredictMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * PredictSymbols decides for several symbols at one timeframe. A symbol that
     * fails has an error in its place; the others are answered.
     * </pre>
     */
    public void predictSymbols(arbitrex.ml.v1.PredictSymbolsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.PredictSymbolsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getPredictSymbolsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * BatchPredict decides for a stream of bars. After a full window for a
     * (symbol, timeframe) the stream keeps that window, and further bars need only
     * the newest values. Answers to one (symbol, timeframe) keep their order. One bad
     * item is answered with its error; the stream goes on. The state ends with the stream.
     * An item that is refused at once (INVALID_ARGUMENT) leaves the window as it was. One
     * that fails after its bars were taken in, such as by a decision that cannot be
     * recorded, makes the stream forget the window, so that bars sent again are never
     * counted twice: further bars are answered FAILED_PRECONDITION, NO_WINDOW, until the
     * next full window. After any error but INVALID_ARGUMENT, send a full window.
     * </pre>
     */
    public io.grpc.stub.StreamObserver<arbitrex.ml.v1.BatchPredictRequest> batchPredict(
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.BatchPredictResponse> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncBidiStreamingCall(
          getChannel().newCall(getBatchPredictMethod(), getCallOptions()), responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service InferenceService.
   * <pre>
   * InferenceService answers whether a signal may trade now. Decisions are pure:
   * the same request under the same configuration and models has the same answer
   * on any replica, in any order, at any time.
   * </pre>
   */
  public static final class InferenceServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<InferenceServiceBlockingV2Stub> {
    private InferenceServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected InferenceServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new InferenceServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Predict decides for one symbol at its newest bar.
     * Errors: INVALID_ARGUMENT names the wrong field; RESOURCE_EXHAUSTED when the
     * message is too large or too many calls are in flight; UNAVAILABLE when the
     * service drains or the audit log cannot be written; DEADLINE_EXCEEDED.
     * A refused trade is not an error: allow_trade is false.
     * </pre>
     */
    public arbitrex.ml.v1.PredictResponse predict(arbitrex.ml.v1.PredictRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getPredictMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * PredictSymbols decides for several symbols at one timeframe. A symbol that
     * fails has an error in its place; the others are answered.
     * </pre>
     */
    public arbitrex.ml.v1.PredictSymbolsResponse predictSymbols(arbitrex.ml.v1.PredictSymbolsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getPredictSymbolsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * BatchPredict decides for a stream of bars. After a full window for a
     * (symbol, timeframe) the stream keeps that window, and further bars need only
     * the newest values. Answers to one (symbol, timeframe) keep their order. One bad
     * item is answered with its error; the stream goes on. The state ends with the stream.
     * An item that is refused at once (INVALID_ARGUMENT) leaves the window as it was. One
     * that fails after its bars were taken in, such as by a decision that cannot be
     * recorded, makes the stream forget the window, so that bars sent again are never
     * counted twice: further bars are answered FAILED_PRECONDITION, NO_WINDOW, until the
     * next full window. After any error but INVALID_ARGUMENT, send a full window.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<arbitrex.ml.v1.BatchPredictRequest, arbitrex.ml.v1.BatchPredictResponse>
        batchPredict() {
      return io.grpc.stub.ClientCalls.blockingBidiStreamingCall(
          getChannel(), getBatchPredictMethod(), getCallOptions());
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service InferenceService.
   * <pre>
   * InferenceService answers whether a signal may trade now. Decisions are pure:
   * the same request under the same configuration and models has the same answer
   * on any replica, in any order, at any time.
   * </pre>
   */
  public static final class InferenceServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<InferenceServiceBlockingStub> {
    private InferenceServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected InferenceServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new InferenceServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Predict decides for one symbol at its newest bar.
     * Errors: INVALID_ARGUMENT names the wrong field; RESOURCE_EXHAUSTED when the
     * message is too large or too many calls are in flight; UNAVAILABLE when the
     * service drains or the audit log cannot be written; DEADLINE_EXCEEDED.
     * A refused trade is not an error: allow_trade is false.
     * </pre>
     */
    public arbitrex.ml.v1.PredictResponse predict(arbitrex.ml.v1.PredictRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getPredictMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * PredictSymbols decides for several symbols at one timeframe. A symbol that
     * fails has an error in its place; the others are answered.
     * </pre>
     */
    public arbitrex.ml.v1.PredictSymbolsResponse predictSymbols(arbitrex.ml.v1.PredictSymbolsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getPredictSymbolsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service InferenceService.
   * <pre>
   * InferenceService answers whether a signal may trade now. Decisions are pure:
   * the same request under the same configuration and models has the same answer
   * on any replica, in any order, at any time.
   * </pre>
   */
  public static final class InferenceServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<InferenceServiceFutureStub> {
    private InferenceServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected InferenceServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new InferenceServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Predict decides for one symbol at its newest bar.
     * Errors: INVALID_ARGUMENT names the wrong field; RESOURCE_EXHAUSTED when the
     * message is too large or too many calls are in flight; UNAVAILABLE when the
     * service drains or the audit log cannot be written; DEADLINE_EXCEEDED.
     * A refused trade is not an error: allow_trade is false.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.PredictResponse> predict(
        arbitrex.ml.v1.PredictRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getPredictMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * PredictSymbols decides for several symbols at one timeframe. A symbol that
     * fails has an error in its place; the others are answered.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.PredictSymbolsResponse> predictSymbols(
        arbitrex.ml.v1.PredictSymbolsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getPredictSymbolsMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_PREDICT = 0;
  private static final int METHODID_PREDICT_SYMBOLS = 1;
  private static final int METHODID_BATCH_PREDICT = 2;

  private static final class MethodHandlers<Req, Resp> implements
      io.grpc.stub.ServerCalls.UnaryMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ServerStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ClientStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.BidiStreamingMethod<Req, Resp> {
    private final AsyncService serviceImpl;
    private final int methodId;

    MethodHandlers(AsyncService serviceImpl, int methodId) {
      this.serviceImpl = serviceImpl;
      this.methodId = methodId;
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public void invoke(Req request, io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_PREDICT:
          serviceImpl.predict((arbitrex.ml.v1.PredictRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.PredictResponse>) responseObserver);
          break;
        case METHODID_PREDICT_SYMBOLS:
          serviceImpl.predictSymbols((arbitrex.ml.v1.PredictSymbolsRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.PredictSymbolsResponse>) responseObserver);
          break;
        default:
          throw new AssertionError();
      }
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public io.grpc.stub.StreamObserver<Req> invoke(
        io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_BATCH_PREDICT:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.batchPredict(
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.BatchPredictResponse>) responseObserver);
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getPredictMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.PredictRequest,
              arbitrex.ml.v1.PredictResponse>(
                service, METHODID_PREDICT)))
        .addMethod(
          getPredictSymbolsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.PredictSymbolsRequest,
              arbitrex.ml.v1.PredictSymbolsResponse>(
                service, METHODID_PREDICT_SYMBOLS)))
        .addMethod(
          getBatchPredictMethod(),
          io.grpc.stub.ServerCalls.asyncBidiStreamingCall(
            new MethodHandlers<
              arbitrex.ml.v1.BatchPredictRequest,
              arbitrex.ml.v1.BatchPredictResponse>(
                service, METHODID_BATCH_PREDICT)))
        .build();
  }

  private static abstract class InferenceServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    InferenceServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return arbitrex.ml.v1.InferenceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("InferenceService");
    }
  }

  private static final class InferenceServiceFileDescriptorSupplier
      extends InferenceServiceBaseDescriptorSupplier {
    InferenceServiceFileDescriptorSupplier() {}
  }

  private static final class InferenceServiceMethodDescriptorSupplier
      extends InferenceServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    InferenceServiceMethodDescriptorSupplier(java.lang.String methodName) {
      this.methodName = methodName;
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.MethodDescriptor getMethodDescriptor() {
      return getServiceDescriptor().findMethodByName(methodName);
    }
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (InferenceServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new InferenceServiceFileDescriptorSupplier())
              .addMethod(getPredictMethod())
              .addMethod(getPredictSymbolsMethod())
              .addMethod(getBatchPredictMethod())
              .build();
        }
      }
    }
    return result;
  }
}
