"""What training does with classes of unequal size."""

from dataclasses import replace

import numpy as np
import pytest

from arbitrex_training.fit import FitOptions, class_weights, fit, predict
from arbitrex_training.table import FEATURES, REGIME, read_table


def test_every_class_weighs_the_same_and_a_row_one_on_average():
    y = np.repeat([0, 1, 2], [70, 20, 10])
    weight = class_weights(y, 3)[y]
    assert [weight[y == k].sum() for k in range(3)] == pytest.approx([100 / 3] * 3)
    assert weight.mean() == pytest.approx(1)


def test_weights_move_the_trees_and_calibration_moves_the_probabilities_back(table):
    samples = read_table([table], REGIME, FEATURES)
    train, validation = np.arange(0, 2200), np.arange(2250, len(samples))
    shares = np.bincount(samples.y[validation], minlength=3) / len(validation)
    answers = {}
    for balanced in (False, True):
        fitted = fit(samples, REGIME, train, validation, replace(FitOptions(trees=40), balanced=balanced))
        answers[balanced] = predict(fitted.booster, samples.x[validation])
        assert answers[balanced].mean(axis=0) == pytest.approx(shares, abs=0.02)
    assert np.abs(answers[True] - answers[False]).max() > 0.02
