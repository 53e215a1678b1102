package arbitrex.ml.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * ConfigService reads and changes configuration and halts or resumes trading.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class ConfigServiceGrpc {

  private ConfigServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "arbitrex.ml.v1.ConfigService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.GetConfigRequest,
      arbitrex.ml.v1.GetConfigResponse> getGetConfigMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetConfig",
      requestType = arbitrex.ml.v1.GetConfigRequest.class,
      responseType = arbitrex.ml.v1.GetConfigResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.GetConfigRequest,
      arbitrex.ml.v1.GetConfigResponse> getGetConfigMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.GetConfigRequest, arbitrex.ml.v1.GetConfigResponse> getGetConfigMethod;
    if ((getGetConfigMethod = ConfigServiceGrpc.getGetConfigMethod) == null) {
      synchronized (ConfigServiceGrpc.class) {
        if ((getGetConfigMethod = ConfigServiceGrpc.getGetConfigMethod) == null) {
          ConfigServiceGrpc.getGetConfigMethod = getGetConfigMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.GetConfigRequest, arbitrex.ml.v1.GetConfigResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetConfig"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetConfigRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetConfigResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConfigServiceMethodDescriptorSupplier("GetConfig"))
              .build();
        }
      }
    }
    return getGetConfigMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.UpdateConfigRequest,
      arbitrex.ml.v1.UpdateConfigResponse> getUpdateConfigMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateConfig",
      requestType = arbitrex.ml.v1.UpdateConfigRequest.class,
      responseType = arbitrex.ml.v1.UpdateConfigResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.UpdateConfigRequest,
      arbitrex.ml.v1.UpdateConfigResponse> getUpdateConfigMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.UpdateConfigRequest, arbitrex.ml.v1.UpdateConfigResponse> getUpdateConfigMethod;
    if ((getUpdateConfigMethod = ConfigServiceGrpc.getUpdateConfigMethod) == null) {
      synchronized (ConfigServiceGrpc.class) {
        if ((getUpdateConfigMethod = ConfigServiceGrpc.getUpdateConfigMethod) == null) {
          ConfigServiceGrpc.getUpdateConfigMethod = getUpdateConfigMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.UpdateConfigRequest, arbitrex.ml.v1.UpdateConfigResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateConfig"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.UpdateConfigRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.UpdateConfigResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConfigServiceMethodDescriptorSupplier("UpdateConfig"))
              .build();
        }
      }
    }
    return getUpdateConfigMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.ListConfigVersionsRequest,
      arbitrex.ml.v1.ListConfigVersionsResponse> getListConfigVersionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListConfigVersions",
      requestType = arbitrex.ml.v1.ListConfigVersionsRequest.class,
      responseType = arbitrex.ml.v1.ListConfigVersionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.ListConfigVersionsRequest,
      arbitrex.ml.v1.ListConfigVersionsResponse> getListConfigVersionsMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.ListConfigVersionsRequest, arbitrex.ml.v1.ListConfigVersionsResponse> getListConfigVersionsMethod;
    if ((getListConfigVersionsMethod = ConfigServiceGrpc.getListConfigVersionsMethod) == null) {
      synchronized (ConfigServiceGrpc.class) {
        if ((getListConfigVersionsMethod = ConfigServiceGrpc.getListConfigVersionsMethod) == null) {
          ConfigServiceGrpc.getListConfigVersionsMethod = getListConfigVersionsMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.ListConfigVersionsRequest, arbitrex.ml.v1.ListConfigVersionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListConfigVersions"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ListConfigVersionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ListConfigVersionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConfigServiceMethodDescriptorSupplier("ListConfigVersions"))
              .build();
        }
      }
    }
    return getListConfigVersionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.RollbackConfigRequest,
      arbitrex.ml.v1.RollbackConfigResponse> getRollbackConfigMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RollbackConfig",
      requestType = arbitrex.ml.v1.RollbackConfigRequest.class,
      responseType = arbitrex.ml.v1.RollbackConfigResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.RollbackConfigRequest,
      arbitrex.ml.v1.RollbackConfigResponse> getRollbackConfigMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.RollbackConfigRequest, arbitrex.ml.v1.RollbackConfigResponse> getRollbackConfigMethod;
    if ((getRollbackConfigMethod = ConfigServiceGrpc.getRollbackConfigMethod) == null) {
      synchronized (ConfigServiceGrpc.class) {
        if ((getRollbackConfigMethod = ConfigServiceGrpc.getRollbackConfigMethod) == null) {
          ConfigServiceGrpc.getRollbackConfigMethod = getRollbackConfigMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.RollbackConfigRequest, arbitrex.ml.v1.RollbackConfigResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RollbackConfig"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.RollbackConfigRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.RollbackConfigResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConfigServiceMethodDescriptorSupplier("RollbackConfig"))
              .build();
        }
      }
    }
    return getRollbackConfigMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.HaltTradingRequest,
      arbitrex.ml.v1.HaltTradingResponse> getHaltTradingMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "HaltTrading",
      requestType = arbitrex.ml.v1.HaltTradingRequest.class,
      responseType = arbitrex.ml.v1.HaltTradingResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.HaltTradingRequest,
      arbitrex.ml.v1.HaltTradingResponse> getHaltTradingMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.HaltTradingRequest, arbitrex.ml.v1.HaltTradingResponse> getHaltTradingMethod;
    if ((getHaltTradingMethod = ConfigServiceGrpc.getHaltTradingMethod) == null) {
      synchronized (ConfigServiceGrpc.class) {
        if ((getHaltTradingMethod = ConfigServiceGrpc.getHaltTradingMethod) == null) {
          ConfigServiceGrpc.getHaltTradingMethod = getHaltTradingMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.HaltTradingRequest, arbitrex.ml.v1.HaltTradingResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "HaltTrading"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.HaltTradingRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.HaltTradingResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConfigServiceMethodDescriptorSupplier("HaltTrading"))
              .build();
        }
      }
    }
    return getHaltTradingMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.ResumeTradingRequest,
      arbitrex.ml.v1.ResumeTradingResponse> getResumeTradingMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ResumeTrading",
      requestType = arbitrex.ml.v1.ResumeTradingRequest.class,
      responseType = arbitrex.ml.v1.ResumeTradingResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.ResumeTradingRequest,
      arbitrex.ml.v1.ResumeTradingResponse> getResumeTradingMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.ResumeTradingRequest, arbitrex.ml.v1.ResumeTradingResponse> getResumeTradingMethod;
    if ((getResumeTradingMethod = ConfigServiceGrpc.getResumeTradingMethod) == null) {
      synchronized (ConfigServiceGrpc.class) {
        if ((getResumeTradingMethod = ConfigServiceGrpc.getResumeTradingMethod) == null) {
          ConfigServiceGrpc.getResumeTradingMethod = getResumeTradingMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.ResumeTradingRequest, arbitrex.ml.v1.ResumeTradingResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ResumeTrading"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ResumeTradingRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ResumeTradingResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConfigServiceMethodDescriptorSupplier("ResumeTrading"))
              .build();
        }
      }
    }
    return getResumeTradingMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static ConfigServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConfigServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConfigServiceStub>() {
        @java.lang.Override
        public ConfigServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConfigServiceStub(channel, callOptions);
        }
      };
    return ConfigServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static ConfigServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConfigServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConfigServiceBlockingV2Stub>() {
        @java.lang.Override
        public ConfigServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConfigServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return ConfigServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static ConfigServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConfigServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConfigServiceBlockingStub>() {
        @java.lang.Override
        public ConfigServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConfigServiceBlockingStub(channel, callOptions);
        }
      };
    return ConfigServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static ConfigServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConfigServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConfigServiceFutureStub>() {
        @java.lang.Override
        public ConfigServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConfigServiceFutureStub(channel, callOptions);
        }
      };
    return ConfigServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * ConfigService reads and changes configuration and halts or resumes trading.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * GetConfig answers the configuration in force, or an earlier one by its hash.
     * </pre>
     */
    default void getConfig(arbitrex.ml.v1.GetConfigRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetConfigResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetConfigMethod(), responseObserver);
    }

    /**
     * <pre>
     * UpdateConfig merges the given keys, checks everything, then applies it at once.
     * INVALID_ARGUMENT changes nothing; ABORTED when expected_config_hash is not current.
     * </pre>
     */
    default void updateConfig(arbitrex.ml.v1.UpdateConfigRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.UpdateConfigResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateConfigMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListConfigVersions lists the history, newest first.
     * </pre>
     */
    default void listConfigVersions(arbitrex.ml.v1.ListConfigVersionsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListConfigVersionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListConfigVersionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * RollbackConfig makes an earlier configuration the one in force.
     * </pre>
     */
    default void rollbackConfig(arbitrex.ml.v1.RollbackConfigRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.RollbackConfigResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRollbackConfigMethod(), responseObserver);
    }

    /**
     * <pre>
     * HaltTrading makes the gate TRADING_ENABLED fail for the service, a symbol or a
     * model, from the next decision on, across restarts, until it is resumed.
     * </pre>
     */
    default void haltTrading(arbitrex.ml.v1.HaltTradingRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.HaltTradingResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getHaltTradingMethod(), responseObserver);
    }

    /**
     * <pre>
     * ResumeTrading lifts a halt.
     * </pre>
     */
    default void resumeTrading(arbitrex.ml.v1.ResumeTradingRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ResumeTradingResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getResumeTradingMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service ConfigService.
   * <pre>
   * ConfigService reads and changes configuration and halts or resumes trading.
   * </pre>
   */
  public static abstract class ConfigServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return ConfigServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service ConfigService.
   * <pre>
   * ConfigService reads and changes configuration and halts or resumes trading.
   * </pre>
   */
  public static final class ConfigServiceStub
      extends io.grpc.stub.AbstractAsyncStub<ConfigServiceStub> {
    private ConfigServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConfigServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConfigServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * GetConfig answers the configuration in force, or an earlier one by its hash.
     * </pre>
     */
    public void getConfig(arbitrex.ml.v1.GetConfigRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetConfigResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetConfigMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * UpdateConfig merges the given keys, checks everything, then applies it at once.
     * INVALID_ARGUMENT changes nothing; ABORTED when expected_config_hash is not current.
     * </pre>
     */
    public void updateConfig(arbitrex.ml.v1.UpdateConfigRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.UpdateConfigResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateConfigMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListConfigVersions lists the history, newest first.
     * </pre>
     */
    public void listConfigVersions(arbitrex.ml.v1.ListConfigVersionsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListConfigVersionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListConfigVersionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * RollbackConfig makes an earlier configuration the one in force.
     * </pre>
     */
    public void rollbackConfig(arbitrex.ml.v1.RollbackConfigRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.RollbackConfigResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRollbackConfigMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * HaltTrading makes the gate TRADING_ENABLED fail for the service, a symbol or a
     * model, from the next decision on, across restarts, until it is resumed.
     * </pre>
     */
    public void haltTrading(arbitrex.ml.v1.HaltTradingRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.HaltTradingResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getHaltTradingMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ResumeTrading lifts a halt.
     * </pre>
     */
    public void resumeTrading(arbitrex.ml.v1.ResumeTradingRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ResumeTradingResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getResumeTradingMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service ConfigService.
   * <pre>
   * ConfigService reads and changes configuration and halts or resumes trading.
   * </pre>
   */
  public static final class ConfigServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<ConfigServiceBlockingV2Stub> {
    private ConfigServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConfigServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConfigServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * GetConfig answers the configuration in force, or an earlier one by its hash.
     * </pre>
     */
    public arbitrex.ml.v1.GetConfigResponse getConfig(arbitrex.ml.v1.GetConfigRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UpdateConfig merges the given keys, checks everything, then applies it at once.
     * INVALID_ARGUMENT changes nothing; ABORTED when expected_config_hash is not current.
     * </pre>
     */
    public arbitrex.ml.v1.UpdateConfigResponse updateConfig(arbitrex.ml.v1.UpdateConfigRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListConfigVersions lists the history, newest first.
     * </pre>
     */
    public arbitrex.ml.v1.ListConfigVersionsResponse listConfigVersions(arbitrex.ml.v1.ListConfigVersionsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListConfigVersionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RollbackConfig makes an earlier configuration the one in force.
     * </pre>
     */
    public arbitrex.ml.v1.RollbackConfigResponse rollbackConfig(arbitrex.ml.v1.RollbackConfigRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRollbackConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * HaltTrading makes the gate TRADING_ENABLED fail for the service, a symbol or a
     * model, from the next decision on, across restarts, until it is resumed.
     * </pre>
     */
    public arbitrex.ml.v1.HaltTradingResponse haltTrading(arbitrex.ml.v1.HaltTradingRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getHaltTradingMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ResumeTrading lifts a halt.
     * </pre>
     */
    public arbitrex.ml.v1.ResumeTradingResponse resumeTrading(arbitrex.ml.v1.ResumeTradingRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getResumeTradingMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service ConfigService.
   * <pre>
   * ConfigService reads and changes configuration and halts or resumes trading.
   * </pre>
   */
  public static final class ConfigServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<ConfigServiceBlockingStub> {
    private ConfigServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConfigServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConfigServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * GetConfig answers the configuration in force, or an earlier one by its hash.
     * </pre>
     */
    public arbitrex.ml.v1.GetConfigResponse getConfig(arbitrex.ml.v1.GetConfigRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UpdateConfig merges the given keys, checks everything, then applies it at once.
     * INVALID_ARGUMENT changes nothing; ABORTED when expected_config_hash is not current.
     * </pre>
     */
    public arbitrex.ml.v1.UpdateConfigResponse updateConfig(arbitrex.ml.v1.UpdateConfigRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListConfigVersions lists the history, newest first.
     * </pre>
     */
    public arbitrex.ml.v1.ListConfigVersionsResponse listConfigVersions(arbitrex.ml.v1.ListConfigVersionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListConfigVersionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RollbackConfig makes an earlier configuration the one in force.
     * </pre>
     */
    public arbitrex.ml.v1.RollbackConfigResponse rollbackConfig(arbitrex.ml.v1.RollbackConfigRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRollbackConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * HaltTrading makes the gate TRADING_ENABLED fail for the service, a symbol or a
     * model, from the next decision on, across restarts, until it is resumed.
     * </pre>
     */
    public arbitrex.ml.v1.HaltTradingResponse haltTrading(arbitrex.ml.v1.HaltTradingRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getHaltTradingMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ResumeTrading lifts a halt.
     * </pre>
     */
    public arbitrex.ml.v1.ResumeTradingResponse resumeTrading(arbitrex.ml.v1.ResumeTradingRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getResumeTradingMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service ConfigService.
   * <pre>
   * ConfigService reads and changes configuration and halts or resumes trading.
   * </pre>
   */
  public static final class ConfigServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<ConfigServiceFutureStub> {
    private ConfigServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConfigServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConfigServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * GetConfig answers the configuration in force, or an earlier one by its hash.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.GetConfigResponse> getConfig(
        arbitrex.ml.v1.GetConfigRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetConfigMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * UpdateConfig merges the given keys, checks everything, then applies it at once.
     * INVALID_ARGUMENT changes nothing; ABORTED when expected_config_hash is not current.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.UpdateConfigResponse> updateConfig(
        arbitrex.ml.v1.UpdateConfigRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateConfigMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListConfigVersions lists the history, newest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.ListConfigVersionsResponse> listConfigVersions(
        arbitrex.ml.v1.ListConfigVersionsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListConfigVersionsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * RollbackConfig makes an earlier configuration the one in force.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.RollbackConfigResponse> rollbackConfig(
        arbitrex.ml.v1.RollbackConfigRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRollbackConfigMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * HaltTrading makes the gate TRADING_ENABLED fail for the service, a symbol or a
     * model, from the next decision on, across restarts, until it is resumed.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.HaltTradingResponse> haltTrading(
        arbitrex.ml.v1.HaltTradingRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getHaltTradingMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ResumeTrading lifts a halt.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.ResumeTradingResponse> resumeTrading(
        arbitrex.ml.v1.ResumeTradingRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getResumeTradingMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_GET_CONFIG = 0;
  private static final int METHODID_UPDATE_CONFIG = 1;
  private static final int METHODID_LIST_CONFIG_VERSIONS = 2;
  private static final int METHODID_ROLLBACK_CONFIG = 3;
  private static final int METHODID_HALT_TRADING = 4;
  private static final int METHODID_RESUME_TRADING = 5;

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
        case METHODID_GET_CONFIG:
          serviceImpl.getConfig((arbitrex.ml.v1.GetConfigRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetConfigResponse>) responseObserver);
          break;
        case METHODID_UPDATE_CONFIG:
          serviceImpl.updateConfig((arbitrex.ml.v1.UpdateConfigRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.UpdateConfigResponse>) responseObserver);
          break;
        case METHODID_LIST_CONFIG_VERSIONS:
          serviceImpl.listConfigVersions((arbitrex.ml.v1.ListConfigVersionsRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListConfigVersionsResponse>) responseObserver);
          break;
        case METHODID_ROLLBACK_CONFIG:
          serviceImpl.rollbackConfig((arbitrex.ml.v1.RollbackConfigRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.RollbackConfigResponse>) responseObserver);
          break;
        case METHODID_HALT_TRADING:
          serviceImpl.haltTrading((arbitrex.ml.v1.HaltTradingRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.HaltTradingResponse>) responseObserver);
          break;
        case METHODID_RESUME_TRADING:
          serviceImpl.resumeTrading((arbitrex.ml.v1.ResumeTradingRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.ResumeTradingResponse>) responseObserver);
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
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getGetConfigMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.GetConfigRequest,
              arbitrex.ml.v1.GetConfigResponse>(
                service, METHODID_GET_CONFIG)))
        .addMethod(
          getUpdateConfigMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.UpdateConfigRequest,
              arbitrex.ml.v1.UpdateConfigResponse>(
                service, METHODID_UPDATE_CONFIG)))
        .addMethod(
          getListConfigVersionsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.ListConfigVersionsRequest,
              arbitrex.ml.v1.ListConfigVersionsResponse>(
                service, METHODID_LIST_CONFIG_VERSIONS)))
        .addMethod(
          getRollbackConfigMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.RollbackConfigRequest,
              arbitrex.ml.v1.RollbackConfigResponse>(
                service, METHODID_ROLLBACK_CONFIG)))
        .addMethod(
          getHaltTradingMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.HaltTradingRequest,
              arbitrex.ml.v1.HaltTradingResponse>(
                service, METHODID_HALT_TRADING)))
        .addMethod(
          getResumeTradingMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.ResumeTradingRequest,
              arbitrex.ml.v1.ResumeTradingResponse>(
                service, METHODID_RESUME_TRADING)))
        .build();
  }

  private static abstract class ConfigServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    ConfigServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return arbitrex.ml.v1.ConfigProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("ConfigService");
    }
  }

  private static final class ConfigServiceFileDescriptorSupplier
      extends ConfigServiceBaseDescriptorSupplier {
    ConfigServiceFileDescriptorSupplier() {}
  }

  private static final class ConfigServiceMethodDescriptorSupplier
      extends ConfigServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    ConfigServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (ConfigServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new ConfigServiceFileDescriptorSupplier())
              .addMethod(getGetConfigMethod())
              .addMethod(getUpdateConfigMethod())
              .addMethod(getListConfigVersionsMethod())
              .addMethod(getRollbackConfigMethod())
              .addMethod(getHaltTradingMethod())
              .addMethod(getResumeTradingMethod())
              .build();
        }
      }
    }
    return result;
  }
}
