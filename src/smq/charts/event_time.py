"""What charts over event time share: the axis from entry or exit, intervals, names at the ends of lines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from matplotlib.ticker import MaxNLocator

from smq.charts import style

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from smq.performance.timescale import Timescale

HEIGHT_MM = 80.0
DASHES = (0, (4, 1.5))
FEW = 9
"""Up to so many events, points and bars are drawn in place of a band."""
_LABEL_POINTS = 9.5
"""Height of a line of a label at the end of a line."""
_LEADER_POINTS = 16.0
"""Length of the stroke that leads from a line to its label."""
_BESIDE = 0.02
"""Room beside the first and the last event, as a share of the way between them."""


@dataclass(frozen=True)
class End:
    """Right end of a line, and what is written beside it."""

    name: str
    value: float
    colour: str
    dashes: str | tuple[int, tuple[float, float]] = "solid"


def line_with_interval(ax: Axes, data: pd.DataFrame, name: str, colour: str) -> None:
    """Draw the column `name` by event with its 95% interval: a band, or bars where there are few events."""
    events, low, high = data["event"], data[f"{name}_low"], data[f"{name}_high"]
    if len(data) > FEW:
        ax.fill_between(events, low, high, color=colour, alpha=0.18, linewidth=0)
        ax.plot(events, data[name], color=colour, linewidth=2.2)
        return
    ax.plot(events, data[name], color=colour, linewidth=2.2, marker="o", markersize=5.5)
    ax.vlines(events, low, high, color=colour, linewidth=1.4)
    ax.scatter(events, low, marker="_", color=colour, s=40, linewidths=1.4)
    ax.scatter(events, high, marker="_", color=colour, s=40, linewidths=1.4)


def interval_words(data: pd.DataFrame) -> str:
    """Say how the 95% interval is drawn."""
    return "shaded: 95% interval" if len(data) > FEW else "bars: 95% intervals"


def frame(ax: Axes, data: pd.DataFrame, scale: Timescale, moment: str) -> None:
    """Draw the axis of events with a line at 0; `moment` is "entry" or "exit".

    Where the number of spells differs between events, it stands under each.
    """
    first, last = int(data["event"].min()), int(data["event"].max())
    beside = _BESIDE * (last - first)
    ax.set_xlim(first - beside, last + beside)
    step = max(1, last // 4)
    ticks = sorted({*range(0, last + 1, step), *range(0, first - 1, -step)})
    labels = [minus(f"{event:+d}") if event else "0" for event in ticks]
    spells = data.set_index("event")["spells"]
    if len(data) <= FEW and len(set(spells)) > 1:
        labels = [
            f"{label}\n{spells[event]} spell" + ("" if spells[event] == 1 else "s")
            for label, event in zip(labels, ticks, strict=True)
        ]
    ax.set_xticks(ticks, labels)
    of = "Calendar years" if scale.length == "year" else f"{scale.length.capitalize()}s"
    ax.set_xlabel(f"{of} from {'the year of ' if scale.length == 'year' else ''}{moment}")
    locator = MaxNLocator(8, steps=[1, 2, 5, 10])
    decimals = max(len(f"{tick:g}".partition(".")[2]) for tick in locator.tick_values(*ax.get_ylim()))
    ax.yaxis.set_major_locator(locator)
    ax.yaxis.set_major_formatter(lambda value, _: minus(f"{value:.{decimals}f}") if value else "0")
    ax.axvline(0, color=style.PALETTE["grey"], linewidth=0.9, zorder=1)
    ax.annotate(
        {"entry": "Entry to special measures", "exit": "Exit from special measures"}[moment],
        (0, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-3, -2),
        textcoords="offset points",
        ha="right",
        va="top",
        size=style.SMALL,
        bbox={"facecolor": "white", "pad": 1.0},
    )


def end_labels(figure: Figure, ax: Axes, ends: Sequence[End], last: int) -> None:
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
            (last, end.value),
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
        ax.plot([last], [end.value], marker="o", markersize=4, color=end.colour, clip_on=False, zorder=5)


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


def minus(words: str) -> str:
    """Write minus signs as such."""
    return words.replace("-", "−")
