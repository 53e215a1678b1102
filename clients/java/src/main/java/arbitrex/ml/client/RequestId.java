package arbitrex.ml.client;

import arbitrex.ml.v1.PredictRequest;
import java.util.UUID;

/** Names a logical call once, so that all its attempts carry the same name. */
final class RequestId {
  private RequestId() {}

  static String next() {
    return UUID.randomUUID().toString();
  }

  /** The request with a name; the one that was given where it has one. */
  static PredictRequest named(PredictRequest request) {
    return request.getRequestId().isEmpty() ? request.toBuilder().setRequestId(next()).build() : request;
  }
}
