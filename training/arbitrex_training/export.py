"""LightGBM to ONNX, split for split, and the metadata that registration asks for."""

import hashlib

import lightgbm
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from .fit import predict
from .table import Task, TrainingError

OPSET = 15
DIFFERENCE_MAX = 1e-6
GOLDEN_ROWS = 24
DRIFT_BINS = 10


# LightGBM drops what is at most this small from a row, and so reads it as 0; the runtime does not.
ZERO_MAX = np.float32(1e-35)


def floor_float32(threshold: float) -> np.float32:
    """
    The largest float32 at most `threshold`: for a float32 x, x <= t and x <= floor32(t) are the same test, so ONNX, which
    compares in float32, goes the way that LightGBM goes. Rounding to the nearest would flip the rows in between. A threshold
    next to 0 moves to the edge of what LightGBM takes for 0.
    """
    if 0 <= threshold < float(ZERO_MAX):
        return ZERO_MAX
    if -float(ZERO_MAX) <= threshold < 0:
        return np.nextafter(-ZERO_MAX, np.float32(-np.inf))
    rounded = np.float32(threshold)
    # float(): numpy would round the threshold to float32 before comparing, and find every one floored already.
    return rounded if float(rounded) <= threshold else np.nextafter(rounded, np.float32(-np.inf))


def to_onnx(booster: lightgbm.Booster, task: Task, width: int) -> tuple[onnx.ModelProto, list[list[int]]]:
    """
    The model, and for each tree the training rows that reached each node, in the order of the nodes.

    Written out here rather than by a converter: the nodes' order, the flooring and the counts have to agree with one
    another, and a graph of one operator is all that the service's explanations accept.
    """
    nodes: dict[str, list] = {key: [] for key in [
        "nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_values", "nodes_hitrates", "nodes_modes",
        "nodes_truenodeids", "nodes_falsenodeids", "nodes_missing_value_tracks_true",
    ]}  # fmt: skip
    leaves: dict[str, list] = {key: [] for key in ["class_treeids", "class_nodeids", "class_ids", "class_weights"]}
    covers = []
    outputs = 1 if task.is_binary else len(task.classes)
    for number, tree in enumerate(booster.dump_model()["tree_info"]):
        covers.append(_write_tree(tree["tree_structure"], number, number % outputs, nodes, leaves))
    ensemble = helper.make_node(
        "TreeEnsembleClassifier", ["features"], ["label", "probabilities"], domain="ai.onnx.ml",
        post_transform="LOGISTIC" if task.is_binary else "SOFTMAX",
        classlabels_int64s=list(range(len(task.classes))), **nodes, **leaves,
    )  # fmt: skip
    graph = helper.make_graph(
        [ensemble],
        task.model_name,
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, width])],
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, [None]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, len(task.classes)]),
        ],
    )
    imports = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", 1)]
    model = helper.make_model(graph, opset_imports=imports, ir_version=8, producer_name="arbitrex-training")
    onnx.checker.check_model(model)
    return model, covers


def _write_tree(root: dict, number: int, output: int, nodes: dict[str, list], leaves: dict[str, list]) -> list[int]:
    order: list[dict] = []

    def visit(node: dict) -> None:
        node["id"] = len(order)
        order.append(node)
        if "left_child" in node:
            visit(node["left_child"])
            visit(node["right_child"])

    visit(root)
    covers = []
    for node in order:
        is_leaf = "left_child" not in node
        if not is_leaf and (node["decision_type"] != "<=" or node["missing_type"] != "None"):
            raise TrainingError(f"tree {number} splits by {node['decision_type']} with missing values {node['missing_type']}; only x <= t is exact")
        # A tree of a single leaf has no count: every row reached it, and any number above 0 explains it as well.
        cover = int(node.get("leaf_count", 1) if is_leaf else node["internal_count"])
        covers.append(cover)
        nodes["nodes_treeids"].append(number)
        nodes["nodes_nodeids"].append(node["id"])
        nodes["nodes_featureids"].append(0 if is_leaf else node["split_feature"])
        nodes["nodes_values"].append(0.0 if is_leaf else float(floor_float32(node["threshold"])))
        nodes["nodes_hitrates"].append(float(cover))
        nodes["nodes_modes"].append("LEAF" if is_leaf else "BRANCH_LEQ")
        nodes["nodes_truenodeids"].append(0 if is_leaf else node["left_child"]["id"])
        nodes["nodes_falsenodeids"].append(0 if is_leaf else node["right_child"]["id"])
        nodes["nodes_missing_value_tracks_true"].append(0)
        if is_leaf:
            leaves["class_treeids"].append(number)
            leaves["class_nodeids"].append(node["id"])
            leaves["class_ids"].append(output)
            leaves["class_weights"].append(float(node["leaf_value"]))
    return covers


def run_onnx(model_bytes: bytes, x: np.ndarray) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model_bytes, options, providers=["CPUExecutionProvider"])
    return session.run(["probabilities"], {"features": np.asarray(x, np.float32)})[0]


def rows_at_thresholds(booster: lightgbm.Booster, x: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Rows whose values lie on thresholds and one float32 to either side of them: where a wrong rounding flips a split."""
    random = np.random.default_rng(seed)
    rows = x[random.integers(0, len(x), count)].copy()
    thresholds: dict[int, list[float]] = {}

    def visit(node: dict) -> None:
        if "left_child" in node:
            thresholds.setdefault(node["split_feature"], []).append(node["threshold"])
            visit(node["left_child"])
            visit(node["right_child"])

    for tree in booster.dump_model()["tree_info"]:
        visit(tree["tree_structure"])
    for feature, values in thresholds.items():
        near = np.array(random.choice(values, count), np.float32)
        side = random.integers(-1, 2, count)
        moved = np.nextafter(near, np.where(side < 0, -np.inf, np.inf).astype(np.float32))
        rows[:, feature] = np.where(random.random(count) < 0.7, np.where(side == 0, near, moved), rows[:, feature])
    return rows


def compare(booster: lightgbm.Booster, model_bytes: bytes, x: np.ndarray, task: Task) -> dict[str, float | int]:
    """Largest difference between ONNX and LightGBM, over the rows and as many (10 000 at least) at thresholds."""
    largest, flips, count = 0.0, 0, 0
    for rows in (x, rows_at_thresholds(booster, x, max(10_000, len(x)), seed=3)):
        expected = predict(booster, rows)
        found = run_onnx(model_bytes, rows)
        found = found[:, 1] if task.is_binary else found
        differences = np.abs(found - expected)
        largest = max(largest, float(differences.max()))
        flips += int((differences.reshape(len(rows), -1).max(axis=1) > DIFFERENCE_MAX).sum())
        count += len(rows)
    return {"rows": count, "max_difference": largest, "rows_above_1e-6": flips}


def describe_golden(booster: lightgbm.Booster, x: np.ndarray) -> list[dict]:
    """Rows from all over the data, with LightGBM's own answers: they show that the conversion is right."""
    rows = x[np.linspace(0, len(x) - 1, GOLDEN_ROWS).astype(int)]
    answers = predict(booster, rows)
    return [
        {"inputs": [float(value) for value in row], "outputs": [float(value) for value in np.atleast_1d(answer)]}
        for row, answer in zip(rows, answers)
    ]


def describe_reference(x: np.ndarray, inputs: list[str]) -> dict[str, dict]:
    """
    What each input looked like in training, for drift: inner edges of ten equally filled bins, and the share of
    rows in each bin: bin k holds edges[k-1] < x <= edges[k]. Values that occur often make bins of unequal shares.
    """
    reference = {}
    for name, column in zip(inputs, x.T):
        edges = np.unique(np.quantile(column, np.linspace(0, 1, DRIFT_BINS + 1)[1:-1], method="lower"))
        shares = np.bincount(np.searchsorted(edges, column, side="left"), minlength=len(edges) + 1) / len(column)
        reference[name] = {
            "edges": [float(edge) for edge in edges],
            "shares": [float(share) for share in shares],
            "min": float(column.min()),
            "max": float(column.max()),
        }
    return reference


def importance(booster: lightgbm.Booster, inputs: list[str]) -> dict[str, float]:
    """Share of the total gain, largest first."""
    gains = booster.feature_importance("gain")
    total = gains.sum() or 1.0
    order = np.argsort(-gains, kind="stable")
    return {inputs[k]: float(gains[k] / total) for k in order}


def digest(model_bytes: bytes) -> str:
    return hashlib.sha256(model_bytes).hexdigest()
