"""Leaks are planted, and have to be found."""

import numpy as np
import pytest
from conftest import HORIZON, make_table

from arbitrex_training.command import main
from arbitrex_training.fit import FitOptions, fit, predict
from arbitrex_training.folds import Fold, WindowPlan, plan_folds
from arbitrex_training.leaks import find_peeking_features, turned_auc
from arbitrex_training.metrics import auc
from arbitrex_training.table import FEATURES, SIGNAL, TrainingError, read_table, refuse_peeking_names


def shift(values, bars):
    return np.append(values[bars:], np.zeros(bars))


def moving_sum(values, bars):
    return np.convolve(values, np.ones(bars))[: len(values)]


PEEKS = {
    "the return of the horizon": lambda returns, frame: frame["label_return"],
    "the next return": lambda returns, frame: shift(returns, 1),
    "the return five bars ahead, in noise": lambda returns, frame: shift(returns, 5) + np.random.default_rng(1).normal(size=len(returns)),
    "momentum computed one bar late": lambda returns, frame: shift(moving_sum(returns, 12), 1),
    "the answer, in noise": lambda returns, frame: frame["label_success"] + 0.5 * np.random.default_rng(1).normal(size=len(returns)),
}


@pytest.mark.parametrize("peek", PEEKS)
def test_a_feature_that_sees_the_future_is_found_and_named(peek, tmp_path, capsys):
    def plant(returns, frame):
        frame["dispersion"] = PEEKS[peek](returns, frame)

    path = make_table(tmp_path / "leaky.csv", extra=plant)
    assert [leak.feature for leak in find_peeking_features(read_table([path], SIGNAL, FEATURES))] == ["dispersion"]
    assert main(["signal", "--table", path, "--out", str(tmp_path / "out")]) == 2
    assert "dispersion has a rank correlation" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_honest_features_are_let_pass(table):
    assert find_peeking_features(read_table([table], SIGNAL, FEATURES)) == []


@pytest.mark.parametrize("name", ["label_return", "truth_success", "filter_success", "own_filter_success", "excluded"])
def test_a_column_of_labels_is_never_an_input(name):
    with pytest.raises(TrainingError, match="no input"):
        refuse_peeking_names([*FEATURES, name])


def test_the_harness_finds_nothing_in_turned_labels(table):
    samples = read_table([table], SIGNAL, FEATURES)
    plan = WindowPlan(horizon=HORIZON, embargo=HORIZON, splits=3, validation_share=0.2, window_bars=5000)
    assert abs(turned_auc(samples, SIGNAL, plan_folds(samples.bar, plan)[-1], FitOptions()) - 0.5) < 0.08


def test_purging_takes_away_what_overlapping_labels_give(tmp_path):
    """
    Returns are pure noise and one input is a slow clock. Neighbouring labels share nine of ten returns, so a model that is trained
    between its test rows reads the answer off its neighbours; behind a purge there is nothing to read.
    """

    def plant(returns, frame):
        frame["dispersion"] = np.arange(len(returns)) / 100

    samples = read_table([make_table(tmp_path / "noise.csv", signal=0, symbols=1, extra=plant)], SIGNAL, FEATURES)
    bar = samples.bar
    test = np.flatnonzero(bar % 40 == 20)
    distance = np.abs((bar - 20) % 40 - 0)
    distance = np.minimum(distance, 40 - distance)
    scores = {}
    for name, purge in (("unpurged", 0), ("purged", HORIZON)):
        known = np.flatnonzero(distance > purge)
        half = known[bar[known] % 80 < 40]
        fitted = fit(samples, SIGNAL, known, half, FitOptions(trees=200, patience=200, child_samples=5))
        scores[name] = auc(samples.y[test], predict(fitted.booster, samples.x[Fold(known, half, test).test]))
    assert scores["unpurged"] > 0.75
    assert scores["purged"] < scores["unpurged"] - 0.15
