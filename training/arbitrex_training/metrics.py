"""How good probabilities are, and how sure one can be of it."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

CLIP = 1e-12


def auc(y: np.ndarray, score: np.ndarray) -> float:
    """P(a random success scores above a random failure), ties half; nan when there is only one class."""
    positives = int(y.sum())
    negatives = len(y) - positives
    if positives == 0 or negatives == 0:
        return float("nan")
    ranks = rankdata(score)
    return float((ranks[y == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def measure(y: np.ndarray, p: np.ndarray) -> dict[str, float]:
    """`p` has one column (P of class 1) or one a class. AUC of several classes is the mean of each against the rest."""
    if p.ndim == 1 or p.shape[1] == 1:
        p = p.reshape(-1)
        clipped = np.clip(p, CLIP, 1 - CLIP)
        return {
            "auc": auc(y, p),
            "accuracy": float(np.mean((p > 0.5) == (y == 1))),
            "brier": float(np.mean((p - y) ** 2)),
            "log_loss": float(-np.mean(np.where(y == 1, np.log(clipped), np.log(1 - clipped)))),
        }
    hot = np.eye(p.shape[1])[y]
    own = np.clip(p[np.arange(len(y)), y], CLIP, 1)
    aucs = [auc(hot[:, k], p[:, k]) for k in range(p.shape[1])]
    return {
        "auc": float(np.nanmean(aucs)) if not np.isnan(aucs).all() else float("nan"),
        "accuracy": float(np.mean(p.argmax(axis=1) == y)),
        "brier": float(np.mean(((p - hot) ** 2).sum(axis=1))),
        "log_loss": float(-np.mean(np.log(own))),
    }


@dataclass(frozen=True)
class Interval:
    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, float]:
        return {"value": self.value, "low": self.low, "high": self.high}


def bootstrap(
    y: np.ndarray, answers: dict[str, np.ndarray], bar: np.ndarray, block: int, rounds: int, seed: int = 1
) -> dict[str, dict[str, Interval]]:
    """
    95 % intervals by resampling blocks of bars, all symbols of a bar together: labels of neighbouring bars share most of
    their future and symbols share their market, so rows drawn one by one would make the intervals several times too narrow.
    Every model sees the same resamples; `model - rules` is the interval of the paired difference.
    """
    random = np.random.default_rng(seed)
    ids = (bar - bar.min()) // block
    order = np.argsort(ids, kind="stable")
    _, starts = np.unique(ids[order], return_index=True)
    blocks = np.split(order, starts[1:])
    draws: dict[str, list[dict[str, float]]] = {name: [] for name in answers}
    for _ in range(rounds):
        rows = np.concatenate([blocks[k] for k in random.integers(0, len(blocks), len(blocks))])
        for name, p in answers.items():
            draws[name].append(measure(y[rows], p[rows]))
    found = {name: measure(y, p) for name, p in answers.items()}
    result = {name: _to_intervals(found[name], draws[name]) for name in answers}
    if "model" in answers and "rules" in answers:
        gain = {key: found["model"][key] - found["rules"][key] for key in found["model"]}
        gains = [{key: a[key] - b[key] for key in a} for a, b in zip(draws["model"], draws["rules"])]
        result["model - rules"] = _to_intervals(gain, gains)
    return result


def _to_intervals(found: dict[str, float], draws: list[dict[str, float]]) -> dict[str, Interval]:
    intervals = {}
    for key, value in found.items():
        values = np.array([draw[key] for draw in draws])
        values = values[~np.isnan(values)]
        low, high = np.percentile(values, [2.5, 97.5]) if len(values) > 0 else (float("nan"), float("nan"))
        intervals[key] = Interval(value, float(low), float(high))
    return intervals


def reliability(y: np.ndarray, p: np.ndarray, bins: int = 10) -> list[dict[str, float]]:
    """Mean probability and share of successes by equally filled bins."""
    order = np.argsort(p, kind="stable")
    return [
        {"predicted": float(p[part].mean()), "observed": float(y[part].mean()), "count": len(part)}
        for part in np.array_split(order, bins)
        if len(part) > 0
    ]
