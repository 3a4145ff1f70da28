"""Coming back: how many re-entries there were for each trust, by time since its first exit or first entry.

A trust stays under observation until the last day that counts, whether it is in the regime, out of it, or was
merged into another: one that cannot come back counts as one that did not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smq.spells import follow_up
from smq.statistics.recurrence import MeanCumulative, mean_cumulative

if TYPE_CHECKING:
    from datetime import date

    from smq.statistics.survival import Estimate

SINCE = {"exit": "since the first exit", "entry": "since the first entry"}
AT_MONTHS = (12, 24, 36, 60)
"""Months at which the mean number is tabulated."""


def of_trusts(observed: pd.DataFrame, last: date, since: str) -> MeanCumulative | None:
    """Estimate the mean number of re-entries of a trust by months since its first `exit` or first `entry`.

    Only trusts whose first spell led to an exit have a first exit. None if there is no trust to follow.
    """
    first = follow_up.first_spells(observed)
    if since == "exit":
        first = first[first["status"] == "left"]
    if first.empty:
        return None
    starts = dict(zip(first["ods_code"], first["ends_on" if since == "exit" else "entered_on"], strict=True))
    again = follow_up.repeat_spells(observed).groupby("ods_code")["entered_on"].apply(list).to_dict()
    followed = [_months(pd.Timestamp(last) - start) for start in starts.values()]
    events = [[_months(day - start) for day in again.get(code, [])] for code, start in starts.items()]
    return mean_cumulative(followed, events)


def table(observed: pd.DataFrame, last: date) -> pd.DataFrame:
    """Tabulate the re-entries of 100 trusts by both clocks, at the months of `AT_MONTHS`.

    Columns: `clock` (words), `months`, `followed` (trusts under observation then), `re_entries` (by then),
    `per_100`, `low`, `high`; NaN beyond the longest observation, and an interval only where there are events.
    """
    rows = []
    for since, words in SINCE.items():
        curve = of_trusts(observed, last, since)
        if curve is None:
            continue
        for months in AT_MONTHS:
            by_then = int(curve.events[curve.times <= months].sum())
            rows.append(
                {
                    "clock": words.capitalize(),
                    "months": months,
                    "followed": curve.number_at_risk([months])[0],
                    "re_entries": by_then,
                    **_parts(curve.at(months)),
                }
            )
    return pd.DataFrame(rows)


def _parts(estimate: Estimate | None) -> dict[str, float]:
    if estimate is None:
        return dict.fromkeys(("per_100", "low", "high"), float("nan"))
    low, high = (float("nan") if end is None else 100 * end for end in (estimate.low, estimate.high))
    return {"per_100": 100 * estimate.value, "low": low, "high": high}


def _months(time: pd.Timedelta) -> float:
    return time.days / follow_up.MONTH_DAYS
