package arbitrex.ml.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * ModelRegistryService governs which models exist and which of them serve.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class ModelRegistryServiceGrpc {

  private ModelRegistryServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "arbitrex.ml.v1.ModelRegistryService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.RegisterModelRequest,
      arbitrex.ml.v1.RegisterModelResponse> getRegisterModelMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RegisterModel",
      requestType = arbitrex.ml.v1.RegisterModelRequest.class,
      responseType = arbitrex.ml.v1.RegisterModelResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.RegisterModelRequest,
      arbitrex.ml.v1.RegisterModelResponse> getRegisterModelMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.RegisterModelRequest, arbitrex.ml.v1.RegisterModelResponse> getRegisterModelMethod;
    if ((getRegisterModelMethod = ModelRegistryServiceGrpc.getRegisterModelMethod) == null) {
      synchronized (ModelRegistryServiceGrpc.class) {
        if ((getRegisterModelMethod = ModelRegistryServiceGrpc.getRegisterModelMethod) == null) {
          ModelRegistryServiceGrpc.getRegisterModelMethod = getRegisterModelMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.RegisterModelRequest, arbitrex.ml.v1.RegisterModelResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RegisterModel"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.RegisterModelRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.RegisterModelResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ModelRegistryServiceMethodDescriptorSupplier("RegisterModel"))
              .build();
        }
      }
    }
    return getRegisterModelMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.UploadModelRequest,
      arbitrex.ml.v1.UploadModelResponse> getUploadModelMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UploadModel",
      requestType = arbitrex.ml.v1.UploadModelRequest.class,
      responseType = arbitrex.ml.v1.UploadModelResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.UploadModelRequest,
      arbitrex.ml.v1.UploadModelResponse> getUploadModelMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.UploadModelRequest, arbitrex.ml.v1.UploadModelResponse> getUploadModelMethod;
    if ((getUploadModelMethod = ModelRegistryServiceGrpc.getUploadModelMethod) == null) {
      synchronized (ModelRegistryServiceGrpc.class) {
        if ((getUploadModelMethod = ModelRegistryServiceGrpc.getUploadModelMethod) == null) {
          ModelRegistryServiceGrpc.getUploadModelMethod = getUploadModelMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.UploadModelRequest, arbitrex.ml.v1.UploadModelResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UploadModel"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.UploadModelRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.UploadModelResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ModelRegistryServiceMethodDescriptorSupplier("UploadModel"))
              .build();
        }
      }
    }
    return getUploadModelMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.ListModelsRequest,
      arbitrex.ml.v1.ListModelsResponse> getListModelsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListModels",
      requestType = arbitrex.ml.v1.ListModelsRequest.class,
      responseType = arbitrex.ml.v1.ListModelsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.ListModelsRequest,
      arbitrex.ml.v1.ListModelsResponse> getListModelsMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.ListModelsRequest, arbitrex.ml.v1.ListModelsResponse> getListModelsMethod;
    if ((getListModelsMethod = ModelRegistryServiceGrpc.getListModelsMethod) == null) {
      synchronized (ModelRegistryServiceGrpc.class) {
        if ((getListModelsMethod = ModelRegistryServiceGrpc.getListModelsMethod) == null) {
          ModelRegistryServiceGrpc.getListModelsMethod = getListModelsMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.ListModelsRequest, arbitrex.ml.v1.ListModelsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListModels"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ListModelsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ListModelsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ModelRegistryServiceMethodDescriptorSupplier("ListModels"))
              .build();
        }
      }
    }
    return getListModelsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.GetModelRequest,
      arbitrex.ml.v1.GetModelResponse> getGetModelMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetModel",
      requestType = arbitrex.ml.v1.GetModelRequest.class,
      responseType = arbitrex.ml.v1.GetModelResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.GetModelRequest,
      arbitrex.ml.v1.GetModelResponse> getGetModelMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.GetModelRequest, arbitrex.ml.v1.GetModelResponse> getGetModelMethod;
    if ((getGetModelMethod = ModelRegistryServiceGrpc.getGetModelMethod) == null) {
      synchronized (ModelRegistryServiceGrpc.class) {
        if ((getGetModelMethod = ModelRegistryServiceGrpc.getGetModelMethod) == null) {
          ModelRegistryServiceGrpc.getGetModelMethod = getGetModelMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.GetModelRequest, arbitrex.ml.v1.GetModelResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetModel"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetModelRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetModelResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ModelRegistryServiceMethodDescriptorSupplier("GetModel"))
              .build();
        }
      }
    }
    return getGetModelMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.ListModelVersionsRequest,
      arbitrex.ml.v1.ListModelVersionsResponse> getListModelVersionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListModelVersions",
      requestType = arbitrex.ml.v1.ListModelVersionsRequest.class,
      responseType = arbitrex.ml.v1.ListModelVersionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.ListModelVersionsRequest,
      arbitrex.ml.v1.ListModelVersionsResponse> getListModelVersionsMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.ListModelVersionsRequest, arbitrex.ml.v1.ListModelVersionsResponse> getListModelVersionsMethod;
    if ((getListModelVersionsMethod = ModelRegistryServiceGrpc.getListModelVersionsMethod) == null) {
      synchronized (ModelRegistryServiceGrpc.class) {
        if ((getListModelVersionsMethod = ModelRegistryServiceGrpc.getListModelVersionsMethod) == null) {
          ModelRegistryServiceGrpc.getListModelVersionsMethod = getListModelVersionsMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.ListModelVersionsRequest, arbitrex.ml.v1.ListModelVersionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListModelVersions"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ListModelVersionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ListModelVersionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ModelRegistryServiceMethodDescriptorSupplier("ListModelVersions"))
              .build();
        }
      }
    }
    return getListModelVersionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.DeleteModelRequest,
      arbitrex.ml.v1.DeleteModelResponse> getDeleteModelMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteModel",
      requestType = arbitrex.ml.v1.DeleteModelRequest.class,
      responseType = arbitrex.ml.v1.DeleteModelResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.DeleteModelRequest,
      arbitrex.ml.v1.DeleteModelResponse> getDeleteModelMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.DeleteModelRequest, arbitrex.ml.v1.DeleteModelResponse> getDeleteModelMethod;
    if ((getDeleteModelMethod = ModelRegistryServiceGrpc.getDeleteModelMethod) == null) {
      synchronized (ModelRegistryServiceGrpc.class) {
        if ((getDeleteModelMethod = ModelRegistryServiceGrpc.getDeleteModelMethod) == null) {
          ModelRegistryServiceGrpc.getDeleteModelMethod = getDeleteModelMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.DeleteModelRequest, arbitrex.ml.v1.DeleteModelResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteModel"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.DeleteModelRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.DeleteModelResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ModelRegistryServiceMethodDescriptorSupplier("DeleteModel"))
              .build();
        }
      }
    }
    return getDeleteModelMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.SetModelAliasRequest,
      arbitrex.ml.v1.SetModelAliasResponse> getSetModelAliasMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "SetModelAlias",
      requestType = arbitrex.ml.v1.SetModelAliasRequest.class,
      responseType = arbitrex.ml.v1.SetModelAliasResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.SetModelAliasRequest,
      arbitrex.ml.v1.SetModelAliasResponse> getSetModelAliasMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.SetModelAliasRequest, arbitrex.ml.v1.SetModelAliasResponse> getSetModelAliasMethod;
    if ((getSetModelAliasMethod = ModelRegistryServiceGrpc.getSetModelAliasMethod) == null) {
      synchronized (ModelRegistryServiceGrpc.class) {
        if ((getSetModelAliasMethod = ModelRegistryServiceGrpc.getSetModelAliasMethod) == null) {
          ModelRegistryServiceGrpc.getSetModelAliasMethod = getSetModelAliasMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.SetModelAliasRequest, arbitrex.ml.v1.SetModelAliasResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "SetModelAlias"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.SetModelAliasRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.SetModelAliasResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ModelRegistryServiceMethodDescriptorSupplier("SetModelAlias"))
              .build();
        }
      }
    }
    return getSetModelAliasMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.RollbackModelRequest,
      arbitrex.ml.v1.RollbackModelResponse> getRollbackModelMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RollbackModel",
      requestType = arbitrex.ml.v1.RollbackModelRequest.class,
      responseType = arbitrex.ml.v1.RollbackModelResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.RollbackModelRequest,
      arbitrex.ml.v1.RollbackModelResponse> getRollbackModelMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.RollbackModelRequest, arbitrex.ml.v1.RollbackModelResponse> getRollbackModelMethod;
    if ((getRollbackModelMethod = ModelRegistryServiceGrpc.getRollbackModelMethod) == null) {
      synchronized (ModelRegistryServiceGrpc.class) {
        if ((getRollbackModelMethod = ModelRegistryServiceGrpc.getRollbackModelMethod) == null) {
          ModelRegistryServiceGrpc.getRollbackModelMethod = getRollbackModelMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.RollbackModelRequest, arbitrex.ml.v1.RollbackModelResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RollbackModel"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.RollbackModelRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.RollbackModelResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ModelRegistryServiceMethodDescriptorSupplier("RollbackModel"))
              .build();
        }
      }
    }
    return getRollbackModelMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static ModelRegistryServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ModelRegistryServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ModelRegistryServiceStub>() {
        @java.lang.Override
        public ModelRegistryServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ModelRegistryServiceStub(channel, callOptions);
        }
      };
    return ModelRegistryServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static ModelRegistryServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ModelRegistryServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ModelRegistryServiceBlockingV2Stub>() {
        @java.lang.Override
        public ModelRegistryServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ModelRegistryServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return ModelRegistryServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static ModelRegistryServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ModelRegistryServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ModelRegistryServiceBlockingStub>() {
        @java.lang.Override
        public ModelRegistryServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ModelRegistryServiceBlockingStub(channel, callOptions);
        }
      };
    return ModelRegistryServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static ModelRegistryServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ModelRegistryServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ModelRegistryServiceFutureStub>() {
        @java.lang.Override
        public ModelRegistryServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ModelRegistryServiceFutureStub(channel, callOptions);
        }
      };
    return ModelRegistryServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * ModelRegistryService governs which models exist and which of them serve.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * RegisterModel adds a version. Versions are immutable: ALREADY_EXISTS for a taken one.
     * </pre>
     */
    default void registerModel(arbitrex.ml.v1.RegisterModelRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.RegisterModelResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRegisterModelMethod(), responseObserver);
    }

    /**
     * <pre>
     * UploadModel adds a version whose file is larger than one message may be:
     * first a header, then the file in chunks.
     * </pre>
     */
    default io.grpc.stub.StreamObserver<arbitrex.ml.v1.UploadModelRequest> uploadModel(
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.UploadModelResponse> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getUploadModelMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListModels lists every version of every model.
     * </pre>
     */
    default void listModels(arbitrex.ml.v1.ListModelsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListModelsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListModelsMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetModel answers one version with its metadata. NOT_FOUND when there is none.
     * </pre>
     */
    default void getModel(arbitrex.ml.v1.GetModelRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetModelResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetModelMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListModelVersions lists the versions of one model. NOT_FOUND when there is no such model.
     * </pre>
     */
    default void listModelVersions(arbitrex.ml.v1.ListModelVersionsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListModelVersionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListModelVersionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * DeleteModel removes a version. FAILED_PRECONDITION while it serves or has an alias.
     * </pre>
     */
    default void deleteModel(arbitrex.ml.v1.DeleteModelRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.DeleteModelResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteModelMethod(), responseObserver);
    }

    /**
     * <pre>
     * SetModelAlias points champion or challenger at a version. Champion decides, challenger shadows.
     * </pre>
     */
    default void setModelAlias(arbitrex.ml.v1.SetModelAliasRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.SetModelAliasResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getSetModelAliasMethod(), responseObserver);
    }

    /**
     * <pre>
     * RollbackModel makes the previous champion champion again.
     * </pre>
     */
    default void rollbackModel(arbitrex.ml.v1.RollbackModelRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.RollbackModelResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRollbackModelMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service ModelRegistryService.
   * <pre>
   * ModelRegistryService governs which models exist and which of them serve.
   * </pre>
   */
  public static abstract class ModelRegistryServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return ModelRegistryServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service ModelRegistryService.
   * <pre>
   * ModelRegistryService governs which models exist and which of them serve.
   * </pre>
   */
  public static final class ModelRegistryServiceStub
      extends io.grpc.stub.AbstractAsyncStub<ModelRegistryServiceStub> {
    private ModelRegistryServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ModelRegistryServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ModelRegistryServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * RegisterModel adds a version. Versions are immutable: ALREADY_EXISTS for a taken one.
     * </pre>
     */
    public void registerModel(arbitrex.ml.v1.RegisterModelRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.RegisterModelResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRegisterModelMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * UploadModel adds a version whose file is larger than one message may be:
     * first a header, then the file in chunks.
     * </pre>
     */
    public io.grpc.stub.StreamObserver<arbitrex.ml.v1.UploadModelRequest> uploadModel(
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.UploadModelResponse> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncClientStreamingCall(
          getChannel().newCall(getUploadModelMethod(), getCallOptions()), responseObserver);
    }

    /**
     * <pre>
     * ListModels lists every version of every model.
     * </pre>
     */
    public void listModels(arbitrex.ml.v1.ListModelsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListModelsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListModelsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetModel answers one version with its metadata. NOT_FOUND when there is none.
     * </pre>
     */
    public void getModel(arbitrex.ml.v1.GetModelRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetModelResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetModelMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListModelVersions lists the versions of one model. NOT_FOUND when there is no such model.
     * </pre>
     */
    public void listModelVersions(arbitrex.ml.v1.ListModelVersionsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListModelVersionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListModelVersionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * DeleteModel removes a version. FAILED_PRECONDITION while it serves or has an alias.
     * </pre>
     */
    public void deleteModel(arbitrex.ml.v1.DeleteModelRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.DeleteModelResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteModelMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * SetModelAlias points champion or challenger at a version. Champion decides, challenger shadows.
     * </pre>
     */
    public void setModelAlias(arbitrex.ml.v1.SetModelAliasRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.SetModelAliasResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getSetModelAliasMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * RollbackModel makes the previous champion champion again.
     * </pre>
     */
    public void rollbackModel(arbitrex.ml.v1.RollbackModelRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.RollbackModelResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRollbackModelMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service ModelRegistryService.
   * <pre>
   * ModelRegistryService governs which models exist and which of them serve.
   * </pre>
   */
  public static final class ModelRegistryServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<ModelRegistryServiceBlockingV2Stub> {
    private ModelRegistryServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ModelRegistryServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ModelRegistryServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * RegisterModel adds a version. Versions are immutable: ALREADY_EXISTS for a taken one.
     * </pre>
     */
    public arbitrex.ml.v1.RegisterModelResponse registerModel(arbitrex.ml.v1.RegisterModelRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRegisterModelMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UploadModel adds a version whose file is larger than one message may be:
     * first a header, then the file in chunks.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<arbitrex.ml.v1.UploadModelRequest, arbitrex.ml.v1.UploadModelResponse>
        uploadModel() {
      return io.grpc.stub.ClientCalls.blockingClientStreamingCall(
          getChannel(), getUploadModelMethod(), getCallOptions());
    }

    /**
     * <pre>
     * ListModels lists every version of every model.
     * </pre>
     */
    public arbitrex.ml.v1.ListModelsResponse listModels(arbitrex.ml.v1.ListModelsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListModelsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetModel answers one version with its metadata. NOT_FOUND when there is none.
     * </pre>
     */
    public arbitrex.ml.v1.GetModelResponse getModel(arbitrex.ml.v1.GetModelRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetModelMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListModelVersions lists the versions of one model. NOT_FOUND when there is no such model.
     * </pre>
     */
    public arbitrex.ml.v1.ListModelVersionsResponse listModelVersions(arbitrex.ml.v1.ListModelVersionsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListModelVersionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteModel removes a version. FAILED_PRECONDITION while it serves or has an alias.
     * </pre>
     */
    public arbitrex.ml.v1.DeleteModelResponse deleteModel(arbitrex.ml.v1.DeleteModelRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteModelMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * SetModelAlias points champion or challenger at a version. Champion decides, challenger shadows.
     * </pre>
     */
    public arbitrex.ml.v1.SetModelAliasResponse setModelAlias(arbitrex.ml.v1.SetModelAliasRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getSetModelAliasMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RollbackModel makes the previous champion champion again.
     * </pre>
     */
    public arbitrex.ml.v1.RollbackModelResponse rollbackModel(arbitrex.ml.v1.RollbackModelRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRollbackModelMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service ModelRegistryService.
   * <pre>
   * ModelRegistryService governs which models exist and which of them serve.
   * </pre>
   */
  public static final class ModelRegistryServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<ModelRegistryServiceBlockingStub> {
    private ModelRegistryServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ModelRegistryServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ModelRegistryServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * RegisterModel adds a version. Versions are immutable: ALREADY_EXISTS for a taken one.
     * </pre>
     */
    public arbitrex.ml.v1.RegisterModelResponse registerModel(arbitrex.ml.v1.RegisterModelRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRegisterModelMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListModels lists every version of every model.
     * </pre>
     */
    public arbitrex.ml.v1.ListModelsResponse listModels(arbitrex.ml.v1.ListModelsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListModelsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetModel answers one version with its metadata. NOT_FOUND when there is none.
     * </pre>
     */
    public arbitrex.ml.v1.GetModelResponse getModel(arbitrex.ml.v1.GetModelRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetModelMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListModelVersions lists the versions of one model. NOT_FOUND when there is no such model.
     * </pre>
     */
    public arbitrex.ml.v1.ListModelVersionsResponse listModelVersions(arbitrex.ml.v1.ListModelVersionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListModelVersionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteModel removes a version. FAILED_PRECONDITION while it serves or has an alias.
     * </pre>
     */
    public arbitrex.ml.v1.DeleteModelResponse deleteModel(arbitrex.ml.v1.DeleteModelRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteModelMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * SetModelAlias points champion or challenger at a version. Champion decides, challenger shadows.
     * </pre>
     */
    public arbitrex.ml.v1.SetModelAliasResponse setModelAlias(arbitrex.ml.v1.SetModelAliasRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getSetModelAliasMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RollbackModel makes the previous champion champion again.
     * </pre>
     */
    public arbitrex.ml.v1.RollbackModelResponse rollbackModel(arbitrex.ml.v1.RollbackModelRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRollbackModelMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service ModelRegistryService.
   * <pre>
   * ModelRegistryService governs which models exist and which of them serve.
   * </pre>
   */
  public static final class ModelRegistryServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<ModelRegistryServiceFutureStub> {
    private ModelRegistryServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ModelRegistryServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ModelRegistryServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * RegisterModel adds a version. Versions are immutable: ALREADY_EXISTS for a taken one.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.RegisterModelResponse> registerModel(
        arbitrex.ml.v1.RegisterModelRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRegisterModelMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListModels lists every version of every model.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.ListModelsResponse> listModels(
        arbitrex.ml.v1.ListModelsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListModelsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetModel answers one version with its metadata. NOT_FOUND when there is none.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.GetModelResponse> getModel(
        arbitrex.ml.v1.GetModelRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetModelMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListModelVersions lists the versions of one model. NOT_FOUND when there is no such model.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.ListModelVersionsResponse> listModelVersions(
        arbitrex.ml.v1.ListModelVersionsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListModelVersionsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * DeleteModel removes a version. FAILED_PRECONDITION while it serves or has an alias.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.DeleteModelResponse> deleteModel(
        arbitrex.ml.v1.DeleteModelRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteModelMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * SetModelAlias points champion or challenger at a version. Champion decides, challenger shadows.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.SetModelAliasResponse> setModelAlias(
        arbitrex.ml.v1.SetModelAliasRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getSetModelAliasMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * RollbackModel makes the previous champion champion again.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.RollbackModelResponse> rollbackModel(
        arbitrex.ml.v1.RollbackModelRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRollbackModelMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_REGISTER_MODEL = 0;
  private static final int METHODID_LIST_MODELS = 1;
  private static final int METHODID_GET_MODEL = 2;
  private static final int METHODID_LIST_MODEL_VERSIONS = 3;
  private static final int METHODID_DELETE_MODEL = 4;
  private static final int METHODID_SET_MODEL_ALIAS = 5;
  private static final int METHODID_ROLLBACK_MODEL = 6;
  private static final int METHODID_UPLOAD_MODEL = 7;

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
        case METHODID_REGISTER_MODEL:
          serviceImpl.registerModel((arbitrex.ml.v1.RegisterModelRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.RegisterModelResponse>) responseObserver);
          break;
        case METHODID_LIST_MODELS:
          serviceImpl.listModels((arbitrex.ml.v1.ListModelsRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListModelsResponse>) responseObserver);
          break;
        case METHODID_GET_MODEL:
          serviceImpl.getModel((arbitrex.ml.v1.GetModelRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetModelResponse>) responseObserver);
          break;
        case METHODID_LIST_MODEL_VERSIONS:
          serviceImpl.listModelVersions((arbitrex.ml.v1.ListModelVersionsRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListModelVersionsResponse>) responseObserver);
          break;
        case METHODID_DELETE_MODEL:
          serviceImpl.deleteModel((arbitrex.ml.v1.DeleteModelRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.DeleteModelResponse>) responseObserver);
          break;
        case METHODID_SET_MODEL_ALIAS:
          serviceImpl.setModelAlias((arbitrex.ml.v1.SetModelAliasRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.SetModelAliasResponse>) responseObserver);
          break;
        case METHODID_ROLLBACK_MODEL:
          serviceImpl.rollbackModel((arbitrex.ml.v1.RollbackModelRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.RollbackModelResponse>) responseObserver);
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
        case METHODID_UPLOAD_MODEL:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.uploadModel(
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.UploadModelResponse>) responseObserver);
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getRegisterModelMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.RegisterModelRequest,
              arbitrex.ml.v1.RegisterModelResponse>(
                service, METHODID_REGISTER_MODEL)))
        .addMethod(
          getUploadModelMethod(),
          io.grpc.stub.ServerCalls.asyncClientStreamingCall(
            new MethodHandlers<
              arbitrex.ml.v1.UploadModelRequest,
              arbitrex.ml.v1.UploadModelResponse>(
                service, METHODID_UPLOAD_MODEL)))
        .addMethod(
          getListModelsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.ListModelsRequest,
              arbitrex.ml.v1.ListModelsResponse>(
                service, METHODID_LIST_MODELS)))
        .addMethod(
          getGetModelMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.GetModelRequest,
              arbitrex.ml.v1.GetModelResponse>(
                service, METHODID_GET_MODEL)))
        .addMethod(
          getListModelVersionsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.ListModelVersionsRequest,
              arbitrex.ml.v1.ListModelVersionsResponse>(
                service, METHODID_LIST_MODEL_VERSIONS)))
        .addMethod(
          getDeleteModelMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.DeleteModelRequest,
              arbitrex.ml.v1.DeleteModelResponse>(
                service, METHODID_DELETE_MODEL)))
        .addMethod(
          getSetModelAliasMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.SetModelAliasRequest,
              arbitrex.ml.v1.SetModelAliasResponse>(
                service, METHODID_SET_MODEL_ALIAS)))
        .addMethod(
          getRollbackModelMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.RollbackModelRequest,
              arbitrex.ml.v1.RollbackModelResponse>(
                service, METHODID_ROLLBACK_MODEL)))
        .build();
  }

  private static abstract class ModelRegistryServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    ModelRegistryServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return arbitrex.ml.v1.ModelRegistryProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("ModelRegistryService");
    }
  }

  private static final class ModelRegistryServiceFileDescriptorSupplier
      extends ModelRegistryServiceBaseDescriptorSupplier {
    ModelRegistryServiceFileDescriptorSupplier() {}
  }

  private static final class ModelRegistryServiceMethodDescriptorSupplier
      extends ModelRegistryServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    ModelRegistryServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (ModelRegistryServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new ModelRegistryServiceFileDescriptorSupplier())
              .addMethod(getRegisterModelMethod())
              .addMethod(getUploadModelMethod())
              .addMethod(getListModelsMethod())
              .addMethod(getGetModelMethod())
              .addMethod(getListModelVersionsMethod())
              .addMethod(getDeleteModelMethod())
              .addMethod(getSetModelAliasMethod())
              .addMethod(getRollbackModelMethod())
              .build();
        }
      }
    }
    return result;
  }
}
