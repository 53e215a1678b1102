"""One LightGBM model, calibrated inside its own leaves."""

from dataclasses import dataclass

import lightgbm
import numpy as np
from scipy.optimize import minimize

from .table import Samples, Task, TrainingError


@dataclass(frozen=True)
class FitOptions:
    trees: int = 100
    depth: int = 6
    leaves: int = 31
    learning_rate: float = 0.05
    child_samples: int = 20
    patience: int = 20
    seed: int = 7
    threads: int = 2
    balanced: bool = False
    """Whether every class weighs the same in training. Calibration, which is not weighted, puts the probabilities back."""


@dataclass(frozen=True)
class Fitted:
    booster: lightgbm.Booster
    trees: int
    """Rounds that early stopping kept."""
    slope: float
    """What calibration multiplied raw scores by."""
    shift: list[float]
    """What it added to them, by class."""


def fit(samples: Samples, task: Task, train: np.ndarray, validation: np.ndarray, options: FitOptions) -> Fitted:
    """Trains on `train`; `validation` decides when to stop and how to calibrate."""
    present = np.unique(samples.y[train])
    if len(present) < len(task.classes):
        raise TrainingError(f"the training window has only the classes {[task.classes[k] for k in present]}")
    parameters = {
        "objective": "binary" if task.is_binary else "multiclass",
        "metric": "binary_logloss" if task.is_binary else "multi_logloss",
        "num_leaves": options.leaves,
        "max_depth": options.depth,
        "learning_rate": options.learning_rate,
        "min_data_in_leaf": options.child_samples,
        "feature_fraction": 0.8,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
        "seed": options.seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": options.threads,
        # The service refuses what is missing, so a split needs no branch for it, and a row means the same in ONNX.
        "use_missing": False,
        "zero_as_missing": False,
        "linear_tree": False,
        "verbosity": -1,
    }
    if not task.is_binary:
        parameters["num_class"] = len(task.classes)
    weights = class_weights(samples.y[train], len(task.classes))
    train_weight, held_weight = (weights[samples.y[rows]] if options.balanced else None for rows in (train, validation))
    data = lightgbm.Dataset(samples.x[train], samples.y[train], weight=train_weight, feature_name=_plain_names(samples.inputs))
    held = lightgbm.Dataset(samples.x[validation], samples.y[validation], weight=held_weight, reference=data)
    booster = lightgbm.train(
        parameters,
        data,
        num_boost_round=options.trees,
        valid_sets=[held],
        callbacks=[lightgbm.early_stopping(options.patience, verbose=False)],
    )
    trees = booster.best_iteration or options.trees
    # Training goes on for `patience` rounds after the best one; the string form keeps the best only.
    booster = lightgbm.Booster(model_str=booster.model_to_string(num_iteration=trees))
    slope, shift = calibrate(booster, samples.x[validation], samples.y[validation], task)
    return Fitted(booster, trees, slope, shift)


def class_weights(y: np.ndarray, classes: int) -> np.ndarray:
    """By class, so that all classes together weigh the same and a row weighs 1 on average."""
    return len(y) / (classes * np.maximum(1, np.bincount(y, minlength=classes)))


def calibrate(booster: lightgbm.Booster, x: np.ndarray, y: np.ndarray, task: Task) -> tuple[float, list[float]]:
    """
    Platt scaling (of several classes: one slope, a shift each), folded into the leaves: every leaf is multiplied by the slope, the
    first tree of each class takes the shift. The calibrated model is an ordinary tree ensemble, so ONNX, TreeSHAP and LightGBM itself
    answer the calibrated probability without a step of their own. Isotonic calibration would need one.
    """
    raw = booster.predict(x, raw_score=True).reshape(len(x), -1)
    classes = raw.shape[1]

    def loss(parameters: np.ndarray) -> float:
        scores = np.exp(parameters[0]) * raw + parameters[1:]
        # A pull towards "leave it alone", worth some ten rows: a short validation part must not turn the model round.
        pull = 5 * (parameters[0] ** 2 + (parameters[1:] ** 2).sum()) / len(y)
        if task.is_binary:
            return float(np.mean(np.logaddexp(0, np.where(y == 1, -1, 1) * scores[:, 0]))) + pull
        return float(np.mean(np.logaddexp.reduce(scores, axis=1) - scores[np.arange(len(y)), y])) + pull

    found = minimize(loss, np.zeros(1 + classes), method="Nelder-Mead", options={"maxiter": 2000, "xatol": 1e-6, "fatol": 1e-10})
    # The slope is positive by construction, so calibration never reverses an order.
    slope, shift = float(np.exp(found.x[0])), [float(value) for value in found.x[1:]]
    fold_into_leaves(booster, slope, shift)
    return slope, shift


def fold_into_leaves(booster: lightgbm.Booster, slope: float, shift: list[float]) -> None:
    """`raw` becomes `slope * raw + shift`."""
    classes = len(shift)
    for index, tree in enumerate(booster.dump_model()["tree_info"]):
        extra = shift[index] if index < classes else 0.0
        for leaf in range(tree["num_leaves"]):
            booster.set_leaf_output(index, leaf, slope * booster.get_leaf_output(index, leaf) + extra)


def predict(booster: lightgbm.Booster, x: np.ndarray) -> np.ndarray:
    """float32 rows in, as in the service; LightGBM itself compares in float64, which holds every float32 exactly."""
    return booster.predict(np.asarray(x, np.float32).astype(np.float64))


def _plain_names(inputs: list[str]) -> list[str]:
    return [name.replace(".", "_") for name in inputs]
