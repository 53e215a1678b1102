"""Requests from plain numbers: lists, tuples, NumPy arrays, pandas series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from arbitrex.ml.v1.inference_pb2 import BatchPredictRequest, FeatureSeries, PredictRequest, QseOutput


def create_request(
    symbol: str,
    timeframe: str,
    features: Mapping[str, Iterable[float]],
    qse_output: QseOutput | None = None,
    *,
    bar_index: int | None = None,
    history_bars: int | None = None,
    bar_time: datetime | None = None,
    request_id: str = "",
    omit_explanation: bool = False,
) -> PredictRequest:
    """A feature window, series oldest bar first, to be judged at its newest bar."""
    return PredictRequest(
        symbol=symbol,
        timeframe=timeframe,
        features=_to_series(features),
        qse_output=qse_output,
        bar_index=bar_index,
        history_bars=history_bars,
        bar_time=bar_time,
        request_id=request_id,
        omit_explanation=omit_explanation,
    )


def create_append(
    symbol: str,
    timeframe: str,
    features: Mapping[str, Iterable[float]],
    qse_output: QseOutput | None = None,
    *,
    bar_time: datetime | None = None,
    omit_explanation: bool = False,
) -> BatchPredictRequest.AppendBars:
    """The newest bars of a window that a session keeps."""
    return BatchPredictRequest.AppendBars(
        symbol=symbol,
        timeframe=timeframe,
        features=_to_series(features),
        qse_output=qse_output,
        bar_time=bar_time,
        omit_explanation=omit_explanation,
    )


def _to_series(features: Mapping[str, Iterable[float]]) -> dict[str, FeatureSeries]:
    return {name: FeatureSeries(values=values) for name, values in features.items()}
