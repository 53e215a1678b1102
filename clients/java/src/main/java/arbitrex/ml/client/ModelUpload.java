package arbitrex.ml.client;

import arbitrex.ml.v1.ModelRegistryServiceGrpc;
import arbitrex.ml.v1.ModelVersion;
import arbitrex.ml.v1.RegisterModelRequest;
import arbitrex.ml.v1.UploadModelRequest;
import arbitrex.ml.v1.UploadModelResponse;
import com.google.protobuf.ByteString;
import com.google.protobuf.Value;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** One upload: a header, then the file in parts, sent as fast as the transport takes them. */
final class ModelUpload implements ClientResponseObserver<UploadModelRequest, UploadModelResponse> {
  /** The service reads messages of 4 MiB. */
  private static final int CHUNK_BYTES = 1 << 20;

  private final CompletableFuture<ModelVersion> registered = new CompletableFuture<>();
  private final Semaphore changes = new Semaphore(0);
  private ClientCallStreamObserver<UploadModelRequest> parts;

  private ModelUpload() {}

  static ModelVersion send(Channel channel, RegisterModelRequest header, Path file) throws IOException {
    RegisterModelRequest named =
        header.toBuilder()
            .setMetadata(
                header.getMetadata().toBuilder()
                    .putFields("sha256", Value.newBuilder().setStringValue(digestOf(file)).build()))
            .build();
    ModelUpload upload = new ModelUpload();
    ModelRegistryServiceGrpc.newStub(channel)
        .withDeadlineAfter(CallDefaults.REGISTRATION_DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
        .uploadModel(upload);
    upload.put(UploadModelRequest.newBuilder().setHeader(named).build());
    try (InputStream bytes = Files.newInputStream(file)) {
      for (byte[] chunk = bytes.readNBytes(CHUNK_BYTES); chunk.length > 0; chunk = bytes.readNBytes(CHUNK_BYTES)) {
        upload.put(UploadModelRequest.newBuilder().setChunk(ByteString.copyFrom(chunk)).build());
      }
    } catch (IOException unreadable) {
      upload.parts.cancel("the file cannot be read", unreadable);
      throw unreadable;
    }
    if (!upload.registered.isDone()) upload.parts.onCompleted();
    return Blocking.await(upload.registered);
  }

  /** Sends a part once the transport has room; drops it when the service has answered already. */
  private void put(UploadModelRequest part) {
    while (!parts.isReady() && !registered.isDone()) changes.acquireUninterruptibly();
    if (!registered.isDone()) parts.onNext(part);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<UploadModelRequest> call) {
    parts = call;
    call.setOnReadyHandler(changes::release);
  }

  @Override
  public void onNext(UploadModelResponse answer) {
    registered.complete(answer.getModel());
    changes.release();
  }

  @Override
  public void onError(Throwable thrown) {
    registered.completeExceptionally(MlRpcException.from(thrown));
    changes.release();
  }

  @Override
  public void onCompleted() {
    onError(Status.INTERNAL.withDescription("the service ended the upload without an answer").asRuntimeException());
  }

  private static String digestOf(Path file) throws IOException {
    try (DigestInputStream bytes =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      bytes.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(bytes.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
