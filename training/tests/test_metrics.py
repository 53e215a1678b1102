import numpy as np
import pytest
from sklearn import metrics as reference

from arbitrex_training.metrics import auc, bootstrap, measure, reliability


def test_figures_are_those_of_scikit_learn():
    random = np.random.default_rng(3)
    p = np.round(random.random(4000), 2)
    y = (random.random(4000) < p).astype(int)
    found = measure(y, p)
    assert found["auc"] == pytest.approx(reference.roc_auc_score(y, p), abs=1e-12)
    assert found["brier"] == pytest.approx(reference.brier_score_loss(y, p), abs=1e-12)
    clipped = np.clip(p, 1e-12, 1 - 1e-12)
    assert found["log_loss"] == pytest.approx(reference.log_loss(y, clipped), abs=1e-9)
    assert found["accuracy"] == pytest.approx(reference.accuracy_score(y, p > 0.5), abs=1e-12)
    shares = random.dirichlet([1, 1, 1], 4000)
    labels = random.integers(0, 3, 4000)
    assert measure(labels, shares)["auc"] == pytest.approx(reference.roc_auc_score(labels, shares, multi_class="ovr"), abs=1e-12)


def test_intervals_know_that_neighbours_say_the_same():
    """Every label stands ten times; resampling rows one by one would find an interval a third as wide."""
    random = np.random.default_rng(4)
    score = np.repeat(random.normal(size=300), 10)
    y = np.repeat((random.normal(size=300) > 0).astype(int), 10)
    bar = np.arange(3000)
    widths = {}
    for block in (1, 20):
        interval = bootstrap(y, {"model": score}, bar, block, 200)["model"]["auc"]
        widths[block] = interval.high - interval.low
        assert interval.low < interval.value < interval.high
    assert widths[20] > 2 * widths[1]


def test_the_difference_to_the_rules_is_paired():
    random = np.random.default_rng(5)
    y = random.integers(0, 2, 2000)
    p = np.clip(0.5 + 0.1 * (y - 0.5) + 0.2 * random.normal(size=2000), 0.01, 0.99)
    found = bootstrap(y, {"model": p, "rules": p}, np.arange(2000), 20, 50)
    assert found["model - rules"]["auc"].low == found["model - rules"]["auc"].high == 0


def test_one_class_has_no_auc():
    assert np.isnan(auc(np.ones(5, int), np.arange(5)))


def test_reliability_has_bins_of_equal_size():
    bins = reliability(np.array([0, 1] * 50), np.linspace(0, 1, 100))
    assert [each["count"] for each in bins] == [10] * 10
