"""The control chart of one trust, with its spells, its icons and the reasons of its special causes.

A special cause is told by shape as well as by colour: concern a square, improvement a diamond, all with a
dark outline, because the colours that such charts usually have are too pale to stand alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.dates import YearLocator, date2num
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from smq import naming
from smq.charts import Chart, style
from smq.control_charts import spc
from smq.control_charts.spc_results import months_met
from smq.control_charts.spc_words import assurance_words, value_format, variation_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from smq.control_charts.spc_results import Description
    from smq.control_charts.spc_trusts import TrustChart

PANDEMIC = pd.Timestamp("2020-03-01")
"""First month of the pandemic in England."""
_OUTLINE = "#1A1A1A"
SPELL, SPELL_EDGE = "#E4E4E4", "#8C8C8C"
"""Fill and edge of the shade that marks a spell."""
_LABEL_POINTS = 9.0
_ONE_LINE = 0.19
"""Share of the width from which the label of a spell stands on one line."""
_MARK: dict[spc.Variation, tuple[str, str, float, str]] = {
    "common cause": ("o", "#8C8C8C", 3.2, "Common cause"),
    "concern": ("s", style.PALETTE["orange"], 4.4, "Special cause, concern"),
    "improvement": ("D", style.PALETTE["blue"], 4.4, "Special cause, improvement"),
}
_ICON = {"fail": "F", "pass": "P", "hit or miss": "?"}
_DASHES = (0, (4, 1.5))
_DOTS = (0, (1, 2))


def chart(description: Description) -> Chart:
    """Draw the chart of one trust: points, mean, limits, near limits, target, its spells, both icons."""
    chosen, indicator = description.chosen, description.indicator
    data = chosen.points(indicator.better)
    figure, (axes, below) = style.new_panels(122, [3.7, 1.0])
    months = data["period"]
    end = months.iloc[-1] + pd.DateOffset(months=1)
    axes.set_xlim(months.iloc[0] - pd.DateOffset(months=1), end)
    target = None if indicator.target is None else indicator.target.value
    levels = [*data[["value", "lower", "upper"]].to_numpy().ravel(), *([] if target is None else [target])]
    low, high = min(levels), max(levels)
    if low > 0 and float(data["value"].min()) < (high - low) / 2:
        low = 0.0
    room = 0.04 * (high - low) or 1.0
    axes.set_ylim(min(low - room, 0.0) if low < 0 else max(low - room, 0.0), high + 4 * room)
    _shade_spells(axes, description, chosen)
    _draw_limits(axes, data)
    if target is not None:
        axes.axhline(
            target, color=style.PALETTE["pink"], linewidth=1.3, linestyle=(0, (6, 1.5, 1, 1.5)), zorder=2
        )
    _draw_points(axes, data)
    _mark_pandemic(axes, months)
    _label_lines(axes, data, target, end, value_format(indicator), "%" if indicator.unit == "%" else "")
    axes.yaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(
        lambda value, _: _minus(f"{value:g}") + ("%" if indicator.unit == "%" else "")
    )
    axes.xaxis.set_major_locator(YearLocator())  # type: ignore[no-untyped-call]
    axes.tick_params(axis="x", labelbottom=True)
    for label in axes.get_xticklabels():
        label.set_horizontalalignment("left")
    _explain(below, data, chosen.chart, description)
    message = chart_message(description)
    style.title(axes, message, _chart_subtitle(description))
    return Chart(figure, data, message, chart_alt(description))


def chart_message(description: Description) -> str:
    """Message of `chart`: how many months are special causes, and how the target stands."""
    chosen, indicator = description.chosen, description.indicator
    points = chosen.chart.variation_of(indicator.better)
    words = (
        f"{naming.short_name(chosen.name)}: special cause concern in {points.count('concern')} and "
        f"improvement in {points.count('improvement')} of {counted(len(points), 'month')}"
    )
    if indicator.target is None:
        return words
    met = months_met(chosen, indicator)
    return f"{words}; the target was {f'met in {met}' if met else 'never met'}"


def chart_caption(description: Description) -> str:
    """Caption of `chart`."""
    chosen = description.chosen
    return (
        f"Control chart of {description.indicator.label} at {naming.short_name(chosen.name)}, "
        f"{months_words(chosen.months)}"
    )


def chart_alt(description: Description) -> str:
    """Alternative text of `chart`, with mean, limits, icons and the reasons of the special causes."""
    chosen, indicator = description.chosen, description.indicator
    data, unit, form = chosen.points(indicator.better), _unit(description), value_format(indicator)
    mean, lower, upper, final = (
        _minus(format(float(data[column].iloc[-1]), form)) + unit
        for column in ("mean", "lower", "upper", "value")
    )
    words = [
        f"{chart_message(description)}. Monthly figures, {description.texts['chart_months_words']}; "
        f"mean {mean}, limits {lower} and {upper}.",
        f"The last month, at {final}, is {variation_words(chosen.chart.variation(indicator.better))}.",
    ]
    reasons = _reasons(data)
    if reasons:
        words.append(f"Special causes by rule: {reasons}.")
    spells = _spell_words(chosen)
    if spells:
        words.append(f"In special measures: {spells}.")
    return " ".join(words)


def _shade_spells(axes: Axes, description: Description, chosen: TrustChart) -> None:
    last = chosen.months[-1] + pd.DateOffset(months=1)
    for entered, left in spans(chosen, description.regime_end):
        begin, finish = max(entered, chosen.months[0]), min(left, last)
        if begin >= finish:
            continue
        edges = day_number(begin), day_number(finish)
        axes.axvspan(*edges, facecolor=SPELL, edgecolor=SPELL_EDGE, linewidth=0.5, zorder=0)
        share = (edges[1] - edges[0]) / (day_number(last) - day_number(chosen.months[0]))
        axes.annotate(
            "In special measures" if share > _ONE_LINE else "In special\nmeasures",
            (begin, 1),
            xycoords=("data", "axes fraction"),
            xytext=(2, -2),
            textcoords="offset points",
            va="top",
            size=style.SMALL,
        )


def _draw_limits(axes: Axes, data: pd.DataFrame) -> None:
    # A step change begins a new pair of limits: each group is drawn apart.
    groups = (data[["mean", "lower", "upper"]].diff().abs().sum(axis=1) > 0).cumsum()
    grey, blue = style.PALETTE["grey"], style.PALETTE["blue"]
    for _, part in data.groupby(groups):
        months = part["period"]
        axes.plot(months, part["mean"], color=blue, linewidth=1.3, zorder=2)
        for column in ("lower", "upper"):
            axes.plot(months, part[column], color=grey, linewidth=1.0, linestyle=_DASHES, zorder=2)
        for column in ("near_lower", "near_upper"):
            axes.plot(months, part[column], color="#8C8C8C", linewidth=0.8, linestyle=_DOTS, zorder=2)


def _draw_points(axes: Axes, data: pd.DataFrame) -> None:
    every = data.set_index("period")["value"].asfreq("MS")
    axes.plot(every.index, every.to_numpy(), color=style.PALETTE["grey"], linewidth=0.7, zorder=3)
    for point, (mark, colour, size, _) in _MARK.items():
        drawn = data[data["point"] == point]
        axes.plot(
            drawn["period"],
            drawn["value"],
            linestyle="",
            marker=mark,
            markersize=size,
            markerfacecolor=colour,
            markeredgecolor=_OUTLINE,
            markeredgewidth=0.6,
            zorder=4,
        )


def _mark_pandemic(axes: Axes, months: pd.Series[pd.Timestamp]) -> None:
    if months.iloc[-1] <= PANDEMIC:
        return
    axes.axvline(
        day_number(PANDEMIC), color=style.PALETTE["grey"], linewidth=0.8, linestyle=(0, (1, 1)), zorder=1
    )
    axes.annotate(
        "Pandemic",
        (PANDEMIC, 1),
        xycoords=("data", "axes fraction"),
        xytext=(2, -22),
        textcoords="offset points",
        va="top",
        size=style.SMALL,
    )


def _label_lines(
    axes: Axes, data: pd.DataFrame, target: float | None, end: pd.Timestamp, form: str, sign: str
) -> None:
    """Write beside the right end of mean, limits and target what they are, apart from each other."""
    last = data.iloc[-1]
    labels = [("Upper limit", last["upper"]), ("Mean", last["mean"]), ("Lower limit", last["lower"])]
    if target is not None:
        labels.append(("Target", target))
    figure = axes.get_figure(root=True)
    if figure is None:
        return
    low, high = axes.get_ylim()
    figure.draw_without_rendering()
    height = axes.get_window_extent().height * 72 / figure.dpi
    labels.sort(key=lambda label: label[1])
    at = [(value - low) / (high - low) * height for _, value in labels]
    placed = _spread(at)
    for (name, value), here, place in zip(labels, at, placed, strict=True):
        shown = format(value, "g" if name == "Target" else form)
        axes.annotate(
            f"{name} {_minus(shown)}{sign}",
            (end, value),
            xytext=(4, place - here),
            textcoords="offset points",
            va="center",
            size=style.SMALL,
            annotation_clip=False,
        )


def _spread(places: Sequence[float]) -> list[float]:
    """Move heights (in points, from the lowest up) apart until no two labels overlap."""
    moved = list(places)
    for _ in range(50):
        for lower in range(len(moved) - 1):
            overlap = _LABEL_POINTS - (moved[lower + 1] - moved[lower])
            if overlap > 0:
                moved[lower] -= overlap / 2
                moved[lower + 1] += overlap / 2
    return moved


def _explain(below: Axes, data: pd.DataFrame, drawn: spc.Chart, description: Description) -> None:
    """Write under the chart what the marks are, why they were made, and the two icons in words."""
    indicator = description.indicator
    below.set_axis_off()
    counts = data["point"].value_counts()
    handles = [
        Line2D(
            [],
            [],
            linestyle="",
            marker=mark,
            markersize=size + 1,
            markerfacecolor=colour,
            markeredgecolor=_OUTLINE,
            markeredgewidth=0.6,
            label=f"{name} ({counts.get(point, 0)})",
        )
        for point, (mark, colour, size, name) in _MARK.items()
    ]
    below.legend(
        handles=handles, loc="upper left", ncols=3, borderpad=0, handletextpad=0.2, columnspacing=1.4
    )
    lines = [("", f"Why: {reasons}", "")] if (reasons := _reasons(data)) else []
    variation = drawn.variation(indicator.better)
    side = "high" if drawn.direction[-1] > 0 else "low"
    sign = "~" if variation == "common cause" else side[0].upper()
    words = variation_words(variation) + ("" if variation == "common cause" else f" ({side})")
    lines.append((sign, f"Variation, by the last month: {words}", _MARK[variation][1]))
    if indicator.target is not None:
        icon = str(drawn.assurance(indicator.better, indicator.target.value))
        colour = {"fail": "orange", "pass": "blue", "hit or miss": "grey"}[icon]
        words = assurance_words(drawn.assurance(indicator.better, indicator.target.value))
        lines.append((_ICON[icon], f"Assurance: {words}", style.PALETTE[colour]))
    for row, (sign, words, colour) in enumerate(lines):
        down = -20 - 16 * row
        _write(below, words, (17 if sign else 0, down))
        if sign:
            _write(below, sign, (6, down), ring=colour)


def _write(below: Axes, words: str, offset: tuple[float, float], ring: str = "") -> None:
    """Write words (in a ring of a colour) at an offset in points from the top left."""
    below.annotate(
        words,
        (0, 1),
        xycoords="axes fraction",
        xytext=offset,
        textcoords="offset points",
        size=style.SMALL,
        weight="bold" if ring else "regular",
        ha="center" if ring else "left",
        va="center",
        bbox={"boxstyle": "circle,pad=0.2", "facecolor": "white", "edgecolor": ring, "linewidth": 1.6}
        if ring
        else None,
    )


def spans(one: TrustChart, regime_end: pd.Timestamp) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """First day and last day of each spell of a trust."""
    return [
        (pd.Timestamp(entered), regime_end if pd.isna(left) else pd.Timestamp(left))
        for entered, left in zip(one.spells["entered_on"], one.spells["exited_on"], strict=True)
    ]


def _reasons(data: pd.DataFrame) -> str:
    counts = data["rule"].value_counts()
    return ", ".join(f"{words} {counts[words]}" for words in spc.RULES.values() if words in counts.index)


def _spell_words(chosen: TrustChart) -> str:
    return "; ".join(
        f"{entered:%B %Y} {'on' if pd.isna(left) else f'to {left:%B %Y}'}"
        for entered, left in zip(chosen.spells["entered_on"], chosen.spells["exited_on"], strict=True)
    )


def _chart_subtitle(description: Description) -> str:
    indicator = description.indicator
    measure = (
        f"{capital(indicator.label)}, {_measure(description)}, {description.texts['chart_months_words']}"
    )
    trial = " Trial limits: fewer than 12 months." if description.chosen.chart.trial else ""
    return (
        f"{simulated(description)}{measure}. Dashed: limits; dotted: near limits. "
        f"Seasonality is not removed: the rules fire in winter too.{trial}"
    )


def simulated(description: Description) -> str:
    """Say that the data are simulated, where they are."""
    return "Simulated data about fictional trusts. " if description.origin == "simulated" else ""


def _measure(description: Description) -> str:
    indicator = description.indicator
    return f"% of {indicator.of}" if indicator.unit == "%" else indicator.unit


def _unit(description: Description) -> str:
    unit = description.indicator.unit
    return "%" if unit == "%" else f" {unit}"


def day_number(day: pd.Timestamp) -> float:
    """Place of a day on an axis of dates."""
    return float(date2num(day))  # type: ignore[no-untyped-call]


def months_words(months: pd.DatetimeIndex) -> str:
    """Say from when to when months run."""
    return f"{months[0]:%B %Y} to {months[-1]:%B %Y}"


def counted(count: int, one: str) -> str:
    """Say a number of things."""
    return f"{count:,d} {one if count == 1 else one + 's'}"


def capital(words: str) -> str:
    """Begin with a capital letter."""
    return words[:1].upper() + words[1:]


def _minus(words: str) -> str:
    return words.replace("-", "−")
