package arbitrex.ml.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Why there is no decision or no answer: the gRPC code, and what the service says about it in google.rpc details. */
public final class MlRpcException extends RuntimeException {
  /** Domain of the service's own reasons. */
  public static final String SERVICE_DOMAIN = "ml.arbitrex";

  /** Domain of the reasons that this client finds itself. */
  public static final String CLIENT_DOMAIN = "ml.arbitrex.client";

  /** The answer belongs to another request or another bar. */
  public static final String MISMATCHED_ANSWER = "MISMATCHED_ANSWER";

  /** The answer allows a trade that its own gates do not, or has no gates. */
  public static final String CONTRADICTORY_ANSWER = "CONTRADICTORY_ANSWER";

  /** A session waits for as many answers as it may. */
  public static final String TOO_MANY_UNANSWERED = "TOO_MANY_UNANSWERED";

  /** The session has been closed. */
  public static final String SESSION_CLOSED = "SESSION_CLOSED";

  private static final long serialVersionUID = 1L;

  /** One wrong field: its path, e.g. {@code features["atr"].values[117]}, and what is wrong with it. */
  public record FieldViolation(String field, String description) {}

  /** One condition that is not met: its kind, what it applies to, e.g. {@code signal_filter/v2.0.0}, and how. */
  public record PreconditionViolation(String type, String subject, String description) {}

  /** What the error is about: its kind, e.g. {@code model_version}, its name, and what went wrong with it. */
  public record Resource(String type, String name, String description) {}

  private final Status.Code code;
  /** Not serialised: the text says what matters to a log that reads an exception back. */
  private final transient Details details;

  private record Details(
      String reason,
      String domain,
      Map<String, String> metadata,
      List<FieldViolation> fieldViolations,
      List<PreconditionViolation> preconditionViolations,
      Resource resource,
      Duration retryDelay) {
    static final Details NONE = new Details("", "", Map.of(), List.of(), List.of(), null, null);
  }

  private MlRpcException(Status.Code code, String message, Details details, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.details = details;
  }

  /** The gRPC status code; never OK. */
  public Status.Code code() {
    return code;
  }

  /** The cause for programs, in UPPER_SNAKE_CASE; empty where the service was not reached. */
  public String reason() {
    return known().reason();
  }

  /** Who defines the reason: {@link #SERVICE_DOMAIN} or {@link #CLIENT_DOMAIN}; empty without a reason. */
  public String domain() {
    return known().domain();
  }

  /** Values that belong to the cause. */
  public Map<String, String> metadata() {
    return known().metadata();
  }

  /** Every field of the request that is wrong. */
  public List<FieldViolation> fieldViolations() {
    return known().fieldViolations();
  }

  /** What must change before the call can succeed. */
  public List<PreconditionViolation> preconditionViolations() {
    return known().preconditionViolations();
  }

  /** What does not exist, or exists already. */
  public Optional<Resource> resource() {
    return Optional.ofNullable(known().resource());
  }

  /** The least time to wait before calling again, where the service named one. */
  public Optional<Duration> retryDelay() {
    return Optional.ofNullable(known().retryDelay());
  }

  @Override
  public String toString() {
    String cause = reason().isEmpty() ? "" : " (" + reason() + ")";
    return getClass().getName() + ": " + code + cause + ": " + getMessage();
  }

  /** Of whatever a call or a future ended with. */
  public static MlRpcException from(Throwable thrown) {
    if (thrown instanceof MlRpcException known) return known;
    if ((thrown instanceof CompletionException || thrown instanceof ExecutionException) && thrown.getCause() != null) {
      return from(thrown.getCause());
    }
    Status status = Status.fromThrowable(thrown);
    com.google.rpc.Status received = StatusProto.fromThrowable(thrown);
    if (received != null) return fromStatus(received, thrown);
    String text = status.getDescription() == null ? String.valueOf(thrown.getMessage()) : status.getDescription();
    return new MlRpcException(neverOk(status.getCode()), text, Details.NONE, thrown);
  }

  /** Of the error that stands in the place of one item's decision. */
  static MlRpcException fromStatus(com.google.rpc.Status received, Throwable cause) {
    Status.Code code = neverOk(Status.fromCodeValue(received.getCode()).getCode());
    return new MlRpcException(code, received.getMessage(), readDetails(received.getDetailsList()), cause);
  }

  /** Of something that this client finds itself. */
  static MlRpcException ofClient(Status.Code code, String reason, String message) {
    Details details = new Details(reason, CLIENT_DOMAIN, Map.of(), List.of(), List.of(), null, null);
    return new MlRpcException(code, message, details, null);
  }

  /** Of bars that do not fit their window. */
  static MlRpcException ofFields(String reason, List<FieldViolation> violations) {
    List<String> texts = violations.stream().map(each -> each.field() + ": " + each.description()).toList();
    Details details = new Details(reason, CLIENT_DOMAIN, Map.of(), List.copyOf(violations), List.of(), null, null);
    return new MlRpcException(Status.Code.INVALID_ARGUMENT, String.join("; ", texts), details, null);
  }

  static MlRpcException deadlineExceeded(Duration deadline, Throwable lastBreak) {
    String last = lastBreak == null ? "" : "; the stream before: " + lastBreak.getMessage();
    String text = "no answer within " + deadline.toMillis() + " ms" + last;
    return new MlRpcException(Status.Code.DEADLINE_EXCEEDED, text, Details.NONE, lastBreak);
  }

  private Details known() {
    return details == null ? Details.NONE : details;
  }

  /** An error of code OK would look like none. */
  private static Status.Code neverOk(Status.Code code) {
    return code == Status.Code.OK ? Status.Code.INTERNAL : code;
  }

  private static Details readDetails(List<Any> packed) {
    Optional<ErrorInfo> info = find(packed, ErrorInfo.class);
    Optional<ResourceInfo> resource = find(packed, ResourceInfo.class);
    Optional<RetryInfo> retry = find(packed, RetryInfo.class);
    return new Details(
        info.map(ErrorInfo::getReason).orElse(""),
        info.map(ErrorInfo::getDomain).orElse(""),
        info.map(ErrorInfo::getMetadataMap).map(Map::copyOf).orElse(Map.of()),
        find(packed, BadRequest.class).map(BadRequest::getFieldViolationsList).orElse(List.of()).stream()
            .map(each -> new FieldViolation(each.getField(), each.getDescription()))
            .toList(),
        find(packed, PreconditionFailure.class).map(PreconditionFailure::getViolationsList).orElse(List.of()).stream()
            .map(each -> new PreconditionViolation(each.getType(), each.getSubject(), each.getDescription()))
            .toList(),
        resource
            .map(each -> new Resource(each.getResourceType(), each.getResourceName(), each.getDescription()))
            .orElse(null),
        retry
            .map(RetryInfo::getRetryDelay)
            .map(delay -> Duration.ofSeconds(delay.getSeconds(), delay.getNanos()))
            .orElse(null));
  }

  private static <T extends Message> Optional<T> find(List<Any> packed, Class<T> type) {
    for (Any each : packed) {
      if (!each.is(type)) continue;
      try {
        return Optional.of(each.unpack(type));
      } catch (InvalidProtocolBufferException malformed) {
        // The code and the text are still worth more than the failure to read a detail of them.
        return Optional.empty();
      }
    }
    return Optional.empty();
  }
}
