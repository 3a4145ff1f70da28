"""Chart of who enters: standardised differences before the first entry. Words come from the numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from smq.charts import Chart, style
from smq.entry.balance import largest_first, lower
from smq.statistics.standardised_difference import GUIDE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from smq.entry.balance import Pair, Spread
    from smq.entry.entrants import Comparison

CHARACTERISTICS = {
    "label": "Characteristic",
    "smq_shown": "Special measures",
    "smq_known": "Trusts",
    "smq_missing": "Not known",
    "never_shown": "Never",
    "never_known": "Trusts",
    "never_missing": "Not known",
    "difference": "Difference",
    "low": "95% interval from",
    "high": "to",
}
"""Columns of the table of characteristics and their headings."""
LATER = {"label": "Measure", "when": "When", "who": "Trusts of the regime"} | {
    column: heading
    for column, heading in CHARACTERISTICS.items()
    if column != "label" and not column.endswith("missing")
}
CATEGORIES = {
    "measure": "Characteristic",
    "category": "Category",
    "smq": "Special measures",
    "smq_share": "%",
    "never": "Never",
    "never_share": "%",
}
SENSITIVITY = {
    "label": "Characteristic",
    "difference": "As reported",
    "first_year": "Entered in the first year",
    "later_years": "Entered later",
    "linked_kept": "Merged trusts kept",
    "every_kind": "Every kind of trust",
}
FORMATS = {"difference": "+.2f", "low": "+.2f", "high": "+.2f"}
CATEGORY_NOTES = (
    "The region is that of the trust in the newest list, or of the trusts that took it over.",
    "A distance over categories has no direction, and is above 0 by chance alone.",
)
SENSITIVITY_NOTES = (
    "In standard deviations, each time against trusts that never entered.",
    "Merged trusts kept: trusts before or after a trust of the regime count as never entered.",
)
LATER_NOTES = (
    "Number (%) or mean (standard deviation) of trusts that had figures in the year before.",
    "A trust that the list of loans does not name has none. Balances are those at the end of the month.",
    "Of the trusts that entered later there are few.",
)

_ROW_MM = 8.0
_MARK = 6.5
_CLEAR, _UNCLEAR, _DISTANCE = "95% interval excludes 0", "95% interval includes 0", "Distance, no direction"


def differences(comparison: Comparison) -> Chart:
    """Draw the standardised difference of every measure with its interval, the largest first.

    Distances between distributions over categories stand below; they have no direction and no interval, and
    the line beside each says how far chance alone would reach.
    """
    pairs = largest_first(comparison.pairs)
    spreads = list(comparison.spreads.values())
    data = _table(pairs, spreads)
    figure, axes = style.new_figure(46 + _ROW_MM * len(data))
    axes.axvspan(-GUIDE, GUIDE, color="#EDEDED", linewidth=0, zorder=0)
    for guide in (-GUIDE, GUIDE):
        axes.axvline(guide, color=style.PALETTE["grey"], linewidth=0.6, linestyle=(0, (4, 2)), zorder=1)
    axes.axvline(0, color=style.PALETTE["grey"], linewidth=0.9, zorder=1)
    for row, pair in enumerate(pairs):
        _draw_pair(axes, row, pair)
    for row, spread in enumerate(spreads, start=len(pairs)):
        _draw_spread(axes, row, spread)
    axes.set_yticks(range(len(data)), [_row_label(row) for row in data.itertuples(index=False)])
    axes.set_ylim(len(data) - 0.4, -0.6)
    ends = data[["low", "high", "difference", "by_chance"]]
    low, high = min(-0.5, float(ends.min().min())), max(0.5, float(ends.max().max()))
    axes.set_xlim(low - 0.12, high + 0.12)
    axes.set_xticks([tick / 2 for tick in range(math.ceil(2 * low), math.floor(2 * high) + 1)])
    axes.xaxis.set_major_formatter(lambda value, _: _minus(f"{value:g}"))
    _say_sides(axes)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    _legend(axes, pairs, spreads)
    message = _message(comparison)
    simulated = "Simulated data about fictional trusts. " if comparison.origin == "simulated" else ""
    subtitle = (
        f"{simulated}Standardised differences, {comparison.baseline.months_in_words} or nearest: "
        f"{comparison.pool} that entered special measures at any time (first in brackets) minus those that "
        f"never did. Shaded: within {GUIDE} standard deviations."
    )
    style.title(axes, message, subtitle)
    return Chart(figure, data, message, _alt(message, pairs, spreads))


def caption(comparison: Comparison, more: str = "") -> str:
    """Caption of the figure, and of the table with what it adds."""
    added = f", {more}" if more else ""
    return (
        f"Characteristics of trusts before the first entry, {comparison.baseline.months_in_words}: those "
        f"that entered special measures against those that never did{added}"
    )


def notes(comparison: Comparison) -> tuple[str, ...]:
    """Say how figure and table are to be read, as far as their measures need it."""
    words = [
        "Mean (standard deviation), or number (%). Differences are in standard deviations, special measures "
        "minus never.",
        "Intervals take the trusts for a sample; no allowance is made for looking at several of them.",
    ]
    if "ae_4h" in comparison.pairs:
        words.append("A&E: trusts with at least ten months of figures and enough attendances.")
        if comparison.origin != "simulated":
            words.append("The A&E figures before 2016 lack trusts whose names have gone since.")
    if "acute" in comparison.pairs:
        words.append("Only the share of non-specialist acute trusts is of all trusts with figures.")
    if "foundation" in comparison.pairs:
        words.append(
            "Foundation status follows the newest name that is listed: one that became a foundation trust "
            "after the baseline counts as one."
        )
    return tuple(words)


def _table(pairs: list[Pair], spreads: list[Spread]) -> pd.DataFrame:
    lines = [
        {
            "label": pair.measure.label,
            "when": pair.measure.when,
            "unit": pair.measure.unit,
            "smq_trusts": pair.smq.known,
            "smq": pair.smq.level,
            "never_trusts": pair.never.known,
            "never": pair.never.level,
            "difference": pair.difference.value,
            "low": pair.difference.interval[0],
            "high": pair.difference.interval[1],
        }
        for pair in pairs
    ]
    lines += [
        {
            "label": spread.measure.label,
            "when": spread.measure.when,
            "smq_trusts": int(spread.counts["smq"].sum()),
            "never_trusts": int(spread.counts["never"].sum()),
            "difference": spread.distance.value,
            "by_chance": spread.distance.by_chance,
        }
        for spread in spreads
    ]
    return pd.DataFrame(lines, columns=[*_COLUMNS])


_COLUMNS = (
    "label",
    "when",
    "unit",
    "smq_trusts",
    "smq",
    "never_trusts",
    "never",
    "difference",
    "low",
    "high",
    "by_chance",
)


def _draw_pair(axes: Axes, row: int, pair: Pair) -> None:
    blue = style.PALETTE["blue"]
    axes.plot(pair.difference.interval, [row, row], color=blue, linewidth=1.3, zorder=2.5)
    filled = blue if pair.sign else "white"
    axes.plot(
        pair.difference.value,
        row,
        marker="o",
        markersize=_MARK,
        color=blue,
        markerfacecolor=filled,
        linestyle="",
        zorder=3,
    )
    _value(axes, row, pair.difference.value, "+.2f")


def _draw_spread(axes: Axes, row: int, spread: Spread) -> None:
    pink = style.PALETTE["pink"]
    axes.plot(
        [0, spread.distance.by_chance], [row, row], color=pink, linewidth=1.3, linestyle=":", zorder=2.5
    )
    axes.plot(spread.distance.by_chance, row, marker="|", markersize=9, color=pink, linestyle="", zorder=2.5)
    axes.plot(spread.distance.value, row, marker="D", markersize=_MARK, color=pink, linestyle="", zorder=3)
    _value(axes, row, spread.distance.value, ".2f")


def _value(axes: Axes, row: int, value: float, spec: str) -> None:
    axes.annotate(
        _signed(value, spec),
        (value, row),
        xytext=(0, 4.5),
        textcoords="offset points",
        ha="center",
        va="bottom",
        size=style.SMALL,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        zorder=2,
    )


def _say_sides(axes: Axes) -> None:
    """Say under the axis, on either side of 0, what lies there."""
    for words, shift, align in (
        ("←  lower in trusts that entered", -8, "right"),
        ("higher in trusts that entered  →", 8, "left"),
    ):
        axes.annotate(
            words,
            (0, 0),
            xycoords=("data", "axes fraction"),
            xytext=(shift, -15),
            textcoords="offset points",
            ha=align,
            va="top",
            size=style.NORMAL,
        )


def _legend(axes: Axes, pairs: list[Pair], spreads: list[Spread]) -> None:
    blue, pink = style.PALETTE["blue"], style.PALETTE["pink"]
    kinds = [
        (any(pair.sign for pair in pairs), "o", blue, blue, _CLEAR, "-"),
        (any(not pair.sign for pair in pairs), "o", blue, "white", _UNCLEAR, "-"),
        (bool(spreads), "D", pink, pink, f"{_DISTANCE}; tick: reach of chance", ":"),
    ]
    for wanted, marker, colour, face, label, line in kinds:
        if wanted:
            axes.plot(
                [],
                [],
                marker=marker,
                markersize=_MARK,
                color=colour,
                markerfacecolor=face,
                linestyle=line,
                linewidth=1.3,
                label=label,
            )
    figure = axes.get_figure(root=True)
    if figure is not None:
        figure.legend(loc="outside lower left", ncols=3, handlelength=2.4, columnspacing=1.6)


def _message(comparison: Comparison) -> str:
    clear, count = comparison.clear, len(comparison.pairs)
    of = f"{count} characteristic{'' if count == 1 else 's'}"
    if not clear:
        return f"None of {of} differed clearly before the first entry"
    largest = clear[0]
    return (
        f"{len(clear)} of {of} differed clearly before the first entry; the largest difference: "
        f"{lower(largest.measure.label)}, {largest.word} in trusts that entered"
    )


def _alt(message: str, pairs: list[Pair], spreads: list[Spread]) -> str:
    words = [
        f"{pair.measure.label} {_signed(pair.difference.value, '+.2f')} "
        f"({' to '.join(_signed(end, '.2f') for end in pair.difference.interval)})"
        for pair in pairs
    ]
    words += [
        f"{spread.measure.label}, a distance without direction, {spread.distance.value:.2f} "
        f"(chance alone would stay below {spread.distance.by_chance:.2f} in 95 of 100 cases)"
        for spread in spreads
    ]
    return (
        f"{message}. Standardised differences with 95% intervals, in standard deviations: {'; '.join(words)}."
    )


def _row_label(row: object) -> str:
    label, unit = str(getattr(row, "label", "")), getattr(row, "unit", "")
    measured = f"{label}, %" if unit == "%" else label
    return f"{measured}\n({getattr(row, 'smq_trusts', 0)} v {getattr(row, 'never_trusts', 0)})"


def _signed(value: float, spec: str) -> str:
    """Write a number; what rounds to nothing has no sign."""
    words = format(value, spec)
    return _minus(words if any(digit in words for digit in "123456789") else words.lstrip("+-"))


def _minus(words: str) -> str:
    return words.replace("-", "−")
