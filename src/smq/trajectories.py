"""An indicator around entry to special measures: what is compared with what.

Month 0 is the calendar month of entry; the `window` months before it are −window … −1 and those after it
1 … window. All functions are pure. Panels are those of `smq.panel`, restricted to one indicator by
`of_indicator`; spells have the columns of `data/reference/smq_spells.csv`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.panel import is_trust

if TYPE_CHECKING:
    from collections.abc import Iterable


def of_indicator(panel: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Give the rows of trusts that have a value of the indicator (a value that is missing is no row)."""
    rows = panel[(panel["indicator"] == indicator) & panel["value"].notna() & is_trust(panel)]
    return rows.sort_values(["unit", "period"], ignore_index=True)


def align(rows: pd.DataFrame, spells: pd.DataFrame, window: int) -> pd.DataFrame:
    """Put each spell's months side by side: a row for each spell that has a value in that month.

    Columns: spell (its index in `spells`), unit, entered_on, event_month (−window … window), period, value.
    """
    entered = pd.to_datetime(spells["entered_on"]).dt.to_period("M").dt.to_timestamp()
    grid = pd.DataFrame(
        [
            (spell, trust, entry, event)
            for spell, trust, entry in zip(spells.index, spells["ods_code"], entered, strict=True)
            for event in range(-window, window + 1)
        ],
        columns=["spell", "unit", "entry", "event_month"],
    )
    grid["period"] = _shifted(grid["entry"], grid["event_month"])
    grid["entered_on"] = grid["spell"].map(pd.to_datetime(spells["entered_on"]))
    values = rows[["unit", "period", "value"]].astype({"period": grid["period"].dtype})
    aligned = grid.merge(values, on=["unit", "period"], how="inner", validate="many_to_one")
    columns = ["spell", "unit", "entered_on", "event_month", "period", "value"]
    return aligned[columns].sort_values(["spell", "event_month"], ignore_index=True)


def coverage(rows: pd.DataFrame, spells: pd.DataFrame, window: int) -> pd.DataFrame:
    """Count, for each spell, the months with a value: columns before, at_entry, after, in any month.

    Index: that of `spells`.
    """
    aligned = align(rows, spells, window)

    def count(wanted: pd.Series[bool]) -> pd.Series[int]:
        return aligned[wanted].groupby("spell").size().reindex(spells.index, fill_value=0)

    months = rows.groupby("unit").size()
    return pd.DataFrame(
        {
            "before": count(aligned["event_month"] < 0),
            "at_entry": count(aligned["event_month"] == 0),
            "after": count(aligned["event_month"] > 0),
            "any": spells["ods_code"].map(months).fillna(0).astype(int),
        }
    )


def select(rows: pd.DataFrame, spells: pd.DataFrame, window: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the spells into those used and those left out.

    A spell is used where its trust has a value in every month from −window to window, so that the same
    spells stand behind every point of a path. Earlier or later spells of the same trust do not disqualify
    it. The second frame has the columns trust_name, ods_code, entered_on, reason.
    """
    counts = coverage(rows, spells, window)
    usable = (counts["before"] == window) & (counts["at_entry"] == 1) & (counts["after"] == window)
    excluded = spells.loc[~usable, ["trust_name", "ods_code", "entered_on"]].copy()
    excluded["reason"] = [
        _reason(int(before), int(entry), int(after), int(months), window)
        for before, entry, after, months in counts[~usable].itertuples(index=False)
    ]
    order = ["entered_on", "ods_code"]
    return spells[usable].sort_values(order), excluded.sort_values(order, ignore_index=True)


def _reason(before: int, entry: int, after: int, months: int, window: int) -> str:
    if months == 0:
        return "no figures for this trust"
    short = [
        f"{count} of {window} months {side} entry"
        for count, side in ((before, "before"), (after, "after"))
        if count < window
    ]
    if entry == 0:
        short.append("none in the month of entry")
    return "figures for " + ", ".join(short) if before or after or entry else "no figures around entry"


def england(rows: pd.DataFrame) -> pd.Series[float]:
    """England trend: the sum of numerators over the sum of denominators of all trusts of the panel, by month.

    It is not the published England figure. It holds the trusts of the panel only, those in special
    measures included; a trust counts in the months in which it has a value; where the source lost the
    early years of trusts that later merged, the sum leaves them out. In the unit of the indicator.
    """
    counted = rows[rows["denominator"] > 0]
    weighted = (counted["value"] * counted["denominator"]).groupby(counted["period"]).sum()
    trend: pd.Series[float] = weighted / counted.groupby("period")["denominator"].sum()
    return trend.sort_index()


def comparators(
    rows: pd.DataFrame, ever_in_regime: Iterable[str], months: int, median_denominator: float
) -> list[str]:
    """Codes of the trusts that were never in the regime and report enough.

    Enough: at least `months` months with a value, and a median denominator above `median_denominator` over
    those months, which leaves out minor units that share nothing with an emergency department.
    """
    by_trust = rows.groupby("unit")["denominator"].agg(["size", "median"])
    enough = by_trust[(by_trust["size"] >= months) & (by_trust["median"] > median_denominator)]
    return sorted(set(enough.index) - set(ever_in_regime))


def comparator_paths(
    rows: pd.DataFrame, used: pd.DataFrame, codes: Iterable[str], window: int
) -> pd.DataFrame:
    """Follow the comparators through the calendar months of each used spell.

    A comparator serves a spell where it has a value in every month of that spell's window, so that the mean
    of a window is always of the same trusts. Columns as of `align`; unit is the comparator.
    """
    pool = rows[rows["unit"].isin(list(codes))]
    wide = pool.pivot_table(index="period", columns="unit", values="value")
    parts = []
    for spell, entered in zip(used.index, pd.to_datetime(used["entered_on"]), strict=True):
        entry = entered.to_period("M").to_timestamp()
        calendar = pd.date_range(entry - pd.DateOffset(months=window), periods=2 * window + 1, freq="MS")
        window_rows = wide.reindex(calendar.astype(wide.index.dtype)).dropna(axis="columns")
        long = window_rows.rename_axis("period").reset_index().melt("period", var_name="unit")
        long["event_month"] = np.tile(np.arange(-window, window + 1), window_rows.shape[1])
        parts.append(long.assign(spell=spell, entered_on=entered))
    columns = ["spell", "unit", "entered_on", "event_month", "period", "value"]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns]


def add_gap(aligned: pd.DataFrame, trend: pd.Series[float]) -> pd.DataFrame:
    """Add the England trend of the month and the gap to it, both in the unit of the indicator."""
    by_month = aligned["period"].map(trend)
    return aligned.assign(england=by_month, gap=aligned["value"] - by_month)


def contrast(
    gaps: pd.DataFrame, first: tuple[int, int], last: tuple[int, int], column: str = "gap"
) -> pd.DataFrame:
    """Mean of a column in two spans of event months (ends included), and the change between them.

    One row for each spell and unit; columns spell, unit, before, after, change.
    """

    def mean(span: tuple[int, int]) -> pd.Series[float]:
        inside = gaps[gaps["event_month"].between(*span)]
        means: pd.Series[float] = inside.groupby(["spell", "unit"])[column].mean()
        return means

    pair = pd.DataFrame({"before": mean(first), "after": mean(last)})
    return pair.assign(change=pair["after"] - pair["before"]).reset_index()


def _shifted(months: pd.Series[pd.Timestamp], by: pd.Series[int]) -> pd.Series[pd.Timestamp]:
    periods = months.dt.to_period("M")
    ordinals = periods.dt.year * 12 + periods.dt.month - 1 + by
    text = (ordinals // 12).astype(str) + "-" + (ordinals % 12 + 1).astype(str).str.zfill(2) + "-01"
    return pd.to_datetime(text, format="%Y-%m-%d")
