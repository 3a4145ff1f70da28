"""An indicator around entry to special measures, or exit from it: what is compared with what.

Event 0 is the period (month, quarter or calendar year) that holds the day; the periods before it are negative
and those after it positive. All functions are pure. Panels are those of `smq.panel`, restricted to one
indicator by `of_indicator`; spells have the columns of `data/reference/smq_spells.csv`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.panel import is_trust

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smq.performance.timescale import Timescale

ALIGNED = ["spell", "unit", "event", "period", "value"]


def of_indicator(panel: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Give the rows of trusts that have a value of the indicator (a value that is missing is no row)."""
    rows = panel[(panel["indicator"] == indicator) & panel["value"].notna() & is_trust(panel)]
    return rows.sort_values(["unit", "period"], ignore_index=True)


def periods_seen(rows: pd.DataFrame, scale: Timescale) -> set[int]:
    """Give the numbers of the periods in which any trust has a value; the others exist for nobody."""
    return set(scale.ordinals(rows["period"]))


def align(
    rows: pd.DataFrame, spells: pd.DataFrame, scale: Timescale, reach: int, day: str = "entered_on"
) -> pd.DataFrame:
    """Put each spell's periods side by side: a row for each spell that has a value in that period.

    `day` is the column of `spells` that holds the day from which events are counted. Columns: spell (its
    index in `spells`), unit, event (−reach … reach), period, value.
    """
    zero = pd.DataFrame(
        {
            "spell": spells.index,
            "unit": spells["ods_code"].to_numpy(),
            "zero": scale.ordinals(pd.to_datetime(spells[day])).to_numpy(),
        }
    )
    aligned = zero.merge(rows[["unit", "period", "value"]], on="unit", how="inner")
    aligned["event"] = scale.ordinals(aligned["period"]) - aligned["zero"]
    inside = aligned[aligned["event"].between(-reach, reach)].astype({"event": int})
    return inside[ALIGNED].sort_values(["spell", "event"], ignore_index=True)


def england(rows: pd.DataFrame) -> pd.Series[float]:
    """England trend by period, in the unit of the indicator: all trusts of the panel together.

    It is the sum of numerators over the sum of denominators; where a period has values but no denominators
    (`weighted` says so) it is the plain mean over trusts in every period, so that no step comes from a change
    of weights. It is not the published England figure. It holds the trusts of the panel only, those in
    special measures included; a trust counts in the periods in which it has a value; where the source lost
    the early years of trusts that later merged, the trend leaves them out.
    """
    if not weighted(rows):
        mean: pd.Series[float] = rows.groupby("period")["value"].mean()
        return mean.sort_index()
    counted = rows[rows["denominator"] > 0]
    total = (counted["value"] * counted["denominator"]).groupby(counted["period"]).sum()
    trend: pd.Series[float] = total / counted.groupby("period")["denominator"].sum()
    return trend.sort_index()


def weighted(rows: pd.DataFrame) -> bool:
    """Say whether every period has denominators to weigh trusts by."""
    return bool((rows["denominator"] > 0).groupby(rows["period"]).any().all())


def comparators(
    rows: pd.DataFrame, ever_in_regime: Iterable[str], periods: int, median_denominator: float
) -> list[str]:
    """Codes of the trusts that were never in the regime and report enough.

    Enough: at least `periods` periods with a value, and a median denominator above `median_denominator` over
    those periods, which leaves out minor units that share nothing with an emergency department; where it is
    0, denominators are not asked for.
    """
    by_trust = rows.groupby("unit")["denominator"].agg(["size", "median"])
    large = (by_trust["median"] > median_denominator) | (median_denominator == 0)
    return sorted(set(by_trust.index[(by_trust["size"] >= periods) & large]) - set(ever_in_regime))


def comparator_paths(
    rows: pd.DataFrame, used: pd.DataFrame, codes: Iterable[str], scale: Timescale
) -> pd.DataFrame:
    """Follow the comparators through the periods of each used spell.

    A comparator serves a spell where it has a value in every period of that spell's window in which any trust
    has one, so that the mean of a window is always of the same trusts. Columns as of `align`; unit is the
    comparator.
    """
    ordinals = scale.ordinals(rows["period"])
    wide = rows.assign(ordinal=ordinals).pivot_table(index="ordinal", columns="unit", values="value")
    starts = rows.groupby(ordinals)["period"].min()
    wide = wide.reindex(columns=sorted(set(codes)))
    parts = []
    entered = scale.ordinals(pd.to_datetime(used["entered_on"]))
    for spell, entry in entered.items():
        events = wide.index.to_numpy() - entry
        window, shown = (wide[np.abs(events) <= reach] for reach in (scale.window, scale.reach))
        serving = window.columns[window.notna().all()]
        long = shown[serving].reset_index().melt("ordinal", var_name="unit").dropna(subset="value")
        parts.append(
            long.assign(spell=spell, event=long["ordinal"] - entry, period=long["ordinal"].map(starts))
        )
    if not parts:
        return pd.DataFrame(columns=ALIGNED)
    paths: pd.DataFrame = pd.concat(parts, ignore_index=True)[ALIGNED]
    return paths


def add_gap(aligned: pd.DataFrame, trend: pd.Series[float]) -> pd.DataFrame:
    """Add the England trend of the period and the gap to it, both in the unit of the indicator."""
    by_period = aligned["period"].map(trend)
    return aligned.assign(england=by_period, gap=aligned["value"] - by_period)


def contrast(
    gaps: pd.DataFrame, first: tuple[int, int], last: tuple[int, int], column: str = "gap"
) -> pd.DataFrame:
    """Mean of a column in two spans of events (ends included), and the change between them.

    One row for each spell and unit; columns spell, unit, before, after, change. The mean is over the periods
    that there are.
    """

    def mean(span: tuple[int, int]) -> pd.Series[float]:
        inside = gaps[gaps["event"].between(*span)]
        means: pd.Series[float] = inside.groupby(["spell", "unit"])[column].mean()
        return means

    pair = pd.DataFrame({"before": mean(first), "after": mean(last)})
    return pair.assign(change=pair["after"] - pair["before"]).reset_index()
