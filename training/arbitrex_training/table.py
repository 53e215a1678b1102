"""Training tables as `ml-layer dataset` writes them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow

FEATURE_VERSION = "1.0.0"
REGIMES = ["TRENDING", "RANGING", "STRESSED"]
FEATURES = [
    "momentum_score", "efficiency_ratio", "volatility", "correlation", "log_return_1", "rolling_return_20",
    "trend_consistency", "ma_distance_20", "ma_distance_50", "ma_slope_50", "atr", "vol_percentile", "vol_slope",
    "dispersion", "range_compression", "return_autocorrelation",
]  # fmt: skip
# volatility_percentile and efficiency_ratio of the statistics engine repeat features; checks repeat their statistics.
STATISTICS = [
    "qse_output.metrics.trend_persistence_score", "qse_output.metrics.z_score", "qse_output.metrics.adf_statistic",
    "qse_output.metrics.autocorrelation", "qse_output.regime.trend_strength",
]  # fmt: skip
# Columns that hold what happened later, or what only a simulator knows; and those that are about a row or its answers.
PEEKING = ("label_", "truth_", "filter_", "own_filter_")
ABOUT_ANSWERS = (*PEEKING, "rules_")
ABOUT_ROWS = ["time", "symbol", "feature_version", "config_hash", "horizon", "prediction_id", "excluded", "bar", "series"]


class TrainingError(Exception):
    """Something the user can mend; the message says what."""


@dataclass(frozen=True)
class Task:
    """What is learnt."""

    model_name: str
    label: str
    classes: list[str]
    rules: list[str]

    @property
    def is_binary(self) -> bool:
        return len(self.classes) == 2


SIGNAL = Task("signal_filter", "label_success", ["FAILURE", "SUCCESS"], ["rules_success"])
REGIME = Task("regime_classifier", "label_regime", REGIMES, ["rules_trending", "rules_ranging", "rules_stressed"])


@dataclass(frozen=True)
class Samples:
    """The labelled rows of a table, oldest first."""

    x: np.ndarray
    """float32: what the service feeds, and what trees compare."""
    y: np.ndarray
    """Index into the task's classes."""
    bar: np.ndarray
    """Number of the bar in the table's own time, counted from 0; rows of several symbols share it."""
    series: np.ndarray
    """Which series (file and symbol) a row is of."""
    step_return: np.ndarray
    """log_return_1 of the row's own bar."""
    rules: np.ndarray
    """What the rule-based model answers: P(success), or P of each regime."""
    inputs: list[str]
    times: np.ndarray
    horizon: int
    config_hash: str | None = None
    """Configuration that the tables were made under, when they say it and agree."""
    incomplete: int = 0
    """Labelled rows that were left out because an input was not recorded."""

    def __len__(self) -> int:
        return len(self.y)


def read_table(paths: list[str], task: Task, inputs: list[str] | None, label: str | None = None) -> Samples:
    """
    Reads tables. Several are markets that have nothing to do with one another: their clocks are laid side by side.

    `inputs` of None takes every input that all labelled rows have, which is for tables of an audit log: its rows hold what the
    models of that time read. With inputs given, rows that lack one are left out and counted.
    """
    frames = [_read_frame(path, number) for number, path in enumerate(paths)]
    frame = pd.concat(frames, ignore_index=True)
    label = label or task.label
    missing = [name for name in [label, *(inputs or []), *task.rules] if name not in frame]
    if missing:
        raise TrainingError(f"the table has no column {', '.join(missing)}")
    refuse_peeking_names(inputs or [])
    horizons = frame["horizon"].unique()
    if len(horizons) != 1:
        raise TrainingError(f"the tables have different horizons: {sorted(horizons)}")
    frame = frame[frame[label].notna()].sort_values(["bar", "series"], kind="stable")
    if frame.empty:
        raise TrainingError(f"no row has a {label}")
    if inputs is None:
        inputs = find_recorded_inputs(frame)
    whole = frame[inputs].notna().all(axis=1)
    if not whole.any():
        lacking = [name for name in inputs if frame[name].isna().all()]
        raise TrainingError(f"no labelled row has {', '.join(lacking) or 'all inputs'}; --inputs recorded takes those that every row has")
    labelled, frame = len(frame), frame[whole]
    x = frame[inputs].to_numpy(np.float32)
    if not np.isfinite(x).all():
        bad = [name for name, column in zip(inputs, x.T) if not np.isfinite(column).all()]
        raise TrainingError(f"not every value is finite in {', '.join(bad)}; the service refuses such values, so do we")
    return Samples(
        x=x,
        y=_read_classes(frame[label], task),
        bar=frame["bar"].to_numpy(),
        series=frame["series"].to_numpy(),
        step_return=frame["log_return_1"].to_numpy(np.float64),
        rules=frame[task.rules].to_numpy(np.float64),
        inputs=inputs,
        times=frame["time"].to_numpy(str),
        horizon=int(horizons[0]),
        config_hash=find_config_hash(frame),
        incomplete=labelled - len(frame),
    )


def find_config_hash(frame: pd.DataFrame) -> str | None:
    hashes = frame["config_hash"].dropna().unique() if "config_hash" in frame else []
    return str(hashes[0]) if len(hashes) == 1 else None


def find_recorded_inputs(frame: pd.DataFrame) -> list[str]:
    """The inputs that no row lacks, but for constants, from which nothing can be learnt."""
    names = [name for name in frame.columns if name not in ABOUT_ROWS and not name.startswith(ABOUT_ANSWERS)]
    found = [name for name in names if frame[name].notna().all() and frame[name].nunique() > 1]
    if not found:
        raise TrainingError("no input is there in every labelled row")
    return found


def refuse_peeking_names(inputs: list[str]) -> None:
    """Columns of the table that say what happened later, or what only a simulator knows."""
    peeking = [name for name in inputs if name.startswith((*PEEKING, "excluded"))]
    if peeking:
        raise TrainingError(f"{', '.join(peeking)} is no input: it is not known when a decision is taken")


def _read_frame(path: str, number: int) -> pd.DataFrame:
    try:
        frame = pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path)
    except (OSError, pd.errors.ParserError, pd.errors.EmptyDataError, pyarrow.ArrowException) as error:
        raise TrainingError(f"cannot read {path}: {error}") from error
    needed = ["time", "symbol", "feature_version", "horizon", "log_return_1"]
    missing = [name for name in needed if name not in frame]
    if missing:
        raise TrainingError(f"{path} is no table of ml-layer dataset: there is no column {', '.join(missing)}")
    versions = set(frame["feature_version"].astype(str))
    if versions != {FEATURE_VERSION}:
        raise TrainingError(f"{path} has feature versions {sorted(versions)}; this trains on {FEATURE_VERSION}")
    frame["bar"] = pd.factorize(frame["time"], sort=True)[0]
    frame["series"] = str(number) + "/" + frame["symbol"].astype(str)
    return frame


def _read_classes(column: pd.Series, task: Task) -> np.ndarray:
    if task.is_binary:
        return column.to_numpy(np.int64)
    unknown = set(column) - set(task.classes)
    if unknown:
        raise TrainingError(f"unknown classes {sorted(unknown)}; expected {task.classes}")
    return column.map({name: index for index, name in enumerate(task.classes)}).to_numpy(np.int64)
