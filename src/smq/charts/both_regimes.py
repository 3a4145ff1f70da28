"""Chart of the effects of both regimes on all indicators, from what is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.charts import Chart, style
from smq.charts.event_time import minus
from smq.effects.both_regimes_tables import signed

if TYPE_CHECKING:
    from smq.config import Indicator
    from smq.effects.both_regimes import Told
    from smq.wording import WithInterval

_ROW_MM, _FRAME_MM = 10.5, 42.0
_APART = 0.24
_SERIES = (
    ("Coming on the list", "orange", "o", True, _APART),
    ("Special measures, without watched comparators", "blue", "s", False, 0.0),
    ("Special measures, all comparators", "turquoise", "D", False, -_APART),
)
"""What is drawn, its colour and marker, and by how much above its row."""
_SUBTITLE = (
    "Trusts against comparable trusts; lines: 95% intervals. What rests on the confidential list is rounded, "
    "and told of ten trusts at least."
)


def forest(told: Told) -> Chart:
    """Draw the effects of both regimes on every indicator of which anything is told."""
    data = drawn(told)
    names = list(dict.fromkeys(data["indicator"]))
    figure, ax = style.new_figure(_FRAME_MM + _ROW_MM * len(names))
    rows = {name: float(place) for place, name in enumerate(reversed(names))}
    for name, colour, marker, filled, above in _SERIES:
        part = data[data["estimate"] == name]
        if part.empty:
            continue
        place = np.array([rows[indicator] + above for indicator in part["indicator"]])
        ink = style.PALETTE[colour]
        ax.hlines(place, part["low"], part["high"], color=ink, linewidth=1.6)
        ax.plot(
            part["effect"],
            place,
            linestyle="none",
            marker=marker,
            color=ink,
            markerfacecolor=ink if filled else "white",
            label=name,
        )
    ax.axvline(0, color=style.PALETTE["grey"], linewidth=0.9, zorder=1)
    ax.set_yticks(list(rows.values()), list(rows))
    ax.set_ylim(-0.7, len(names) - 0.3)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.xaxis.set_major_formatter(lambda value, _: minus(f"{value:g}") if abs(value) > 1e-12 else "0")
    ax.set_xlabel("← worse      Effect, standard deviations between trusts      better →")
    handles, labels = ax.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    simulated = "Simulated data about fictional trusts. " if told.origin == "simulated" else ""
    style.title(ax, message(told), f"{simulated}{_SUBTITLE}")
    return Chart(figure, data, message(told), alt(told, data))


def drawn(told: Told) -> pd.DataFrame:
    """Give a row for each estimate that is drawn: indicator, estimate, effect, low, high.

    In standard deviations between trusts; above zero is better.
    """
    lines: list[tuple[str, str, float, float, float]] = []
    for line in told.lines:
        if line.of_list is None and line.without is None:
            continue
        estimates = (line.of_list, line.without, line.everyone)
        for (name, *_), estimate in zip(_SERIES, estimates, strict=True):
            if estimate is not None:
                lines.append((_label(line.indicator), name, *_scaled(estimate, line.indicator, line.spread)))
    return pd.DataFrame(lines, columns=["indicator", "estimate", "effect", "low", "high"])


def message(told: Told) -> str:
    """Give the finding over all indicators in one sentence."""
    shown, good, bad = (told.counts.get(f"indicators_{name}", 0) for name in ("shown", "better", "worse"))
    if not shown:
        return "What watched comparators change in the effects of special measures"
    of = "the one indicator" if shown == 1 else f"{shown} indicators"
    if not good + bad:
        return f"No clear effect of coming on the list on {'' if shown == 1 else 'any of '}{of}"
    parts = [f"{count} clearly {word}" for count, word in ((good, "improved"), (bad, "worsened")) if count]
    return f"Of {of}, {' and '.join(parts)} after a trust came on the list"


def alt(told: Told, data: pd.DataFrame) -> str:
    """Alternative text, with the numbers."""
    parts = []
    for name, *_ in _SERIES:
        part = data[data["estimate"] == name]
        if not part.empty:
            effects = "; ".join(
                f"{indicator}: {signed(effect, 1)} ({signed(low, 1)} to {signed(high, 1)})"
                for indicator, effect, low, high in zip(
                    *(part[column] for column in ("indicator", "effect", "low", "high")), strict=True
                )
            )
            parts.append(f"{name}: {effects}.")
    return (
        f"{message(told)}. Effects in standard deviations with 95% intervals, above zero is better. "
        + " ".join(parts)
    )


def _label(indicator: Indicator) -> str:
    return f"{indicator.label[:1].upper()}{indicator.label[1:]}"


def _scaled(estimate: WithInterval, indicator: Indicator, spread: float) -> tuple[float, float, float]:
    good = (1 if indicator.better == "up" else -1) / spread
    low, high = sorted(good * end for end in estimate.interval)
    # Adding nothing takes the sign off a zero.
    return good * estimate.value + 0.0, low + 0.0, high + 0.0
