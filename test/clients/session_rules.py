"""The rules of the Python client's session, against a service that does what no real one can be made to do."""

from __future__ import annotations

import unittest

import grpc
from google.rpc.status_pb2 import Status

from arbitrex.ml.v1.inference_pb2 import BatchPredictRequest, BatchPredictResponse, FeatureSeries, PredictRequest
from arbitrex_ml.session_core import SessionCore
from arbitrex_ml.stream_window import Change

Code = grpc.StatusCode


def window(*values: float) -> PredictRequest:
    return PredictRequest(symbol="EURUSD", timeframe="4H", features={"atr": FeatureSeries(values=values)})


def bar(value: float) -> BatchPredictRequest.AppendBars:
    return BatchPredictRequest.AppendBars(
        symbol="EURUSD", timeframe="4H", features={"atr": FeatureSeries(values=[value])}
    )


class SessionRules(unittest.TestCase):
    def setUp(self) -> None:
        self.core: SessionCore[None] = SessionCore()
        self.open_stream()
        self.send("1", window(1, 2, 3))
        self.answer("1")
        self.sent.clear()

    def open_stream(self) -> None:
        self.sent: list[BatchPredictRequest] = []
        self.core.begin_stream(self.sent.append)

    def send(self, request_id: str, change: Change) -> None:
        self.core.put(self.core.add(change, request_id, 0, 1, None))

    def answer(self, request_id: str, code: grpc.StatusCode = Code.OK) -> None:
        if code is Code.OK:
            self.core.take(BatchPredictResponse(request_id=request_id, response={}))
        else:
            self.core.take(BatchPredictResponse(request_id=request_id, error=Status(code=code.value[0])))

    def assert_sent(self, *expected: tuple[str, str, list[float]]) -> None:
        """What went out since this was last asked."""
        seen = []
        for request in self.sent:
            kind = request.WhichOneof("item") or ""
            seen.append((request.request_id, kind, list(getattr(request, kind).features["atr"].values)))
        self.sent.clear()
        self.assertEqual(seen, list(expected))

    def test_the_window_goes_with_the_next_bars_after_any_error_but_invalid_argument(self) -> None:
        for request_id, code in (("plain refusal", Code.INVALID_ARGUMENT), ("no record", Code.RESOURCE_EXHAUSTED)):
            self.send(request_id, bar(9))
            self.assert_sent((request_id, "append", [9]))
            self.answer(request_id, code)
        self.send("next", bar(4))
        self.assertEqual((self.sent[0].window.history_bars, self.sent[0].window.bar_index), (4, 3))
        self.assert_sent(("next", "window", [2, 3, 4]))
        self.answer("next")
        self.send("last", bar(5))
        self.assert_sent(("last", "append", [5]))

    def test_the_window_waits_for_the_answers_on_their_way_since_each_may_move_it_or_not(self) -> None:
        for value in (4, 5, 6):
            self.send(str(value), bar(value))
        self.sent.clear()
        self.answer("4", Code.UNAVAILABLE)
        self.send("7", bar(7))
        self.answer("5")
        self.assert_sent()
        self.answer("6", Code.INVALID_ARGUMENT)
        self.assert_sent(("7", "window", [3, 5, 7]))

    def test_the_sessions_window_follows_a_refused_one_on_a_stream_that_has_none(self) -> None:
        self.open_stream()
        self.send("refused", window(float("inf")))
        self.send("next", bar(4))
        self.assert_sent(("refused", "window", [float("inf")]))
        self.answer("refused", Code.INVALID_ARGUMENT)
        self.assert_sent(("next", "window", [2, 3, 4]))

    def break_stream_with_a_lost_item(self) -> None:
        """Bars 4 and 5 still wait, those of 6 have no time left; then 4 is answered."""
        for value in (4, 5, 6):
            self.send(str(value), bar(value))
        self.core.unanswered["6"].is_lost = True
        self.open_stream()
        self.core.put_again()
        self.assert_sent(("4", "window", [2, 3, 4]))
        self.answer("4")
        self.assert_sent(("5", "append", [5]))

    def test_bars_that_no_stream_will_answer_go_with_the_next_once_those_before_are_answered(self) -> None:
        self.break_stream_with_a_lost_item()
        self.send("7", bar(7))
        self.assert_sent()
        self.answer("5", Code.INVALID_ARGUMENT)
        self.assert_sent(("7", "window", [4, 6, 7]))

    def test_an_item_that_no_stream_will_answer_holds_nobody_up(self) -> None:
        self.break_stream_with_a_lost_item()
        self.answer("5", Code.UNAVAILABLE)
        self.send("7", bar(7))
        self.assert_sent(("7", "window", [4, 6, 7]))


if __name__ == "__main__":
    unittest.main()
