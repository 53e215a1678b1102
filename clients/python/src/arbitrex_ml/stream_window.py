"""What a BatchPredict stream holds for one symbol and timeframe, kept on this side so that another stream can be given it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from arbitrex.ml.v1.inference_pb2 import BatchPredictRequest, FeatureSeries, PredictRequest

AppendBars = BatchPredictRequest.AppendBars
Change = Union[PredictRequest, AppendBars]
"""One thing that a caller does to a window."""


@dataclass(frozen=True)
class StreamWindow:
    """The newest bars, and how many there have been."""

    series: dict[str, list[float]]
    history_bars: int
    bar_index: int

    def appended(self, append: AppendBars) -> StreamWindow:
        """The window after further bars."""
        added = next((len(each.values) for each in append.features.values()), 0)
        series = {}
        for name, values in self.series.items():
            newest = list(append.features[name].values) if name in append.features else []
            series[name] = values[len(newest) :] + newest
        return StreamWindow(series, self.history_bars + added, self.bar_index + added)

    def to_request(self, append: AppendBars) -> PredictRequest:
        """The request whose answer is that of an append that this window holds already."""
        return PredictRequest(
            symbol=append.symbol,
            timeframe=append.timeframe,
            features={name: FeatureSeries(values=values) for name, values in self.series.items()},
            qse_output=append.qse_output if append.HasField("qse_output") else None,
            bar_time=append.bar_time if append.HasField("bar_time") else None,
            omit_explanation=append.omit_explanation,
            history_bars=self.history_bars,
            bar_index=self.bar_index,
        )


def apply_change(window: StreamWindow | None, change: Change) -> StreamWindow | None:
    """The window after a change; None when bars are appended to nothing."""
    if isinstance(change, AppendBars):
        return None if window is None else window.appended(change)
    series = {name: list(each.values) for name, each in change.features.items()}
    bars = next((len(values) for values in series.values()), 0)
    history_bars = change.history_bars if change.HasField("history_bars") else bars
    bar_index = change.bar_index if change.HasField("bar_index") else history_bars - 1
    return StreamWindow(series, history_bars, bar_index)
