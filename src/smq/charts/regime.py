"""Charts of the regime: flow by year, every spell, time to exit.

Each takes what `smq.spells.regime` gives, and `last`, the last day that counts. The message of a chart is
worked out from the numbers it draws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq import naming
from smq.charts import Chart, style
from smq.spells import follow_up, regime

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from matplotlib.axes import Axes

    from smq.statistics.survival import Estimate, IncidenceCurves, SurvivalCurve

_ROW_MM = 4.5
_LONGEST_LABEL = 44
_TICK_MONTHS = 12
_TWO_YEARS = 24
_MERGED = "Ended by merger"
CENSORED = "Seen until here: still in, or trust merged (censored)"
"""What a tick on a Kaplan-Meier curve is."""
_MARK = {"left": "o", "merged": "D", "open": ">"}
_COLOUR = {"left": "blue", "merged": "pink", "open": "orange"}
_MEANING = {"left": "Left", "merged": "Trust merged into another", "open": "Still in"}


def flow_by_year(flow: pd.DataFrame, last: date) -> Chart:
    """Draw entries, exits and mergers by year, above the trusts in the regime at each year's end."""
    entries, exits = int(flow["entries"].sum()), int(flow["exits"].sum())
    mergers = int(flow["mergers"].sum())
    years = flow["year"].tolist()
    busiest, fullest = int(flow["entries"].argmax()), int(flow["in_regime"].argmax())
    message = (
        f"{flow['entries'].iloc[busiest]} of {_counted(entries, 'entry', 'entries')} "
        f"came in {years[busiest]}; "
        f"{_counted(exits, 'spell')} had led to an exit by {naming.long_date(last)}"
    )
    alt = (
        f"{message}. Entries and exits by year: "
        + "; ".join(
            f"{year}, {into} in and {out} out" + (f", and {merged} merged" if merged else "")
            for year, into, out, merged in zip(
                years, flow["entries"], flow["exits"], flow["mergers"], strict=True
            )
        )
        + f". Of all ends of a year, most trusts, {flow['in_regime'].iloc[fullest]}, were in at that of "
        f"{years[fullest]}; on {naming.long_date(last)} there were {flow['in_regime'].iloc[-1]}."
    )
    figure, (bars, stock) = style.new_panels(110, [1.5, 1.0])
    _bars(bars, years, flow["entries"].tolist(), "blue", shift=-0.2, label="Entries")
    _bars(bars, years, flow["exits"].tolist(), "orange", shift=0.2, label="Exits", hatch="////")
    if mergers:
        _bars(bars, years, flow["mergers"].tolist(), "pink", shift=0.48, label=_MERGED, hatch="....")
    _bars(stock, years, flow["in_regime"].tolist(), "grey", shift=0.0)
    bars.legend(loc="upper right", ncols=3, handlelength=1.4)
    bars.tick_params(axis="x", length=0)
    stock.set_xticks(years)
    ends = "exits and mergers" if mergers else "exits"
    at_the_end = "" if (last.month, last.day) == (12, 31) else f"; {last.year}: on {naming.long_date(last)}"
    for axes, words in (
        (bars, f"Entries to special measures for quality, and {ends}, in each year"),
        (stock, f"Trusts in special measures at the end of the year{at_the_end}"),
    ):
        axes.set_title(words, loc="left", size=style.NORMAL, color=style.PALETTE["grey"])
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
    style.title(bars, message)
    return Chart(figure, flow, message, alt)


def swimmer(observed: pd.DataFrame, last: date) -> Chart:
    """Draw every spell as a bar on the row of its trust, trusts in order of first entry."""
    data = regime.spells_table(observed)
    data["drawn_to"] = observed["ends_on"]
    counts = {status: int((observed["status"] == status).sum()) for status in _MEANING}
    again = observed.loc[observed["re_entered"] == "re-entry", "ods_code"].nunique()
    names = dict(zip(data["code"], data["trust"], strict=True))
    row_of = {code: row for row, code in enumerate(names)}
    longest = int(data["months"].argmax())
    message = (
        f"{counts['left']} of {_counted(len(data), 'spell')} led to an exit; "
        f"{_counted(again, 'trust')} came back after an exit"
    )
    alt = (
        f"{message}. One row for each of {_counted(len(names), 'trust')}, in order of first entry, from "
        f"{naming.long_date(data['entered'].min().date())}. {_counted(counts['merged'], 'spell')} ended "
        f"because the trust merged into another, and {counts['open']} had not ended by "
        f"{naming.long_date(last)}. The longest, that of {_row_label(data['trust'].iloc[longest])}, "
        f"had lasted {data['months'].iloc[longest]:.1f} months."
    )
    figure, axes = style.new_figure(32 + _ROW_MM * len(names))
    for row in range(0, len(names), 2):
        axes.axhspan(row - 0.5, row + 0.5, color="#F3F3F3", linewidth=0, zorder=0)
    for status, code, entered, drawn_to in zip(
        observed["status"], data["code"], data["entered"], data["drawn_to"], strict=True
    ):
        colour, row = style.PALETTE[_COLOUR[status]], row_of[code]
        ends = [in_years(entered), in_years(drawn_to)]
        axes.plot(ends, [row, row], color=colour, linewidth=2.4, solid_capstyle="butt", zorder=2)
        axes.plot(ends[1], row, color=colour, marker=_MARK[status], markersize=6, clip_on=False, zorder=4)
    for status, count in counts.items():
        if count:
            axes.plot(
                [],
                [],
                color=style.PALETTE[_COLOUR[status]],
                marker=_MARK[status],
                linewidth=2.4,
                label=f"{_MEANING[status]} ({count})",
            )
    axes.set_yticks(range(len(names)), [_row_label(str(name)) for name in names.values()])
    axes.set_ylim(len(names) - 0.5, -0.5)
    years = range(data["entered"].min().year, last.year + 1)
    axes.set_xticks(years, [str(year) for year in years])
    axes.set_xlim(years[0], in_years(pd.Timestamp(last)))
    axes.tick_params(axis="x", top=True, labeltop=True)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    figure.legend(loc="outside lower left", ncols=len(counts), handlelength=2.2, columnspacing=2.0)
    style.title(axes, message, f"Spells in special measures for quality, to {naming.long_date(last)}")
    return Chart(figure, data, message, alt)


def time_to_exit(curve: SurvivalCurve, ways: IncidenceCurves, last: date) -> Chart:
    """Draw the share of spells still going on by months since entry, and below it the share merged.

    `curve` and `ways` are from `regime.time_to_exit` and `regime.ways_out`.
    """
    data = _time_table(curve, ways)
    median, at_two_years = curve.quantile(0.5), curve.at(_TWO_YEARS + follow_up.TOLERANCE_MONTHS)
    message = _stay(median, at_two_years)
    merged = 100 * float(data["merged"].iloc[-1])
    alt = (
        f"{message}{_interval(at_two_years)}. The share of {_counted(int(data['at_risk'].iloc[0]), 'spell')} "
        f"that had not led to an exit falls from 100% at entry to {100 * data['still_in'].iloc[-1]:.0f}% at "
        f"{data['months'].iloc[-1]:.1f} months. An estimated {merged:.1f}% ended because the trust merged."
    )
    figure, (axes, below) = style.new_panels(98, [4.4, 1.0])
    months, blue, grey = data["months"], style.PALETTE["blue"], style.PALETTE["grey"]
    # Where the curve reaches 0 there is no interval; the one before holds until then.
    low, high = data["low"].ffill(), data["high"].ffill()
    axes.fill_between(months, 100 * low, 100 * high, step="post", color=blue, alpha=0.16, linewidth=0)
    axes.step(months, 100 * data["still_in"], where="post", color=blue)
    censored = np.unique(curve.censored)
    heights = [100 * here.value for here in map(curve.at, censored.tolist()) if here is not None]
    axes.plot(censored, heights, color=blue, marker="|", markersize=7, linestyle="", label=CENSORED)
    axes.legend(loc="upper right", handletextpad=0.2)
    mark_few(axes, regime.few_followed_from(curve), 0.72)
    _say(axes, "Not yet left (line), 95% interval (shaded)", 0, 102, blue)
    if median is not None:
        axes.plot([0, median.value, median.value], [50, 50, 0], color=grey, linewidth=0.7, linestyle=":")
        _say(axes, f"Median {median.value:.1f} months", median.value, 50, grey)
    if merged:
        pink = style.PALETTE["pink"]
        axes.step(months, 100 * data["merged"], where="post", color=pink, linestyle=(0, (4, 1.5)))
        _say(axes, "Trust merged into another", float(months[data["merged"] > 0].iloc[0]), merged, pink)
    end = float(months.iloc[-1])
    axes.set_ylim(0, 112)
    axes.set_yticks(range(0, 101, 25), [f"{tick}%" for tick in range(0, 101, 25)])
    axes.set_xlim(0, end * 1.03)
    axes.tick_params(axis="x", labelbottom=True)
    axes.set_xlabel("Months since entry")
    _counts_below(below, curve, list(range(0, int(end) + 1, _TICK_MONTHS)))
    style.title(axes, message, f"Spells in special measures for quality, to {naming.long_date(last)}")
    return Chart(figure, data, message, alt)


def mark_few(axes: Axes, months: float | None, height: float) -> None:
    """Mark from where on an estimate rests on few spells; `months` of `regime.few_followed_from`.

    `height` is the place of the words, as a share of the height of the axes.
    """
    if months is None:
        return
    grey = style.PALETTE["grey"]
    axes.axvline(months, ymax=height + 0.06, color=grey, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1)
    axes.annotate(
        f"Fewer than {regime.FEW}\nstill followed",
        (months, height),
        xycoords=("data", "axes fraction"),
        xytext=(4, 0),
        textcoords="offset points",
        color=grey,
        size=style.SMALL,
        va="center",
    )


def _time_table(curve: SurvivalCurve, ways: IncidenceCurves) -> pd.DataFrame:
    """Tabulate the curve and the incidence of merger at entry, where one of them moves, and at the end."""
    merged = ways.by_cause["merged"].share
    moves = ways.times[np.flatnonzero(np.diff(merged, prepend=0.0) > 0)]
    months = np.unique(np.concatenate([[0.0], curve.times, moves, [curve.last]]))
    still_in = [estimate for estimate in map(curve.at, months.tolist()) if estimate is not None]
    return pd.DataFrame(
        {
            "months": months,
            "at_risk": curve.number_at_risk(months.tolist()),
            "still_in": [estimate.value for estimate in still_in],
            "low": [np.nan if estimate.low is None else estimate.low for estimate in still_in],
            "high": [np.nan if estimate.high is None else estimate.high for estimate in still_in],
            "merged": [ended.value for month in months.tolist() if (ended := ways.at("merged", month))],
        }
    )


def _counts_below(axes: Axes, curve: SurvivalCurve, months: Sequence[int]) -> None:
    """Write under the curve how many spells were followed beyond each of `months`, and how many had left."""
    beyond = [month + follow_up.TOLERANCE_MONTHS for month in months]
    left = [int(curve.events[curve.times <= month].sum()) for month in beyond]
    for row, numbers in enumerate((curve.number_at_risk(beyond), left)):
        for month, number in zip(months, numbers, strict=True):
            axes.text(month, -row, str(number), ha="center", va="center", size=style.SMALL)
    axes.set_yticks([0, -1], ["Still followed", "Had left"])
    axes.tick_params(axis="y", pad=9)
    axes.set_ylim(-1.5, 0.5)
    axes.set_xticks(months)
    axes.tick_params(axis="x", length=0, labelbottom=False)
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)


def _stay(median: Estimate | None, at_two_years: Estimate | None) -> str:
    if at_two_years is None and median is None:
        return "Fewer than half of the spells had led to an exit"
    if at_two_years is None and median is not None:
        return f"Half of the spells led to an exit within an estimated {median.value:.1f} months"
    half = f"half within {median.value:.1f} months" if median else "fewer than half by the end"
    left = 0.0 if at_two_years is None else 100 * (1 - at_two_years.value)
    return (
        f"An estimated {left:.1f}% of spells led to an exit within {_TWO_YEARS} months (Kaplan–Meier), {half}"
    )


def _interval(at_two_years: Estimate | None) -> str:
    if at_two_years is None or at_two_years.interval is None:
        return ""
    low, high = at_two_years.interval
    return f" (95% interval at {_TWO_YEARS} months {100 * (1 - high):.1f}% to {100 * (1 - low):.1f}%)"


def _say(axes: Axes, words: str, x: float, y: float, colour: str) -> None:
    """Label what is drawn at a point, above it and to its right."""
    axes.annotate(
        words, (x, y), xytext=(5, 4), textcoords="offset points", color=colour, size=style.NORMAL, va="bottom"
    )


def _row_label(name: str) -> str:
    short = naming.short_name(name)
    return short if len(short) <= _LONGEST_LABEL else short[: _LONGEST_LABEL - 1] + "…"


def _bars(
    axes: Axes,
    years: Sequence[int],
    counts: Sequence[int],
    colour: str,
    *,
    shift: float,
    label: str = "",
    hatch: str = "",
) -> None:
    drawn = axes.bar(
        [year + shift for year in years],
        counts,
        width=0.16 if label == _MERGED else 0.38,
        facecolor=style.PALETTE[colour],
        edgecolor="white",
        hatch=hatch,
        label=label,
    )
    # A merger is rare: years without one have no bar, and no nought in its place.
    labels = ["" if label == _MERGED and not count else str(count) for count in counts]
    axes.bar_label(drawn, labels, padding=1.5, size=style.NORMAL)
    axes.margins(y=0.18)
    axes.grid(visible=False)


def in_years(day: pd.Timestamp) -> float:
    """Place of a day on an axis of calendar years."""
    return day.year + (day.day_of_year - 1) / (366 if day.is_leap_year else 365)


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
