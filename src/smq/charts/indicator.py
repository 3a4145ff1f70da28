"""Charts of one indicator around entry to special measures. Titles are messages made from the estimates."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from matplotlib.ticker import MaxNLocator

from smq import wording
from smq.charts import style

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from smq.indicator import Description

_HEIGHT_MM = 80.0
_LABEL_POINTS = 9.5
"""Height of a line of a label at the end of a line."""
_LEADER_POINTS = 16.0
"""Length of the stroke that leads from a line to its label."""
_DASHES = (0, (4, 1.5))
_SMQ, _ENGLAND, _COMPARATORS = "Special measures", "England", "Never in special\nmeasures"


@dataclass(frozen=True)
class End:
    """Right end of a line, and what is written beside it."""

    name: str
    value: float
    colour: str
    dashes: str | tuple[int, tuple[float, float]]


def path(description: Description) -> Figure:
    """Draw levels by event month: trusts in the regime with their interval, England, comparators."""
    figure, ax = style.new_figure(_HEIGHT_MM)
    data = description.paths
    blue, orange, turquoise = (style.PALETTE[name] for name in ("blue", "orange", "turquoise"))
    months = data["event_month"]
    ax.fill_between(months, data["smq_low"], data["smq_high"], color=orange, alpha=0.18, linewidth=0)
    ax.plot(months, data["smq"], color=orange, linewidth=2.2)
    ax.plot(months, data["england"], color=blue)
    ends = [_end(_SMQ, data["smq"], orange), _end(_ENGLAND, data["england"], blue)]
    if data["comparators"].notna().all():
        ax.plot(months, data["comparators"], color=turquoise, linestyle=_DASHES)
        ends.append(_end(_COMPARATORS, data["comparators"], turquoise, _DASHES))
    ax.set_ylim(0, float(data["smq_high"].max()) * 1.08)
    _frame(ax, description)
    style.title(ax, path_message(description), _subtitle(description, _measure(description)))
    _end_labels(figure, ax, ends, description.window)
    return figure


def gap_path(description: Description) -> Figure:
    """Draw the gap to England by event month, with its interval, beside that of the comparators."""
    figure, ax = style.new_figure(_HEIGHT_MM)
    data = description.paths
    orange, turquoise = style.PALETTE["orange"], style.PALETTE["turquoise"]
    months = data["event_month"]
    ax.axhline(0, color=style.PALETTE["blue"], linewidth=1.2)
    ax.fill_between(months, data["gap_low"], data["gap_high"], color=orange, alpha=0.18, linewidth=0)
    ax.plot(months, data["gap"], color=orange, linewidth=2.2)
    ends = [_end(_SMQ, data["gap"], orange), _end(_ENGLAND, data["gap"] * 0, style.PALETTE["blue"])]
    if data["comparator_gap"].notna().all():
        ax.plot(months, data["comparator_gap"], color=turquoise, linestyle=_DASHES)
        ends.append(_end(_COMPARATORS, data["comparator_gap"], turquoise, _DASHES))
    for first, last, name in ((-description.window, -1, "gap_before"), (1, description.window, "gap_after")):
        value = description.estimates[name].value
        ax.plot([first, last], [value, value], color=style.PALETTE["grey"], linewidth=0.9, linestyle=":")
    low, high = (
        min(0.0, float(data[["gap_low", "comparator_gap"]].min().min())),
        float(data["gap_high"].max()),
    )
    room = 0.08 * (high - low)
    ax.set_ylim(low - room, high + room)
    _frame(ax, description)
    unit = description.indicator.difference_unit
    measure = f"{_capital(description.indicator.label)} minus England, {unit}; dotted: means before and after"
    style.title(ax, gap_message(description), _subtitle(description, measure))
    _end_labels(figure, ax, ends, description.window)
    return figure


def path_message(description: Description) -> str:
    """Message of `path`, from the intervals of the gap before and of its change."""
    indicator, estimates = description.indicator, description.estimates
    before = wording.compared(estimates["gap_before"].interval, indicator.better)
    change = wording.gap_change(estimates["gap_before"], estimates["gap_after"], estimates["change"])
    return (
        f"{_capital(indicator.label)}: trusts were {before} England before special measures, "
        f"and the gap {change} after entry"
    )


def gap_message(description: Description) -> str:
    """Message of `gap_path`: what became of the gap, by the interval of its change, with the two means."""
    estimates = description.estimates
    spec = description.numbers["gap_before"].format
    before, after = (_minus(format(estimates[name].value, spec)) for name in ("gap_before", "gap_after"))
    change = wording.gap_change(estimates["gap_before"], estimates["gap_after"], estimates["change"])
    unit = description.indicator.difference_unit.removeprefix("percentage ")
    return f"The gap to England {change}: {before} {unit} on average before entry, {after} after"


def path_caption(description: Description) -> str:
    """Caption of `path`: what it shows, of whom, when."""
    return (
        f"{_capital(description.indicator.label)} around entry to special measures: "
        f"mean of {_who(description)}, England and comparators"
    )


def gap_caption(description: Description) -> str:
    """Caption of `gap_path`."""
    return (
        f"Gap to England in {description.indicator.label} around entry to special measures: "
        f"mean of {_who(description)}"
    )


def path_alt(description: Description) -> str:
    """Alternative text of `path`, with its numbers."""
    data = description.paths.set_index("event_month")
    spec, unit = description.numbers["level_before"].format, _unit(description)

    def value(event: int, column: str) -> str:
        return _minus(format(data.loc[event, column], spec)) + unit

    window = description.window
    ends = [f"{value(event, 'smq')} (England {value(event, 'england')})" for event in (-window, 0, window)]
    words = [
        f"{path_message(description)}. Mean of trusts in special measures: {ends[0]} {window} months "
        f"before entry, {ends[1]} in the month of entry, {ends[2]} {window} months after."
    ]
    if data["comparators"].notna().all():
        words.append(
            f"Comparators that were never in special measures run from {value(-window, 'comparators')} to "
            f"{value(window, 'comparators')}."
        )
    return " ".join(words)


def gap_alt(description: Description) -> str:
    """Alternative text of `gap_path`, with its numbers and intervals."""
    spec, unit = description.numbers["gap_before"].format, description.indicator.difference_unit

    def value(name: str) -> str:
        estimate = description.estimates[name]
        low, high = (_minus(format(end, spec)) for end in estimate.interval)
        return f"{_minus(format(estimate.value, spec))} {unit} (95% interval {low} to {high})"

    words = [
        f"{gap_message(description)}. Mean over the {description.window} months before entry: "
        f"{value('gap_before')}; over as many after: {value('gap_after')}; change: {value('change')}."
    ]
    if "comparator_change" in description.estimates:
        words.append(f"The gap of the comparators changes by {value('comparator_change')}.")
    return " ".join(words)


def table_caption(description: Description) -> str:
    """Caption of the table of gaps."""
    return (
        f"{_capital(description.indicator.label)} before and after entry to special measures: mean of "
        f"{_who(description)}, England and comparators"
    )


def table_labels(description: Description) -> dict[str, str]:
    """Headings of the table of gaps."""
    unit, points = description.indicator.unit, description.indicator.difference_unit
    short = "points" if points == "percentage points" else points
    return {
        "period": "Months from entry",
        "smq": f"Special measures, {unit}",
        "england": f"England, {unit}",
        "gap": f"Gap, {short}",
        "gap_low": "95% interval from",
        "gap_high": "to",
        "comparators": f"Comparators, {unit}",
        "comparator_gap": f"Their gap, {short}",
    }


def table_formats(description: Description) -> dict[str, str]:
    """Formats of the numbers in the table of gaps."""
    spec = description.numbers["level_before"].format
    return {str(column): spec for column in description.gap_table.columns if column != "period"}


def _frame(ax: Axes, description: Description) -> None:
    window = description.window
    ax.set_xlim(-window - 0.5, window + 0.5)
    step = max(1, window // 4)
    ax.set_xticks(sorted({*range(0, window + 1, step), *range(0, -window - 1, -step)}))
    ax.set_xlabel("Months from entry")
    ax.xaxis.set_major_formatter(lambda value, _: _minus(f"{value:+.0f}") if value else "0")
    ax.yaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(lambda value, _: _minus(f"{value:g}"))
    ax.axvline(0, color=style.PALETTE["grey"], linewidth=0.9, zorder=1)
    ax.annotate(
        "Entry to special measures",
        (0, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-3, -2),
        textcoords="offset points",
        ha="right",
        va="top",
        size=style.SMALL,
        bbox={"facecolor": "white", "pad": 1.0},
    )


def _end_labels(figure: Figure, ax: Axes, ends: Sequence[End], window: int) -> None:
    """Write the name of each line beside its end, moved apart where two would overlap."""
    figure.canvas.draw()
    low, high = ax.get_ylim()
    height = ax.get_window_extent().height * 72 / figure.dpi
    places = _apart(
        [(end.value - low) / (high - low) * height for end in ends],
        [(1 + end.name.count("\n")) * _LABEL_POINTS for end in ends],
    )
    for end, place in zip(ends, places, strict=True):
        at = (end.value - low) / (high - low) * height
        ax.annotate(
            end.name,
            (window, end.value),
            xytext=(_LEADER_POINTS, place - at),
            textcoords="offset points",
            va="center",
            size=style.SMALL,
            # Orange and turquoise are too pale for small type: leader and dot carry the colour.
            color=style.PALETTE["grey"],
            arrowprops={
                "arrowstyle": "-",
                "color": end.colour,
                "linestyle": end.dashes,
                "linewidth": 0.7,
                "relpos": (0, 0.5),
                "shrinkA": 0,
                "shrinkB": 0,
            },
            annotation_clip=False,
        )
        ax.plot([window], [end.value], marker="o", markersize=4, color=end.colour, clip_on=False, zorder=5)


def _apart(places: list[float], heights: list[float]) -> list[float]:
    """Move labels (middle, height; in points) up and down until none overlaps, keeping their order."""
    order = sorted(range(len(places)), key=lambda label: places[label])
    moved = list(places)
    for _ in range(50):
        for below, above in pairwise(order):
            overlap = (heights[below] + heights[above]) / 2 - (moved[above] - moved[below])
            if overlap > 0:
                moved[below] -= overlap / 2
                moved[above] += overlap / 2
    return moved


def _end(
    name: str, values: pd.Series[float], colour: str, dashes: str | tuple[int, tuple[float, float]] = "solid"
) -> End:
    return End(name, float(values.iloc[-1]), colour, dashes)


def _measure(description: Description) -> str:
    unit = description.indicator.unit
    return f"Mean {'%' if unit == '%' else unit} of {description.indicator.of}"


def _subtitle(description: Description, measure: str) -> str:
    simulated = "Simulated data about fictional trusts. " if description.origin == "simulated" else ""
    return f"{simulated}{measure}; {_who(description)}; shaded: 95% interval"


def _who(description: Description) -> str:
    numbers = description.numbers
    return f"{numbers['spells_used'].value:,.0f} spells of {numbers['trusts_used'].value:,.0f} trusts"


def _unit(description: Description) -> str:
    unit = description.indicator.unit
    return "%" if unit == "%" else f" {unit}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _minus(words: str) -> str:
    return words.replace("-", "−")
