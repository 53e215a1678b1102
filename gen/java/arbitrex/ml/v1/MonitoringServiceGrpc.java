package arbitrex.ml.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * MonitoringService tells what the service is doing.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class MonitoringServiceGrpc {

  private MonitoringServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "arbitrex.ml.v1.MonitoringService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.GetServiceInfoRequest,
      arbitrex.ml.v1.GetServiceInfoResponse> getGetServiceInfoMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetServiceInfo",
      requestType = arbitrex.ml.v1.GetServiceInfoRequest.class,
      responseType = arbitrex.ml.v1.GetServiceInfoResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.GetServiceInfoRequest,
      arbitrex.ml.v1.GetServiceInfoResponse> getGetServiceInfoMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.GetServiceInfoRequest, arbitrex.ml.v1.GetServiceInfoResponse> getGetServiceInfoMethod;
    if ((getGetServiceInfoMethod = MonitoringServiceGrpc.getGetServiceInfoMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getGetServiceInfoMethod = MonitoringServiceGrpc.getGetServiceInfoMethod) == null) {
          MonitoringServiceGrpc.getGetServiceInfoMethod = getGetServiceInfoMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.GetServiceInfoRequest, arbitrex.ml.v1.GetServiceInfoResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetServiceInfo"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetServiceInfoRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetServiceInfoResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("GetServiceInfo"))
              .build();
        }
      }
    }
    return getGetServiceInfoMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.GetHealthRequest,
      arbitrex.ml.v1.GetHealthResponse> getGetHealthMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetHealth",
      requestType = arbitrex.ml.v1.GetHealthRequest.class,
      responseType = arbitrex.ml.v1.GetHealthResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.GetHealthRequest,
      arbitrex.ml.v1.GetHealthResponse> getGetHealthMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.GetHealthRequest, arbitrex.ml.v1.GetHealthResponse> getGetHealthMethod;
    if ((getGetHealthMethod = MonitoringServiceGrpc.getGetHealthMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getGetHealthMethod = MonitoringServiceGrpc.getGetHealthMethod) == null) {
          MonitoringServiceGrpc.getGetHealthMethod = getGetHealthMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.GetHealthRequest, arbitrex.ml.v1.GetHealthResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetHealth"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetHealthRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetHealthResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("GetHealth"))
              .build();
        }
      }
    }
    return getGetHealthMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.GetReadinessRequest,
      arbitrex.ml.v1.GetReadinessResponse> getGetReadinessMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetReadiness",
      requestType = arbitrex.ml.v1.GetReadinessRequest.class,
      responseType = arbitrex.ml.v1.GetReadinessResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.GetReadinessRequest,
      arbitrex.ml.v1.GetReadinessResponse> getGetReadinessMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.GetReadinessRequest, arbitrex.ml.v1.GetReadinessResponse> getGetReadinessMethod;
    if ((getGetReadinessMethod = MonitoringServiceGrpc.getGetReadinessMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getGetReadinessMethod = MonitoringServiceGrpc.getGetReadinessMethod) == null) {
          MonitoringServiceGrpc.getGetReadinessMethod = getGetReadinessMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.GetReadinessRequest, arbitrex.ml.v1.GetReadinessResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetReadiness"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetReadinessRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetReadinessResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("GetReadiness"))
              .build();
        }
      }
    }
    return getGetReadinessMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.GetStatusRequest,
      arbitrex.ml.v1.GetStatusResponse> getGetStatusMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetStatus",
      requestType = arbitrex.ml.v1.GetStatusRequest.class,
      responseType = arbitrex.ml.v1.GetStatusResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.GetStatusRequest,
      arbitrex.ml.v1.GetStatusResponse> getGetStatusMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.GetStatusRequest, arbitrex.ml.v1.GetStatusResponse> getGetStatusMethod;
    if ((getGetStatusMethod = MonitoringServiceGrpc.getGetStatusMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getGetStatusMethod = MonitoringServiceGrpc.getGetStatusMethod) == null) {
          MonitoringServiceGrpc.getGetStatusMethod = getGetStatusMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.GetStatusRequest, arbitrex.ml.v1.GetStatusResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetStatus"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetStatusRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetStatusResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("GetStatus"))
              .build();
        }
      }
    }
    return getGetStatusMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.GetMetricsRequest,
      arbitrex.ml.v1.GetMetricsResponse> getGetMetricsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetMetrics",
      requestType = arbitrex.ml.v1.GetMetricsRequest.class,
      responseType = arbitrex.ml.v1.GetMetricsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.GetMetricsRequest,
      arbitrex.ml.v1.GetMetricsResponse> getGetMetricsMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.GetMetricsRequest, arbitrex.ml.v1.GetMetricsResponse> getGetMetricsMethod;
    if ((getGetMetricsMethod = MonitoringServiceGrpc.getGetMetricsMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getGetMetricsMethod = MonitoringServiceGrpc.getGetMetricsMethod) == null) {
          MonitoringServiceGrpc.getGetMetricsMethod = getGetMetricsMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.GetMetricsRequest, arbitrex.ml.v1.GetMetricsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetMetrics"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetMetricsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetMetricsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("GetMetrics"))
              .build();
        }
      }
    }
    return getGetMetricsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.GetPrometheusMetricsRequest,
      com.google.api.HttpBody> getGetPrometheusMetricsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetPrometheusMetrics",
      requestType = arbitrex.ml.v1.GetPrometheusMetricsRequest.class,
      responseType = com.google.api.HttpBody.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.GetPrometheusMetricsRequest,
      com.google.api.HttpBody> getGetPrometheusMetricsMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.GetPrometheusMetricsRequest, com.google.api.HttpBody> getGetPrometheusMetricsMethod;
    if ((getGetPrometheusMetricsMethod = MonitoringServiceGrpc.getGetPrometheusMetricsMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getGetPrometheusMetricsMethod = MonitoringServiceGrpc.getGetPrometheusMetricsMethod) == null) {
          MonitoringServiceGrpc.getGetPrometheusMetricsMethod = getGetPrometheusMetricsMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.GetPrometheusMetricsRequest, com.google.api.HttpBody>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetPrometheusMetrics"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetPrometheusMetricsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.api.HttpBody.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("GetPrometheusMetrics"))
              .build();
        }
      }
    }
    return getGetPrometheusMetricsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.ListDecisionsRequest,
      arbitrex.ml.v1.ListDecisionsResponse> getListDecisionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListDecisions",
      requestType = arbitrex.ml.v1.ListDecisionsRequest.class,
      responseType = arbitrex.ml.v1.ListDecisionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.ListDecisionsRequest,
      arbitrex.ml.v1.ListDecisionsResponse> getListDecisionsMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.ListDecisionsRequest, arbitrex.ml.v1.ListDecisionsResponse> getListDecisionsMethod;
    if ((getListDecisionsMethod = MonitoringServiceGrpc.getListDecisionsMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getListDecisionsMethod = MonitoringServiceGrpc.getListDecisionsMethod) == null) {
          MonitoringServiceGrpc.getListDecisionsMethod = getListDecisionsMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.ListDecisionsRequest, arbitrex.ml.v1.ListDecisionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListDecisions"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ListDecisionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ListDecisionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("ListDecisions"))
              .build();
        }
      }
    }
    return getListDecisionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.GetPerformanceSummaryRequest,
      arbitrex.ml.v1.GetPerformanceSummaryResponse> getGetPerformanceSummaryMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetPerformanceSummary",
      requestType = arbitrex.ml.v1.GetPerformanceSummaryRequest.class,
      responseType = arbitrex.ml.v1.GetPerformanceSummaryResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.GetPerformanceSummaryRequest,
      arbitrex.ml.v1.GetPerformanceSummaryResponse> getGetPerformanceSummaryMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.GetPerformanceSummaryRequest, arbitrex.ml.v1.GetPerformanceSummaryResponse> getGetPerformanceSummaryMethod;
    if ((getGetPerformanceSummaryMethod = MonitoringServiceGrpc.getGetPerformanceSummaryMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getGetPerformanceSummaryMethod = MonitoringServiceGrpc.getGetPerformanceSummaryMethod) == null) {
          MonitoringServiceGrpc.getGetPerformanceSummaryMethod = getGetPerformanceSummaryMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.GetPerformanceSummaryRequest, arbitrex.ml.v1.GetPerformanceSummaryResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetPerformanceSummary"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetPerformanceSummaryRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetPerformanceSummaryResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("GetPerformanceSummary"))
              .build();
        }
      }
    }
    return getGetPerformanceSummaryMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.ExportMetricsRequest,
      arbitrex.ml.v1.ExportMetricsResponse> getExportMetricsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ExportMetrics",
      requestType = arbitrex.ml.v1.ExportMetricsRequest.class,
      responseType = arbitrex.ml.v1.ExportMetricsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.ExportMetricsRequest,
      arbitrex.ml.v1.ExportMetricsResponse> getExportMetricsMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.ExportMetricsRequest, arbitrex.ml.v1.ExportMetricsResponse> getExportMetricsMethod;
    if ((getExportMetricsMethod = MonitoringServiceGrpc.getExportMetricsMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getExportMetricsMethod = MonitoringServiceGrpc.getExportMetricsMethod) == null) {
          MonitoringServiceGrpc.getExportMetricsMethod = getExportMetricsMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.ExportMetricsRequest, arbitrex.ml.v1.ExportMetricsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ExportMetrics"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ExportMetricsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ExportMetricsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("ExportMetrics"))
              .build();
        }
      }
    }
    return getExportMetricsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.ListAlertsRequest,
      arbitrex.ml.v1.ListAlertsResponse> getListAlertsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListAlerts",
      requestType = arbitrex.ml.v1.ListAlertsRequest.class,
      responseType = arbitrex.ml.v1.ListAlertsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.ListAlertsRequest,
      arbitrex.ml.v1.ListAlertsResponse> getListAlertsMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.ListAlertsRequest, arbitrex.ml.v1.ListAlertsResponse> getListAlertsMethod;
    if ((getListAlertsMethod = MonitoringServiceGrpc.getListAlertsMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getListAlertsMethod = MonitoringServiceGrpc.getListAlertsMethod) == null) {
          MonitoringServiceGrpc.getListAlertsMethod = getListAlertsMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.ListAlertsRequest, arbitrex.ml.v1.ListAlertsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListAlerts"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ListAlertsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ListAlertsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("ListAlerts"))
              .build();
        }
      }
    }
    return getListAlertsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.ClearAlertsRequest,
      arbitrex.ml.v1.ClearAlertsResponse> getClearAlertsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ClearAlerts",
      requestType = arbitrex.ml.v1.ClearAlertsRequest.class,
      responseType = arbitrex.ml.v1.ClearAlertsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.ClearAlertsRequest,
      arbitrex.ml.v1.ClearAlertsResponse> getClearAlertsMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.ClearAlertsRequest, arbitrex.ml.v1.ClearAlertsResponse> getClearAlertsMethod;
    if ((getClearAlertsMethod = MonitoringServiceGrpc.getClearAlertsMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getClearAlertsMethod = MonitoringServiceGrpc.getClearAlertsMethod) == null) {
          MonitoringServiceGrpc.getClearAlertsMethod = getClearAlertsMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.ClearAlertsRequest, arbitrex.ml.v1.ClearAlertsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ClearAlerts"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ClearAlertsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ClearAlertsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("ClearAlerts"))
              .build();
        }
      }
    }
    return getClearAlertsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.ListAlertRulesRequest,
      arbitrex.ml.v1.ListAlertRulesResponse> getListAlertRulesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListAlertRules",
      requestType = arbitrex.ml.v1.ListAlertRulesRequest.class,
      responseType = arbitrex.ml.v1.ListAlertRulesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.ListAlertRulesRequest,
      arbitrex.ml.v1.ListAlertRulesResponse> getListAlertRulesMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.ListAlertRulesRequest, arbitrex.ml.v1.ListAlertRulesResponse> getListAlertRulesMethod;
    if ((getListAlertRulesMethod = MonitoringServiceGrpc.getListAlertRulesMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getListAlertRulesMethod = MonitoringServiceGrpc.getListAlertRulesMethod) == null) {
          MonitoringServiceGrpc.getListAlertRulesMethod = getListAlertRulesMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.ListAlertRulesRequest, arbitrex.ml.v1.ListAlertRulesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListAlertRules"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ListAlertRulesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ListAlertRulesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("ListAlertRules"))
              .build();
        }
      }
    }
    return getListAlertRulesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.CreateAlertRuleRequest,
      arbitrex.ml.v1.CreateAlertRuleResponse> getCreateAlertRuleMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateAlertRule",
      requestType = arbitrex.ml.v1.CreateAlertRuleRequest.class,
      responseType = arbitrex.ml.v1.CreateAlertRuleResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.CreateAlertRuleRequest,
      arbitrex.ml.v1.CreateAlertRuleResponse> getCreateAlertRuleMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.CreateAlertRuleRequest, arbitrex.ml.v1.CreateAlertRuleResponse> getCreateAlertRuleMethod;
    if ((getCreateAlertRuleMethod = MonitoringServiceGrpc.getCreateAlertRuleMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getCreateAlertRuleMethod = MonitoringServiceGrpc.getCreateAlertRuleMethod) == null) {
          MonitoringServiceGrpc.getCreateAlertRuleMethod = getCreateAlertRuleMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.CreateAlertRuleRequest, arbitrex.ml.v1.CreateAlertRuleResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateAlertRule"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.CreateAlertRuleRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.CreateAlertRuleResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("CreateAlertRule"))
              .build();
        }
      }
    }
    return getCreateAlertRuleMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.UpdateAlertRuleRequest,
      arbitrex.ml.v1.UpdateAlertRuleResponse> getUpdateAlertRuleMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateAlertRule",
      requestType = arbitrex.ml.v1.UpdateAlertRuleRequest.class,
      responseType = arbitrex.ml.v1.UpdateAlertRuleResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.UpdateAlertRuleRequest,
      arbitrex.ml.v1.UpdateAlertRuleResponse> getUpdateAlertRuleMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.UpdateAlertRuleRequest, arbitrex.ml.v1.UpdateAlertRuleResponse> getUpdateAlertRuleMethod;
    if ((getUpdateAlertRuleMethod = MonitoringServiceGrpc.getUpdateAlertRuleMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getUpdateAlertRuleMethod = MonitoringServiceGrpc.getUpdateAlertRuleMethod) == null) {
          MonitoringServiceGrpc.getUpdateAlertRuleMethod = getUpdateAlertRuleMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.UpdateAlertRuleRequest, arbitrex.ml.v1.UpdateAlertRuleResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateAlertRule"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.UpdateAlertRuleRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.UpdateAlertRuleResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("UpdateAlertRule"))
              .build();
        }
      }
    }
    return getUpdateAlertRuleMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.DeleteAlertRuleRequest,
      arbitrex.ml.v1.DeleteAlertRuleResponse> getDeleteAlertRuleMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteAlertRule",
      requestType = arbitrex.ml.v1.DeleteAlertRuleRequest.class,
      responseType = arbitrex.ml.v1.DeleteAlertRuleResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.DeleteAlertRuleRequest,
      arbitrex.ml.v1.DeleteAlertRuleResponse> getDeleteAlertRuleMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.DeleteAlertRuleRequest, arbitrex.ml.v1.DeleteAlertRuleResponse> getDeleteAlertRuleMethod;
    if ((getDeleteAlertRuleMethod = MonitoringServiceGrpc.getDeleteAlertRuleMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getDeleteAlertRuleMethod = MonitoringServiceGrpc.getDeleteAlertRuleMethod) == null) {
          MonitoringServiceGrpc.getDeleteAlertRuleMethod = getDeleteAlertRuleMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.DeleteAlertRuleRequest, arbitrex.ml.v1.DeleteAlertRuleResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteAlertRule"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.DeleteAlertRuleRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.DeleteAlertRuleResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("DeleteAlertRule"))
              .build();
        }
      }
    }
    return getDeleteAlertRuleMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.RecordOutcomesRequest,
      arbitrex.ml.v1.RecordOutcomesResponse> getRecordOutcomesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RecordOutcomes",
      requestType = arbitrex.ml.v1.RecordOutcomesRequest.class,
      responseType = arbitrex.ml.v1.RecordOutcomesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.RecordOutcomesRequest,
      arbitrex.ml.v1.RecordOutcomesResponse> getRecordOutcomesMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.RecordOutcomesRequest, arbitrex.ml.v1.RecordOutcomesResponse> getRecordOutcomesMethod;
    if ((getRecordOutcomesMethod = MonitoringServiceGrpc.getRecordOutcomesMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getRecordOutcomesMethod = MonitoringServiceGrpc.getRecordOutcomesMethod) == null) {
          MonitoringServiceGrpc.getRecordOutcomesMethod = getRecordOutcomesMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.RecordOutcomesRequest, arbitrex.ml.v1.RecordOutcomesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RecordOutcomes"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.RecordOutcomesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.RecordOutcomesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("RecordOutcomes"))
              .build();
        }
      }
    }
    return getRecordOutcomesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.GetDriftRequest,
      arbitrex.ml.v1.GetDriftResponse> getGetDriftMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetDrift",
      requestType = arbitrex.ml.v1.GetDriftRequest.class,
      responseType = arbitrex.ml.v1.GetDriftResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.GetDriftRequest,
      arbitrex.ml.v1.GetDriftResponse> getGetDriftMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.GetDriftRequest, arbitrex.ml.v1.GetDriftResponse> getGetDriftMethod;
    if ((getGetDriftMethod = MonitoringServiceGrpc.getGetDriftMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getGetDriftMethod = MonitoringServiceGrpc.getGetDriftMethod) == null) {
          MonitoringServiceGrpc.getGetDriftMethod = getGetDriftMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.GetDriftRequest, arbitrex.ml.v1.GetDriftResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetDrift"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetDriftRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.GetDriftResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("GetDrift"))
              .build();
        }
      }
    }
    return getGetDriftMethod;
  }

  private static volatile io.grpc.MethodDescriptor<arbitrex.ml.v1.ResetRequest,
      arbitrex.ml.v1.ResetResponse> getResetMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Reset",
      requestType = arbitrex.ml.v1.ResetRequest.class,
      responseType = arbitrex.ml.v1.ResetResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<arbitrex.ml.v1.ResetRequest,
      arbitrex.ml.v1.ResetResponse> getResetMethod() {
    io.grpc.MethodDescriptor<arbitrex.ml.v1.ResetRequest, arbitrex.ml.v1.ResetResponse> getResetMethod;
    if ((getResetMethod = MonitoringServiceGrpc.getResetMethod) == null) {
      synchronized (MonitoringServiceGrpc.class) {
        if ((getResetMethod = MonitoringServiceGrpc.getResetMethod) == null) {
          MonitoringServiceGrpc.getResetMethod = getResetMethod =
              io.grpc.MethodDescriptor.<arbitrex.ml.v1.ResetRequest, arbitrex.ml.v1.ResetResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Reset"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ResetRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  arbitrex.ml.v1.ResetResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MonitoringServiceMethodDescriptorSupplier("Reset"))
              .build();
        }
      }
    }
    return getResetMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static MonitoringServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MonitoringServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MonitoringServiceStub>() {
        @java.lang.Override
        public MonitoringServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MonitoringServiceStub(channel, callOptions);
        }
      };
    return MonitoringServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static MonitoringServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MonitoringServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MonitoringServiceBlockingV2Stub>() {
        @java.lang.Override
        public MonitoringServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MonitoringServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return MonitoringServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static MonitoringServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MonitoringServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MonitoringServiceBlockingStub>() {
        @java.lang.Override
        public MonitoringServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MonitoringServiceBlockingStub(channel, callOptions);
        }
      };
    return MonitoringServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static MonitoringServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MonitoringServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MonitoringServiceFutureStub>() {
        @java.lang.Override
        public MonitoringServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MonitoringServiceFutureStub(channel, callOptions);
        }
      };
    return MonitoringServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * MonitoringService tells what the service is doing.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * GetServiceInfo says what this service is and where to look next.
     * </pre>
     */
    default void getServiceInfo(arbitrex.ml.v1.GetServiceInfoRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetServiceInfoResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetServiceInfoMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetHealth answers whether the process lives and its parts work.
     * </pre>
     */
    default void getHealth(arbitrex.ml.v1.GetHealthRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetHealthResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetHealthMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetReadiness answers whether requests may be sent; UNAVAILABLE (HTTP 503) says why not.
     * </pre>
     */
    default void getReadiness(arbitrex.ml.v1.GetReadinessRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetReadinessResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetReadinessMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetStatus answers versions, models, configuration and audit log in one view.
     * </pre>
     */
    default void getStatus(arbitrex.ml.v1.GetStatusRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetStatusResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetStatusMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetMetrics answers the metrics of decisions taken.
     * </pre>
     */
    default void getMetrics(arbitrex.ml.v1.GetMetricsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetMetricsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetMetricsMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetPrometheusMetrics answers the metrics in Prometheus text format.
     * </pre>
     */
    default void getPrometheusMetrics(arbitrex.ml.v1.GetPrometheusMetricsRequest request,
        io.grpc.stub.StreamObserver<com.google.api.HttpBody> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetPrometheusMetricsMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListDecisions lists recent decisions, newest first; 10 000 are kept.
     * </pre>
     */
    default void listDecisions(arbitrex.ml.v1.ListDecisionsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListDecisionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListDecisionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetPerformanceSummary sums up the last hours.
     * </pre>
     */
    default void getPerformanceSummary(arbitrex.ml.v1.GetPerformanceSummaryRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetPerformanceSummaryResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetPerformanceSummaryMethod(), responseObserver);
    }

    /**
     * <pre>
     * ExportMetrics writes a snapshot to logs/ml_metrics_&lt;UTC&gt;.json.
     * </pre>
     */
    default void exportMetrics(arbitrex.ml.v1.ExportMetricsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ExportMetricsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getExportMetricsMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListAlerts lists alerts that are pending, firing or resolved.
     * </pre>
     */
    default void listAlerts(arbitrex.ml.v1.ListAlertsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListAlertsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListAlertsMethod(), responseObserver);
    }

    /**
     * <pre>
     * ClearAlerts removes alerts, all or of one severity. A rule whose condition still holds fires anew
     * at the next evaluation; to silence it, disable it.
     * </pre>
     */
    default void clearAlerts(arbitrex.ml.v1.ClearAlertsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ClearAlertsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getClearAlertsMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListAlertRules lists the alert rules.
     * </pre>
     */
    default void listAlertRules(arbitrex.ml.v1.ListAlertRulesRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListAlertRulesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListAlertRulesMethod(), responseObserver);
    }

    /**
     * <pre>
     * CreateAlertRule adds a rule. ALREADY_EXISTS for a taken name.
     * </pre>
     */
    default void createAlertRule(arbitrex.ml.v1.CreateAlertRuleRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.CreateAlertRuleResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateAlertRuleMethod(), responseObserver);
    }

    /**
     * <pre>
     * UpdateAlertRule changes the given fields of a rule.
     * </pre>
     */
    default void updateAlertRule(arbitrex.ml.v1.UpdateAlertRuleRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.UpdateAlertRuleResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateAlertRuleMethod(), responseObserver);
    }

    /**
     * <pre>
     * DeleteAlertRule removes a rule.
     * </pre>
     */
    default void deleteAlertRule(arbitrex.ml.v1.DeleteAlertRuleRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.DeleteAlertRuleResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteAlertRuleMethod(), responseObserver);
    }

    /**
     * <pre>
     * RecordOutcomes tells how decided signals ended. Each outcome stands for itself: what cannot be recorded is
     * listed in the answer and keeps nothing else from it. What was recorded is in the audit log when the answer
     * leaves. Sending the same outcome again is safe. After UNAVAILABLE or RESOURCE_EXHAUSTED a part may be
     * recorded: send all of them again.
     * </pre>
     */
    default void recordOutcomes(arbitrex.ml.v1.RecordOutcomesRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.RecordOutcomesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRecordOutcomesMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetDrift answers how far inputs and outcomes have moved from the model's reference.
     * </pre>
     */
    default void getDrift(arbitrex.ml.v1.GetDriftRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetDriftResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetDriftMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reset clears metric windows, decision history and alerts; never the audit log,
     * models or configuration. Decisions have no state to reset.
     * </pre>
     */
    default void reset(arbitrex.ml.v1.ResetRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ResetResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getResetMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service MonitoringService.
   * <pre>
   * MonitoringService tells what the service is doing.
   * </pre>
   */
  public static abstract class MonitoringServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return MonitoringServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service MonitoringService.
   * <pre>
   * MonitoringService tells what the service is doing.
   * </pre>
   */
  public static final class MonitoringServiceStub
      extends io.grpc.stub.AbstractAsyncStub<MonitoringServiceStub> {
    private MonitoringServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MonitoringServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MonitoringServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * GetServiceInfo says what this service is and where to look next.
     * </pre>
     */
    public void getServiceInfo(arbitrex.ml.v1.GetServiceInfoRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetServiceInfoResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetServiceInfoMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetHealth answers whether the process lives and its parts work.
     * </pre>
     */
    public void getHealth(arbitrex.ml.v1.GetHealthRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetHealthResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetHealthMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetReadiness answers whether requests may be sent; UNAVAILABLE (HTTP 503) says why not.
     * </pre>
     */
    public void getReadiness(arbitrex.ml.v1.GetReadinessRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetReadinessResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetReadinessMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetStatus answers versions, models, configuration and audit log in one view.
     * </pre>
     */
    public void getStatus(arbitrex.ml.v1.GetStatusRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetStatusResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetStatusMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetMetrics answers the metrics of decisions taken.
     * </pre>
     */
    public void getMetrics(arbitrex.ml.v1.GetMetricsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetMetricsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetMetricsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetPrometheusMetrics answers the metrics in Prometheus text format.
     * </pre>
     */
    public void getPrometheusMetrics(arbitrex.ml.v1.GetPrometheusMetricsRequest request,
        io.grpc.stub.StreamObserver<com.google.api.HttpBody> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetPrometheusMetricsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListDecisions lists recent decisions, newest first; 10 000 are kept.
     * </pre>
     */
    public void listDecisions(arbitrex.ml.v1.ListDecisionsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListDecisionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListDecisionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetPerformanceSummary sums up the last hours.
     * </pre>
     */
    public void getPerformanceSummary(arbitrex.ml.v1.GetPerformanceSummaryRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetPerformanceSummaryResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetPerformanceSummaryMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ExportMetrics writes a snapshot to logs/ml_metrics_&lt;UTC&gt;.json.
     * </pre>
     */
    public void exportMetrics(arbitrex.ml.v1.ExportMetricsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ExportMetricsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getExportMetricsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListAlerts lists alerts that are pending, firing or resolved.
     * </pre>
     */
    public void listAlerts(arbitrex.ml.v1.ListAlertsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListAlertsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListAlertsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ClearAlerts removes alerts, all or of one severity. A rule whose condition still holds fires anew
     * at the next evaluation; to silence it, disable it.
     * </pre>
     */
    public void clearAlerts(arbitrex.ml.v1.ClearAlertsRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ClearAlertsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getClearAlertsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListAlertRules lists the alert rules.
     * </pre>
     */
    public void listAlertRules(arbitrex.ml.v1.ListAlertRulesRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListAlertRulesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListAlertRulesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * CreateAlertRule adds a rule. ALREADY_EXISTS for a taken name.
     * </pre>
     */
    public void createAlertRule(arbitrex.ml.v1.CreateAlertRuleRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.CreateAlertRuleResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateAlertRuleMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * UpdateAlertRule changes the given fields of a rule.
     * </pre>
     */
    public void updateAlertRule(arbitrex.ml.v1.UpdateAlertRuleRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.UpdateAlertRuleResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateAlertRuleMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * DeleteAlertRule removes a rule.
     * </pre>
     */
    public void deleteAlertRule(arbitrex.ml.v1.DeleteAlertRuleRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.DeleteAlertRuleResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteAlertRuleMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * RecordOutcomes tells how decided signals ended. Each outcome stands for itself: what cannot be recorded is
     * listed in the answer and keeps nothing else from it. What was recorded is in the audit log when the answer
     * leaves. Sending the same outcome again is safe. After UNAVAILABLE or RESOURCE_EXHAUSTED a part may be
     * recorded: send all of them again.
     * </pre>
     */
    public void recordOutcomes(arbitrex.ml.v1.RecordOutcomesRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.RecordOutcomesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRecordOutcomesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetDrift answers how far inputs and outcomes have moved from the model's reference.
     * </pre>
     */
    public void getDrift(arbitrex.ml.v1.GetDriftRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetDriftResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetDriftMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Reset clears metric windows, decision history and alerts; never the audit log,
     * models or configuration. Decisions have no state to reset.
     * </pre>
     */
    public void reset(arbitrex.ml.v1.ResetRequest request,
        io.grpc.stub.StreamObserver<arbitrex.ml.v1.ResetResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getResetMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service MonitoringService.
   * <pre>
   * MonitoringService tells what the service is doing.
   * </pre>
   */
  public static final class MonitoringServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<MonitoringServiceBlockingV2Stub> {
    private MonitoringServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MonitoringServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MonitoringServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * GetServiceInfo says what this service is and where to look next.
     * </pre>
     */
    public arbitrex.ml.v1.GetServiceInfoResponse getServiceInfo(arbitrex.ml.v1.GetServiceInfoRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetServiceInfoMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetHealth answers whether the process lives and its parts work.
     * </pre>
     */
    public arbitrex.ml.v1.GetHealthResponse getHealth(arbitrex.ml.v1.GetHealthRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetHealthMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetReadiness answers whether requests may be sent; UNAVAILABLE (HTTP 503) says why not.
     * </pre>
     */
    public arbitrex.ml.v1.GetReadinessResponse getReadiness(arbitrex.ml.v1.GetReadinessRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetReadinessMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetStatus answers versions, models, configuration and audit log in one view.
     * </pre>
     */
    public arbitrex.ml.v1.GetStatusResponse getStatus(arbitrex.ml.v1.GetStatusRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetMetrics answers the metrics of decisions taken.
     * </pre>
     */
    public arbitrex.ml.v1.GetMetricsResponse getMetrics(arbitrex.ml.v1.GetMetricsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetMetricsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetPrometheusMetrics answers the metrics in Prometheus text format.
     * </pre>
     */
    public com.google.api.HttpBody getPrometheusMetrics(arbitrex.ml.v1.GetPrometheusMetricsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetPrometheusMetricsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListDecisions lists recent decisions, newest first; 10 000 are kept.
     * </pre>
     */
    public arbitrex.ml.v1.ListDecisionsResponse listDecisions(arbitrex.ml.v1.ListDecisionsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListDecisionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetPerformanceSummary sums up the last hours.
     * </pre>
     */
    public arbitrex.ml.v1.GetPerformanceSummaryResponse getPerformanceSummary(arbitrex.ml.v1.GetPerformanceSummaryRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetPerformanceSummaryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ExportMetrics writes a snapshot to logs/ml_metrics_&lt;UTC&gt;.json.
     * </pre>
     */
    public arbitrex.ml.v1.ExportMetricsResponse exportMetrics(arbitrex.ml.v1.ExportMetricsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getExportMetricsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListAlerts lists alerts that are pending, firing or resolved.
     * </pre>
     */
    public arbitrex.ml.v1.ListAlertsResponse listAlerts(arbitrex.ml.v1.ListAlertsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListAlertsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ClearAlerts removes alerts, all or of one severity. A rule whose condition still holds fires anew
     * at the next evaluation; to silence it, disable it.
     * </pre>
     */
    public arbitrex.ml.v1.ClearAlertsResponse clearAlerts(arbitrex.ml.v1.ClearAlertsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getClearAlertsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListAlertRules lists the alert rules.
     * </pre>
     */
    public arbitrex.ml.v1.ListAlertRulesResponse listAlertRules(arbitrex.ml.v1.ListAlertRulesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListAlertRulesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * CreateAlertRule adds a rule. ALREADY_EXISTS for a taken name.
     * </pre>
     */
    public arbitrex.ml.v1.CreateAlertRuleResponse createAlertRule(arbitrex.ml.v1.CreateAlertRuleRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateAlertRuleMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UpdateAlertRule changes the given fields of a rule.
     * </pre>
     */
    public arbitrex.ml.v1.UpdateAlertRuleResponse updateAlertRule(arbitrex.ml.v1.UpdateAlertRuleRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateAlertRuleMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteAlertRule removes a rule.
     * </pre>
     */
    public arbitrex.ml.v1.DeleteAlertRuleResponse deleteAlertRule(arbitrex.ml.v1.DeleteAlertRuleRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteAlertRuleMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RecordOutcomes tells how decided signals ended. Each outcome stands for itself: what cannot be recorded is
     * listed in the answer and keeps nothing else from it. What was recorded is in the audit log when the answer
     * leaves. Sending the same outcome again is safe. After UNAVAILABLE or RESOURCE_EXHAUSTED a part may be
     * recorded: send all of them again.
     * </pre>
     */
    public arbitrex.ml.v1.RecordOutcomesResponse recordOutcomes(arbitrex.ml.v1.RecordOutcomesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRecordOutcomesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetDrift answers how far inputs and outcomes have moved from the model's reference.
     * </pre>
     */
    public arbitrex.ml.v1.GetDriftResponse getDrift(arbitrex.ml.v1.GetDriftRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetDriftMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reset clears metric windows, decision history and alerts; never the audit log,
     * models or configuration. Decisions have no state to reset.
     * </pre>
     */
    public arbitrex.ml.v1.ResetResponse reset(arbitrex.ml.v1.ResetRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getResetMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service MonitoringService.
   * <pre>
   * MonitoringService tells what the service is doing.
   * </pre>
   */
  public static final class MonitoringServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<MonitoringServiceBlockingStub> {
    private MonitoringServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MonitoringServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MonitoringServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * GetServiceInfo says what this service is and where to look next.
     * </pre>
     */
    public arbitrex.ml.v1.GetServiceInfoResponse getServiceInfo(arbitrex.ml.v1.GetServiceInfoRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetServiceInfoMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetHealth answers whether the process lives and its parts work.
     * </pre>
     */
    public arbitrex.ml.v1.GetHealthResponse getHealth(arbitrex.ml.v1.GetHealthRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetHealthMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetReadiness answers whether requests may be sent; UNAVAILABLE (HTTP 503) says why not.
     * </pre>
     */
    public arbitrex.ml.v1.GetReadinessResponse getReadiness(arbitrex.ml.v1.GetReadinessRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetReadinessMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetStatus answers versions, models, configuration and audit log in one view.
     * </pre>
     */
    public arbitrex.ml.v1.GetStatusResponse getStatus(arbitrex.ml.v1.GetStatusRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetMetrics answers the metrics of decisions taken.
     * </pre>
     */
    public arbitrex.ml.v1.GetMetricsResponse getMetrics(arbitrex.ml.v1.GetMetricsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetMetricsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetPrometheusMetrics answers the metrics in Prometheus text format.
     * </pre>
     */
    public com.google.api.HttpBody getPrometheusMetrics(arbitrex.ml.v1.GetPrometheusMetricsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetPrometheusMetricsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListDecisions lists recent decisions, newest first; 10 000 are kept.
     * </pre>
     */
    public arbitrex.ml.v1.ListDecisionsResponse listDecisions(arbitrex.ml.v1.ListDecisionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListDecisionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetPerformanceSummary sums up the last hours.
     * </pre>
     */
    public arbitrex.ml.v1.GetPerformanceSummaryResponse getPerformanceSummary(arbitrex.ml.v1.GetPerformanceSummaryRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetPerformanceSummaryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ExportMetrics writes a snapshot to logs/ml_metrics_&lt;UTC&gt;.json.
     * </pre>
     */
    public arbitrex.ml.v1.ExportMetricsResponse exportMetrics(arbitrex.ml.v1.ExportMetricsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getExportMetricsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListAlerts lists alerts that are pending, firing or resolved.
     * </pre>
     */
    public arbitrex.ml.v1.ListAlertsResponse listAlerts(arbitrex.ml.v1.ListAlertsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListAlertsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ClearAlerts removes alerts, all or of one severity. A rule whose condition still holds fires anew
     * at the next evaluation; to silence it, disable it.
     * </pre>
     */
    public arbitrex.ml.v1.ClearAlertsResponse clearAlerts(arbitrex.ml.v1.ClearAlertsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getClearAlertsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListAlertRules lists the alert rules.
     * </pre>
     */
    public arbitrex.ml.v1.ListAlertRulesResponse listAlertRules(arbitrex.ml.v1.ListAlertRulesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListAlertRulesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * CreateAlertRule adds a rule. ALREADY_EXISTS for a taken name.
     * </pre>
     */
    public arbitrex.ml.v1.CreateAlertRuleResponse createAlertRule(arbitrex.ml.v1.CreateAlertRuleRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateAlertRuleMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * UpdateAlertRule changes the given fields of a rule.
     * </pre>
     */
    public arbitrex.ml.v1.UpdateAlertRuleResponse updateAlertRule(arbitrex.ml.v1.UpdateAlertRuleRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateAlertRuleMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteAlertRule removes a rule.
     * </pre>
     */
    public arbitrex.ml.v1.DeleteAlertRuleResponse deleteAlertRule(arbitrex.ml.v1.DeleteAlertRuleRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteAlertRuleMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RecordOutcomes tells how decided signals ended. Each outcome stands for itself: what cannot be recorded is
     * listed in the answer and keeps nothing else from it. What was recorded is in the audit log when the answer
     * leaves. Sending the same outcome again is safe. After UNAVAILABLE or RESOURCE_EXHAUSTED a part may be
     * recorded: send all of them again.
     * </pre>
     */
    public arbitrex.ml.v1.RecordOutcomesResponse recordOutcomes(arbitrex.ml.v1.RecordOutcomesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRecordOutcomesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetDrift answers how far inputs and outcomes have moved from the model's reference.
     * </pre>
     */
    public arbitrex.ml.v1.GetDriftResponse getDrift(arbitrex.ml.v1.GetDriftRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetDriftMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reset clears metric windows, decision history and alerts; never the audit log,
     * models or configuration. Decisions have no state to reset.
     * </pre>
     */
    public arbitrex.ml.v1.ResetResponse reset(arbitrex.ml.v1.ResetRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getResetMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service MonitoringService.
   * <pre>
   * MonitoringService tells what the service is doing.
   * </pre>
   */
  public static final class MonitoringServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<MonitoringServiceFutureStub> {
    private MonitoringServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MonitoringServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MonitoringServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * GetServiceInfo says what this service is and where to look next.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.GetServiceInfoResponse> getServiceInfo(
        arbitrex.ml.v1.GetServiceInfoRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetServiceInfoMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetHealth answers whether the process lives and its parts work.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.GetHealthResponse> getHealth(
        arbitrex.ml.v1.GetHealthRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetHealthMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetReadiness answers whether requests may be sent; UNAVAILABLE (HTTP 503) says why not.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.GetReadinessResponse> getReadiness(
        arbitrex.ml.v1.GetReadinessRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetReadinessMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetStatus answers versions, models, configuration and audit log in one view.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.GetStatusResponse> getStatus(
        arbitrex.ml.v1.GetStatusRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetStatusMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetMetrics answers the metrics of decisions taken.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.GetMetricsResponse> getMetrics(
        arbitrex.ml.v1.GetMetricsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetMetricsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetPrometheusMetrics answers the metrics in Prometheus text format.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<com.google.api.HttpBody> getPrometheusMetrics(
        arbitrex.ml.v1.GetPrometheusMetricsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetPrometheusMetricsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListDecisions lists recent decisions, newest first; 10 000 are kept.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.ListDecisionsResponse> listDecisions(
        arbitrex.ml.v1.ListDecisionsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListDecisionsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetPerformanceSummary sums up the last hours.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.GetPerformanceSummaryResponse> getPerformanceSummary(
        arbitrex.ml.v1.GetPerformanceSummaryRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetPerformanceSummaryMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ExportMetrics writes a snapshot to logs/ml_metrics_&lt;UTC&gt;.json.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.ExportMetricsResponse> exportMetrics(
        arbitrex.ml.v1.ExportMetricsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getExportMetricsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListAlerts lists alerts that are pending, firing or resolved.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.ListAlertsResponse> listAlerts(
        arbitrex.ml.v1.ListAlertsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListAlertsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ClearAlerts removes alerts, all or of one severity. A rule whose condition still holds fires anew
     * at the next evaluation; to silence it, disable it.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.ClearAlertsResponse> clearAlerts(
        arbitrex.ml.v1.ClearAlertsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getClearAlertsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListAlertRules lists the alert rules.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.ListAlertRulesResponse> listAlertRules(
        arbitrex.ml.v1.ListAlertRulesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListAlertRulesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * CreateAlertRule adds a rule. ALREADY_EXISTS for a taken name.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.CreateAlertRuleResponse> createAlertRule(
        arbitrex.ml.v1.CreateAlertRuleRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateAlertRuleMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * UpdateAlertRule changes the given fields of a rule.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.UpdateAlertRuleResponse> updateAlertRule(
        arbitrex.ml.v1.UpdateAlertRuleRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateAlertRuleMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * DeleteAlertRule removes a rule.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.DeleteAlertRuleResponse> deleteAlertRule(
        arbitrex.ml.v1.DeleteAlertRuleRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteAlertRuleMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * RecordOutcomes tells how decided signals ended. Each outcome stands for itself: what cannot be recorded is
     * listed in the answer and keeps nothing else from it. What was recorded is in the audit log when the answer
     * leaves. Sending the same outcome again is safe. After UNAVAILABLE or RESOURCE_EXHAUSTED a part may be
     * recorded: send all of them again.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.RecordOutcomesResponse> recordOutcomes(
        arbitrex.ml.v1.RecordOutcomesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRecordOutcomesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetDrift answers how far inputs and outcomes have moved from the model's reference.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.GetDriftResponse> getDrift(
        arbitrex.ml.v1.GetDriftRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetDriftMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reset clears metric windows, decision history and alerts; never the audit log,
     * models or configuration. Decisions have no state to reset.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<arbitrex.ml.v1.ResetResponse> reset(
        arbitrex.ml.v1.ResetRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getResetMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_GET_SERVICE_INFO = 0;
  private static final int METHODID_GET_HEALTH = 1;
  private static final int METHODID_GET_READINESS = 2;
  private static final int METHODID_GET_STATUS = 3;
  private static final int METHODID_GET_METRICS = 4;
  private static final int METHODID_GET_PROMETHEUS_METRICS = 5;
  private static final int METHODID_LIST_DECISIONS = 6;
  private static final int METHODID_GET_PERFORMANCE_SUMMARY = 7;
  private static final int METHODID_EXPORT_METRICS = 8;
  private static final int METHODID_LIST_ALERTS = 9;
  private static final int METHODID_CLEAR_ALERTS = 10;
  private static final int METHODID_LIST_ALERT_RULES = 11;
  private static final int METHODID_CREATE_ALERT_RULE = 12;
  private static final int METHODID_UPDATE_ALERT_RULE = 13;
  private static final int METHODID_DELETE_ALERT_RULE = 14;
  private static final int METHODID_RECORD_OUTCOMES = 15;
  private static final int METHODID_GET_DRIFT = 16;
  private static final int METHODID_RESET = 17;

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
        case METHODID_GET_SERVICE_INFO:
          serviceImpl.getServiceInfo((arbitrex.ml.v1.GetServiceInfoRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetServiceInfoResponse>) responseObserver);
          break;
        case METHODID_GET_HEALTH:
          serviceImpl.getHealth((arbitrex.ml.v1.GetHealthRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetHealthResponse>) responseObserver);
          break;
        case METHODID_GET_READINESS:
          serviceImpl.getReadiness((arbitrex.ml.v1.GetReadinessRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetReadinessResponse>) responseObserver);
          break;
        case METHODID_GET_STATUS:
          serviceImpl.getStatus((arbitrex.ml.v1.GetStatusRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetStatusResponse>) responseObserver);
          break;
        case METHODID_GET_METRICS:
          serviceImpl.getMetrics((arbitrex.ml.v1.GetMetricsRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetMetricsResponse>) responseObserver);
          break;
        case METHODID_GET_PROMETHEUS_METRICS:
          serviceImpl.getPrometheusMetrics((arbitrex.ml.v1.GetPrometheusMetricsRequest) request,
              (io.grpc.stub.StreamObserver<com.google.api.HttpBody>) responseObserver);
          break;
        case METHODID_LIST_DECISIONS:
          serviceImpl.listDecisions((arbitrex.ml.v1.ListDecisionsRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListDecisionsResponse>) responseObserver);
          break;
        case METHODID_GET_PERFORMANCE_SUMMARY:
          serviceImpl.getPerformanceSummary((arbitrex.ml.v1.GetPerformanceSummaryRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetPerformanceSummaryResponse>) responseObserver);
          break;
        case METHODID_EXPORT_METRICS:
          serviceImpl.exportMetrics((arbitrex.ml.v1.ExportMetricsRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.ExportMetricsResponse>) responseObserver);
          break;
        case METHODID_LIST_ALERTS:
          serviceImpl.listAlerts((arbitrex.ml.v1.ListAlertsRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListAlertsResponse>) responseObserver);
          break;
        case METHODID_CLEAR_ALERTS:
          serviceImpl.clearAlerts((arbitrex.ml.v1.ClearAlertsRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.ClearAlertsResponse>) responseObserver);
          break;
        case METHODID_LIST_ALERT_RULES:
          serviceImpl.listAlertRules((arbitrex.ml.v1.ListAlertRulesRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.ListAlertRulesResponse>) responseObserver);
          break;
        case METHODID_CREATE_ALERT_RULE:
          serviceImpl.createAlertRule((arbitrex.ml.v1.CreateAlertRuleRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.CreateAlertRuleResponse>) responseObserver);
          break;
        case METHODID_UPDATE_ALERT_RULE:
          serviceImpl.updateAlertRule((arbitrex.ml.v1.UpdateAlertRuleRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.UpdateAlertRuleResponse>) responseObserver);
          break;
        case METHODID_DELETE_ALERT_RULE:
          serviceImpl.deleteAlertRule((arbitrex.ml.v1.DeleteAlertRuleRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.DeleteAlertRuleResponse>) responseObserver);
          break;
        case METHODID_RECORD_OUTCOMES:
          serviceImpl.recordOutcomes((arbitrex.ml.v1.RecordOutcomesRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.RecordOutcomesResponse>) responseObserver);
          break;
        case METHODID_GET_DRIFT:
          serviceImpl.getDrift((arbitrex.ml.v1.GetDriftRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.GetDriftResponse>) responseObserver);
          break;
        case METHODID_RESET:
          serviceImpl.reset((arbitrex.ml.v1.ResetRequest) request,
              (io.grpc.stub.StreamObserver<arbitrex.ml.v1.ResetResponse>) responseObserver);
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
          getGetServiceInfoMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.GetServiceInfoRequest,
              arbitrex.ml.v1.GetServiceInfoResponse>(
                service, METHODID_GET_SERVICE_INFO)))
        .addMethod(
          getGetHealthMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.GetHealthRequest,
              arbitrex.ml.v1.GetHealthResponse>(
                service, METHODID_GET_HEALTH)))
        .addMethod(
          getGetReadinessMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.GetReadinessRequest,
              arbitrex.ml.v1.GetReadinessResponse>(
                service, METHODID_GET_READINESS)))
        .addMethod(
          getGetStatusMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.GetStatusRequest,
              arbitrex.ml.v1.GetStatusResponse>(
                service, METHODID_GET_STATUS)))
        .addMethod(
          getGetMetricsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.GetMetricsRequest,
              arbitrex.ml.v1.GetMetricsResponse>(
                service, METHODID_GET_METRICS)))
        .addMethod(
          getGetPrometheusMetricsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.GetPrometheusMetricsRequest,
              com.google.api.HttpBody>(
                service, METHODID_GET_PROMETHEUS_METRICS)))
        .addMethod(
          getListDecisionsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.ListDecisionsRequest,
              arbitrex.ml.v1.ListDecisionsResponse>(
                service, METHODID_LIST_DECISIONS)))
        .addMethod(
          getGetPerformanceSummaryMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.GetPerformanceSummaryRequest,
              arbitrex.ml.v1.GetPerformanceSummaryResponse>(
                service, METHODID_GET_PERFORMANCE_SUMMARY)))
        .addMethod(
          getExportMetricsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.ExportMetricsRequest,
              arbitrex.ml.v1.ExportMetricsResponse>(
                service, METHODID_EXPORT_METRICS)))
        .addMethod(
          getListAlertsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.ListAlertsRequest,
              arbitrex.ml.v1.ListAlertsResponse>(
                service, METHODID_LIST_ALERTS)))
        .addMethod(
          getClearAlertsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.ClearAlertsRequest,
              arbitrex.ml.v1.ClearAlertsResponse>(
                service, METHODID_CLEAR_ALERTS)))
        .addMethod(
          getListAlertRulesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.ListAlertRulesRequest,
              arbitrex.ml.v1.ListAlertRulesResponse>(
                service, METHODID_LIST_ALERT_RULES)))
        .addMethod(
          getCreateAlertRuleMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.CreateAlertRuleRequest,
              arbitrex.ml.v1.CreateAlertRuleResponse>(
                service, METHODID_CREATE_ALERT_RULE)))
        .addMethod(
          getUpdateAlertRuleMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.UpdateAlertRuleRequest,
              arbitrex.ml.v1.UpdateAlertRuleResponse>(
                service, METHODID_UPDATE_ALERT_RULE)))
        .addMethod(
          getDeleteAlertRuleMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.DeleteAlertRuleRequest,
              arbitrex.ml.v1.DeleteAlertRuleResponse>(
                service, METHODID_DELETE_ALERT_RULE)))
        .addMethod(
          getRecordOutcomesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.RecordOutcomesRequest,
              arbitrex.ml.v1.RecordOutcomesResponse>(
                service, METHODID_RECORD_OUTCOMES)))
        .addMethod(
          getGetDriftMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.GetDriftRequest,
              arbitrex.ml.v1.GetDriftResponse>(
                service, METHODID_GET_DRIFT)))
        .addMethod(
          getResetMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              arbitrex.ml.v1.ResetRequest,
              arbitrex.ml.v1.ResetResponse>(
                service, METHODID_RESET)))
        .build();
  }

  private static abstract class MonitoringServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    MonitoringServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return arbitrex.ml.v1.MonitoringProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("MonitoringService");
    }
  }

  private static final class MonitoringServiceFileDescriptorSupplier
      extends MonitoringServiceBaseDescriptorSupplier {
    MonitoringServiceFileDescriptorSupplier() {}
  }

  private static final class MonitoringServiceMethodDescriptorSupplier
      extends MonitoringServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    MonitoringServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (MonitoringServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new MonitoringServiceFileDescriptorSupplier())
              .addMethod(getGetServiceInfoMethod())
              .addMethod(getGetHealthMethod())
              .addMethod(getGetReadinessMethod())
              .addMethod(getGetStatusMethod())
              .addMethod(getGetMetricsMethod())
              .addMethod(getGetPrometheusMetricsMethod())
              .addMethod(getListDecisionsMethod())
              .addMethod(getGetPerformanceSummaryMethod())
              .addMethod(getExportMetricsMethod())
              .addMethod(getListAlertsMethod())
              .addMethod(getClearAlertsMethod())
              .addMethod(getListAlertRulesMethod())
              .addMethod(getCreateAlertRuleMethod())
              .addMethod(getUpdateAlertRuleMethod())
              .addMethod(getDeleteAlertRuleMethod())
              .addMethod(getRecordOutcomesMethod())
              .addMethod(getGetDriftMethod())
              .addMethod(getResetMethod())
              .build();
        }
      }
    }
    return result;
  }
}
