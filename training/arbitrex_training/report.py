"""The HTML report: one file, plots inside."""

import base64
import html
import io

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from .metrics import Interval, reliability
from .table import Samples, Task
from .walk_forward import WalkForward

STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2430}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.25rem .75rem;border-bottom:1px solid #d8dee6;text-align:right}
td:first-child,th:first-child{text-align:left}.verdict{padding:.75rem 1rem;background:#eef3f9;border-left:4px solid #3b6ea8}
figure{display:inline-block;margin:.5rem}img{max-width:28rem}
"""
COLOURS = {"model": "#1f5fa8", "rules": "#c2641c", "constant": "#8a94a0"}
FIGURES = ["auc", "accuracy", "brier", "log_loss"]


def write_report(path: str, title: str, verdict: list[str], walk: WalkForward, samples: Samples, task: Task,
                 importances: dict[str, float], facts: dict[str, str]) -> None:  # fmt: skip
    plots = [
        ("ROC, all folds", _plot_roc(walk, samples, task)),
        ("Reliability, all folds", _plot_reliability(walk, samples, task)),
        ("Importance of the exported model (share of gain)", _plot_importance(importances)),
        ("AUC by fold, 95 % intervals", _plot_folds(walk)),
    ]
    sections = [f"<p class=verdict>{'<br>'.join(html.escape(line) for line in verdict)}</p>"]
    sections += ["<h2>All folds</h2>", _table(walk.figures)]
    sections += ["<h2>Facts</h2><table>"]
    sections += [f"<tr><td>{html.escape(name)}<td>{html.escape(value)}" for name, value in facts.items()]
    sections += ["</table><h2>Plots</h2>"]
    sections += [
        f'<figure><img alt="{name}" src="data:image/png;base64,{base64.b64encode(image).decode()}"><figcaption>{name}</figcaption></figure>'
        for name, image in plots
    ]
    sections.append("<h2>Folds</h2>")
    for number, report in enumerate(walk.folds, start=1):
        test = report.fold.test
        sections.append(f"<h3>Fold {number}: {samples.times[test[0]]} to {samples.times[test[-1]]}, {len(test)} rows</h3>")
        sections.append(_table(report.figures))
    page = f"<!doctype html><html lang=en><meta charset=utf-8><title>{html.escape(title)}</title><style>{STYLE}</style><h1>{html.escape(title)}</h1>{''.join(sections)}</html>"
    with open(path, "w", encoding="utf-8") as file:
        file.write(page)


def show(interval: Interval) -> str:
    return f"{interval.value:.4f} [{interval.low:.4f}, {interval.high:.4f}]"


def _table(figures: dict[str, dict[str, Interval]]) -> str:
    rows = "".join(
        f"<tr><td>{name}" + "".join(f"<td>{show(own[key])}" for key in FIGURES) for name, own in figures.items()
    )
    return f"<table><tr><th><th>AUC<th>accuracy<th>Brier<th>log loss{rows}</table>"


def _binary_views(walk: WalkForward, samples: Samples, task: Task, who: str) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """(name, labels, probabilities): one for a signal filter, one a class for a regime classifier."""
    y, p = samples.y[walk.rows], walk.answers[who]
    if task.is_binary:
        return [(who, y, p)]
    return [(f"{who} {label}", (y == k).astype(int), p[:, k]) for k, label in enumerate(task.classes)]


def _plot_roc(walk: WalkForward, samples: Samples, task: Task) -> bytes:
    figure, axes = _new_plot("false positive rate", "true positive rate")
    axes.plot([0, 1], [0, 1], color=COLOURS["constant"], linewidth=0.8)
    for who, style in (("model", "-"), ("rules", "--")):
        for name, y, p in _binary_views(walk, samples, task, who):
            order = np.argsort(-p, kind="stable")
            hits = np.cumsum(y[order]) / max(1, y.sum())
            misses = np.cumsum(1 - y[order]) / max(1, (1 - y).sum())
            step = max(1, len(hits) // 500)
            axes.plot(misses[::step], hits[::step], style, label=name, color=COLOURS[who] if task.is_binary else None)
    axes.legend(fontsize=7)
    return _to_png(figure)


def _plot_reliability(walk: WalkForward, samples: Samples, task: Task) -> bytes:
    figure, axes = _new_plot("predicted probability", "observed share")
    axes.plot([0, 1], [0, 1], color=COLOURS["constant"], linewidth=0.8)
    for who, style in (("model", "o-"), ("rules", "s--")):
        for name, y, p in _binary_views(walk, samples, task, who):
            bins = reliability(y, p)
            axes.plot([b["predicted"] for b in bins], [b["observed"] for b in bins], style, markersize=4, label=name,
                      color=COLOURS[who] if task.is_binary else None)  # fmt: skip
    axes.legend(fontsize=7)
    return _to_png(figure)


def _plot_importance(importances: dict[str, float]) -> bytes:
    figure, axes = _new_plot("share of gain", "")
    top = list(importances.items())[:15][::-1]
    axes.barh([name.removeprefix("qse_output.") for name, _ in top], [share for _, share in top], color=COLOURS["model"])
    axes.tick_params(axis="y", labelsize=7)
    return _to_png(figure)


def _plot_folds(walk: WalkForward) -> bytes:
    figure, axes = _new_plot("fold", "AUC")
    axes.axhline(0.5, color=COLOURS["constant"], linewidth=0.8)
    for offset, who in ((-0.05, "model"), (0.05, "rules")):
        own = [report.figures[who]["auc"] for report in walk.folds]
        at = np.arange(1, len(own) + 1) + offset
        spans = [[each.value - each.low for each in own], [each.high - each.value for each in own]]
        axes.errorbar(at, [each.value for each in own], yerr=np.maximum(spans, 0), fmt="o", capsize=3, label=who, color=COLOURS[who])
    axes.legend(fontsize=7)
    return _to_png(figure)


def _new_plot(x: str, y: str):
    figure, axes = plt.subplots(figsize=(4.6, 3.8), layout="constrained")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    return figure, axes


def _to_png(figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    plt.close(figure)
    return buffer.getvalue()
