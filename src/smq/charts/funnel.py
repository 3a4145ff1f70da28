"""The funnel chart of one edition of SHMI: every trust between its control limits.

Trusts ever in special measures are told by shape as well as by colour, and named where they lie outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D

from smq import naming
from smq.charts import Chart, style

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

    from smq.control_charts.shmi_funnels import Description

_OUTLINE = "#1A1A1A"
_LABEL_POINTS = 9.0
_LEADER_POINTS = 8.0
"""A name further than this from its point gets a stroke that leads to it."""
_LONGEST_LABEL = 40
_MARK = {
    "never": ("o", "#8C8C8C", 3.4, "Never in special measures"),
    "earlier": ("D", style.PALETTE["turquoise"], 5.0, "Had left special measures"),
    "later": ("^", style.PALETTE["orange"], 6.2, "Entered later"),
    "in": ("s", style.PALETTE["blue"], 5.4, "In special measures"),
}


def funnel(description: Description) -> Chart:
    """Draw SHMI against expected deaths, with the limits of the edition."""
    edition = description.chosen
    data = edition.points.sort_values("expected", ignore_index=True)
    figure, axes = style.new_figure(112)
    grey = style.PALETTE["grey"]
    for column in ("lower", "upper"):
        axes.plot(
            data["expected"], data[column], color=grey, linewidth=1.2, linestyle=(0, (4, 1.5)), zorder=2
        )
    axes.axhline(1, color=grey, linewidth=0.9, zorder=1)
    for state, (mark, colour, size, _) in _MARK.items():
        drawn = data[data["state"] == state]
        axes.plot(
            drawn["expected"],
            drawn["shmi"],
            linestyle="",
            marker=mark,
            markersize=size,
            markerfacecolor=colour,
            markeredgecolor=_OUTLINE,
            markeredgewidth=0.6,
            zorder=3 if state == "never" else 4,
        )
    widest = float(data["expected"].max())
    axes.set_xlim(0, widest * 1.02)
    low, high = float(data[["shmi", "lower"]].min().min()), float(data[["shmi", "upper"]].max().max())
    axes.set_ylim(low - 0.05, high + 0.09)
    axes.set_xlabel("Deaths expected in the twelve months")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_ylabel("SHMI (observed over expected deaths)")
    _say_limits(axes, data)
    counts = data["state"].value_counts()
    figure.legend(
        handles=[
            Line2D(
                [],
                [],
                linestyle="",
                marker=mark,
                markersize=size + 0.6,
                markerfacecolor=colour,
                markeredgecolor=_OUTLINE,
                markeredgewidth=0.6,
                label=f"{name} ({counts[state]})",
            )
            for state, (mark, colour, size, name) in _MARK.items()
            if state in counts.index
        ],
        loc="outside lower left",
        ncols=3,
        handletextpad=0.2,
        columnspacing=1.6,
    )
    style.title(axes, message(description), _subtitle(description))
    _name_outside(axes, data)
    return Chart(figure, data, message(description), alt(description))


def message(description: Description) -> str:
    """Message of the chart: how many trusts are higher than expected, and how many of them were ever in."""
    higher, ever = (int(description.numbers[name].value) for name in ("higher", "smq_higher"))
    trusts = int(description.numbers["trusts"].value)
    words = f"{higher} of {_counted(trusts)} had higher mortality than expected"
    if not higher:
        return words
    if not ever:
        return f"{words}; {'it was never' if higher == 1 else 'none of them was ever'} in special measures"
    outside = description.chosen.points[description.chosen.points["band"] == "higher"]
    who = "it" if higher == 1 else f"{ever} of them"
    if set(outside["state"]) <= {"later", "never"}:
        return f"{words}; {who} entered special measures later"
    return f"{words}; {who} {'was' if ever == 1 else 'were'} in special measures at some time"


def caption(description: Description) -> str:
    """Caption of the chart."""
    return (
        f"SHMI by expected deaths, edition of {description.chosen.name} ({description.chosen.covers}), with "
        f"{description.texts['limits'].split(',')[0]}"
    )


def alt(description: Description) -> str:
    """Alternative text: the bands by state, and the trusts that are named in the picture."""
    numbers = {name: int(number.value) for name, number in description.numbers.items()}
    words = [
        f"{message(description)}. Edition of {description.chosen.name}: lower than expected "
        f"{numbers['lower']}, as expected {numbers['as_expected']}. Of {_counted(numbers['smq_trusts'])} "
        f"ever in special measures, {numbers['smq_higher']} higher, "
        f"{numbers['smq_as_expected']} as expected, {numbers['smq_lower']} lower."
    ]
    outside = description.tables.get("outside_table")
    if outside is not None:
        words.append(
            "Named, from the highest: "
            + "; ".join(f"{row['trust']} {row['shmi']:.2f}" for row in outside.to_dict("records"))
            + "."
        )
    return " ".join(words)


def table_labels() -> dict[str, dict[str, str]]:
    """Headings of the tables, by table."""
    return {
        "edition_table": {
            "edition": "Published",
            "covers": "Covers",
            "trusts": "Trusts",
            "higher": "Higher than expected",
            "higher_ever": "of these, ever in special measures",
            "higher_in": "of these, in at the time",
            "ever": "Ever in special measures",
            "lower": "Lower than expected",
            "lower_ever": "of these, ever in",
            "limits": "Limits",
        },
        "outside_table": {
            "trust": "Trust",
            "code": "Code",
            "entered": "First entered",
            "observed": "Deaths",
            "expected": "Expected",
            "shmi": "SHMI",
            "lower": "Lower limit",
            "upper": "Upper limit",
            "band": "Band",
        },
    }


def table_formats() -> dict[str, dict[str, str]]:
    """Formats of the numbers in the tables, by table."""
    counts = ("trusts", "higher", "higher_ever", "higher_in", "ever", "lower", "lower_ever")
    return {
        "edition_table": dict.fromkeys(counts, ",d"),
        "outside_table": dict.fromkeys(("observed", "expected"), ",.0f")
        | dict.fromkeys(("shmi", "lower", "upper"), ".2f"),
    }


def table_captions(description: Description) -> dict[str, str]:
    """Captions of the tables, by table."""
    edition = description.chosen
    return {
        "edition_table": "SHMI by edition: trusts outside the limits, and those ever in special measures",
        "outside_table": "Trusts ever in special measures with SHMI outside the limits, "
        f"{edition.covers} (published {edition.name})",
    }


def _say_limits(axes: Axes, data: pd.DataFrame) -> None:
    for column, words in (("upper", "Upper limit"), ("lower", "Lower limit")):
        axes.annotate(
            words,
            (1, float(data[column].iloc[-1])),
            xycoords=("axes fraction", "data"),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            size=style.SMALL,
            annotation_clip=False,
        )


def _name_outside(axes: Axes, data: pd.DataFrame) -> None:
    """Name the trusts ever in special measures outside the limits, each in the nearest free place."""
    named = data[(data["band"] != "as expected") & (data["state"] != "never")]
    figure = axes.get_figure(root=True)
    if named.empty or figure is None:
        return
    figure.draw_without_rendering()
    scale = 72 / figure.dpi
    spots = axes.transData.transform(named[["expected", "shmi"]].to_numpy()) * scale
    everyone = axes.transData.transform(data[["expected", "shmi"]].to_numpy()) * scale
    taken = np.hstack([everyone - 4.5, everyone + 4.5])
    along = np.linspace(float(data["expected"].iloc[0]), float(data["expected"].iloc[-1]), 200)
    for column in ("lower", "upper"):
        curve = np.column_stack([along, np.interp(along, data["expected"], data[column])])
        line = axes.transData.transform(curve) * scale
        taken = np.vstack([taken, np.hstack([line - 1.5, line + 1.5])])
    marks = len(taken)
    frame = np.asarray(axes.get_window_extent().extents) * scale
    names = [_short(str(name)) for name in named["name"]]
    # From the top down, so that a name gives way to those above it.
    for place in np.argsort(-spots[:, 1], kind="stable"):
        wide = style.text_width(names[place], style.SMALL)
        corner, near = _free(spots[place], wide, taken, marks, frame)
        taken = np.vstack([taken, [*corner, corner[0] + wide, corner[1] + _LABEL_POINTS]])
        at = (named["expected"].iloc[place], named["shmi"].iloc[place])
        axes.annotate(
            names[place],
            at,
            xytext=tuple(corner - spots[place]),
            textcoords="offset points",
            size=style.SMALL,
            va="bottom",
            annotation_clip=False,
        )
        if np.hypot(*(near - spots[place])) > _LEADER_POINTS:
            axes.annotate(
                "",
                at,
                xytext=tuple(near - spots[place]),
                textcoords="offset points",
                arrowprops={
                    "arrowstyle": "-",
                    "linewidth": 0.6,
                    "color": style.PALETTE["grey"],
                    "shrinkA": 0,
                    "shrinkB": 3,
                },
                annotation_clip=False,
                zorder=2,
            )


def _free(
    spot: npt.NDArray[np.float64],
    wide: float,
    taken: npt.NDArray[np.float64],
    marks: int,
    frame: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Lower left corner of the nearest place for a name that covers nothing, and its end that is nearest.

    `taken` holds boxes (left, bottom, right, top, in points), of which the first so many are `marks`: a
    leader may pass a mark but not a name. Where nothing is free, the name stands right of the point.
    """
    across, up = np.meshgrid(np.arange(-wide - 60, 61, 4.0), np.arange(-40, 61, 4.0))
    corners = spot + np.column_stack([across.ravel(), up.ravel()])
    far = corners + np.array([wide, _LABEL_POINTS])
    near = np.clip(spot, corners, far)
    away = np.hypot(*(near - spot).T)
    inside = (corners >= frame[:2] + 3).all(axis=1) & (far <= frame[2:]).all(axis=1)
    order = np.argsort(np.where(inside & (away > 5.5), away, np.inf), kind="stable")
    others = taken[marks:]
    for one in order[: int((inside & (away > 5.5)).sum())]:
        if ((corners[one] < taken[:, 2:]) & (far[one] > taken[:, :2])).all(axis=1).any():
            continue
        leader = spot + np.linspace(0, 1, 12)[:, None] * (near[one] - spot)
        crossed = (leader[:, None] > others[:, :2]) & (leader[:, None] < others[:, 2:])
        if not crossed.all(axis=2).any():
            return corners[one], near[one]
    return spot + np.array([6.0, -_LABEL_POINTS / 2]), spot


def _short(name: str) -> str:
    short = naming.short_name(name)
    return short if len(short) <= _LONGEST_LABEL else short[: _LONGEST_LABEL - 1] + "…"


def _subtitle(description: Description) -> str:
    simulated = "Simulated data about fictional trusts. " if description.origin == "simulated" else ""
    edition = description.chosen
    return (
        f"{simulated}SHMI of non-specialist acute trusts in England, {edition.covers} "
        f"(published {edition.name}), with {description.texts['limits']}"
    )


def _counted(count: int) -> str:
    return f"{count:,d} {'trust' if count == 1 else 'trusts'}"
