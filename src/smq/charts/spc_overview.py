"""The control charts of all trusts that were ever in special measures, on a row each.

Special cause concern stands above a trust's line and improvement below it, so that neither is told by colour
alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.dates import DateFormatter, YearLocator
from matplotlib.patches import Patch

from smq import naming
from smq.charts import Chart, style
from smq.charts.spc import (
    PANDEMIC,
    SPELL,
    SPELL_EDGE,
    capital,
    counted,
    day_number,
    months_words,
    simulated,
    spans,
)
from smq.control_charts.spc_tables import SAME
from smq.control_charts.spc_words import ICON_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from smq.config import Better
    from smq.control_charts.spc_results import Description
    from smq.control_charts.spc_trusts import TrustChart

_ROW_MM = 4.6
_LONGEST_LABEL = 38


def overview(description: Description, *, gap: bool) -> Chart:
    """Draw every trust on a row: where its special causes lie, its spells, what its last point is.

    `gap` takes the distance from England instead of the figures as reported.
    """
    indicator = description.indicator
    charts = description.gap_charts if gap else description.charts
    ordered = sorted(charts, key=lambda one: (one.spells["entered_on"].iloc[0], one.code))
    data = pd.concat([one.points(indicator.better) for one in ordered], ignore_index=True)
    figure, axes = style.new_figure(42 + _ROW_MM * len(ordered))
    first, last = data["period"].min(), data["period"].max() + pd.DateOffset(months=1)
    for row, one in enumerate(ordered):
        _draw_row(axes, row, one, description)
    axes.set_xlim(day_number(first - pd.DateOffset(months=1)), day_number(last))
    if last > PANDEMIC:
        axes.axvline(day_number(PANDEMIC), color=style.PALETTE["grey"], linewidth=0.8, linestyle=(0, (1, 1)))
        axes.text(day_number(PANDEMIC), -1.1, "Pandemic", size=style.SMALL, ha="center", va="center")
    axes.set_ylim(len(ordered) - 0.4, -0.6)
    axes.set_yticks(range(len(ordered)), [_short(one.name) for one in ordered])
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(YearLocator(2))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(DateFormatter("%Y"))  # type: ignore[no-untyped-call]
    axes.tick_params(axis="x", top=False)
    target = None if gap or indicator.target is None else indicator.target.value
    _write_icons(axes, ordered, description, target)
    handles = [
        Patch(facecolor=style.PALETTE["orange"], label="Above the line: special cause, concern"),
        Patch(facecolor=style.PALETTE["blue"], label="Below: special cause, improvement"),
        Patch(facecolor=SPELL, edgecolor=SPELL_EDGE, linewidth=0.6, label="In special measures"),
    ]
    figure.legend(handles=handles, loc="outside lower left", ncols=3, handlelength=1.4, columnspacing=1.6)
    title = message(description, gap=gap)
    style.title(axes, title, _overview_subtitle(description, gap=gap))
    return Chart(figure, data, title, alt(description, gap=gap))


def message(description: Description, *, gap: bool) -> str:
    """Message of `overview`: how the marks lie in the earlier and the later half of the months."""
    prefix, against = ("gap_", "Against England, ") if gap else ("", "As reported, ")
    numbers = description.numbers
    if f"{prefix}early_concern" not in numbers:
        last = int(numbers[f"{prefix}last_concern"].value)
        return f"{against}the last month is special cause concern at {counted(last, 'trust')}"
    early, late, early_better, late_better = (
        f"{numbers[f'{prefix}{name}'].value:.0f}%"
        for name in ("early_concern", "late_concern", "early_improvement", "late_improvement")
    )
    return (
        f"{against}concern is marked in {early} of months in the earlier half (to "
        f"{description.texts['early_until']}) and in {late} in the later; improvement in {early_better} and "
        f"{late_better}"
    )


def caption(description: Description, *, gap: bool) -> str:
    """Caption of `overview`."""
    what = "distance from England in " if gap else ""
    data = pd.DatetimeIndex(np.concatenate([one.months.to_numpy() for one in description.charts]))
    return (
        f"Special causes on control charts of {what}{description.indicator.label}, trusts ever in special "
        f"measures, {months_words(data.sort_values())}"
    )


def alt(description: Description, *, gap: bool) -> str:
    """Alternative text of `overview`, with the marks by period of the same spells and the last points."""
    prefix = "gap_" if gap else ""
    charts = description.gap_charts if gap else description.charts
    concern, better, common = (
        int(description.numbers[f"{prefix}last_{kind}"].value)
        for kind in ("concern", "improvement", "common")
    )
    words = [f"{message(description, gap=gap)}."]
    periods = description.tables["period_table"]
    same = periods[periods["counted"] == SAME]
    if same["months"].all():
        for kind in ("concern", "improvement"):
            before, during, after = (f"{share:.0f}%" for share in same[f"{prefix}{kind}"])
            words.append(
                f"Of {counted(int(same['spells'].iloc[0]), 'spell')} with all three periods, {kind} is "
                f"marked in {before} of months in the year before entry, {during} in special measures and "
                f"{after} in the year after exit."
            )
    words.append(
        f"A row for each of {counted(len(charts), 'trust')}. The last month of figures is special cause "
        f"concern at {concern}, improvement at {better} and common cause at {common}."
    )
    return " ".join(words)


def _draw_row(axes: Axes, row: int, one: TrustChart, description: Description) -> None:
    points = one.points(description.indicator.better)
    ends = points["period"] + pd.DateOffset(months=1)
    months = [(day_number(begin), day_number(end)) for begin, end in zip(points["period"], ends, strict=True)]
    shade = [(day_number(entered), day_number(left)) for entered, left in spans(one, description.regime_end)]
    _blocks(axes, shade, (row - 0.44, 0.88), SPELL, 1, SPELL_EDGE)
    for kind, colour, foot in (("concern", "orange", row - 0.38), ("improvement", "blue", row)):
        special = [month for month, point in zip(months, points["point"], strict=True) if point == kind]
        _blocks(axes, special, (foot, 0.38), style.PALETTE[colour], 2)
    _blocks(axes, months, (row - 0.025, 0.05), style.PALETTE["grey"], 3)


def _blocks(
    axes: Axes,
    stretches: Sequence[tuple[float, float]],
    height: tuple[float, float],
    colour: str,
    zorder: int,
    edge: str = "none",
) -> None:
    """Draw stretches of time as blocks; those that touch become one."""
    joined: list[list[float]] = []
    for begin, end in stretches:
        if joined and begin <= joined[-1][1]:
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([begin, end])
    lengths = [(begin, end - begin) for begin, end in joined]
    axes.broken_barh(lengths, height, facecolor=colour, edgecolor=edge, linewidth=0.6, zorder=zorder)


def _write_icons(
    axes: Axes, ordered: Sequence[TrustChart], description: Description, target: float | None
) -> None:
    """Write beside each row what its last point is and how the target stands."""
    better = description.indicator.better
    columns = [("Last month", [_last_word(one, better) for one in ordered])]
    if target is not None:
        columns.append(("Target", [ICON_WORDS[one.chart.assurance(better, target)] for one in ordered]))
    for place, (heading, cells) in zip((4, 64), columns, strict=False):
        for row, text, weight in (
            (-1.1, heading, "bold"),
            *((row, cell, "regular") for row, cell in enumerate(cells)),
        ):
            axes.annotate(
                text,
                (1, row),
                xycoords=("axes fraction", "data"),
                xytext=(place, 0),
                textcoords="offset points",
                size=style.SMALL,
                weight=weight,
                va="center",
                annotation_clip=False,
            )


def _last_word(one: TrustChart, better: Better) -> str:
    return one.chart.variation(better)


def _overview_subtitle(description: Description, *, gap: bool) -> str:
    label = description.indicator.label
    what = f"Distance from England in {label}" if gap else capital(label)
    reason = (
        "Trusts enter after poor performance, and there are no comparison trusts"
        if gap
        else "The national trend and the seasons are not removed"
    )
    return (
        f"{simulated(description)}{what}: months that are special causes, by trust. {reason}: no measure of "
        "an effect of special measures."
    )


def _short(name: str) -> str:
    short = naming.short_name(name)
    return short if len(short) <= _LONGEST_LABEL else short[: _LONGEST_LABEL - 1] + "…"
