"""Charts of effects: by event around entry, and of all specifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from smq.charts import Chart, style
from smq.charts.event_time import minus
from smq.effects import wording

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from smq.effects.estimate import Effects

_HEIGHT_MM = 85.0
_ROW_MM, _FRAME_MM = 5.2, 34.0
_APART = 0.12
"""Blocks between the two estimates of one event."""


def event_study(found: Effects) -> Chart:
    """Draw the effects by event, unadjusted from before entry and adjusted from entry on."""
    figure, ax = style.new_figure(_HEIGHT_MM)
    data = found.events
    _series(ax, data, "plain", -_APART, style.PALETTE["blue"], "s", filled=False)
    _series(ax, data, "effect", _APART, style.PALETTE["orange"], "o", filled=True)
    ax.axhline(0, color=style.PALETTE["grey"], linewidth=0.9, zorder=1)
    ax.axvspan(-0.5, 0.5, color="#EDEDED", zorder=0, linewidth=0)
    block = wording.block_word(found)
    ax.set_xlabel(f"{block.capitalize()}s from the {block} of entry (shaded)")
    ticks = data["event"].tolist()
    ax.set_xticks(ticks, [minus(f"{event:+d}") if event else "0" for event in ticks])
    ax.set_xlim(ticks[0] - 0.5, ticks[-1] + 0.5)
    ax.yaxis.set_major_formatter(lambda value, _: minus(f"{value:g}") if abs(value) > 1e-12 else "0")
    handles, labels = ax.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    style.title(
        ax, wording.message(found), _subtitle(found, "bars: 95%, for all events of a series together")
    )
    return Chart(figure, event_data(found), wording.message(found), _event_alt(found))


def specification_curve(found: Effects) -> Chart:
    """Draw the estimate and interval of every specification, in the order of the list."""
    table = wording.specification_table(found)
    drawn = table[table["reason"] == ""].reset_index(drop=True)
    figure, ax = style.new_figure(_FRAME_MM + _ROW_MM * len(drawn))
    rows = np.arange(len(drawn))[::-1].astype(float)
    for past, colour, marker, filled in (
        ("same past", style.PALETTE["orange"], "o", True),
        ("parallel trends", style.PALETTE["blue"], "s", False),
    ):
        chosen = (drawn["past"] == past).to_numpy()
        ax.hlines(
            rows[chosen], drawn.loc[chosen, "low"], drawn.loc[chosen, "high"], color=colour, linewidth=1.4
        )
        ax.plot(
            drawn.loc[chosen, "estimate"],
            rows[chosen],
            linestyle="none",
            marker=marker,
            color=colour,
            markerfacecolor=colour if filled else "white",
            label={
                "same past": "Compared with trusts of the same past",
                "parallel trends": "Parallel trends",
            }[past],
        )
    ax.axvline(0, color=style.PALETTE["grey"], linewidth=0.9, zorder=1)
    first = drawn.iloc[0]
    ax.axvspan(first["low"], first["high"], color="#EDEDED", zorder=0, linewidth=0)
    ax.set_yticks(rows, drawn["specification"].tolist())
    ax.set_ylim(-0.7, len(drawn) - 0.3)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.xaxis.set_major_formatter(lambda value, _: minus(f"{value:g}") if abs(value) > 1e-12 else "0")
    ax.set_xlabel(f"Effect{_in_unit(found)}; {_better(found)}")
    handles, labels = ax.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    message = _curve_message(found, drawn)
    style.title(ax, message, _subtitle(found, "lines: 95% intervals; grey: interval of the headline"))
    return Chart(figure, table, message, _curve_alt(found, drawn, message))


def event_caption(found: Effects) -> str:
    """Caption of `event_study`."""
    return f"Effect of entry on {found.indicator.label} by {wording.block_word(found)} from entry"


def curve_caption(found: Effects) -> str:
    """Caption of `specification_curve`."""
    return f"Effect of entry on {found.indicator.label}, estimated in every specified way"


def event_data(found: Effects) -> pd.DataFrame:
    """Numbers behind `event_study`."""
    return found.events.rename(columns={"event": f"event_{wording.block_word(found).replace('-', '_')}"})


def _series(
    ax: Axes, data: pd.DataFrame, name: str, aside: float, colour: str, marker: str, *, filled: bool
) -> None:
    there = data[data[name].notna()]
    place = there["event"] + aside
    ax.vlines(place, there[f"{name}_low"], there[f"{name}_high"], color=colour, linewidth=1.4)
    label = "Adjusted for the year before entry" if filled else "Unadjusted (Callaway–Sant'Anna)"
    ax.plot(
        place,
        there[name],
        linestyle="none",
        marker=marker,
        color=colour,
        markerfacecolor=colour if filled else "white",
        label=label,
    )


def _subtitle(found: Effects, how: str) -> str:
    simulated = "Simulated data about fictional trusts. " if found.origin == "simulated" else ""
    return (
        f"{simulated}Difference from comparable trusts{_in_unit(found)}; {_better(found)}; "
        f"{found.headline.clusters} trusts; {how}"
    )


def _in_unit(found: Effects) -> str:
    unit = found.indicator.difference_unit
    return "" if unit == "ratio" else f", {unit}"


def _better(found: Effects) -> str:
    return ("lower" if found.indicator.better == "down" else "higher") + " is better"


def _curve_message(found: Effects, drawn: pd.DataFrame) -> str:
    lower, higher = int((drawn["high"] < 0).sum()), int((drawn["low"] > 0).sum())
    good, bad = (lower, higher) if found.indicator.better == "down" else (higher, lower)
    total = len(drawn)
    if not good + bad:
        return f"None of {total} specifications shows a clear effect of entry"
    improved = f"{good} {'shows' if good == 1 else 'show'} a clear improvement"
    worsened = f"{bad} {'shows' if bad == 1 else 'show'} a clear worsening"
    parts = [words for count, words in ((good, improved), (bad, worsened)) if count]
    return f"Of {total} specifications {' and '.join(parts)}"


def _event_alt(found: Effects) -> str:
    data = found.events[found.events["effect"].notna() & (found.events["event"] > 0)]
    block = wording.block_word(found)
    steps = ", ".join(
        f"{wording.shown(found, effect)} ({wording.shown(found, low)} to {wording.shown(found, high)}) "
        f"in {block} {event}"
        for event, effect, low, high in zip(
            *(data[name] for name in ("event", "effect", "effect_low", "effect_high")), strict=True
        )
    )
    return (
        f"{wording.message(found)}. Adjusted effects with simultaneous 95% intervals: {steps}. Mean: "
        f"{wording.with_interval(found, found.headline)}."
    )


def _curve_alt(found: Effects, drawn: pd.DataFrame, message: str) -> str:
    ends = [wording.shown(found, value) for value in (drawn["estimate"].min(), drawn["estimate"].max())]
    return (
        f"{message}. Estimates run from {ends[0]} to {ends[1]}; the headline is "
        f"{wording.with_interval(found, found.headline)}."
    )
