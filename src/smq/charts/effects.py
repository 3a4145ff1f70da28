"""Chart of the effects of entry by event: unadjusted from before entry, adjusted from entry on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smq.charts import Chart, style
from smq.charts.event_time import minus
from smq.effects import wording

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from smq.effects.estimate import Effects

_HEIGHT_MM = 85.0
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
    _mean(ax, found)
    handles, labels = ax.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower left", ncols=2, columnspacing=1.6)
    bars = "bars: 95% bands that hold for all events of a series together"
    style.title(ax, wording.message(found), wording.subtitle(found, bars))
    return Chart(figure, event_data(found), wording.message(found), _event_alt(found))


def event_caption(found: Effects) -> str:
    """Caption of `event_study`."""
    return f"Effect of entry on {found.indicator.label} by {wording.block_word(found)} from entry"


def event_data(found: Effects) -> pd.DataFrame:
    """Numbers behind `event_study`."""
    return found.events.rename(columns={"event": f"event_{wording.block_word(found).replace('-', '_')}"})


def _series(
    ax: Axes, data: pd.DataFrame, name: str, aside: float, colour: str, marker: str, *, filled: bool
) -> None:
    there = data[data[name].notna()]
    place = there["event"] + aside
    ax.vlines(place, there[f"{name}_low"], there[f"{name}_high"], color=colour, linewidth=1.4)
    label = "Adjusted for the past" if filled else "Unadjusted"
    ax.plot(
        place,
        there[name],
        linestyle="none",
        marker=marker,
        color=colour,
        markerfacecolor=colour if filled else "white",
        label=label,
    )


def _mean(ax: Axes, found: Effects) -> None:
    """Draw the headline over the events that it is the mean of."""
    ax.hlines(
        found.headline.value,
        1 - 0.4,
        found.blocks.window + 0.4,
        color=style.PALETTE["orange"],
        linewidth=1.2,
        linestyle=(0, (4, 2)),
        label=f"Mean of the adjusted: {wording.with_interval(found, found.headline)}",
        zorder=1.5,
    )


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
