"""What keeps a test honest: nothing before it may have seen it."""

import numpy as np
import pytest

from arbitrex_training.folds import WindowPlan, plan_folds
from arbitrex_training.table import TrainingError


def make_plan(**changes):
    plan = {"horizon": 10, "embargo": 10, "splits": 5, "validation_share": 0.2, "window_bars": 5000} | changes
    return WindowPlan(**plan)


@pytest.mark.parametrize("changes", [{}, {"horizon": 3, "embargo": 0}, {"embargo": 40}, {"window_bars": 600}, {"splits": 2}])
def test_no_label_reaches_into_what_comes_later(changes):
    plan = make_plan(**changes)
    bar = np.repeat(np.arange(4000), 3)
    folds = plan_folds(bar, plan)
    assert len(folds) == plan.splits
    for fold in folds:
        # The last bar that the label of a training row looks at, and the embargo behind it.
        assert bar[fold.train].max() + plan.horizon + plan.embargo < bar[fold.validation].min()
        assert bar[fold.validation].max() + plan.horizon + plan.embargo < bar[fold.test].min()
        assert np.ptp(bar[np.concatenate([fold.train, fold.validation])]) < plan.window_bars


def test_every_part_but_the_first_is_tested_once():
    bar = np.repeat(np.arange(3000), 2)
    tested = np.concatenate([fold.test for fold in plan_folds(bar, make_plan())])
    assert len(tested) == len(set(tested))
    assert set(tested) == set(np.flatnonzero(bar >= 500))


def test_too_little_data_is_said_so():
    with pytest.raises(TrainingError, match="give more bars"):
        plan_folds(np.arange(300), make_plan())
