"""Tests for knowledge of the future: in a feature, and in the harness itself."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import rankdata

from .fit import FitOptions, fit, predict
from .folds import Fold
from .metrics import measure
from .table import Samples, Task

# Rank correlation with a return that has not happened yet. In the simulator, whose drifts are stronger than any market's, honest
# features reach 0.125 with a single bar and 0.29 with the sum of ten (seed 1, all 21 inputs); on daily S&P 500 bars 0.06 and 0.08.
# A 12-bar momentum that sees one bar too many has 1/sqrt(12) = 0.29 with it.
CORRELATION_MAX = 0.2
# Enough for a standard error of 0.007.
ROWS_MAX = 20_000


@dataclass(frozen=True)
class Leak:
    feature: str
    bars_ahead: int
    correlation: float


def find_peeking_features(samples: Samples) -> list[Leak]:
    """
    Inputs that know a coming bar's return too well.

    A feature that is computed from bars up to t is tied to returns up to t and falls off to what markets let one foresee
    from t+1 on, which is little. One that looks ahead is tied to a return beyond t just as closely as to those before. Ranks, so that
    outliers neither hide nor fake it. A short table may hold a single long trend, so each limit is wider by one standard error of what it
    can show: of its bars, or of the stretches of two horizons in it. What this cannot see is a feature that peeks at volatility only.
    """
    ahead = np.stack([_ahead(samples, bars) for bars in range(1, samples.horizon + 1)])
    ahead = np.vstack([ahead, ahead.sum(axis=0)])
    step = max(1, len(samples) // ROWS_MAX)
    bars = np.ptp(samples.bar) + 1
    # The last is the sum over the horizon, which honest momentum may foresee better than any single bar.
    limits = np.append(
        np.full(samples.horizon, CORRELATION_MAX + 1 / np.sqrt(bars)), 2 * CORRELATION_MAX + np.sqrt(2 * samples.horizon / bars)
    )
    leaks = []
    for column, name in enumerate(samples.inputs):
        found = np.array([_rank_correlation(samples.x[::step, column], returns[::step]) for returns in ahead])
        excess = np.abs(found) / limits
        worst = int(excess.argmax())
        if excess[worst] > 1:
            leaks.append(Leak(name, min(worst + 1, samples.horizon), float(found[worst])))
    return leaks


def _ahead(samples: Samples, bars: int) -> np.ndarray:
    """The return of the bar `bars` later in the same series; nan where the table has no such row."""
    _, series = np.unique(samples.series, return_inverse=True)
    span = int(samples.bar.max()) + samples.horizon + 2
    keys = series * span + samples.bar
    order = np.argsort(keys)
    at = np.minimum(np.searchsorted(keys[order], keys + bars), len(keys) - 1)
    later = order[at]
    return np.where(keys[later] == keys + bars, samples.step_return[later], np.nan)


def _rank_correlation(left: np.ndarray, right: np.ndarray) -> float:
    known = ~np.isnan(right)
    if known.sum() < 100 or np.ptp(left[known]) == 0:
        return 0.0
    return float(np.corrcoef(rankdata(left[known]), rankdata(right[known]))[0, 1])


def turned_auc(samples: Samples, task: Task, fold: Fold, options: FitOptions, turns: int = 5, seed: int = 5) -> float:
    """
    The mean AUC after the labels were turned round in time by an arbitrary number of bars, all symbols of a table alike. That keeps
    their runs and shares and breaks every tie to the features: what is left above one half comes from the harness. One turn of
    few years may be off by 0.08 by luck alone, hence several.
    """
    random = np.random.default_rng(seed)
    found = []
    for share in random.uniform(0.25, 0.75, turns):
        y = samples.y.copy()
        for series in np.unique(samples.series):
            rows = np.flatnonzero(samples.series == series)
            y[rows] = np.roll(samples.y[rows], int(share * len(rows)))
        turned = replace(samples, y=y)
        answer = predict(fit(turned, task, fold.train, fold.validation, options).booster, samples.x[fold.test])
        found.append(measure(y[fold.test], answer)["auc"])
    return float(np.mean(found))
