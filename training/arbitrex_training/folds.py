"""Walk-forward windows that keep what happened later out of training."""

from dataclasses import dataclass

import numpy as np

from .table import TrainingError


@dataclass(frozen=True)
class Fold:
    """Row numbers. Train, validation and test follow one another in time, with a gap between each two."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


@dataclass(frozen=True)
class WindowPlan:
    horizon: int
    """A label at bar t looks at the bars up to t + horizon: rows this near to the next part are purged."""
    embargo: int
    """Bars kept out on top of that: autocorrelated features make neighbours resemble one another."""
    splits: int
    validation_share: float
    """Newest part of each training window, for early stopping and calibration; the test part never has a say in either."""
    window_bars: int
    """Longest training window."""
    samples_min: int = 250

    @property
    def gap(self) -> int:
        return self.horizon + self.embargo


def plan_folds(bar: np.ndarray, plan: WindowPlan) -> list[Fold]:
    """The bars are cut into splits + 1 parts of equal length; each part but the first is tested once, after training on what was before it."""
    last = int(bar.max()) + 1
    edges = np.linspace(bar.min(), last, plan.splits + 2).astype(int)
    folds = []
    for start, end in zip(edges[1:-1], edges[2:]):
        train, validation = split_window(bar, int(start), plan)
        folds.append(Fold(train, validation, np.flatnonzero((bar >= start) & (bar < end))))
    return folds


def split_window(bar: np.ndarray, end: int, plan: WindowPlan) -> tuple[np.ndarray, np.ndarray]:
    """The training and validation rows for a model that is first asked at bar `end`."""
    newest = end - plan.gap
    oldest = max(int(bar.min()), newest - plan.window_bars)
    validation_start = newest - int((newest - oldest) * plan.validation_share)
    train = np.flatnonzero((bar >= oldest) & (bar < validation_start - plan.gap))
    validation = np.flatnonzero((bar >= validation_start) & (bar < newest))
    if len(train) < plan.samples_min or len(validation) < plan.samples_min // 4:
        raise TrainingError(
            f"only {len(train)} rows to train and {len(validation)} to validate on before bar {end}; "
            f"at least {plan.samples_min} and {plan.samples_min // 4} are needed: give more bars or fewer --splits"
        )
    return train, validation
