"""The client for threads."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, TypeVar

import grpc
from grpc_health.v1 import health_pb2
from grpc_health.v1.health_pb2_grpc import HealthStub

from arbitrex.ml.v1.config_pb2_grpc import ConfigServiceStub
from arbitrex.ml.v1.inference_pb2 import (
    PredictRequest,
    PredictResponse,
    PredictSymbolsRequest,
    PredictSymbolsResponse,
)
from arbitrex.ml.v1.inference_pb2_grpc import InferenceServiceStub
from arbitrex.ml.v1.model_registry_pb2_grpc import ModelRegistryServiceStub
from arbitrex.ml.v1.monitoring_pb2_grpc import MonitoringServiceStub
from arbitrex_ml import channel as channels
from arbitrex_ml.channel import TlsOptions
from arbitrex_ml.errors import MlRpcError
from arbitrex_ml.session import BatchSession

T = TypeVar("T")


class MlClient:
    """The service, seen from a program that wants decisions or administers it. Every failure is an MlRpcError.

    Connects at the first call, and again by itself. May be used from several threads.
    """

    def __init__(
        self,
        address: str,
        *,
        token: str | None = None,
        tls: TlsOptions | bool = False,
        decision_deadline: float = channels.DECISION_DEADLINE,
        admin_deadline: float = channels.ADMIN_DEADLINE,
    ) -> None:
        """address is host:port; token is sent as `authorization: Bearer …`; deadlines are seconds, retries included."""
        options = channels.tls_options(tls)
        arguments = channels.channel_options(options)
        self._channel: grpc.Channel = (
            grpc.insecure_channel(address, arguments)
            if options is None
            else grpc.secure_channel(address, channels.channel_credentials(options), arguments)
        )
        self._metadata = channels.call_metadata(token)
        self._decision_deadline = decision_deadline
        self._inference = InferenceServiceStub(self._channel)
        self._health = HealthStub(self._channel)
        admin = grpc.intercept_channel(self._channel, _AdminCalls(self._metadata, admin_deadline))
        self.models = ModelRegistryServiceStub(admin)
        self.config = ConfigServiceStub(admin)
        self.monitoring = MonitoringServiceStub(admin)

    def predict(self, request: PredictRequest, *, deadline: float | None = None) -> PredictResponse:
        """May this signal trade now? A request without request_id is given one, the same for every attempt."""
        named = with_request_id(request)
        timeout = self._decision_deadline if deadline is None else deadline
        try:
            return self._inference.Predict(named, timeout=timeout, metadata=self._metadata)
        except grpc.RpcError as error:
            raise MlRpcError.from_rpc_error(error) from error

    def predict_symbols(
        self, request: PredictSymbolsRequest, *, deadline: float | None = None
    ) -> PredictSymbolsResponse:
        """Several symbols at one timeframe."""
        timeout = self._decision_deadline if deadline is None else deadline
        try:
            return self._inference.PredictSymbols(request, timeout=timeout, metadata=self._metadata)
        except grpc.RpcError as error:
            raise MlRpcError.from_rpc_error(error) from error

    def open_session(self, *, deadline: float | None = None) -> BatchSession:
        """Decisions bar by bar on one stream; deadline is that of one item."""
        return BatchSession(
            self._inference, self._metadata, self._decision_deadline if deadline is None else deadline
        )

    def wait_for_health(self, timeout: float = 10.0, service: str = "") -> None:
        """Returns when the service says SERVING; raises DEADLINE_EXCEEDED with its last answer when it does not in time."""
        deadline = time.monotonic() + timeout
        last = "nobody answered"
        while (left := deadline - time.monotonic()) > 0:
            try:
                answer = self._health.Check(
                    health_pb2.HealthCheckRequest(service=service),
                    timeout=min(left, channels.HEALTH_CHECK_TIMEOUT),
                    metadata=self._metadata,
                )
                if answer.status == health_pb2.HealthCheckResponse.SERVING:
                    return
                last = "it says that it does not serve"
            except grpc.RpcError as error:
                failure = MlRpcError.from_rpc_error(error)
                if failure.code not in channels.PASSING_CODES:
                    raise failure from error
                last = failure.message
            time.sleep(max(0.0, min(channels.HEALTH_POLL_INTERVAL, deadline - time.monotonic())))
        raise MlRpcError(grpc.StatusCode.DEADLINE_EXCEEDED, f"not serving after {timeout} s: {last}")

    def close(self) -> None:
        """Closes the connection."""
        self._channel.close()

    def __enter__(self) -> MlClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def with_request_id(request: PredictRequest) -> PredictRequest:
    """The caller's message stays as it is."""
    if request.request_id != "":
        return request
    named = PredictRequest()
    named.CopyFrom(request)
    named.request_id = str(uuid.uuid4())
    return named


class CallDetails(grpc.ClientCallDetails):
    """What is said about a call besides its message."""

    def __init__(self, details: Any, timeout: float | None, metadata: tuple[tuple[str, str], ...]) -> None:
        self.method = details.method
        self.timeout = timeout
        self.metadata = metadata
        self.credentials = details.credentials
        self.wait_for_ready = details.wait_for_ready
        self.compression = getattr(details, "compression", None)


class _AdminCalls(grpc.UnaryUnaryClientInterceptor, grpc.StreamUnaryClientInterceptor):
    """Gives every administrative call its deadline and token, and its errors their details."""

    def __init__(self, metadata: tuple[tuple[str, str], ...], deadline: float) -> None:
        self._metadata = metadata
        self._deadline = deadline

    def intercept_unary_unary(
        self, continuation: Callable[..., Any], client_call_details: Any, request: Any
    ) -> Any:
        return self._call(continuation, client_call_details, request)

    def intercept_stream_unary(
        self, continuation: Callable[..., Any], client_call_details: Any, request_iterator: Iterator[Any]
    ) -> Any:
        return self._call(continuation, client_call_details, request_iterator)

    def _call(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        timeout = details.timeout
        if timeout is None:
            timeout = channels.admin_deadline(details.method, self._deadline)
        metadata = (*(details.metadata or ()), *self._metadata)
        call = continuation(CallDetails(details, timeout, metadata), request)
        error = call.exception()
        if error is not None:
            raise MlRpcError.from_rpc_error(error)
        return call
