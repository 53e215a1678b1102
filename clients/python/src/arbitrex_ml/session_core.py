"""The rules of a BatchPredict session, without input and output: threads and asyncio each bring their own."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import grpc

from arbitrex.ml.v1.inference_pb2 import BatchPredictRequest, BatchPredictResponse, PredictRequest, PredictResponse
from arbitrex_ml.errors import MlRpcError
from arbitrex_ml.stream_window import AppendBars, Change, StreamWindow, apply_change

UNANSWERED_MAX = 1_024
"""Items without an answer; past this a service that does not answer is not sent more."""

BACKOFF_MIN = 0.02
BACKOFF_MAX = 0.2
CLOSE_TIMEOUT = 1.0
"""Seconds that the service has to end its side of a stream when the session closes."""

_PASSING_CODES = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNKNOWN,
    }
)
"""What a stream ends with that another stream may not."""

F = TypeVar("F")
Outcome = PredictResponse | MlRpcError
Send = Callable[[BatchPredictRequest], None]


@dataclass(eq=False)
class Item(Generic[F]):
    """One item from its sending to its answer. One whose deadline has passed stays, since its bars are facts."""

    request_id: str
    key: tuple[str, str]
    change: Change
    deadline: float
    """On the monotonic clock, in seconds."""
    timeout: float
    future: F
    is_lost: bool = False
    is_sent: bool = False
    """On the current stream."""


@dataclass(eq=False)
class _Gate(Generic[F]):
    """Items of a key that wait for the answer to another: it brings the window, or is the last on its way to a lost one."""

    opener: Item[F]
    waiting: list[Item[F]] = field(default_factory=list)


class SessionCore(Generic[F]):
    """Which items wait, which windows stand, and what to send next."""

    def __init__(self) -> None:
        self.unanswered: dict[str, Item[F]] = {}
        """By request_id, in the order of sending."""
        self.last_failure: MlRpcError | None = None
        self._windows: dict[tuple[str, str], StreamWindow] = {}
        self._known: set[tuple[str, str]] = set()
        self._gates: dict[tuple[str, str], _Gate[F]] = {}
        self._send: Send | None = None
        self._backoff = BACKOFF_MIN

    def add(self, change: Change, request_id: str | None, now: float, timeout: float, future: F) -> Item[F]:
        """Takes an item in. Raises MlRpcError when it cannot be told apart from another, or too many wait."""
        if request_id is None and isinstance(change, PredictRequest):
            request_id = change.request_id
        name = request_id or str(uuid.uuid4())
        if name in self.unanswered:
            raise MlRpcError(grpc.StatusCode.INVALID_ARGUMENT, f"request_id {name} has no answer yet")
        if self._send is None:
            self._fold_lost()
        if len(self.unanswered) >= UNANSWERED_MAX:
            raise MlRpcError(grpc.StatusCode.RESOURCE_EXHAUSTED, f"{UNANSWERED_MAX} items have no answer yet")
        # The caller may go on with its message; what may have to be sent again must not change.
        kept = copy.deepcopy(change)
        item = Item(name, (kept.symbol, kept.timeframe), kept, now + timeout, timeout, future)
        self.unanswered[name] = item
        return item

    def begin_stream(self, send: Send) -> None:
        """From now on items go out here; the service holds no window yet."""
        self._send = send
        self._known.clear()
        self._gates.clear()
        for item in self.unanswered.values():
            item.is_sent = False

    @property
    def is_open(self) -> bool:
        """Whether there is a stream to send on."""
        return self._send is not None

    def put(self, item: Item[F]) -> None:
        """Hands an item to the stream; bars whose window it does not hold go out as that window with the bars.

        The next items wait for the answer, so that a refused window does not take them along.
        """
        if item.key in self._known and self._is_after_unsent(item):
            self._lose_step(item.key)
        gate = self._gates.get(item.key)
        if gate is not None:
            gate.waiting.append(item)
            return
        is_known = item.key in self._known
        change = item.change if is_known else self._to_opening(item)
        if isinstance(change, PredictRequest) and not is_known:
            self._known.add(item.key)
            self._gates[item.key] = _Gate(item)
        item.is_sent = True
        self._write(item, change)

    def put_again(self) -> None:
        """Sends on a new stream what still waits."""
        for item in list(self.unanswered.values()):
            if not item.is_lost:
                self.put(item)

    def take(self, response: BatchPredictResponse) -> tuple[Item[F], Outcome] | None:
        """What an answer means for whom; None when nobody waits for it."""
        self._backoff = BACKOFF_MIN
        item = self.unanswered.get(response.request_id)
        if item is None:
            return None
        gate = self._gates.get(item.key)
        is_opener = gate is not None and gate.opener is item
        outcome: Outcome
        if response.WhichOneof("result") == "response":
            self._confirm(item)
            outcome = response.response
        else:
            del self.unanswered[item.request_id]
            outcome = MlRpcError.from_status(response.error)
            # Only after a plain refusal is the stream's window surely where it was.
            if is_opener or outcome.code is not grpc.StatusCode.INVALID_ARGUMENT:
                self._lose_step(item.key)
        if gate is not None and is_opener:
            del self._gates[item.key]
            for waiting in gate.waiting:
                self.put(waiting)
        return None if item.is_lost else (item, outcome)

    def expire(self, now: float) -> list[tuple[Item[F], MlRpcError]]:
        """Items whose time is up, each with its error."""
        expired = [item for item in self.unanswered.values() if not item.is_lost and item.deadline <= now]
        for item in expired:
            item.is_lost = True
        return [(item, self._deadline_error(item)) for item in expired]

    def is_awaited(self) -> bool:
        """Whether anybody waits for an answer."""
        return any(not item.is_lost for item in self.unanswered.values())

    def next_deadline(self) -> float | None:
        """Of the items that are waited for."""
        return min((item.deadline for item in self.unanswered.values() if not item.is_lost), default=None)

    def fail_all(self, error: MlRpcError) -> list[tuple[Item[F], MlRpcError]]:
        """Gives every item up."""
        failed = [(item, error) for item in self.unanswered.values() if not item.is_lost]
        self.unanswered.clear()
        return failed

    def end_stream(self, failure: MlRpcError) -> bool:
        """Whether another stream may do better."""
        self._send = None
        self.last_failure = failure
        return failure.code in _PASSING_CODES

    def next_backoff(self) -> float:
        """Seconds to wait before the next stream."""
        backoff = self._backoff
        self._backoff = min(backoff * 2, BACKOFF_MAX)
        return backoff

    def _is_after_unsent(self, item: Item[F]) -> bool:
        """Whether bars that the stream was never sent come before an item: those of one whose time was up before the stream was opened."""
        for earlier in self.unanswered.values():
            if earlier is item:
                return False
            if earlier.key == item.key and earlier.is_lost and not earlier.is_sent:
                return True
        return False

    def _to_opening(self, item: Item[F]) -> Change:
        """The item as a full window, unless there is none."""
        if isinstance(item.change, PredictRequest):
            return item.change
        window = self._window_with(item)
        return item.change if window is None else window.to_request(item.change)

    def _lose_step(self, key: tuple[str, str]) -> None:
        """The next bars of a key need their window sent with them, and wait for the answers on their way, which may move it."""
        self._known.discard(key)
        if key in self._gates:
            return
        sent = [item for item in self.unanswered.values() if item.key == key and item.is_sent]
        if sent:
            self._gates[key] = _Gate(sent[-1])

    def _write(self, item: Item[F], change: Change) -> None:
        if self._send is None:
            return
        if isinstance(change, PredictRequest):
            self._send(BatchPredictRequest(request_id=item.request_id, window=change))
        else:
            self._send(BatchPredictRequest(request_id=item.request_id, append=change))

    def _window_with(self, last: Item[F]) -> StreamWindow | None:
        """The window with every change up to an item."""
        window = self._windows.get(last.key)
        for item in self.unanswered.values():
            if item.key == last.key:
                window = apply_change(window, item.change)
            if item is last:
                break
        return window

    def _confirm(self, last: Item[F]) -> None:
        """The service has made an item's change, and those before it: answers to one key keep their order."""
        window = self._window_with(last)
        for item in list(self.unanswered.values()):
            if item.key == last.key:
                del self.unanswered[item.request_id]
            if item is last:
                break
        if window is not None:
            self._windows[last.key] = window

    def _fold_lost(self) -> None:
        """Lost items that no stream will answer any more become part of their windows, or an outage would end the session for good."""
        waiting: set[tuple[str, str]] = set()
        for item in list(self.unanswered.values()):
            if not item.is_lost:
                waiting.add(item.key)
            elif item.key not in waiting:
                self._confirm(item)

    def _deadline_error(self, item: Item[F]) -> MlRpcError:
        last = "" if self.last_failure is None else f"; the stream before: {self.last_failure.message}"
        return MlRpcError(grpc.StatusCode.DEADLINE_EXCEEDED, f"no answer within {item.timeout} s{last}")
