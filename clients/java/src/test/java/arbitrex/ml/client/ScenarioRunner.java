package arbitrex.ml.client;

import arbitrex.ml.v1.BatchPredictRequest.AppendBars;
import arbitrex.ml.v1.ConfigServiceGrpc;
import arbitrex.ml.v1.ModelRegistryServiceGrpc;
import arbitrex.ml.v1.MonitoringServiceGrpc;
import arbitrex.ml.v1.PredictRequest;
import arbitrex.ml.v1.PredictSymbolsRequest;
import arbitrex.ml.v1.RegisterModelRequest;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServiceDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The runner that clients/scenarios/README.md describes, for the Java client. */
public final class ScenarioRunner {
  private static final Gson JSON = new Gson();
  private static final List<ServiceDescriptor> SERVICES =
      List.of(
          ModelRegistryServiceGrpc.getServiceDescriptor(),
          ConfigServiceGrpc.getServiceDescriptor(),
          MonitoringServiceGrpc.getServiceDescriptor());

  private MlClient client;
  private BatchSession session;

  private ScenarioRunner() {}

  public static void main(String[] args) throws IOException {
    ScenarioRunner runner = new ScenarioRunner();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(JSON.toJson(runner.obey(JSON.fromJson(line, JsonObject.class))));
    }
    if (runner.client != null) runner.client.close();
  }

  private JsonObject obey(JsonObject command) {
    try {
      return with("ok", perform(command));
    } catch (MlRpcException failure) {
      return with("error", toJson(failure));
    } catch (IOException | RuntimeException bug) {
      bug.printStackTrace();
      return with("fault", JSON.toJsonTree(bug.toString()));
    }
  }

  private JsonObject perform(JsonObject command) throws IOException {
    Duration deadline = durationOf(command, "deadlineMs", Duration.ofSeconds(1));
    switch (command.get("op").getAsString()) {
      case "connect" -> connect(command);
      case "waitForHealth" -> client.waitUntilServing(durationOf(command, "timeoutMs", null));
      case "predict" -> {
        PredictRequest request = PredictRequest.parseFrom(bytesOf(command.get("request")));
        boolean hasDefaults = !command.has("deadlineMs");
        return message((hasDefaults ? client.predict(request) : client.predict(request, deadline)).response());
      }
      case "predictSymbols" -> {
        PredictSymbolsRequest request = PredictSymbolsRequest.parseFrom(bytesOf(command.get("request")));
        return message(client.predictSymbols(request, deadline).response());
      }
      case "openSession" -> session = client.openSession();
      case "window" -> {
        return message(session.window(PredictRequest.parseFrom(bytesOf(command.get("request"))), deadline).response());
      }
      case "append" -> {
        return append(command.getAsJsonArray("bars"), deadline);
      }
      case "closeSession" -> session.close();
      case "call" -> {
        return call(command);
      }
      // Beside the table: a client stream is made in another way in every language.
      case "uploadModel" -> {
        RegisterModelRequest header = RegisterModelRequest.parseFrom(bytesOf(command.get("request")));
        return message(client.uploadModel(header, Path.of(command.get("file").getAsString())));
      }
      default -> throw new IllegalArgumentException("no such op: " + command.get("op"));
    }
    return new JsonObject();
  }

  private void connect(JsonObject command) throws IOException {
    if (client != null) client.close();
    MlClient.Builder builder = MlClient.builder(command.get("address").getAsString());
    if (command.has("token")) builder.token(command.get("token").getAsString());
    if (command.has("ca")) {
      byte[] authority = command.get("ca").getAsString().getBytes(StandardCharsets.UTF_8);
      builder.tls(new ByteArrayInputStream(authority));
    }
    client = builder.build();
  }

  private JsonObject append(JsonArray encoded, Duration deadline) throws IOException {
    List<CompletableFuture<Decision>> decisions = new ArrayList<>();
    for (JsonElement each : encoded) {
      decisions.add(session.appendAsync(AppendBars.parseFrom(bytesOf(each)), deadline));
    }
    JsonArray items = new JsonArray();
    for (CompletableFuture<Decision> decision : decisions) {
      try {
        items.add(message(Blocking.await(decision).response()));
      } catch (MlRpcException failure) {
        items.add(with("error", toJson(failure)));
      }
    }
    return with("items", items);
  }

  /** Makes any administrative call by its name. */
  private JsonObject call(JsonObject command) {
    String service = "arbitrex.ml.v1." + command.get("service").getAsString();
    String name = service + "/" + command.get("method").getAsString();
    for (ServiceDescriptor descriptor : SERVICES) {
      for (MethodDescriptor<?, ?> method : descriptor.getMethods()) {
        if (method.getFullMethodName().equals(name) && method.getType() == MethodType.UNARY) {
          return call(method, bytesOf(command.get("request")), durationOf(command, "deadlineMs", null));
        }
      }
    }
    throw new IllegalArgumentException("no such method: " + name);
  }

  private <Q, R> JsonObject call(MethodDescriptor<Q, R> method, byte[] request, Duration deadline) {
    CallOptions options = CallOptions.DEFAULT;
    if (deadline != null) options = options.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
    InputStream encoded = new ByteArrayInputStream(request);
    try {
      R answer =
          ClientCalls.blockingUnaryCall(
              client.channel(), method, options, method.getRequestMarshaller().parse(encoded));
      return message((Message) answer);
    } catch (StatusRuntimeException failed) {
      throw MlRpcException.from(failed);
    }
  }

  private static JsonObject toJson(MlRpcException failure) {
    JsonObject error = new JsonObject();
    error.addProperty("code", failure.code().name());
    error.addProperty("message", failure.getMessage());
    if (!failure.reason().isEmpty()) error.addProperty("reason", failure.reason());
    if (!failure.domain().isEmpty()) error.addProperty("domain", failure.domain());
    if (!failure.fieldViolations().isEmpty()) error.add("fieldViolations", JSON.toJsonTree(failure.fieldViolations()));
    if (!failure.preconditionViolations().isEmpty()) {
      error.add("preconditionViolations", JSON.toJsonTree(failure.preconditionViolations()));
    }
    failure.resource().ifPresent(resource -> error.add("resource", JSON.toJsonTree(resource)));
    failure.retryDelay().ifPresent(delay -> error.addProperty("retryDelayMs", delay.toMillis()));
    return error;
  }

  private static JsonObject message(MessageLite message) {
    return with("message", JSON.toJsonTree(Base64.getEncoder().encodeToString(message.toByteArray())));
  }

  private static JsonObject with(String key, JsonElement value) {
    JsonObject object = new JsonObject();
    object.add(key, value);
    return object;
  }

  private static byte[] bytesOf(JsonElement base64) {
    return Base64.getDecoder().decode(base64.getAsString());
  }

  private static Duration durationOf(JsonObject command, String key, Duration otherwise) {
    return command.has(key) ? Duration.ofMillis(command.get(key).getAsLong()) : otherwise;
  }
}
