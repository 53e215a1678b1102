"""
How much of what could be known do the models know? Answered on simulated markets, where it is known what could be.

    training/.venv/bin/python training/simulator_study.py --folder study --docs docs/MODELS.md

Makes the markets and tables that are missing in the folder (ml-layer simulate, ml-layer dataset), trains on some seeds, measures on
others, and writes the tables of docs/MODELS.md between its two marks. About a quarter of an hour on two cores from nothing, ten
seconds when tables and models are there.
"""

import argparse
import pathlib
import subprocess
import sys

import lightgbm
import numpy as np
import pandas as pd
from scipy.stats import t as student

from arbitrex_training.command import main as train
from arbitrex_training.fit import predict
from arbitrex_training.metrics import measure
from arbitrex_training.table import FEATURES, REGIMES, STATISTICS

ROOT = pathlib.Path(__file__).parent.parent
TRAIN_SEEDS = range(101, 137)
BEGIN, END = "<!-- simulator study: begin -->", "<!-- simulator study: end -->"
TRAINING = ["--splits", "2", "--bootstrap", "40", "--child-samples", "200", "--learning-rate", "0.1", "--force"]
MODELS = {
    "signal": ["signal"],
    "signal-statistics": ["signal", "--inputs", "statistics"],
    "regime": ["regime", "--label", "truth_regime"],
    "regime-forward": ["regime"],
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="where markets, tables and models are kept")
    parser.add_argument("--seeds", type=int, default=20, help="markets to measure on")
    parser.add_argument("--docs", type=pathlib.Path, help="file whose section is replaced; without it the tables are printed")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    training = [make_table(options.folder, seed) for seed in TRAIN_SEEDS]
    for name, arguments in MODELS.items():
        if (options.folder / name / "model.lightgbm.txt").exists():
            continue
        print(f"training {name}", file=sys.stderr)
        code = train([*arguments, "--table", *map(str, training), "--out", str(options.folder / name), *TRAINING])
        if code != 0:
            return code
    models = {name: lightgbm.Booster(model_file=str(options.folder / name / "model.lightgbm.txt")) for name in MODELS}
    found = []
    for seed in range(1, options.seeds + 1):
        found.append(measure_market(pd.read_csv(make_table(options.folder, seed)), models))
        print(f"measured {seed} of {options.seeds}", file=sys.stderr)
    text = describe(found)
    if options.docs is None:
        print(text)
    else:
        replace_section(options.docs, text)
    return 0


def make_table(folder: pathlib.Path, seed: int) -> pathlib.Path:
    table, market = folder / f"table-{seed}.csv", folder / f"market-{seed}"
    if not table.exists():
        print(f"simulating {seed}", file=sys.stderr)
        run("simulate", "--seed", str(seed), "--out", str(market))
        run("dataset", "--bars", str(market / "bars.csv"), "--truth", str(market / "truth.csv"), "--out", f"{table}.part")
        pathlib.Path(f"{table}.part").rename(table)
    return table


def run(*arguments: str) -> None:
    node = ROOT / "node_modules/.bin/node"
    subprocess.run([node, ROOT / "src/main.ts", *arguments], check=True, capture_output=True)


def measure_market(frame: pd.DataFrame, models: dict[str, lightgbm.Booster]) -> dict[str, dict[str, dict[str, float]]]:
    """By question, by who answers, the figures of one market."""
    signal = frame[frame["label_success"].notna()]
    y = signal["label_success"].to_numpy(int)
    plain, whole = (signal[names].to_numpy(np.float32) for names in (FEATURES, FEATURES + STATISTICS))
    answers = {
        "rules": signal["rules_success"].to_numpy(),
        "trained, 16 features": predict(models["signal"], plain),
        "trained, features and statistics": predict(models["signal-statistics"], whole),
        "exact filter, own returns": signal["own_filter_success"].to_numpy(),
        "exact filter, all symbols": signal["filter_success"].to_numpy(),
        "knows the hidden state": signal["truth_success"].to_numpy(),
    }
    state = frame["truth_regime"].map({name: k for k, name in enumerate(REGIMES)}).to_numpy()
    x = frame[FEATURES].to_numpy(np.float32)
    regimes = {
        "majority class": np.tile(np.bincount(state, minlength=3) / len(state), (len(state), 1)),
        "rules": frame[["rules_trending", "rules_ranging", "rules_stressed"]].to_numpy(),
        "trained on the next bars' regime": predict(models["regime-forward"], x),
        "trained on the true regime": predict(models["regime"], x),
        "exact filter, own returns": frame[["own_filter_trending", "own_filter_ranging", "own_filter_stressed"]].to_numpy(),
        "exact filter, all symbols": frame[["filter_trending", "filter_ranging", "filter_stressed"]].to_numpy(),
    }
    found = {
        "signal": {who: measure(y, p) for who, p in answers.items()},
        "regime": {who: measure(state, p) for who, p in regimes.items()},
    }
    # The label that the rules answer with is smoothed, and need not be their most probable one.
    found["regime"]["rules"]["accuracy"] = float(np.mean(frame["rules_regime"] == frame["truth_regime"]))
    for bound in ("exact filter, own returns", "exact filter, all symbols"):
        add_shares(found["signal"], "auc", 0.5, bound)
        add_shares(found["regime"], "accuracy", found["regime"]["majority class"]["accuracy"], bound)
    return found


def add_shares(found: dict[str, dict[str, float]], key: str, floor: float, bound: str) -> None:
    """How far each came from the floor to the bound."""
    for own in found.values():
        own[f"share of {bound}"] = (own[key] - floor) / (found[bound][key] - floor)


def describe(found: list[dict[str, dict[str, dict[str, float]]]]) -> str:
    lines = [
        f"Trained on {len(TRAIN_SEEDS)} markets (seeds {TRAIN_SEEDS.start} to {TRAIN_SEEDS.stop - 1}), measured on {len(found)} others "
        f"(seeds 1 to {len(found)}), 5 000 bars of 4 symbols each. Mean over the markets and its 95 % interval (Student).",
        "",
        "Does the signal succeed? Rows that the rules call STRESSED are left out, as in training.",
        "",
        *tabulate(found, "signal", {"auc": "AUC", "brier": "Brier", "log_loss": "log loss"}, "0.5 AUC"),
        "",
        "Which regime is it now?",
        "",
        *tabulate(found, "regime", {"accuracy": "accuracy", "auc": "AUC, one against the rest", "brier": "Brier"}, "the majority class"),
    ]
    return "\n".join(lines)


def tabulate(found, question: str, keys: dict[str, str], floor: str) -> list[str]:
    shares = {
        "share of exact filter, own returns": f"way from {floor} to the own-returns filter",
        "share of exact filter, all symbols": "to the all-symbols filter",
    }
    lines = ["| | " + " | ".join([*keys.values(), *shares.values()]) + " |", "|---" * (1 + len(keys) + len(shares)) + "|"]
    for who in found[0][question]:
        cells = [show(np.array([market[question][who][key] for market in found])) for key in keys]
        cells += [show(100 * np.array([market[question][who][key] for market in found]), 0, " %") for key in shares]
        lines.append(f"| {who} | " + " | ".join(cells) + " |")
    return lines


def show(values: np.ndarray, digits: int = 3, unit: str = "") -> str:
    half = student.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else float("nan")
    return f"{values.mean():.{digits}f}{unit} ± {half:.{digits}f}"


def replace_section(path: pathlib.Path, text: str) -> None:
    """Only what stands between the marks is this script's."""
    whole = path.read_text(encoding="utf-8")
    before, _, rest = whole.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"{path} has no line {BEGIN} followed by {END}")
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
