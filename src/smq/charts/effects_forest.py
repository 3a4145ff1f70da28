"""Chart of the effects on all indicators, in standard deviations, improvements to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from smq.charts import Chart, style
from smq.charts.event_time import minus

if TYPE_CHECKING:
    from smq.effects.comparison import Comparison

_ROW_MM, _FRAME_MM = 7.0, 40.0
_SUBTITLE = (
    "Trusts after entry against comparable trusts; lines: 95% intervals. An effect is called clear only "
    "where the unadjusted estimate agrees, and its p-value holds among all indicators of its family."
)


def forest(found: Comparison) -> Chart:
    """Draw effect and interval of every indicator shown. Needs at least one."""
    data = found.forest
    figure, ax = style.new_figure(_FRAME_MM + _ROW_MM * len(data))
    rows = np.arange(len(data))[::-1].astype(float)
    for family, colour, marker, filled in (
        ("primary", style.PALETTE["orange"], "o", True),
        ("secondary", style.PALETTE["blue"], "s", False),
    ):
        chosen = (data["family"] == family).to_numpy()
        if not chosen.any():
            continue
        ax.hlines(
            rows[chosen], data.loc[chosen, "low"], data.loc[chosen, "high"], color=colour, linewidth=1.6
        )
        ax.plot(
            data.loc[chosen, "effect"],
            rows[chosen],
            linestyle="none",
            marker=marker,
            color=colour,
            markerfacecolor=colour if filled else "white",
            label=f"{family.capitalize()} indicators",
        )
    ax.axvline(0, color=style.PALETTE["grey"], linewidth=0.9, zorder=1)
    ax.set_yticks(rows, data["indicator"].tolist())
    ax.set_ylim(-0.7, len(data) - 0.3)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.xaxis.set_major_formatter(lambda value, _: minus(f"{value:g}") if abs(value) > 1e-12 else "0")
    ax.set_xlabel("← worse      Effect, standard deviations between comparators      better →")
    handles, labels = ax.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    simulated = "Simulated data about fictional trusts. " if found.origin == "simulated" else ""
    style.title(ax, message(found), f"{simulated}{_SUBTITLE}")
    return Chart(figure, data, message(found), alt(found))


def message(found: Comparison) -> str:
    """Give the finding over all indicators in one sentence."""
    counts = found.counts
    good, bad, shown = (counts[name] for name in ("effects_better", "effects_worse", "effects_shown"))
    of = "the one indicator with figures" if shown == 1 else f"{shown} indicators"
    if not good + bad:
        return (
            f"No clear effect of entry on {of}" if shown == 1 else f"No clear effect of entry on any of {of}"
        )
    parts = [f"{count} clearly {word}" for count, word in ((good, "improved"), (bad, "worsened")) if count]
    return f"Of {of}, {' and '.join(parts)} after entry"


def alt(found: Comparison) -> str:
    """Alternative text, with the numbers."""
    rows = "; ".join(
        minus(f"{name}: {effect:.2f} ({low:.2f} to {high:.2f})")
        for name, effect, low, high in zip(
            *(found.forest[column] for column in ("indicator", "effect", "low", "high")), strict=True
        )
    )
    return (
        f"{message(found)}. Effects in standard deviations with 95% intervals, above zero is better. {rows}."
    )
