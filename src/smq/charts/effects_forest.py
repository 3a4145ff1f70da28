"""Chart of the effects on all indicators, in standard deviations, improvements to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from smq.charts import Chart, effect_rows, style
from smq.charts.effect_rows import Group, Row
from smq.charts.event_time import minus

if TYPE_CHECKING:
    from smq.effects.comparison import Comparison, Verdict

_ROW_MM, _FRAME_MM = 8.4, 40.0
_WIDEST = 4.0
"""Standard deviations from zero at which an interval is cut; none of a real indicator comes near."""
_HEADINGS = {"primary": "Primary, declared beforehand", "secondary": "Other indicators"}
_WORDS: dict[Verdict, str] = {
    "better": "better",
    "worse": "worse",
    "disputed": "disagree",
    "unclear": "not clear",
}
_UNITS = {"percentage points": "points"}
NOTES = (
    "Each effect over the standard deviation of the indicator between trusts that never entered, so that all "
    "share one scale; the numbers beside it are in its own unit. To the right of zero is better.",
    "Adjusted: against trusts at risk with the same past. Unadjusted: against trusts not yet treated. "
    "Each interval is a 95% one for itself.",
    "Better or worse: interval, randomisation and the unadjusted estimate agree, and the p-value holds among "
    "the indicators of its family (Holm for those declared beforehand, Benjamini-Hochberg for the others). "
    "Disagree: the adjusted estimate is clear by itself, and the unadjusted one is not on its side.",
)


def forest(found: Comparison) -> Chart:
    """Draw effect and interval of every indicator shown. Needs at least one."""
    data = found.forest
    groups = [
        Group(heading, [_row(line) for line in data[data["family"] == family].to_dict("records")])
        for family, heading in _HEADINGS.items()
        if (data["family"] == family).any()
    ]
    figure, ax = style.new_figure(_FRAME_MM + effect_rows.height(groups, _ROW_MM))
    limits = effect_rows.limits_of([row for group in groups for row in group.rows], _WIDEST)
    effect_rows.draw(ax, groups, ("Effect (95% interval)", "Finding"), limits, row_mm=_ROW_MM)
    ax.set_xlabel("← worse   Standard deviations   better →")
    effect_rows.key(
        ax,
        [(effect_rows.ADJUSTED, "adjusted for the past"), (effect_rows.UNADJUSTED, "unadjusted")],
    )
    message = found.message()
    simulated = "Simulated data about fictional trusts. " if found.origin == "simulated" else ""
    style.title(
        ax,
        message,
        f"{simulated}Trusts after entry to special measures against comparable trusts; lines: 95% intervals",
    )
    return Chart(figure, data, message, alt(found))


def alt(found: Comparison) -> str:
    """Alternative text, with the numbers."""
    rows = "; ".join(
        f"{line['indicator']}: {_signed(line['effect'])} "
        f"({_signed(line['low'])} to {_signed(line['high'])}), unadjusted {_signed(line['other'])}"
        for line in found.forest.to_dict("records")
    )
    return (
        f"{found.message()}. Effects in standard deviations with 95% intervals, above zero is better. {rows}."
    )


def _row(line: dict[Any, Any]) -> Row:
    unit, verdict = line["unit"], line["verdict"]
    other = line["other"], line["other_low"], line["other_high"]
    return Row(
        f"{line['indicator']}, {_UNITS.get(unit, unit)}",
        line["shown"],
        line["effect"],
        (line["low"], line["high"]),
        other=None if np.isnan(other[0]) else other,
        last=_WORDS[verdict],
        strong=verdict in {"better", "worse"},
    )


def _signed(value: float) -> str:
    return "not known" if np.isnan(value) else minus(f"{value:.2f}")
