"""Tables as files: what is read, and what is left out or refused."""

import json

import numpy as np
import pandas as pd
import pytest
from conftest import make_table

from arbitrex_training.command import main
from arbitrex_training.table import FEATURES, SIGNAL, TrainingError, read_table

EXTRA = "order_flow"


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """A table as an audit log gives it: few inputs at first, all of them from row 400 of each symbol on."""
    folder = tmp_path_factory.mktemp("logged")
    frame = pd.read_csv(make_table(folder / "whole.csv"))
    frame.insert(4, "prediction_id", [f"id-{row}" for row in range(len(frame))])
    frame[EXTRA] = np.random.default_rng(2).normal(size=len(frame))
    frame["qse_output.validation.signal_validity_flag"] = 1.0
    early = frame.groupby("symbol").cumcount() < 400
    for name in FEATURES:
        if name not in ("momentum_score", "efficiency_ratio", "vol_percentile", "trend_consistency"):
            frame.loc[early, name] = np.nan
    path = folder / "logged.parquet"
    frame.to_parquet(path)
    return str(path)


def test_parquet_and_csv_give_the_same_samples(table, tmp_path):
    path = tmp_path / "table.parquet"
    pd.read_csv(table).to_parquet(path)
    csv, parquet = (read_table([each], SIGNAL, FEATURES) for each in (table, str(path)))
    for name in ("x", "y", "bar", "series", "step_return", "rules", "times"):
        assert np.array_equal(getattr(csv, name), getattr(parquet, name)), name


def test_rows_that_lack_an_input_are_left_out_and_counted(logged):
    samples = read_table([logged], SIGNAL, FEATURES)
    assert samples.incomplete == 2 * 400
    assert len(samples) == 2 * (1600 - 10 - 400)


def test_recorded_inputs_are_those_that_every_row_has(logged):
    samples = read_table([logged], SIGNAL, None)
    assert samples.inputs == ["momentum_score", "efficiency_ratio", "trend_consistency", "vol_percentile", EXTRA]
    assert samples.incomplete == 0


def test_a_model_of_recorded_inputs_declares_what_the_schema_does_not_know(logged, tmp_path):
    out = tmp_path / "out"
    assert main(["signal", "--table", logged, "--out", str(out), "--inputs", "recorded", "--splits", "2", "--bootstrap", "20", "--control-turns", "0", "--threads", "1", "--force"]) == 0
    assert json.loads((out / "metadata.json").read_text())["extra_features"] == [EXTRA]


def test_an_input_that_no_row_has_is_named(logged, tmp_path):
    frame = pd.read_parquet(logged)
    frame["atr"] = np.nan
    path = tmp_path / "bare.parquet"
    frame.to_parquet(path)
    with pytest.raises(TrainingError, match="no labelled row has atr; --inputs recorded"):
        read_table([str(path)], SIGNAL, FEATURES)


@pytest.mark.parametrize("name", ["broken.csv", "broken.parquet", "missing.csv", "missing.parquet"])
def test_a_file_that_is_no_table_is_refused(name, tmp_path):
    path = tmp_path / name
    if name.startswith("broken"):
        path.write_text("")
    with pytest.raises(TrainingError, match="cannot read"):
        read_table([str(path)], SIGNAL, FEATURES)
