"""The client for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from types import TracebackType
from typing import TYPE_CHECKING, Any

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
from arbitrex_ml.aio_session import AsyncBatchSession
from arbitrex_ml.channel import TlsOptions
from arbitrex_ml.client import with_request_id
from arbitrex_ml.errors import MlRpcError

if TYPE_CHECKING:
    # Exist for type checkers only.
    from arbitrex.ml.v1.config_pb2_grpc import ConfigServiceAsyncStub
    from arbitrex.ml.v1.inference_pb2_grpc import InferenceServiceAsyncStub
    from arbitrex.ml.v1.model_registry_pb2_grpc import ModelRegistryServiceAsyncStub
    from arbitrex.ml.v1.monitoring_pb2_grpc import MonitoringServiceAsyncStub


class AsyncMlClient:
    """The service, seen from an asyncio program. Every failure is an MlRpcError.

    To be made inside the event loop that uses it.
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
        self._metadata = channels.call_metadata(token)
        self._decision_deadline = decision_deadline
        self._channel = _open_channel(address, options, [])
        self._inference: InferenceServiceAsyncStub = InferenceServiceStub(self._channel)
        self._health = HealthStub(self._channel)
        # asyncio has no intercept_channel, so administration has a channel, and at its first call a connection, of its own.
        calls = [_UnaryCalls(self._metadata, admin_deadline), _UploadCalls(self._metadata, admin_deadline)]
        self._admin = _open_channel(address, options, calls)
        self.models: ModelRegistryServiceAsyncStub = ModelRegistryServiceStub(self._admin)
        self.config: ConfigServiceAsyncStub = ConfigServiceStub(self._admin)
        self.monitoring: MonitoringServiceAsyncStub = MonitoringServiceStub(self._admin)

    async def predict(self, request: PredictRequest, *, deadline: float | None = None) -> PredictResponse:
        """May this signal trade now? A request without request_id is given one, the same for every attempt."""
        named = with_request_id(request)
        timeout = self._decision_deadline if deadline is None else deadline
        try:
            return await self._inference.Predict(named, timeout=timeout, metadata=self._metadata)
        except grpc.RpcError as error:
            raise MlRpcError.from_rpc_error(error) from error

    async def predict_symbols(
        self, request: PredictSymbolsRequest, *, deadline: float | None = None
    ) -> PredictSymbolsResponse:
        """Several symbols at one timeframe."""
        timeout = self._decision_deadline if deadline is None else deadline
        try:
            return await self._inference.PredictSymbols(request, timeout=timeout, metadata=self._metadata)
        except grpc.RpcError as error:
            raise MlRpcError.from_rpc_error(error) from error

    def open_session(self, *, deadline: float | None = None) -> AsyncBatchSession:
        """Decisions bar by bar on one stream; deadline is that of one item."""
        return AsyncBatchSession(
            self._inference, self._metadata, self._decision_deadline if deadline is None else deadline
        )

    async def wait_for_health(self, timeout: float = 10.0, service: str = "") -> None:
        """Returns when the service says SERVING; raises DEADLINE_EXCEEDED with its last answer when it does not in time."""
        now = asyncio.get_running_loop().time
        deadline = now() + timeout
        last = "nobody answered"
        while (left := deadline - now()) > 0:
            try:
                answer = await self._health.Check(
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
            await asyncio.sleep(max(0.0, min(channels.HEALTH_POLL_INTERVAL, deadline - now())))
        raise MlRpcError(grpc.StatusCode.DEADLINE_EXCEEDED, f"not serving after {timeout} s: {last}")

    async def close(self) -> None:
        """Closes the connections."""
        await self._admin.close()
        await self._channel.close()

    async def __aenter__(self) -> AsyncMlClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _open_channel(address: str, tls: TlsOptions | None, interceptors: list[Any]) -> grpc.aio.Channel:
    options = channels.channel_options(tls)
    if tls is None:
        return grpc.aio.insecure_channel(address, options=options, interceptors=interceptors)
    credentials = channels.channel_credentials(tls)
    return grpc.aio.secure_channel(address, credentials, options=options, interceptors=interceptors)


class _AdminCalls:
    """Gives every administrative call its deadline and token, and its errors their details."""

    def __init__(self, metadata: tuple[tuple[str, str], ...], deadline: float) -> None:
        self._metadata = metadata
        self._deadline = deadline

    async def _start(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        timeout = details.timeout
        if timeout is None:
            timeout = channels.admin_deadline(details.method, self._deadline)
        metadata = grpc.aio.Metadata(*(details.metadata or ()), *self._metadata)
        prepared = grpc.aio.ClientCallDetails(
            details.method, timeout, metadata, details.credentials, details.wait_for_ready
        )
        return _TypedCall(await continuation(prepared, request))


class _UnaryCalls(_AdminCalls, grpc.aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(
        self, continuation: Callable[..., Any], client_call_details: Any, request: Any
    ) -> Any:
        return await (await self._start(continuation, client_call_details, request))


class _UploadCalls(_AdminCalls, grpc.aio.StreamUnaryClientInterceptor):
    async def intercept_stream_unary(
        self, continuation: Callable[..., Any], client_call_details: Any, request_iterator: Any
    ) -> Any:
        # Of a stream gRPC wants the call, not its answer.
        return await self._start(continuation, client_call_details, request_iterator)


class _TypedCall:
    """A call whose error, when it is awaited, has its details."""

    def __init__(self, call: Any) -> None:
        self._call = call

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)

    def __await__(self) -> Generator[Any, None, Any]:
        try:
            return (yield from self._call.__await__())
        except grpc.RpcError as error:
            raise MlRpcError.from_rpc_error(error) from error
