"""Chart of all specifications of one effect: the same question, answered in every way that was specified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smq.charts import Chart, effect_rows, style
from smq.charts.effect_rows import Group, Row
from smq.effects import wording

if TYPE_CHECKING:
    import pandas as pd

    from smq.effects.estimate import Effects

_FRAME_MM = 32.0
_WIDEST = 3.0
"""Widths of the interval of the headline, from zero, at which an interval is cut."""
_HEADINGS = {
    "same past": "Compared with trusts of the same past",
    "parallel trends": "Parallel trends assumed",
}


def specification_curve(found: Effects) -> Chart:
    """Draw the estimate and interval of every specification, in the order of the list."""
    table = wording.specification_table(found)
    groups = [
        Group(heading, [_row(found, line) for line in table[table["past"] == past].to_dict("records")])
        for past, heading in _HEADINGS.items()
    ]
    figure, ax = style.new_figure(_FRAME_MM + effect_rows.height(groups))
    low, high = found.headline.interval
    limits = effect_rows.limits_of([row for group in groups for row in group.rows], _WIDEST * (high - low))
    ax.axvspan(low, high, color="#EDEDED", zorder=0, linewidth=0)
    effect_rows.draw(ax, groups, ("Effect (95% interval)", "Trusts"), limits)
    unit = found.indicator.difference_unit
    ax.set_xlabel(f"Effect{'' if unit == 'ratio' else ', ' + unit}")
    message = wording.curve_message(found)
    bars = "lines: 95% intervals, cut where an arrow stands; grey: interval of the headline"
    style.title(ax, message, wording.subtitle(found, bars))
    return Chart(figure, table, message, _alt(found, table, message))


def caption(found: Effects) -> str:
    """Caption of `specification_curve`."""
    return f"Effect of entry on {found.indicator.label}, estimated in every specified way"


def _row(found: Effects, line: dict[Any, Any]) -> Row:
    adjusted = line["past"] == "same past"
    label = line["specification"].removesuffix(", same past")
    if line["reason"]:
        return Row(label, "cannot be given", adjusted=adjusted)
    ends = [wording.shown(found, line[name]) for name in ("estimate", "low", "high")]
    return Row(
        label,
        f"{ends[0]} ({ends[1]} to {ends[2]})",
        line["estimate"],
        (line["low"], line["high"]),
        adjusted,
        last=str(line["trusts"]),
    )


def _alt(found: Effects, table: pd.DataFrame, message: str) -> str:
    drawn = table[table["reason"] == ""]
    ends = [wording.shown(found, value) for value in (drawn["estimate"].min(), drawn["estimate"].max())]
    return (
        f"{message}. Estimates run from {ends[0]} to {ends[1]}; the headline is "
        f"{wording.with_interval(found, found.headline)}."
    )
