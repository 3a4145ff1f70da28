"""Rows of estimates with their intervals under one another, their numbers written beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.lines import Line2D

from smq.charts import style
from smq.charts.event_time import minus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

ROW_MM, HEADING_MM = 5.4, 6.6
Look = tuple[str, str, bool]
"""Marker, colour, and whether it is filled."""
ADJUSTED: Look = ("o", style.PALETTE["orange"], True)
UNADJUSTED: Look = ("s", style.PALETTE["blue"], False)
_LABEL_POINTS = 132.0
_ROOM = 0.06
_GAP_POINTS = 8.0
_BELOW_MM, _SMALLER = 2.0, 0.8


@dataclass(frozen=True)
class Row:
    """One line: a label, numbers in words, and the estimate (None where there is none) with its interval.

    other: a second, unadjusted estimate and its interval, drawn below the first; last: words of a second
    column, in bold where `strong`.
    """

    label: str
    words: str
    estimate: float | None = None
    interval: tuple[float, float] = (0.0, 0.0)
    adjusted: bool = True
    other: tuple[float, float, float] | None = None
    last: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Group:
    """Rows under a heading."""

    heading: str
    rows: Sequence[Row]


def height(groups: Sequence[Group], row_mm: float = ROW_MM) -> float:
    """Height in mm of the rows of some groups."""
    return sum(HEADING_MM + row_mm * len(group.rows) for group in groups)


def draw(
    ax: Axes,
    groups: Sequence[Group],
    columns: tuple[str, str],
    limits: tuple[float, float],
    *,
    row_mm: float = ROW_MM,
) -> None:
    """Draw the groups from the top down; `columns` head the words and the last words.

    An interval that leaves the `limits` ends in an arrow there; its ends are in the words.
    """
    ax.set_xlim(*limits)
    places: list[tuple[float, Row]] = []
    top = 0.0
    for group in groups:
        _heading(ax, -top - HEADING_MM / 2, group.heading)
        top += HEADING_MM
        for row in group.rows:
            places.append((-top - row_mm / 2, row))
            top += row_mm
    ax.set_ylim(-top - 0.5, 0)
    for place, row in places:
        _row(ax, place, row, limits)
    ax.axvline(0, color=style.PALETTE["grey"], linewidth=0.9, zorder=1)
    ax.set_yticks([place for place, _ in places], [_broken(row.label) for _, row in places])
    ax.tick_params(axis="y", pad=_LABEL_POINTS)
    for label in ax.get_yticklabels():
        label.set_horizontalalignment("left")
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter(lambda value, _: minus(f"{value:g}") if abs(value) > 1e-12 else "0")
    _columns(ax, places, columns)


def limits_of(rows: Sequence[Row], widest: float) -> tuple[float, float]:
    """Give limits that hold zero and every estimate, and of intervals no more than `widest` from zero."""
    ends = [0.0]
    for row in rows:
        if row.estimate is not None:
            ends += [row.estimate, *(min(max(end, -widest), widest) for end in row.interval)]
        if row.other is not None:
            ends += [min(max(end, -widest), widest) for end in row.other]
    room = _ROOM * (max(ends) - min(ends))
    return min(ends) - room, max(ends) + room


def key(ax: Axes, entries: Sequence[tuple[Look, str]]) -> None:
    """Write below the axes what each sign means."""
    handles = [
        Line2D(
            [],
            [],
            marker=marker,
            color=colour,
            markerfacecolor=colour if filled else "white",
            linestyle="-",
            linewidth=1.6,
            label=words,
        )
        for (marker, colour, filled), words in entries
    ]
    figure = ax.get_figure(root=True)
    if figure is not None:
        figure.legend(handles=handles, loc="outside lower left", ncols=len(handles), columnspacing=1.6)


def _heading(ax: Axes, place: float, words: str) -> None:
    ax.annotate(
        words,
        (0, place),
        xycoords=("axes fraction", "data"),
        xytext=(-_LABEL_POINTS, 0),
        textcoords="offset points",
        va="center",
        size=style.SMALL,
        weight="bold",
    )


def _row(ax: Axes, place: float, row: Row, limits: tuple[float, float]) -> None:
    if row.estimate is not None:
        look = ADJUSTED if row.adjusted else UNADJUSTED
        _mark(ax, place, (row.estimate, *row.interval), look, limits, 1.0)
    if row.other is not None:
        _mark(ax, place - _BELOW_MM, row.other, UNADJUSTED, limits, _SMALLER)


def _mark(
    ax: Axes,
    place: float,
    numbers: tuple[float, float, float],
    look: Look,
    limits: tuple[float, float],
    scale: float,
) -> None:
    value, low, high = numbers
    marker, colour, filled = look
    ax.hlines(place, max(low, limits[0]), min(high, limits[1]), color=colour, linewidth=1.6 * scale**2)
    for end, beyond, arrow in ((limits[0], low < limits[0], "<"), (limits[1], high > limits[1], ">")):
        if beyond:
            ax.plot(end, place, marker=arrow, markersize=4.5, color=colour, clip_on=False, linestyle="")
    ax.plot(
        value,
        place,
        marker=marker,
        markersize=5 * scale,
        color=colour,
        markerfacecolor=colour if filled else "white",
        linestyle="",
        zorder=3,
    )


def _columns(ax: Axes, places: list[tuple[float, Row]], columns: tuple[str, str]) -> None:
    """Write the words of every row to the right of the axes, in columns under their heads."""
    wide = max(style.text_width(row.words, style.SMALL) for _, row in places)
    wide = max(wide, style.text_width(columns[0], style.SMALL, "bold"))
    for column, (head, shift) in enumerate(zip(columns, (0.0, wide + _GAP_POINTS), strict=True)):
        texts = [
            (place, row.last if column else row.words, bool(column) and row.strong) for place, row in places
        ]
        for place, words, bold in [(-HEADING_MM / 2, head, True), *texts]:
            if words:
                ax.annotate(
                    words,
                    (1, place),
                    xycoords=("axes fraction", "data"),
                    xytext=(_GAP_POINTS + shift, 0),
                    textcoords="offset points",
                    va="center",
                    size=style.SMALL,
                    weight="bold" if bold else "regular",
                    annotation_clip=False,
                )


def _broken(label: str) -> str:
    """Break a label that is wider than its column."""
    lines = [""]
    for word in label.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and style.text_width(longer, style.SMALL) > _LABEL_POINTS:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)
