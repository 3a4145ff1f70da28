"""The chart of what the data hold: trusts with a value, by series and year."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from smq.charts import style

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.figure import Figure

_ROW_MM = 7.4
_AROUND_MM = 26.0
_LABEL = 44
"""Characters in a line of a label."""
_PALE, _DARK = "#E3EBF3", "#12436D"


def grid(by_year: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Give trusts with a value: a row for each series (in the order of `labels`), a column for each year.

    A year is the one in which the financial or calendar year begins.
    """
    held = by_year[by_year["trusts"] > 0].assign(begins=by_year["year"].astype(str).str[:4].astype(int))
    table = held.pivot_table(index="indicator", columns="begins", values="trusts", aggfunc="max")
    return table.reindex([name for name in labels if name in table.index])


def coverage(by_year: pd.DataFrame, labels: Mapping[str, str], *, simulated: bool) -> Figure:
    """Draw `by_year` (as of `smq.checking.coverage`): counts in cells, darker where there are more trusts."""
    held = grid(by_year, labels)
    figure, ax = style.new_figure(_AROUND_MM + _ROW_MM * len(held))
    counts = held.to_numpy(dtype=float)
    largest = float(np.nanmax(counts))
    shades = LinearSegmentedColormap.from_list("coverage", [_PALE, _DARK])
    ax.pcolormesh(np.ma.masked_invalid(counts), cmap=shades, vmin=0, vmax=largest, edgecolor="white")
    for (row, column), count in np.ndenumerate(counts):
        if not np.isnan(count):
            middle = (column + 0.5, row + 0.5)
            colour = _readable_on(shades(count / largest)[:3])
            ax.text(*middle, f"{count:.0f}", ha="center", va="center", size=style.SMALL, color=colour)
    names = [textwrap.fill(labels[str(name)], _LABEL) for name in held.index]
    ax.set_xticks(np.arange(len(held.columns)) + 0.5, [str(year) for year in held.columns])
    ax.set_yticks(np.arange(len(held)) + 0.5, [name[:1].upper() + name[1:] for name in names])
    ax.invert_yaxis()
    ax.grid(visible=False)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.tick_params(length=0)
    marked = "Simulated data about fictional trusts. " if simulated else ""
    subtitle = "Trusts with a value, by the year in which the financial or calendar year begins"
    style.title(ax, message(by_year, labels), marked + subtitle)
    return figure


def _readable_on(colour: tuple[float, ...]) -> str:
    """Give white or black, whichever stands out more (relative luminance as in WCAG 2)."""

    def luminance(rgb: tuple[float, ...]) -> float:
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    ground = luminance(colour)
    dark = luminance(to_rgb("black"))
    return "white" if 1.05 / (ground + 0.05) > (ground + 0.05) / (dark + 0.05) else "black"


def message(by_year: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Message of the chart: how many series, when, and the most trusts in a year."""
    held = grid(by_year, labels)
    series = "One series" if len(held) == 1 else f"{len(held)} series"
    most = int(np.nanmax(held.to_numpy()))
    return f"{series}, {_years(held)}: at most {most} trusts in a year"


def caption(by_year: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Caption of the chart."""
    return f"Trusts with a value, by series and year, {_years(grid(by_year, labels))}"


def alt(by_year: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Alternative text: for each series the first and the last year and the trusts in them."""
    words = []
    for name, row in grid(by_year, labels).iterrows():
        known = row.dropna()
        text = f"{labels[str(name)]}: {known.iloc[0]:.0f} trusts in {known.index[0]}"
        if len(known) > 1:
            text += f", {known.iloc[-1]:.0f} in {known.index[-1]}"
        words.append(text)
    return f"Grid of counts. {'; '.join(words)}."


def _years(held: pd.DataFrame) -> str:
    first, last = held.columns.min(), held.columns.max()
    return str(first) if first == last else f"{first} to {last}"
