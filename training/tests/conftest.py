import numpy as np
import pandas as pd
import pytest

from arbitrex_training.table import FEATURES, REGIMES

HORIZON = 10


def make_table(path, bars=1600, symbols=2, seed=1, signal=1.2, extra=None):
    """
    A table in which `momentum_score` and `efficiency_ratio` tell something (as much as `signal`) about the next bars, and nothing
    else does. `extra(returns, frame)` may replace a column.
    """
    random = np.random.default_rng(seed)
    frames = []
    for symbol in range(symbols):
        known = random.normal(size=(bars, len(FEATURES)))
        tendency = np.convolve(random.normal(size=bars), np.ones(30) / np.sqrt(30), "same")
        returns = 0.12 * signal * np.roll(tendency, 1) + random.normal(size=bars)
        frame = pd.DataFrame(known, columns=FEATURES)
        frame["log_return_1"] = returns
        frame["momentum_score"] = np.abs(random.normal(size=bars)) + 0.01
        frame["efficiency_ratio"] = tendency + 0.3 * random.normal(size=bars)
        forward = np.array([returns[t + 1 : t + 1 + HORIZON].sum() for t in range(bars)])
        frame["label_return"] = forward
        frame["label_success"] = (forward > 0).astype(int)
        level = np.digitize(tendency + 0.5 * random.normal(size=bars), [-0.5, 0.7])
        frame["label_regime"] = np.array(REGIMES)[level]
        frame["rules_success"] = 0.5 + 0.1 * np.tanh(random.normal(size=bars))
        for name, value in (("trending", 0.4), ("ranging", 0.4), ("stressed", 0.2)):
            frame[f"rules_{name}"] = value
        if extra is not None:
            extra(returns, frame)
        frame.insert(0, "time", pd.date_range("2020-01-01", periods=bars, freq="4h").strftime("%Y-%m-%dT%H:%M:%SZ"))
        frame.insert(1, "symbol", f"S{symbol}")
        frame.insert(2, "feature_version", "1.0.0")
        frame.insert(3, "horizon", HORIZON)
        frames.append(frame.iloc[: bars - HORIZON])
    pd.concat(frames).to_csv(path, index=False)
    return str(path)


@pytest.fixture(scope="session")
def table(tmp_path_factory):
    return make_table(tmp_path_factory.mktemp("tables") / "table.csv")
