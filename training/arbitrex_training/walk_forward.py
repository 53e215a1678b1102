"""Trains and measures fold by fold."""

import sys
from dataclasses import dataclass

import numpy as np

from .fit import FitOptions, Fitted, fit, predict
from .folds import Fold, WindowPlan, plan_folds
from .metrics import Interval, bootstrap
from .table import Samples, Task


@dataclass(frozen=True)
class FoldReport:
    fold: Fold
    fitted: Fitted
    figures: dict[str, dict[str, Interval]]


@dataclass(frozen=True)
class WalkForward:
    folds: list[FoldReport]
    rows: np.ndarray
    """The rows that were tested, each once, by a model that was trained before them."""
    answers: dict[str, np.ndarray]
    figures: dict[str, dict[str, Interval]]


def walk_forward(samples: Samples, task: Task, plan: WindowPlan, options: FitOptions, rounds: int) -> WalkForward:
    reports: list[FoldReport] = []
    parts: list[dict[str, np.ndarray]] = []
    folds = [fold for fold in plan_folds(samples.bar, plan) if len(fold.test) > 0]
    for number, fold in enumerate(folds, start=1):
        fitted = fit(samples, task, fold.train, fold.validation, options)
        answers = answer(samples, task, fold, fitted)
        figures = bootstrap(samples.y[fold.test], answers, samples.bar[fold.test], block_bars(plan), rounds // 2)
        reports.append(FoldReport(fold, fitted, figures))
        parts.append(answers)
        auc = figures["model"]["auc"]
        print(
            f"fold {number} of {len(folds)}: {len(fold.train)} + {len(fold.validation)} rows, {fitted.trees} trees, "
            f"AUC {auc.value:.3f} [{auc.low:.3f}, {auc.high:.3f}]",
            file=sys.stderr,
        )
    rows = np.concatenate([fold.test for fold in folds])
    answers = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    figures = bootstrap(samples.y[rows], answers, samples.bar[rows], block_bars(plan), rounds)
    return WalkForward(reports, rows, answers, figures)


def answer(samples: Samples, task: Task, fold: Fold, fitted: Fitted) -> dict[str, np.ndarray]:
    """What the model, the rules and a constant answer to the test rows. The constant is the class shares of training."""
    shares = np.bincount(samples.y[fold.train], minlength=len(task.classes)) / len(fold.train)
    rules = samples.rules[fold.test]
    return {
        "model": predict(fitted.booster, samples.x[fold.test]),
        "rules": rules[:, 0] if task.is_binary else rules,
        "constant": np.full(len(fold.test), shares[1]) if task.is_binary else np.tile(shares, (len(fold.test), 1)),
    }


def block_bars(plan: WindowPlan) -> int:
    """Labels overlap for a horizon; twice that leaves little dependence between blocks."""
    return 2 * plan.horizon
