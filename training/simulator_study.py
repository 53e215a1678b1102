"""
How much of what could be known do the models know? Answered on simulated markets, where it is known what could be.

    training/.venv/bin/python training/simulator_study.py --folder study --docs docs/MODELS.md

Makes the markets and tables that are missing in the folder (ml-layer simulate, ml-layer dataset), trains on some seeds, measures on
others, and writes the tables of docs/MODELS.md between its two marks. With --validation it measures on seeds 1 to 20 instead, on which
the settings below were chosen; the published seeds were looked at once. About twenty minutes on two cores from nothing, half a
minute when tables and models are there; --only trains one model and stops.
"""

import argparse
import gzip
import pathlib
import subprocess
import sys
from dataclasses import dataclass

import lightgbm
import numpy as np
import pandas as pd
from scipy.stats import t as student

from arbitrex_training.command import main as train
from arbitrex_training.fit import predict
from arbitrex_training.metrics import measure
from arbitrex_training.table import FEATURES, REGIMES, STATISTICS

ROOT = pathlib.Path(__file__).parent.parent
# LightGBM's own text of the shipped model, which its exactness is tested with.
SHIPPED_REGIME = ROOT / "test/external/fixtures/shipped/regime_classifier.txt.gz"
TRAIN_SEEDS = range(101, 137)
VALIDATION_SEEDS = range(1, 21)
TEST_SEEDS = range(201, 221)
BEGIN, END = "<!-- simulator study: begin -->", "<!-- simulator study: end -->"
# One fold: what is measured here are the models that are exported, on other markets.
TRAINING = ["--threads", "1", "--splits", "1", "--bootstrap", "40", "--control-turns", "0", "--child-samples", "200", "--force"]
FAST, SLOW = ["--learning-rate", "0.1"], ["--learning-rate", "0.05", "--trees", "300"]
# The columns of ml-layer dataset --peers.
PEERS = [
    f"peer_{name}" for name in (
        "momentum_score", "efficiency_ratio", "trend_consistency", "vol_percentile", "return_autocorrelation", "log_return_1",
        "rolling_return_20", "ma_distance_20", "ma_distance_50", "ma_slope_50", "vol_slope",
    )
]  # fmt: skip
# The past of one symbol beyond what the features keep of it: its last returns one by one, and features 5, 10 and 20 bars ago.
LAGS = {"scaled_return": range(1, 12)} | {
    name: (5, 10, 20) for name in ("momentum_score", "efficiency_ratio", "vol_percentile", "trend_consistency")
}
LAG_NAMES = [f"{name}_lag_{bars}" for name, lags in LAGS.items() for bars in lags]


@dataclass(frozen=True)
class Model:
    who: str
    command: list[str]
    extra: list[str]

    @property
    def inputs(self) -> list[str]:
        return FEATURES + (STATISTICS if "statistics" in self.command else []) + self.extra


MODELS = {
    "signal": Model("trained, 16 features", ["signal", *FAST], []),
    "signal-statistics": Model("trained, features and statistics", ["signal", "--inputs", "statistics", *FAST], []),
    "signal-lags": Model("trained, features and their past", ["signal", *FAST], LAG_NAMES),
    "signal-peers": Model("trained, features and those of the other symbols", ["signal", *SLOW], PEERS),
    "regime": Model("trained on the true regime, 16 features", ["regime", "--label", "truth_regime", *FAST], []),
    "regime-peers": Model("trained on the true regime, with those of the other symbols", ["regime", "--label", "truth_regime", *SLOW], PEERS),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="where markets, tables and models are kept")
    parser.add_argument("--validation", action="store_true", help="measure on the seeds that settings are chosen on")
    parser.add_argument("--only", choices=list(MODELS), help="train this model if it is missing, and measure nothing")
    parser.add_argument("--docs", type=pathlib.Path, help="file whose section is replaced; without it the tables are printed")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in [options.only] if options.only else MODELS:
        code = train_missing(options.folder, name)
        if code != 0:
            return code
    if options.only:
        return 0
    models = {name: lightgbm.Booster(model_file=str(options.folder / name / "model.lightgbm.txt")) for name in MODELS}
    shipped = lightgbm.Booster(model_str=gzip.decompress(SHIPPED_REGIME.read_bytes()).decode())
    seeds = VALIDATION_SEEDS if options.validation else TEST_SEEDS
    found = []
    for seed in seeds:
        found.append(measure_market(pd.read_parquet(make_table(options.folder, seed)), models, shipped))
        print(f"measured seed {seed}", file=sys.stderr)
    text = describe(found, seeds)
    if options.docs is None:
        print(text)
    else:
        replace_section(options.docs, text)
    return 0


def train_missing(folder: pathlib.Path, name: str) -> int:
    if (folder / name / "model.lightgbm.txt").exists():
        return 0
    print(f"training {name}", file=sys.stderr)
    model = MODELS[name]
    tables = [str(make_table(folder, seed)) for seed in TRAIN_SEEDS]
    extra = ["--extra-features", *model.extra] if model.extra else []
    return train([*model.command, *extra, "--table", *tables, "--out", str(folder / name), *TRAINING])


def make_table(folder: pathlib.Path, seed: int) -> pathlib.Path:
    """The table of ml-layer dataset, and beside it the lags, which are the study's own."""
    table, market = folder / f"study-{seed}.parquet", folder / f"market-{seed}"
    if not table.exists():
        print(f"simulating {seed}", file=sys.stderr)
        plain = folder / f"table-{seed}.parquet"
        if not plain.exists():
            run("simulate", "--seed", str(seed), "--out", str(market))
            unfinished = folder / f"table-{seed}.unfinished.parquet"
            run("dataset", "--peers", "--bars", f"{market}/bars.csv", "--truth", f"{market}/truth.csv", "--out", str(unfinished))
            unfinished.rename(plain)
        add_lags(pd.read_parquet(plain)).to_parquet(f"{table}.part")
        pathlib.Path(f"{table}.part").rename(table)
    return table


def add_lags(frame: pd.DataFrame) -> pd.DataFrame:
    """0 where a row has no such past in the table: at the first bars of each symbol."""
    known = frame.assign(scaled_return=frame["log_return_1"] / frame["volatility"])
    by_symbol = known.groupby("symbol", sort=False)
    lags = {f"{name}_lag_{bars}": by_symbol[name].shift(bars).fillna(0) for name, all_bars in LAGS.items() for bars in all_bars}
    return frame.assign(**lags)


def run(*arguments: str) -> None:
    node = ROOT / "node_modules/.bin/node"
    subprocess.run([node, ROOT / "src/main.ts", *arguments], check=True, capture_output=True)


def measure_market(frame: pd.DataFrame, models: dict[str, lightgbm.Booster], shipped: lightgbm.Booster) -> dict[str, dict[str, dict[str, float]]]:
    """By question, by who answers, the figures of one market."""

    def ask(question: str, rows: pd.DataFrame) -> dict[str, np.ndarray]:
        chosen = {name: model for name, model in MODELS.items() if name.startswith(question)}
        return {model.who: predict(models[name], rows[model.inputs].to_numpy(np.float32)) for name, model in chosen.items()}

    signal = frame[frame["label_success"].notna()]
    y = signal["label_success"].to_numpy(int)
    answers = {
        "rules": signal["rules_success"].to_numpy(),
        **ask("signal", signal),
        "exact filter, own returns": signal["own_filter_success"].to_numpy(),
        "exact filter, all symbols": signal["filter_success"].to_numpy(),
        "knows the hidden state": signal["truth_success"].to_numpy(),
    }
    state = frame["truth_regime"].map({name: k for k, name in enumerate(REGIMES)}).to_numpy()
    regimes = {
        "majority class": np.tile(np.bincount(state, minlength=3) / len(state), (len(state), 1)),
        "rules": frame[["rules_trending", "rules_ranging", "rules_stressed"]].to_numpy(),
        # It was trained on other bars and answers another question: which regime comes next, by the trader's thresholds.
        "shipped, S&P 500, the next bars' regime": predict(shipped, frame[FEATURES].to_numpy(np.float32)),
        **ask("regime", frame),
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


def describe(found: list[dict[str, dict[str, dict[str, float]]]], seeds: range) -> str:
    lines = [
        f"Trained on {len(TRAIN_SEEDS)} markets (seeds {TRAIN_SEEDS.start} to {TRAIN_SEEDS.stop - 1}), measured on {len(found)} others "
        f"(seeds {seeds.start} to {seeds.stop - 1}), 5 000 bars of 4 symbols each. Mean over the markets and its 95 % interval (Student).",
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
