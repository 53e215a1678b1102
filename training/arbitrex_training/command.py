"""arbitrex-train: from a training table to a model that the service registers."""

import argparse
import getpass
import json
import pathlib
import sys
from dataclasses import dataclass

import numpy as np

from . import export
from .fit import FitOptions, Fitted, fit, predict
from .folds import WindowPlan, plan_folds, split_window
from .leaks import find_peeking_features, turned_auc
from .metrics import measure
from .registration import RefusedError, read_trained, register
from .report import show, write_report
from .table import FEATURE_VERSION, FEATURES, REGIME, SIGNAL, STATISTICS, Samples, Task, TrainingError, read_table
from .walk_forward import WalkForward, walk_forward

HELP_ENDING = """
Exit code: 0 the model passed its gates (or --force), 2 the table or an option is wrong, 3 a gate refused the model: the
report is written, the model is not; 4 the service refused to register it.

examples:
  arbitrex-train signal --table sp500-table.parquet --out trained/signal
  arbitrex-train regime --table market-1.csv market-2.csv --label truth_regime --out trained/regime
  arbitrex-train register trained/signal --server 127.0.0.1:8003
  arbitrex-train signal --table fx.parquet --out trained/fx --register 127.0.0.1:8003
"""

INPUTS = {"features": FEATURES, "statistics": FEATURES + STATISTICS, "recorded": None}


@dataclass(frozen=True)
class Gate:
    name: str
    value: float
    least: float

    @property
    def passed(self) -> bool:
        return self.value >= self.least


def main(arguments: list[str] | None = None) -> int:
    options = read_arguments(arguments)
    try:
        if options.command == "register":
            return register_trained(options.folder, options.server, options)
        code = train(SIGNAL if options.command == "signal" else REGIME, options)
        if code == 0 and options.register is not None:
            return register_trained(options.out, options.register, options)
        return code
    except TrainingError as error:
        print(f"arbitrex-train: {error}", file=sys.stderr)
        return 2
    except RefusedError as error:
        print(f"arbitrex-train: {error}", file=sys.stderr)
        return 4


def read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "arbitrex-train", epilog=HELP_ENDING, formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Trains a LightGBM model by walk-forward windows, measures it, and exports it to ONNX.",
    )  # fmt: skip
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (("signal", "P(the momentum signal succeeds)"), ("regime", "P(TRENDING, RANGING, STRESSED)")):
        training = commands.add_parser(name, help=what, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
        add_options(training)
        training.add_argument("--register", metavar="HOST:PORT", default=None, help="register the model with this service when it passed")
        add_registration_options(training)
    registration = commands.add_parser(
        "register", help="register a trained model with a service", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    registration.add_argument("folder", help="what --out was: model.onnx and metadata.json")
    registration.add_argument("--server", metavar="HOST:PORT", default="127.0.0.1:8003")
    registration.add_argument("--version", default=None, help="what the model will be called (default: the metadata's, else the next free one)")
    add_registration_options(registration)
    return parser.parse_args(arguments)


def add_registration_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--actor", default=getpass.getuser(), help="who registers it, for the audit log")
    add("--token-file", default=None, help="file with the bearer token that the service asks for")
    add("--ca", default=None, help="file with the certificates to trust, PEM; the connection is then encrypted")


def add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--table", nargs="+", required=True, help="tables of ml-layer dataset; several are markets apart, side by side in time")
    add("--out", required=True, help="folder for model.onnx, metadata.json, figures.json and report.html")
    add("--version", default=None, help="what the model will be called, e.g. v2.1.0_lightgbm (default: the registry chooses the next free one)")
    add("--data", default=None, help="what the tables are, in words, for metadata and report")
    add("--expires-at", default=None, help="ISO 8601 time for metadata, after which the model should not decide any more")
    add("--label", default=None, help="another label column, e.g. truth_regime of simulated bars")
    add("--inputs", choices=list(INPUTS), default="features",
        help="the 16 features; with them five numbers of the statistics engine (requests must then carry qse_output); or whatever "
        "every row of a table of an audit log has recorded")  # fmt: skip
    add("--extra-features", nargs="+", default=[], help="further columns of the table that requests will carry")
    add("--splits", type=int, default=5, help="walk-forward folds (model.n_splits)")
    add("--test-size", type=float, default=0.2, help="newest share of a training window that stops and calibrates (model.test_size)")
    add("--window", type=int, default=5000, help="longest training window, bars (training.training_window)")
    add("--embargo", type=int, default=None, help="bars kept out besides the purged horizon (default: the horizon)")
    add("--trees", type=int, default=100, help="most trees, of each class (model.n_estimators)")
    add("--depth", type=int, default=6, help="model.max_depth")
    add("--leaves", type=int, default=31)
    add("--learning-rate", type=float, default=0.05, help="model.learning_rate")
    add("--child-samples", type=int, default=20, help="model.min_child_samples")
    add("--class-weights", choices=["none", "balanced"], default="none", help="balanced: every class weighs the same in training")
    add("--min-samples", type=int, default=1000, help="fewest labelled rows (training.min_training_samples)")
    add("--min-auc", type=float, default=0.55, help="gate: walk-forward AUC (model.min_auc)")
    add("--min-accuracy", type=float, default=0.52, help="gate: walk-forward accuracy (model.min_accuracy)")
    add("--force", action="store_true", help="export although a gate refuses; metadata and report say so")
    add("--bootstrap", type=int, default=200, help="resamples behind each interval")
    add("--control-turns", type=int, default=5, help="trainings on labels turned round in time, which must find nothing; 0 leaves them out")
    add("--seed", type=int, default=7)
    add("--threads", type=int, default=2)


def train(task: Task, options: argparse.Namespace) -> int:
    tell(f"reading {len(options.table)} table(s)")
    inputs = INPUTS[options.inputs]
    samples = read_table(options.table, task, inputs and inputs + options.extra_features, options.label)
    if samples.incomplete > 0:
        tell(f"{samples.incomplete} labelled rows lack an input and are left out")
    if len(samples) < options.min_samples:
        raise TrainingError(f"{len(samples)} labelled rows are fewer than --min-samples {options.min_samples}")
    refuse_leaks(samples)
    plan = WindowPlan(
        horizon=samples.horizon, embargo=samples.horizon if options.embargo is None else options.embargo,
        splits=options.splits, validation_share=options.test_size, window_bars=options.window,
    )  # fmt: skip
    fitting = FitOptions(
        trees=options.trees, depth=options.depth, leaves=options.leaves, learning_rate=options.learning_rate,
        child_samples=options.child_samples, seed=options.seed, threads=options.threads,
        balanced=options.class_weights == "balanced",
    )  # fmt: skip
    tell(f"{len(samples)} rows, {int(samples.bar.max()) + 1} bars: walking forward in {plan.splits} folds")
    walk = walk_forward(samples, task, plan, fitting, options.bootstrap)
    control = float("nan")
    if options.control_turns > 0:
        tell("control: turned labels")
        control = turned_auc(samples, task, plan_folds(samples.bar, plan)[-1], fitting, options.control_turns)
    tell("training the model to export on the newest window")
    # One bar after the last: nothing is held back for a test that has been passed already.
    window = split_window(samples.bar, int(samples.bar.max()) + 1 + plan.gap, plan)
    fitted = fit(samples, task, *window, fitting)
    return finish(task, options, samples, plan, walk, control, fitted, window)


def refuse_leaks(samples: Samples) -> None:
    leaks = find_peeking_features(samples)
    if leaks:
        found = "; ".join(f"{each.feature} has a rank correlation of {each.correlation:.2f} with returns up to {each.bars_ahead} bars ahead" for each in leaks)
        raise TrainingError(f"a feature knows the future: {found}")


def finish(task: Task, options: argparse.Namespace, samples: Samples, plan: WindowPlan, walk: WalkForward,
           control: float, fitted: Fitted, window: tuple[np.ndarray, np.ndarray]) -> int:  # fmt: skip
    model, covers = export.to_onnx(fitted.booster, task, len(samples.inputs))
    model_bytes = model.SerializeToString(deterministic=True)
    exactness = export.compare(fitted.booster, model_bytes, samples.x, task)
    if exactness["rows_above_1e-6"] > 0:
        raise TrainingError(f"ONNX differs from LightGBM: {exactness}")
    gates = [
        Gate("min_auc", walk.figures["model"]["auc"].value, options.min_auc),
        Gate("min_accuracy", walk.figures["model"]["accuracy"].value, options.min_accuracy),
    ]
    verdict = judge(walk, gates, control, options.force)
    importances = export.importance(fitted.booster, samples.inputs)
    in_sample = {name: measure(samples.y[rows], predict(fitted.booster, samples.x[rows])) for name, rows in zip(("train", "validation"), window)}
    facts = describe_facts(task, options, samples, plan, fitted, window, control, exactness)
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    figures = {who: {key: each.to_json() for key, each in own.items()} for who, own in walk.figures.items()}
    (out / "figures.json").write_text(json.dumps({"figures": figures, "verdict": verdict, "facts": facts}, indent=2) + "\n")
    write_report(str(out / "report.html"), f"{task.model_name} {options.version or ''}".strip(), verdict, walk, samples, task, importances, facts)
    print("\n".join(verdict))
    print(f"report: {out / 'report.html'}")
    if not all(gate.passed for gate in gates) and not options.force:
        return 3
    metadata = drop_unknown({
        "model_name": task.model_name, "version": options.version, "format": "onnx", "sha256": export.digest(model_bytes),
        "feature_version": FEATURE_VERSION, "inputs": samples.inputs, "extra_features": find_extra(samples.inputs), "class_weights": options.class_weights, "outputs": ["probabilities"], "classes": task.classes,
        **({"positive_class": 1} if task.is_binary else {}), "horizon": samples.horizon,
        "label": options.label or task.label, "samples": len(window[0]) + len(window[1]),
        "training_window": describe_window(samples, window), "data": options.data, "config_hash": samples.config_hash,
        "expires_at": options.expires_at, "in_sample": in_sample, "walk_forward": figures, "verdict": verdict,
        "gates": {gate.name: {"value": gate.value, "least": gate.least, "passed": gate.passed} for gate in gates},
        "forced": options.force and not all(gate.passed for gate in gates),
        "calibration": {"method": "platt, folded into the leaves", "slope": fitted.slope, "shift": fitted.shift},
        "exactness": exactness, "feature_importance": importances,
        "drift_reference": export.describe_reference(samples.x[np.concatenate(window)], samples.inputs),
        "golden_rows": export.describe_golden(fitted.booster, samples.x), "golden_tolerance": 1e-6, "tree_covers": covers,
    })  # fmt: skip
    (out / "model.onnx").write_bytes(model_bytes)
    (out / "metadata.json").write_text(json.dumps(metadata, separators=(",", ":")) + "\n")
    fitted.booster.save_model(str(out / "model.lightgbm.txt"))
    print(f"model: {out / 'model.onnx'} ({len(model_bytes)} bytes)")
    if options.register is None:
        print(f"next: arbitrex-train register {out} --server HOST:PORT")
    return 0


def register_trained(folder: str, server: str, options: argparse.Namespace) -> int:
    token, ca = (read_option_file(path) for path in (options.token_file, options.ca))
    found = register(read_trained(folder), server, options.actor, options.version or "", token and token.strip(), ca)
    print(f"registered {found.name}/{found.version}, {found.state}, sha256 {found.sha256[:12]}")
    print(f"next: ml-layer models shadow {found.name} {found.version}")
    return 0


def read_option_file(path: str | None) -> str | None:
    try:
        return None if path is None else pathlib.Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise TrainingError(f"cannot read {path}: {error}") from error


def judge(walk: WalkForward, gates: list[Gate], control: float, forced: bool) -> list[str]:
    """What the figures say, in words that do not flatter."""
    auc, gain = walk.figures["model"]["auc"], walk.figures["model - rules"]["auc"]
    constant = walk.figures["constant"]["log_loss"].value
    lines = [f"walk-forward AUC {show(auc)}, accuracy {show(walk.figures['model']['accuracy'])}"]
    if auc.low <= 0.5:
        lines.append("NO EDGE: the interval of the AUC contains one half; on this data the model may know nothing.")
    elif gain.low <= 0:
        lines.append(f"the model knows something, but is not shown to rank better than the rules: difference {show(gain)}")
    else:
        lines.append(f"the model ranks better than the rules by {show(gain)}")
    if walk.figures["model"]["log_loss"].value > constant:
        lines.append("its probabilities are worse than a constant's (log loss): do not trade on their size.")
    if control > 0.55:
        lines.append(f"WARNING: turned labels still give an AUC of {control:.3f}; the harness may leak.")
    for gate in gates:
        if not gate.passed:
            ending = "exported all the same (--force)" if forced else "not exported"
            lines.append(f"GATE {gate.name}: {gate.value:.4f} is below {gate.least}; {ending}")
    return lines


def drop_unknown(members: dict) -> dict:
    return {name: value for name, value in members.items() if value is not None}


def find_extra(inputs: list[str]) -> list[str]:
    """Inputs that the schema does not know; the registry binds them only where the model declares them."""
    return [name for name in inputs if name not in FEATURES and not name.startswith("qse_output.")]


def describe_window(samples: Samples, window: tuple[np.ndarray, np.ndarray]) -> dict[str, str | int]:
    rows = np.concatenate(window)
    times = samples.times[rows]
    return {"from": min(times), "to": max(times), "bars": int(np.ptp(samples.bar[rows])) + 1}


def describe_facts(task: Task, options: argparse.Namespace, samples: Samples, plan: WindowPlan, fitted: Fitted,
                   window: tuple[np.ndarray, np.ndarray], control: float, exactness: dict) -> dict[str, str]:  # fmt: skip
    counts = np.bincount(samples.y, minlength=len(task.classes))
    return {
        "data": options.data or "",
        "tables": ", ".join(pathlib.Path(path).name for path in options.table),
        "label": options.label or task.label,
        "rows": str(len(samples)) + (f", {samples.incomplete} more lack an input" if samples.incomplete > 0 else ""),
        "class balance": ", ".join(f"{name} {count / len(samples):.1%}" for name, count in zip(task.classes, counts)),
        "class weights": options.class_weights,
        "horizon, embargo": f"{plan.horizon}, {plan.embargo} bars",
        "exported model": f"{len(window[0])} + {len(window[1])} rows, {fitted.trees} trees a class",
        "calibration": f"slope {fitted.slope:.3f}, shift {', '.join(f'{value:+.3f}' for value in fitted.shift)}",
        "control with turned labels": "left out" if np.isnan(control) else f"AUC {control:.3f}",
        "ONNX against LightGBM": f"{exactness['rows']} rows, largest difference {exactness['max_difference']:.2e}",
    }


def tell(*words: str) -> None:
    print(*words, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
