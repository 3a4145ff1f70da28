"""Chart of the trusts in the regime from day to day, with the entries and exits that moved the number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.ticker import MaxNLocator

from smq import naming
from smq.charts import Chart, style
from smq.charts.regime import in_years

if TYPE_CHECKING:
    from datetime import date

    from matplotlib.axes import Axes

_ROWS = {
    "entries": ("Entries", "^", "blue"),
    "exits": ("Exits", "v", "orange"),
    "mergers": ("Merger", "D", "pink"),
}


def over_time(flow: pd.DataFrame, last: date) -> Chart:
    """Draw the trusts in the regime as a step line, above a mark for each day of entries and of exits.

    `flow` is from `regime.over_time`.
    """
    top = int(flow["in_regime"].argmax())
    most, when = int(flow["in_regime"].iloc[top]), flow["day"].iloc[top].date()
    start, now = int(flow["in_regime"].iloc[0]), int(flow["in_regime"].iloc[-1])
    message = (
        f"Never more than {_trusts(most)} {_were(most)} in at once ({naming.long_date(when)}); "
        f"{now} {_were(now)} on {naming.long_date(last)}"
    )
    ends = [f"{year}, {_last_of(flow, year)}" for year in sorted(flow["day"].dt.year.unique())]
    alt = (
        f"{message}. The number begins with {start} on {naming.long_date(flow['day'].iloc[0].date())}. "
        f"At the end of each year, or on the last day in it that changed the number: {'; '.join(ends)}."
    )
    rows = {name: of for name, of in _ROWS.items() if flow[name].sum()}
    figure, (axes, below) = style.new_panels(96, [3.4, 0.45 * len(rows)])
    blue, grey = style.PALETTE["blue"], style.PALETTE["grey"]
    years = [in_years(day) for day in flow["day"]]
    axes.step(years, flow["in_regime"], where="post", color=blue)
    axes.fill_between(years, flow["in_regime"], step="post", color=blue, alpha=0.12, linewidth=0)
    axes.set_ylim(0, most * 1.22)
    axes.plot(years[top], most, marker="o", color=blue, markersize=5)
    _say(axes, f"{most} from {naming.long_date(when)}", years[top], most, blue)
    if top:
        _say(axes, f"{start} at the start", years[0], start, grey, below=True)
    _say(axes, str(now), years[-1], now, blue, align="right")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    for place, (name, (words, marker, colour)) in enumerate(rows.items()):
        days = [in_years(day) for day in flow.loc[flow[name] > 0, "day"]]
        below.plot(
            days,
            [-place] * len(days),
            marker=marker,
            linestyle="",
            markersize=5,
            markerfacecolor=style.PALETTE[colour],
            markeredgecolor="white",
            markeredgewidth=0.4,
        )
        rows[name] = (f"{words} ({int(flow[name].sum())})", marker, colour)
    below.set_yticks([-place for place in range(len(rows))], [words for words, _, _ in rows.values()])
    below.set_ylim(-len(rows) + 0.4, 0.6)
    below.grid(visible=False)
    below.spines["left"].set_visible(False)
    ticks = range(int(years[0]), last.year + 1)
    below.set_xticks(ticks, [str(year) for year in ticks])
    below.set_xlim(ticks[0], in_years(pd.Timestamp(last)) + 0.05)
    style.title(
        axes,
        message,
        f"Trusts in special measures for quality at the end of each day, to {naming.long_date(last)}",
    )
    return Chart(figure, flow, message, alt)


def _last_of(flow: pd.DataFrame, year: int) -> int:
    return int(flow.loc[flow["day"].dt.year == year, "in_regime"].iloc[-1])


def _trusts(count: int) -> str:
    return f"{count} trust{'' if count == 1 else 's'}"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _say(
    axes: Axes, words: str, year: float, count: int, colour: str, *, align: str = "left", below: bool = False
) -> None:
    """Label the number on a day, above or below it."""
    axes.annotate(
        words,
        (year, count),
        xytext=(3 if align == "left" else 0, -4 if below else 4),
        textcoords="offset points",
        color=colour,
        size=style.NORMAL,
        va="top" if below else "bottom",
        ha=align,
    )
