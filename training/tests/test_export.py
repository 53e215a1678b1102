"""What the service runs is what was trained."""

import json

import lightgbm
import numpy as np
import onnx
import pytest

from arbitrex_training import export
from arbitrex_training.command import main
from arbitrex_training.fit import FitOptions, fit, predict
from arbitrex_training.folds import WindowPlan, plan_folds
from arbitrex_training.table import FEATURES, REGIME, SIGNAL, TrainingError, read_table

PLAN = WindowPlan(horizon=10, embargo=10, splits=2, validation_share=0.2, window_bars=5000)


@pytest.fixture(scope="module", params=[SIGNAL, REGIME], ids=lambda task: task.model_name)
def trained(request, table):
    samples = read_table([table], request.param, FEATURES)
    fold = plan_folds(samples.bar, PLAN)[-1]
    fitted = fit(samples, request.param, fold.train, fold.validation, FitOptions(trees=40, patience=40))
    model, covers = export.to_onnx(fitted.booster, request.param, len(FEATURES))
    return request.param, samples, fitted, model, covers


def test_onnx_answers_what_lightgbm_answers(trained):
    task, samples, fitted, model, _ = trained
    found = export.compare(fitted.booster, model.SerializeToString(), samples.x, task)
    assert found["rows"] >= 10_000 + len(samples)
    assert found["max_difference"] <= 1e-6
    assert found["rows_above_1e-6"] == 0


def test_rounding_thresholds_to_the_nearest_flips_splits(trained, monkeypatch):
    task, samples, fitted, _, _ = trained
    monkeypatch.setattr(export, "floor_float32", np.float32)
    model, _ = export.to_onnx(fitted.booster, task, len(FEATURES))
    assert export.compare(fitted.booster, model.SerializeToString(), samples.x, task)["rows_above_1e-6"] > 0


@pytest.mark.parametrize("threshold", [0.1, -0.1, 1 / 3, 1e-35, -1e-35, 0.0, 3.0, 1e30, -1.0000000180025095e-35])
def test_a_floored_threshold_splits_float32_numbers_alike(threshold):
    floored = export.floor_float32(threshold)
    near = np.float32(threshold)
    for x in (near, np.nextafter(near, np.float32(np.inf)), np.nextafter(near, np.float32(-np.inf)), np.float32(0)):
        read = 0.0 if abs(x) <= export.ZERO_MAX else float(x)
        assert (read <= threshold) == (x <= floored)


def test_calibration_is_in_the_leaves(trained, table):
    """The booster of the fit, its contributions included, is the calibrated one."""
    task, samples, fitted, _, _ = trained
    rows = samples.x[:500].astype(np.float64)
    raw = fitted.booster.predict(rows, raw_score=True).reshape(500, -1)
    parts = fitted.booster.predict(rows, pred_contrib=True).reshape(500, raw.shape[1], -1)
    assert np.abs(parts.sum(axis=2) - raw).max() < 1e-9
    shares = 1 / (1 + np.exp(-raw[:, 0])) if task.is_binary else np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)
    assert np.abs(shares - predict(fitted.booster, rows)).max() < 1e-9


def test_calibration_scales_and_shifts_raw_scores(table):
    from arbitrex_training.fit import fold_into_leaves

    samples = read_table([table], SIGNAL, FEATURES)
    booster = lightgbm.train({"verbosity": -1, "objective": "binary"}, lightgbm.Dataset(samples.x, samples.y), 10)
    before = booster.predict(samples.x, raw_score=True)
    fold_into_leaves(booster, 1.7, [-0.3])
    assert np.abs(booster.predict(samples.x, raw_score=True) - (1.7 * before - 0.3)).max() < 1e-9


def test_covers_count_rows_node_by_node(trained):
    _, _, _, model, covers = trained
    attributes = {each.name: onnx.helper.get_attribute_value(each) for each in model.graph.node[0].attribute}
    at = 0
    for tree, own in enumerate(covers):
        for node, cover in enumerate(own):
            assert (attributes["nodes_treeids"][at], attributes["nodes_nodeids"][at]) == (tree, node)
            if attributes["nodes_modes"][at] == b"BRANCH_LEQ":
                left, right = attributes["nodes_truenodeids"][at], attributes["nodes_falsenodeids"][at]
                assert cover == own[left] + own[right]
            at += 1
    assert at == len(attributes["nodes_nodeids"])


def test_a_split_that_is_not_exact_is_refused(table):
    samples = read_table([table], SIGNAL, FEATURES)
    x = samples.x.copy()
    x[::3, 1] = np.nan
    booster = lightgbm.train({"verbosity": -1, "objective": "binary"}, lightgbm.Dataset(x, samples.y), 3)
    with pytest.raises(TrainingError, match="only x <= t is exact"):
        export.to_onnx(booster, SIGNAL, len(FEATURES))


@pytest.mark.parametrize("command", ["signal", "regime"])
def test_a_run_leaves_a_model_its_metadata_and_a_report(command, table, tmp_path):
    arguments = [command, "--table", table, "--splits", "3", "--bootstrap", "40", "--threads", "1"]
    assert main([*arguments, "--out", str(tmp_path)]) == 0
    metadata = json.loads((tmp_path / "metadata.json").read_text())
    model = (tmp_path / "model.onnx").read_bytes()
    assert metadata["sha256"] == export.digest(model)
    assert metadata["forced"] is False
    assert set(metadata["drift_reference"]) == set(FEATURES)
    rows = np.array([row["inputs"] for row in metadata["golden_rows"]], np.float32)
    answers = export.run_onnx(model, rows)
    expected = np.array([row["outputs"] for row in metadata["golden_rows"]])
    assert np.abs((answers[:, 1:] if command == "signal" else answers) - expected).max() <= metadata["golden_tolerance"]
    page = (tmp_path / "report.html").read_text()
    assert page.count("data:image/png;base64,") == 4
    # The same table and seed give the same model, byte by byte.
    again = tmp_path / "again"
    assert main([*arguments, "--out", str(again), "--control-turns", "0"]) == 0
    assert (again / "model.onnx").read_bytes() == model


def test_a_market_without_an_edge_is_refused_and_said_so(tmp_path, capsys):
    from conftest import make_table

    path = make_table(tmp_path / "noise.csv", signal=0)
    out = tmp_path / "out"
    arguments = ["signal", "--table", path, "--out", str(out), "--splits", "3", "--bootstrap", "40", "--threads", "1"]
    assert main(arguments) == 3
    assert "NO EDGE" in capsys.readouterr().out
    assert (out / "report.html").exists() and not (out / "model.onnx").exists()
    assert main([*arguments, "--control-turns", "0", "--force"]) == 0
    assert json.loads((out / "metadata.json").read_text())["forced"] is True
