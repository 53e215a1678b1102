"""Decisions bar by bar, for threads."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, InvalidStateError
from types import TracebackType

import grpc

from arbitrex.ml.v1.inference_pb2 import BatchPredictRequest, PredictRequest, PredictResponse
from arbitrex.ml.v1.inference_pb2_grpc import InferenceServiceStub
from arbitrex_ml.errors import MlRpcError
from arbitrex_ml.session_core import CLOSE_TIMEOUT, Item, Outcome, SessionCore
from arbitrex_ml.stream_window import AppendBars, Change

Answer = Future[PredictResponse]


class BatchSession:
    """A full window once for each symbol and timeframe, then the newest bars only.

    When the stream breaks the session opens another and sends the window again, so that the answers are those of an unbroken
    stream. May be used from several threads.
    """

    def __init__(
        self, inference: InferenceServiceStub, metadata: tuple[tuple[str, str], ...], deadline: float
    ) -> None:
        self._inference = inference
        self._metadata = metadata
        self._deadline = deadline
        self._core: SessionCore[Answer] = SessionCore()
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._outgoing: queue.SimpleQueue[BatchPredictRequest | None] = queue.SimpleQueue()
        self._call: grpc.Call | None = None
        self._reader: threading.Thread | None = None
        self._keeper = threading.Thread(target=self._keep_deadlines, name="ml-session-deadlines", daemon=True)
        self._keeper.start()

    def window(
        self, request: PredictRequest, *, deadline: float | None = None, request_id: str | None = None
    ) -> PredictResponse:
        """Decides on a full window, which the session keeps. Raises MlRpcError."""
        return self.start(request, deadline=deadline, request_id=request_id).result()

    def append(
        self, bars: AppendBars, *, deadline: float | None = None, request_id: str | None = None
    ) -> PredictResponse:
        """Decides on the newest bars of a window that the session keeps. Raises MlRpcError."""
        return self.start(bars, deadline=deadline, request_id=request_id).result()

    def start(self, change: Change, *, deadline: float | None = None, request_id: str | None = None) -> Answer:
        """Sends a window or bars; the answer, or the error, comes into the future. Several may be under way."""
        timeout = self._deadline if deadline is None else deadline
        answer: Answer = Future()
        with self._changed:
            try:
                if self._closing.is_set():
                    raise MlRpcError(grpc.StatusCode.CANCELLED, "the session is closed")
                item = self._core.add(change, request_id, time.monotonic(), timeout, answer)
            except MlRpcError as error:
                answer.set_exception(error)
                return answer
            if self._reader is None:
                self._open_stream()
                self._reader = threading.Thread(target=self._read, name="ml-session-stream", daemon=True)
                self._reader.start()
            if self._core.is_open:
                self._core.put(item)
            self._changed.notify_all()
        return answer

    def close(self) -> None:
        """Waits for the answers that are still to come, one second at most."""
        with self._changed:
            self._closing.set()
            self._outgoing.put(None)
            reader = self._reader
            self._changed.notify_all()
        if reader is not None:
            reader.join(CLOSE_TIMEOUT)
            if self._call is not None:
                self._call.cancel()
            reader.join()
        self._keeper.join()
        with self._changed:
            failed = self._core.fail_all(
                MlRpcError(grpc.StatusCode.CANCELLED, "the session was closed before the answer came")
            )
        _settle(failed)

    def __enter__(self) -> BatchSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open_stream(self) -> None:
        self._outgoing = queue.SimpleQueue()
        self._core.begin_stream(self._outgoing.put)

    def _requests(self) -> Iterator[BatchPredictRequest]:
        outgoing = self._outgoing
        return iter(outgoing.get, None)

    def _read(self) -> None:
        """Reads one stream after the other until nobody waits for an answer any more."""
        while True:
            failure = self._read_stream()
            with self._changed:
                may_retry = self._core.end_stream(failure)
                failed = [] if may_retry else self._core.fail_all(failure)
                backoff = self._core.next_backoff()
                if self._closing.is_set() or not self._core.is_awaited():
                    self._reader = None
            _settle(failed)
            if self._reader is None:
                return
            self._closing.wait(backoff)
            with self._changed:
                if self._closing.is_set() or not self._core.is_awaited():
                    self._reader = None
                    return
                self._open_stream()
                self._core.put_again()

    def _read_stream(self) -> MlRpcError:
        """Hands out the answers of one stream; returns what ended it."""
        try:
            call = self._inference.BatchPredict(self._requests(), metadata=self._metadata, wait_for_ready=True)
            self._call = call
            for response in call:
                with self._changed:
                    settled = self._core.take(response)
                if settled is not None:
                    _settle([settled])
        except grpc.RpcError as error:
            return MlRpcError.from_rpc_error(error)
        finally:
            # Ends the thread in which gRPC waits for requests.
            self._outgoing.put(None)
        return MlRpcError(grpc.StatusCode.UNAVAILABLE, "the service ended the stream")

    def _keep_deadlines(self) -> None:
        while True:
            with self._changed:
                if self._closing.is_set():
                    return
                now = time.monotonic()
                expired = self._core.expire(now)
                if not expired:
                    nearest = self._core.next_deadline()
                    self._changed.wait(None if nearest is None else nearest - now)
            _settle(expired)


def _settle(outcomes: list[tuple[Item[Answer], MlRpcError]] | list[tuple[Item[Answer], Outcome]]) -> None:
    for item, outcome in outcomes:
        try:
            if isinstance(outcome, MlRpcError):
                item.future.set_exception(outcome)
            else:
                item.future.set_result(outcome)
        except InvalidStateError:
            # The caller has canceled the future.
            pass
