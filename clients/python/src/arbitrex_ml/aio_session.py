"""Decisions bar by bar, for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import TYPE_CHECKING

import grpc

from arbitrex.ml.v1.inference_pb2 import BatchPredictRequest, PredictRequest, PredictResponse
from arbitrex_ml.errors import MlRpcError
from arbitrex_ml.session_core import CLOSE_TIMEOUT, Item, Outcome, SessionCore
from arbitrex_ml.stream_window import AppendBars, Change

if TYPE_CHECKING:
    # Exists for type checkers only.
    from arbitrex.ml.v1.inference_pb2_grpc import InferenceServiceAsyncStub

Answer = asyncio.Future[PredictResponse]


class AsyncBatchSession:
    """A full window once for each symbol and timeframe, then the newest bars only.

    When the stream breaks the session opens another and sends the window again, so that the answers are those of an unbroken
    stream.
    """

    def __init__(
        self, inference: InferenceServiceAsyncStub, metadata: tuple[tuple[str, str], ...], deadline: float
    ) -> None:
        self._inference = inference
        self._metadata = metadata
        self._deadline = deadline
        self._core: SessionCore[Answer] = SessionCore()
        self._closing = asyncio.Event()
        self._outgoing: asyncio.Queue[BatchPredictRequest | None] = asyncio.Queue()
        self._reader: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def window(
        self, request: PredictRequest, *, deadline: float | None = None, request_id: str | None = None
    ) -> PredictResponse:
        """Decides on a full window, which the session keeps. Raises MlRpcError."""
        return await self.start(request, deadline=deadline, request_id=request_id)

    async def append(
        self, bars: AppendBars, *, deadline: float | None = None, request_id: str | None = None
    ) -> PredictResponse:
        """Decides on the newest bars of a window that the session keeps. Raises MlRpcError."""
        return await self.start(bars, deadline=deadline, request_id=request_id)

    def start(self, change: Change, *, deadline: float | None = None, request_id: str | None = None) -> Answer:
        """Sends a window or bars; the answer, or the error, comes into the future. Several may be under way."""
        loop = asyncio.get_running_loop()
        answer: Answer = loop.create_future()
        timeout = self._deadline if deadline is None else deadline
        try:
            if self._closing.is_set():
                raise MlRpcError(grpc.StatusCode.CANCELLED, "the session is closed")
            item = self._core.add(change, request_id, loop.time(), timeout, answer)
        except MlRpcError as error:
            answer.set_exception(error)
            return answer
        self._set_timer()
        if self._reader is None:
            self._open_stream()
            self._reader = asyncio.create_task(self._read())
        if self._core.is_open:
            self._core.put(item)
        return answer

    async def close(self) -> None:
        """Waits for the answers that are still to come, one second at most."""
        self._closing.set()
        self._outgoing.put_nowait(None)
        if self._reader is not None:
            # wait_for cancels the reader, and with it the stream, when its time is up.
            try:
                await asyncio.wait_for(self._reader, CLOSE_TIMEOUT)
            except asyncio.TimeoutError:
                pass
        if self._timer is not None:
            self._timer.cancel()
        _settle(
            self._core.fail_all(
                MlRpcError(grpc.StatusCode.CANCELLED, "the session was closed before the answer came")
            )
        )

    async def __aenter__(self) -> AsyncBatchSession:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _open_stream(self) -> None:
        self._outgoing = asyncio.Queue()
        self._core.begin_stream(self._outgoing.put_nowait)

    async def _requests(self) -> AsyncIterator[BatchPredictRequest]:
        outgoing = self._outgoing
        while (request := await outgoing.get()) is not None:
            yield request

    async def _read(self) -> None:
        """Reads one stream after the other until nobody waits for an answer any more."""
        while True:
            failure = await self._read_stream()
            if not self._core.end_stream(failure):
                _settle(self._core.fail_all(failure))
            if self._is_over():
                return
            try:
                await asyncio.wait_for(self._closing.wait(), self._core.next_backoff())
            except asyncio.TimeoutError:
                pass
            if self._is_over():
                return
            self._open_stream()
            self._core.put_again()

    def _is_over(self) -> bool:
        """Whether no further stream is needed; the next item opens one then."""
        if not self._closing.is_set() and self._core.is_awaited():
            return False
        self._reader = None
        return True

    async def _read_stream(self) -> MlRpcError:
        """Hands out the answers of one stream; returns what ended it."""
        try:
            call = self._inference.BatchPredict(self._requests(), metadata=self._metadata, wait_for_ready=True)
            async for response in call:
                settled = self._core.take(response)
                if settled is not None:
                    _settle([settled])
        except grpc.RpcError as error:
            return MlRpcError.from_rpc_error(error)
        return MlRpcError(grpc.StatusCode.UNAVAILABLE, "the service ended the stream")

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        nearest = self._core.next_deadline()
        if nearest is not None:
            self._timer = asyncio.get_running_loop().call_at(nearest, self._expire)

    def _expire(self) -> None:
        _settle(self._core.expire(asyncio.get_running_loop().time()))
        self._set_timer()


def _settle(outcomes: list[tuple[Item[Answer], MlRpcError]] | list[tuple[Item[Answer], Outcome]]) -> None:
    for item, outcome in outcomes:
        # The caller may have canceled it.
        if item.future.done():
            continue
        if isinstance(outcome, MlRpcError):
            item.future.set_exception(outcome)
        else:
            item.future.set_result(outcome)
