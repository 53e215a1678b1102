"""A signal generator that asks before it trades: `signal_generator.py HOST:PORT BARS.csv [BARS]`.

Reads daily bars with the columns date and close, makes features of them, and prints for each of the newest bars whether its
momentum signal may trade. Your own feature engine and statistics take the place of `to_features` and `check`.
"""

from __future__ import annotations

import csv
import math
import sys

from arbitrex.ml.v1.inference_pb2 import PredictResponse, QseOutput
from arbitrex_ml import MlClient, MlRpcError, create_append, create_request

SYMBOL, TIMEFRAME = "SPX", "1D"
LOOKBACK = 20
RANK_BARS = 100
WINDOW_BARS = 120


def read_bars(path: str) -> tuple[list[str], list[float]]:
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["date"] for row in rows], [float(row["close"]) for row in rows]


def to_features(closes: list[float], at: int) -> dict[str, float]:
    """The features of one bar, from that bar and those before it."""
    returns = [math.log(closes[i] / closes[i - 1]) for i in range(at - LOOKBACK - RANK_BARS + 1, at + 1)]
    volatilities = [
        math.sqrt(sum(each * each for each in returns[end - LOOKBACK : end]) / LOOKBACK)
        for end in range(LOOKBACK + 1, len(returns) + 1)
    ]
    volatility = volatilities[-1]
    recent = returns[-LOOKBACK:]
    momentum = sum(recent)
    path = sum(abs(closes[i] - closes[i - 1]) for i in range(at - LOOKBACK + 1, at + 1))
    return {
        "momentum_score": momentum / (volatility * math.sqrt(LOOKBACK)),
        "efficiency_ratio": abs(closes[at] - closes[at - LOOKBACK]) / path,
        "vol_percentile": 100 * sum(each < volatility for each in volatilities) / len(volatilities),
        "trend_consistency": sum(each * momentum > 0 for each in recent) / LOOKBACK,
    }


def check(features: dict[str, float]) -> QseOutput:
    """What a statistics engine would find. This one only looks whether the trend persists."""
    persistence = 2 * features["trend_consistency"] - 1
    return QseOutput(
        validation=QseOutput.Validation(
            signal_validity_flag=True,
            autocorr_check_passed=True,
            stationarity_check_passed=True,
            distribution_check_passed=abs(features["momentum_score"]) < 3,
        ),
        metrics=QseOutput.Metrics(trend_persistence_score=persistence),
    )


def act(date: str, features: dict[str, float], decision: PredictResponse) -> bool:
    """Here an order would go out."""
    prediction = decision.prediction
    if not prediction.allow_trade:
        print(f"{date}  no trade: {prediction.decision_reasons[0]}")
        return False
    side = "long" if features["momentum_score"] > 0 else "short"
    print(f"{date}  {side}, probability {prediction.signal.momentum_success_prob:.4f}")
    return True


def main() -> None:
    address, path = sys.argv[1:3]
    dates, closes = read_bars(path)
    first = len(closes) - int(sys.argv[3] if len(sys.argv) > 3 else "60")
    by_bar = {at: to_features(closes, at) for at in range(first - WINDOW_BARS + 1, len(closes))}
    trades = 0
    with MlClient(address) as client:
        client.wait_for_health(timeout=30)
        with client.open_session() as session:
            for at in range(first, len(closes)):
                features = by_bar[at]
                try:
                    if at == first:
                        window = {name: [by_bar[i][name] for i in range(at - WINDOW_BARS + 1, at + 1)] for name in features}
                        decision = session.window(create_request(SYMBOL, TIMEFRAME, window, check(features), history_bars=at + 1))
                    else:
                        bar = {name: [value] for name, value in features.items()}
                        decision = session.append(create_append(SYMBOL, TIMEFRAME, bar, check(features)))
                except MlRpcError as error:
                    # No decision is a refusal.
                    print(f"{dates[at]}  no trade: {error}")
                    continue
                trades += act(dates[at], features, decision)
    print(f"{trades} trades on {len(closes) - first} bars")


if __name__ == "__main__":
    main()
