"""Charts of how spells end: ways out, first and repeat spells, re-entry, and the share by every definition.

Words and numbers come from what is drawn. `last` is the last day that counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq import naming
from smq.charts import Chart, style
from smq.charts.regime import CENSORED, mark_few
from smq.spells import exit_definitions, follow_up, regime

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from matplotlib.axes import Axes

    from smq.statistics.recurrence import MeanCumulative
    from smq.statistics.survival import IncidenceCurves, SurvivalCurve

_TICK_MONTHS = 12
_LIMIT = 24
_DRAWN_LIMITS = (12, 18, 24)
_MARK = {
    "all": ("o", "blue"),
    "eligible": ("s", "turquoise"),
    "eligible, all exits": ("^", "orange"),
    "kaplan-meier": ("D", "pink"),
    "incidence": ("v", "purple"),
}


def ways_out(ways: IncidenceCurves, spells: int, last: date, few_from: float | None = None) -> Chart:
    """Draw the cumulative incidence of exit and of merger, with intervals. `ways` is of `regime.ways_out`.

    `few_from` is of `regime.few_followed_from`.
    """
    data = _incidence_table(ways)
    left, merged = (data[cause].iloc[-1] for cause in ("left", "merged"))
    at_two_years = ways.at("left", _LIMIT + follow_up.TOLERANCE_MONTHS)
    end = float(data["months"].iloc[-1])
    if at_two_years is None:
        share, within = 100 * left, f"{end:.0f}"
    else:
        share, within = 100 * at_two_years.value, str(_LIMIT)
    message = (
        f"An estimated {share:.1f}% of spells ended in an exit within {within} months (cumulative incidence)"
    )
    message += f", and {100 * merged:.1f}% in a merger in all" if merged else "; none ended in a merger"
    interval = None if at_two_years is None else at_two_years.interval
    said = (
        ""
        if interval is None
        else (
            f" The 95% interval of the exits at {_LIMIT} months is "
            f"{100 * interval[0]:.1f}% to {100 * interval[1]:.1f}%."
        )
    )
    alt = (
        f"{message}.{said} Of {_counted(spells, 'spell')}, the curve of exits ends at {100 * left:.0f}% "
        f"and that of mergers at {100 * merged:.1f}%, at {end:.0f} months."
    )
    figure, axes = style.new_figure(84)
    blue, pink = style.PALETTE["blue"], style.PALETTE["pink"]
    for cause, colour, dash in (("left", blue, "-"), ("merged", pink, (0, (4, 1.5)))):
        if not data[cause].iloc[-1]:
            continue
        axes.fill_between(
            data["months"],
            100 * data[f"{cause}_low"],
            100 * data[f"{cause}_high"],
            step="post",
            color=colour,
            alpha=0.15,
            linewidth=0,
        )
        axes.step(data["months"], 100 * data[cause], where="post", color=colour, linestyle=dash)
    _say(
        axes,
        "Left (95% interval shaded)",
        0.4 * end,
        100 * float(np.interp(0.4 * end, data["months"], data["left"])),
        blue,
        right=True,
    )
    if merged:
        _say(axes, "Trust merged (95% interval shaded)", 0.25 * end, 100 * merged, pink)
    _percent_axis(axes)
    mark_few(axes, few_from, 0.37)
    _months_axis(axes, end, "Months since entry")
    style.title(
        axes,
        message,
        f"Cumulative incidence, spells in special measures for quality, to {naming.long_date(last)}",
    )
    return Chart(figure, data, message, alt)


def first_and_repeat(first: SurvivalCurve, repeat: SurvivalCurve, last: date) -> Chart:
    """Draw the share not yet left for first spells and for repeat spells, with the numbers followed below."""
    numbers = {"First spells": first, "Repeat spells": repeat}
    exits = {name: int(curve.events.sum()) for name, curve in numbers.items()}
    totals = {name: curve.number_at_risk([0.0])[0] for name, curve in numbers.items()}
    median = first.quantile(0.5)
    of_repeat = (
        f"{exits['Repeat spells'] or 'None'} of {_counted(totals['Repeat spells'], 'repeat spell')} "
        "had led to an exit"
    )
    of_first = (
        "fewer than half of the first spells had"
        if median is None
        else f"half of the first spells had within {median.value:.1f} months"
    )
    message = f"{of_repeat}; {of_first}"
    data = pd.concat(
        [curve.steps().assign(spells=name) for name, curve in numbers.items()], ignore_index=True
    )
    alt = (
        f"{message}. {exits['First spells']} of {_counted(totals['First spells'], 'first spell')} had led to "
        f"an exit; the longest was followed for {first.last:.0f} months, the longest repeat spell for "
        f"{repeat.last:.0f}."
    )
    figure, (axes, below) = style.new_panels(92, [4.2, 1.0])
    end = max(first.last, repeat.last)
    for curve, colour, dash in ((first, "blue", "-"), (repeat, "orange", (0, (4, 1.5)))):
        steps = curve.steps()
        months = [*steps["time"], curve.last]
        shares = 100 * np.append(steps["survival"], steps["survival"].iloc[-1])
        axes.step(months, shares, where="post", color=style.PALETTE[colour], linestyle=dash)
        if len(curve.times):
            low, high = (steps[side].ffill() for side in ("low", "high"))
            axes.fill_between(
                months,
                100 * np.append(low, low.iloc[-1]),
                100 * np.append(high, high.iloc[-1]),
                step="post",
                color=style.PALETTE[colour],
                alpha=0.15,
                linewidth=0,
            )
        censored = np.unique(curve.censored)
        heights = [100 * here.value for here in map(curve.at, censored.tolist()) if here is not None]
        label = CENSORED if curve is first else None
        axes.plot(
            censored,
            heights,
            color=style.PALETTE[colour],
            marker="|",
            markersize=7,
            linestyle="",
            label=label,
        )
    axes.legend(loc="upper right", handletextpad=0.2, borderpad=0)
    _say(
        axes,
        "Repeat spells",
        float(repeat.last) / 2,
        100 * float(repeat.steps()["survival"].iloc[-1]),
        style.PALETTE["grey"],
    )
    half = median.value if median is not None else first.last / 2
    here = first.at(half)
    _say(
        axes,
        "First spells (95% interval shaded)",
        half,
        100 * (here.value if here else 1.0),
        style.PALETTE["blue"],
    )
    _percent_axis(axes, top=114)
    axes.tick_params(axis="x", labelbottom=True)
    months = list(range(0, int(end) + 1, _TICK_MONTHS))
    for row, curve in enumerate(numbers.values()):
        for month, number in zip(
            months, curve.number_at_risk([m + follow_up.TOLERANCE_MONTHS for m in months]), strict=True
        ):
            below.text(month, -row, str(number), ha="center", va="center", size=style.SMALL)
    _numbers_axis(below, ["First, still followed", "Repeat, still followed"], months)
    axes.set_xlim(0, end * 1.03)
    axes.set_xlabel("Months since entry")
    style.title(
        axes,
        message,
        f"Share not yet left (Kaplan–Meier), special measures for quality, to {naming.long_date(last)}",
    )
    return Chart(figure, data, message, alt)


def re_entry(curve: MeanCumulative, last: date) -> Chart:
    """Draw the re-entries of 100 trusts by months since their first exit (`reentry.of_trusts`)."""
    trusts, events = len(curve.followed), int(curve.events.sum())
    end = float(curve.followed[-1])
    mean = 100 * float(curve.mean[-1]) if events else 0.0
    data = pd.DataFrame(
        {
            "months": [0.0, *curve.times, end],
            "followed": curve.number_at_risk([0.0, *curve.times.tolist(), end]),
            "per_100": 100 * np.concatenate([[0.0], curve.mean, curve.mean[-1:] if events else [0.0]]),
            "low": 100 * np.concatenate([[0.0], curve.low, curve.low[-1:] if events else [0.0]]),
            "high": 100 * np.concatenate([[0.0], curve.high, curve.high[-1:] if events else [0.0]]),
        }
    )
    came = f"{events or 'None'} of {_counted(trusts, 'trust')} that left came back"
    message = came
    if events:
        message += f": an estimated {mean:.0f} in every 100 within {curve.times[-1]:.0f} months"
    said = f" The 95% interval is {100 * curve.low[-1]:.0f} to {100 * curve.high[-1]:.0f}." if events else ""
    alt = f"{message}.{said} Trusts are followed for up to {end:.0f} months after their first exit."
    figure, (axes, below) = style.new_panels(84, [4.2, 0.6])
    blue = style.PALETTE["blue"]
    axes.fill_between(
        data["months"], data["low"], data["high"], step="post", color=blue, alpha=0.15, linewidth=0
    )
    axes.step(data["months"], data["per_100"], where="post", color=blue)
    axes.plot(curve.times, 100 * curve.mean, marker="o", linestyle="", color=blue)
    if events:
        _say(axes, f"{mean:.0f} for every 100 (95% interval shaded)", float(curve.times[-1]), mean, blue)
    axes.set_ylim(0, max(10.0, 1.12 * float(data["high"].max())))
    axes.set_xlim(0, end * 1.02)
    axes.tick_params(axis="x", labelbottom=True)
    axes.set_xlabel("Months since the first exit")
    months = list(range(0, int(end) + 1, _TICK_MONTHS))
    for month, number in zip(months, curve.number_at_risk(months), strict=True):
        below.text(month, 0, str(number), ha="center", va="center", size=style.SMALL)
    _numbers_axis(below, ["Trusts followed"], months)
    style.title(
        axes,
        message,
        f"Mean cumulative re-entries of 100 trusts that left special measures, to {naming.long_date(last)}",
    )
    return Chart(figure, data, message, alt)


def definitions(table: pd.DataFrame, published: float, limit: int = _LIMIT) -> Chart:
    """Draw the share by every definition at 12, 18 and 24 months, and the published share as a line.

    `table` is of `exit_definitions.table`; `published` in percent, within `limit` months.
    """
    columns = [f"m{months}" for months in _DRAWN_LIMITS]
    data = table.melt(
        id_vars=["cutoff", "counted", "mergers", "measure", "number"],
        value_vars=columns,
        var_name="limit",
        value_name="share",
    ).dropna(subset=["share"], ignore_index=True)
    data["limit"] = data["limit"].str.removeprefix("m").astype(int)
    there = data.loc[data["limit"] == limit, "share"]
    near = int(((there - published).abs() <= exit_definitions.TOLERANCE).sum())
    span = f"they give {there.min():.0f}% to {there.max():.0f}%"
    first = f"{near or 'None'} of {len(there)} definitions {'gives' if near < 2 else 'give'}"
    message = f"{first} the published {published:g}% within {limit} months; {span}"
    others = [
        f"within {months} months from {of.min():.1f}% to {of.max():.1f}%, and "
        f"{int(((of - published).abs() <= exit_definitions.TOLERANCE).sum())} of them give {published:g}%"
        for months in _DRAWN_LIMITS
        if months != limit and len(of := data.loc[data["limit"] == months, "share"])
    ]
    alt = f"{message}. The definitions give {'; '.join(others)}."
    figure, axes = style.new_figure(98)
    for place, (measure, (marker, colour)) in enumerate(_MARK.items()):
        shown = data[data["measure"] == measure]
        if shown.empty:
            continue
        places = [_DRAWN_LIMITS.index(months) + 0.15 * (place - 2) for months in shown["limit"]]
        axes.plot(
            places,
            shown["share"],
            marker=marker,
            linestyle="",
            markersize=4.5,
            color=style.PALETTE[colour],
            markerfacecolor="none",
            markeredgewidth=0.9,
            label=exit_definitions.MEASURES[measure],
        )
    axes.axhline(published, color=style.PALETTE["grey"], linewidth=1.0, linestyle=(0, (5, 2)))
    axes.annotate(
        f"Published: {published:g}% within {limit} months",
        (len(_DRAWN_LIMITS) - 0.54, published),
        xytext=(0, -3),
        textcoords="offset points",
        size=style.NORMAL,
        va="top",
        ha="right",
    )
    axes.set_xticks(range(len(_DRAWN_LIMITS)), [f"Within {months} months" for months in _DRAWN_LIMITS])
    axes.set_xlim(-0.5, len(_DRAWN_LIMITS) - 0.5)
    axes.set_ylim(0, 1.06 * max(float(data["share"].max()), published))
    _percent_ticks(axes)
    figure.legend(loc="outside lower left", ncols=2, handletextpad=0.4, columnspacing=1.6)
    style.title(
        axes,
        message,
        f"Share that had left, one mark a definition: {exit_definitions.many(table)}.{_beyond(table)}",
    )
    return Chart(figure, data, message, alt)


def _beyond(table: pd.DataFrame) -> str:
    """Say what is not drawn: the shares at limits beyond those drawn, because they would flatten the rest."""
    said = []
    for months in (limit for limit in regime.LIMITS if limit not in _DRAWN_LIMITS):
        there = table[f"m{months}"].dropna()
        if len(there):
            said.append(f"within {months} months, {there.min():.0f}% to {there.max():.0f}%")
    return f" Not drawn: {'; '.join(said)}." if said else ""


def _incidence_table(ways: IncidenceCurves) -> pd.DataFrame:
    columns: dict[str, object] = {"months": np.concatenate([[0.0], ways.times])}
    for cause, curve in ways.by_cause.items():
        columns[cause] = np.concatenate([[0.0], curve.share])
        for side, ends in (("low", curve.low), ("high", curve.high)):
            columns[f"{cause}_{side}"] = np.concatenate([[np.nan], ends])
    return pd.DataFrame(columns)


def _percent_axis(axes: Axes, top: float = 104) -> None:
    axes.set_ylim(0, top)
    axes.set_yticks(range(0, 101, 25), [f"{tick}%" for tick in range(0, 101, 25)])


def _percent_ticks(axes: Axes) -> None:
    axes.yaxis.set_major_formatter(lambda tick, _: f"{tick:g}%")


def _months_axis(axes: Axes, end: float, words: str) -> None:
    axes.set_xticks(range(0, int(end) + 1, _TICK_MONTHS))
    axes.set_xlim(0, end * 1.03)
    axes.set_xlabel(words)


def _numbers_axis(axes: Axes, rows: Sequence[str], months: Sequence[int]) -> None:
    axes.set_yticks([-row for row in range(len(rows))], list(rows))
    axes.set_ylim(-len(rows) + 0.4, 0.6)
    axes.set_xticks(months)
    axes.tick_params(axis="x", length=0, labelbottom=False)
    axes.tick_params(axis="y", pad=9)
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)


def _say(axes: Axes, words: str, x: float, y: float, colour: str, *, right: bool = False) -> None:
    """Label what is drawn at a point: above it and to its right, or below it."""
    axes.annotate(
        words,
        (x, y),
        xytext=(16, -14) if right else (5, 4),
        textcoords="offset points",
        color=colour,
        size=style.NORMAL,
        va="top" if right else "bottom",
    )


def _counted(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"
