import pathlib
import sys

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import simulator_study as study


def test_only_the_section_between_the_marks_is_replaced(tmp_path):
    path = tmp_path / "models.md"
    path.write_text(f"before\n{study.BEGIN}\nold\n{study.END}\nafter\n")
    study.replace_section(path, "new")
    assert path.read_text() == f"before\n{study.BEGIN}\nnew\n{study.END}\nafter\n"
    path.write_text("no marks")
    with pytest.raises(SystemExit):
        study.replace_section(path, "new")


def test_a_share_is_the_way_from_the_floor_to_the_bound():
    found = {"model": {"auc": 0.6}, "bound": {"auc": 0.7}}
    study.add_shares(found, "auc", 0.5, "bound")
    assert found["model"]["share of bound"] == pytest.approx(0.5)
    assert found["bound"]["share of bound"] == pytest.approx(1)


def test_an_interval_is_students():
    # Of four values with deviation 1: 3.182 / 2.
    assert study.show(np.array([-1.0, 1, -1, 1]) * np.sqrt(0.75) + 5) == "5.000 ± 1.591"


def test_a_lag_is_of_the_same_symbol_and_never_of_a_later_bar():
    bars = 30
    frame = pd.concat([
        pd.DataFrame({"symbol": symbol, "log_return_1": first + np.arange(bars), "volatility": 2.0, "momentum_score": first + np.arange(bars),
                      "efficiency_ratio": 0.0, "vol_percentile": 0.0, "trend_consistency": 0.0})
        for symbol, first in (("A", 100.0), ("B", 500.0))
    ], ignore_index=True)  # fmt: skip
    found = study.add_lags(frame)
    for symbol, first in (("A", 100.0), ("B", 500.0)):
        own = found[found["symbol"] == symbol].reset_index(drop=True)
        assert own["momentum_score_lag_5"][12] == first + 7
        assert own["scaled_return_lag_11"][12] == (first + 1) / 2
        assert own["momentum_score_lag_20"][12] == 0
    assert set(study.LAG_NAMES) <= set(found)
