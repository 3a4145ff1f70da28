"""Delayed transfers of care in relation to the beds of a trust: days delayed per 1,000 occupied bed days.

Days come from the monthly extracts, occupied beds (an average a day) from the quarterly return: those of a
quarter stand for each of its months. Where a trust has no beds of that quarter, there is no rate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

DAYS, BEDS, RATE = "dtoc_days", "beds_occupied", "dtoc"
PER = 1000


def delay_rates(rows: pd.DataFrame) -> pd.DataFrame:
    """Give the rows of `dtoc` that follow from those of `dtoc_days` and `beds_occupied`.

    `rows` has the columns of the panel, or at least unit, period, indicator, numerator, published and source,
    one row for each unit, period and indicator. Numerator: days delayed; denominator: occupied bed days.
    """
    days = rows[rows["indicator"] == DAYS]
    beds = rows[rows["indicator"] == BEDS]
    quarter = days["period"].dt.to_period("Q").dt.start_time.dt.as_unit("ms")
    occupied = beds[["unit", "period", "value", "published", "source"]].rename(columns={"period": "quarter"})
    both = days.assign(quarter=quarter).merge(
        occupied, on=["unit", "quarter"], suffixes=("", "_beds"), validate="many_to_one"
    )
    bed_days = both["value_beds"] * both["period"].dt.days_in_month
    return both.assign(
        indicator=RATE,
        denominator=bed_days,
        value=(PER * both["numerator"] / bed_days).where(bed_days > 0),
        published=both[["published", "published_beds"]].max(axis="columns", skipna=False),
        source=both["source"].astype("str") + " and " + both["source_beds"].astype("str"),
    )[list(rows.columns)]
