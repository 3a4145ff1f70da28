"""Charts of the CQC ratings: at entry by question, from entry to exit, time to an exit rated Good.

Each takes what `smq.ratings` gives, and `last`, the last day that counts. Colours are doubled by hatches, and
every number stands in the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.patches import Patch, Rectangle

from smq import naming, ratings
from smq.charts import Chart, style

if TYPE_CHECKING:
    from datetime import date

    from matplotlib.axes import Axes

    from smq.statistics.survival import IncidenceCurves


@dataclass(frozen=True)
class Fill:
    """How an area is filled."""

    colour: str
    hatch: str
    edge: str = "white"


_OUTLINE = "#767676"
"""For areas too pale to be seen by their fill."""
_RATINGS = {
    "Inadequate": Fill(style.PALETTE["blue"], ""),
    "Requires improvement": Fill(style.PALETTE["orange"], "////"),
    "Good": Fill(style.PALETTE["turquoise"], "...."),
    "Outstanding": Fill(style.PALETTE["purple"], "xxxx"),
    ratings.NOT_KNOWN: Fill("white", "", _OUTLINE),
}
_DIRECTIONS = {
    "better": ("Better than at entry", Fill(style.PALETTE["turquoise"], "////")),
    "same": ("The same as at entry", Fill(style.PALETTE["orange"], "....")),
    "worse": ("Worse than at entry", Fill(style.PALETTE["pink"], "xxxx")),
    "": ("Not compared: a rating is not known, or there was no exit", Fill("#E6E6E6", "", _OUTLINE)),
}
_SHORT = {ratings.LEFT_UNRATED: "Left, rating\nnot known", ratings.MERGED: "Trust\nmerged"}
_LINE = 0.8
_LARGEST = 0.78
"""Side of the largest square, where a cell has a side of 1."""
_WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}


WAYS = {
    "months": "Months",
    "good": "Left, rated Good",
    "other": "Left with a lower rating",
    "unrated": "Left, rating not known",
    "merged": "Trust merged",
    "good_low": "Good: 95% interval from",
    "good_high": "to",
    "other_low": "Lower: 95% interval from",
    "other_high": "to",
}
"""Columns of the table of incidences and their headings."""


def questions(at_entry: pd.DataFrame, last: date) -> Chart:
    """Draw the ratings at entry as a bar for each question; `at_entry` as of `ratings.at_entry`."""
    spells = int(at_entry.drop(columns="question").iloc[0].sum())
    message = _questions_message(at_entry)
    words = [
        f"{row['question']}: "
        + ", ".join(f"{row[name]} {_in_sentence(name)}" for name in _RATINGS if row[name])
        for row in at_entry.to_dict("records")
    ]
    alt = f"{message}. Ratings at entry of {_counted(spells, 'spell')}: {'; '.join(words)}."
    figure, axes = style.new_figure(30 + 9 * len(at_entry))
    for row, counts in enumerate(at_entry.to_dict("records")):
        start = 0
        for name, fill in _RATINGS.items():
            width = int(counts[name])
            if width:
                axes.barh(
                    row,
                    width,
                    left=start,
                    height=0.62,
                    facecolor=fill.colour,
                    hatch=fill.hatch,
                    edgecolor=fill.edge,
                    linewidth=_LINE,
                )
                axes.text(
                    start + width / 2,
                    row,
                    str(width),
                    ha="center",
                    va="center",
                    size=style.NORMAL,
                    bbox=_WHITE,
                )
            start += width
    axes.set_yticks(range(len(at_entry)), at_entry["question"].tolist())
    axes.set_ylim(len(at_entry) - 0.5, -0.5)
    axes.set_xlim(0, spells)
    axes.set_xticks(range(0, spells + 1, max(1, spells // 8)))
    axes.set_xlabel("Spells")
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    present = [name for name in _RATINGS if int(at_entry[name].sum())]
    handles = [_patch(_RATINGS[name], name) for name in present]
    figure.legend(handles=handles, loc="outside lower left", ncols=len(handles), handlelength=1.6)
    style.title(axes, message, f"CQC ratings at entry, spells begun by {naming.long_date(last)}")
    return Chart(figure, at_entry, message, alt)


def entry_to_exit(transitions: pd.DataFrame, last: date) -> Chart:
    """Draw a square for each pair of overall rating at entry and outcome; its area is the number of spells.

    `transitions` as of `ratings.transitions`.
    """
    rows, columns = (list(dict.fromkeys(transitions[name])) for name in ("entry", "outcome"))
    message = _transitions_message(transitions)
    cells = [
        (str(entry), str(outcome), int(spells), str(direction))
        for entry, outcome, spells, direction in transitions.to_numpy().tolist()
    ]
    words = [
        f"{_in_sentence(entry)} at entry, {_in_sentence(outcome)}: {spells}"
        for entry, outcome, spells, _ in cells
        if spells
    ]
    alt = f"{message}. Spells by overall rating at entry and outcome: {'; '.join(words)}."
    figure, axes = style.new_figure(38 + 24 * len(rows))
    most = int(transitions["spells"].max())
    for entry, outcome, spells, direction in cells:
        place = (columns.index(outcome), rows.index(entry))
        if spells:
            _square(axes, *place, spells / most, direction)
        axes.text(
            *place,
            str(spells),
            ha="center",
            va="center",
            size=style.LARGE if spells else style.NORMAL,
            weight="bold" if spells else "normal",
            bbox=_WHITE if spells else None,
        )
    totals = transitions.groupby("entry")["spells"].sum()
    axes.set_yticks(range(len(rows)), [f"{name}\n({totals[name]})" for name in rows])
    axes.set_xticks(range(len(columns)), [_two_lines(name) for name in columns])
    axes.set_ylabel("Overall rating at entry")
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_aspect("equal")
    axes.tick_params(axis="x", length=0, top=True, bottom=False, labeltop=True, labelbottom=False)
    axes.grid(visible=False)
    axes.set_xticks(np.arange(len(columns) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(rows) + 1) - 0.5, minor=True)
    axes.grid(visible=True, which="minor", axis="both", color=style.GRID, linewidth=0.6)
    axes.tick_params(which="minor", length=0, top=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    drawn = set(transitions.loc[transitions["spells"] > 0, "direction"])
    handles = [_patch(fill, label) for name, (label, fill) in _DIRECTIONS.items() if name in drawn]
    figure.legend(handles=handles, loc="outside lower left", ncols=len(handles), handlelength=1.6)
    style.title(
        axes,
        message,
        f"Spells by CQC overall rating at entry, and how they stood on {naming.long_date(last)}; the area of "
        "a square is the number of spells",
    )
    return Chart(figure, transitions, message, alt)


def time_to_good(ways: IncidenceCurves, spells: int, last: date) -> Chart:
    """Draw the cumulative incidences of an exit rated Good and of one with a lower rating."""
    data = incidence_table(ways)
    limit = ratings.LIMITS[-1]
    good, other = (ratings.share_at(ways, way, limit) for way in ("good", "other"))
    if good is None or other is None:
        message = f"No spell had been followed for {limit} months"
    else:
        message = (
            f"Within {limit} months an estimated {good.value:.0f}% of spells led to an exit rated Good, "
            f"{other.value:.0f}% to one with a lower rating"
        )
    final = data.iloc[-1]
    alt = (
        f"{message}. Cumulative incidences in {_counted(spells, 'spell')}: both rise from 0% at entry, an "
        f"exit rated Good to {final['good']:.0f}%{_ends(final, 'good')} and an exit with a lower rating to "
        f"{final['other']:.0f}%{_ends(final, 'other')} at {final['months']:.1f} months."
    )
    figure, axes = style.new_figure(84)
    for way, colour, dashes, label in (
        ("other", "orange", (0, (4, 1.5)), "Left with a lower rating"),
        ("good", "blue", "solid", "Left, rated Good"),
    ):
        shade = style.PALETTE[colour]
        low, high = data[f"{way}_low"].ffill().fillna(0.0), data[f"{way}_high"].ffill().fillna(0.0)
        axes.fill_between(data["months"], low, high, step="post", color=shade, alpha=0.16, linewidth=0)
        axes.step(data["months"], data[way], where="post", color=shade, linestyle=dashes)
        axes.annotate(
            label,
            (float(final["months"]), float(final[way])),
            xytext=(-4, 5),
            textcoords="offset points",
            ha="right",
            va="bottom",
            size=style.NORMAL,
        )
    axes.set_xlim(0, float(final["months"]) * 1.01)
    axes.set_ylim(0, max(10.0, float(np.nanmax(data[["good_high", "other_high", "good", "other"]])) * 1.05))
    axes.set_xticks(range(0, int(final["months"]) + 1, 12))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}%")
    axes.set_xlabel("Months from entry")
    style.title(
        axes,
        message,
        f"Cumulative incidence by months since entry, 95% intervals shaded; to {naming.long_date(last)}",
    )
    return Chart(figure, data, message, alt)


def incidence_table(ways: IncidenceCurves) -> pd.DataFrame:
    """Give the cumulative incidences in per cent: months, each way, and the intervals of good and other."""
    table = pd.DataFrame(
        {"months": ways.times, **{way: 100 * ways.by_cause[way].share for way in ratings.WAYS}}
    )
    for way in ("good", "other"):
        table[f"{way}_low"], table[f"{way}_high"] = (
            100 * ways.by_cause[way].low,
            100 * ways.by_cause[way].high,
        )
    start = pd.DataFrame({"months": [0.0], **{way: [0.0] for way in ratings.WAYS}})
    moved = table[[*ratings.WAYS]].diff().abs().sum(axis=1).gt(0)
    moved.iloc[[0, -1]] = True
    return pd.concat([start, table[moved]], ignore_index=True)


def _square(axes: Axes, column: int, row: int, share: float, direction: str) -> None:
    fill = _DIRECTIONS[direction][1]
    side = _LARGEST * share**0.5
    axes.add_patch(
        Rectangle(
            (column - side / 2, row - side / 2),
            side,
            side,
            facecolor=fill.colour,
            hatch=fill.hatch,
            edgecolor=fill.edge,
            linewidth=_LINE,
            zorder=1.5,
        )
    )


def _questions_message(at_entry: pd.DataFrame) -> str:
    known = at_entry.drop(columns=["question", ratings.NOT_KNOWN]).sum(axis=1)
    table = at_entry.assign(known=known)
    table = table[(table["known"] > 0) & (table["question"] != ratings.QUESTIONS["overall"])]
    if table.empty:
        return "No rating of a key question at entry is known"
    share = table["Inadequate"] / table["known"]
    worst, best = table[share == share.max()], table.iloc[int(share.to_numpy().argmin())]
    if share.max() == share.min():
        return "No key question was rated Inadequate at entry more often than another"
    names = " and ".join(worst["question"])
    if share.max() == 1:
        first = f"{names} {'was' if len(worst) == 1 else 'were'} rated Inadequate at entry wherever known"
    else:
        top = worst.iloc[0]
        first = f"{names} {'was' if len(worst) == 1 else 'were'} most often rated Inadequate at entry"
        first += f", in {top['Inadequate']} of {top['known']} known" if len(worst) == 1 else ""
    return f"{first}, {best['question']} in {best['Inadequate']} of {best['known']}"


def _transitions_message(transitions: pd.DataFrame) -> str:
    moves = transitions.groupby("direction")["spells"].sum()
    compared = int(moves.drop("", errors="ignore").sum())
    if not compared:
        return "For no spell is the overall rating known both at entry and at exit"
    good = transitions["outcome"].isin([f"Left, rated {rating}" for rating in ratings.GOOD])
    known = transitions["direction"] != ""
    better = int(moves.get("better", 0))
    reached = int(transitions.loc[good & known, "spells"].sum())
    return (
        f"{better} of {_counted(compared, 'exit')} with ratings known at both ends came with a better "
        f"rating, {reached} with Good"
    )


def _ends(row: pd.Series[float], way: str) -> str:
    low, high = row[f"{way}_low"], row[f"{way}_high"]
    return "" if pd.isna(low) or pd.isna(high) else f" (95% interval {low:.0f}% to {high:.0f}%)"


def _two_lines(outcome: str) -> str:
    return _SHORT.get(
        outcome, outcome.replace("Left, rated ", "Left, rated\n").replace("Requires ", "Requires\n")
    )


def _patch(fill: Fill, label: str) -> Patch:
    return Patch(facecolor=fill.colour, hatch=fill.hatch, edgecolor=fill.edge, linewidth=_LINE, label=label)


def _in_sentence(words: str) -> str:
    """Ratings keep their capital; other words lose it."""
    return words if words in _RATINGS and words != ratings.NOT_KNOWN else words[:1].lower() + words[1:]


def _counted(count: int, one: str) -> str:
    return f"{count} {one if count == 1 else one + 's'}"
