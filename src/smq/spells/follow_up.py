"""The spells as they stood on a day, with the months that each was seen for. Pure functions on tables.

A *spell* is one stay of one trust. `at_cutoff` looks at the spells as they stood on a day; whatever else is
worked out of them takes what it returns, called `observed`. A month is 30.4375 days. "Within 24 months"
allows a tenth of a month, so that a stay of a year and a day, which everybody who published about the regime
counts as 12 months, is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smq.errors import CutoffError
from smq.reference import REGIME_END

if TYPE_CHECKING:
    from datetime import date

MONTH_DAYS = 30.4375
TOLERANCE_MONTHS = 0.1
HOW = {"left": "Left", "merged": "Trust merged", "open": "Still in"}


def last_day(cutoff: date, regime_end: date = REGIME_END) -> date:
    """Give the last day that counts: the cut-off, but no day after the regime ended."""
    return min(cutoff, regime_end)


def at_cutoff(spells: pd.DataFrame, cutoff: date, *, regime_end: date = REGIME_END) -> pd.DataFrame:
    """Look at the spells as they stood at the end of `cutoff`, or of `regime_end` if that comes first.

    Returns the spells begun by then, by day of entry and name, with the columns `status` (left, merged,
    open), `ends_on` (the day of the exit or merger, else the last day that counts), `months` (from entry to
    `ends_on`) and `months_possible` (from entry to the last day that counts). Raises `CutoffError` if there
    are none.
    """
    last = pd.Timestamp(last_day(cutoff, regime_end))
    observed = spells[spells["entered_on"] <= last].copy()
    if observed.empty:
        raise CutoffError(last.date(), spells["entered_on"].min().date())
    ended = observed["exited_on"] <= last
    observed["status"] = observed["ended"].where(ended, "open")
    observed["ends_on"] = observed["exited_on"].where(ended, last)
    # A spell that began on the last day has been seen for a day, not for no time at all.
    observed["months"] = (observed["ends_on"] - observed["entered_on"]).dt.days.clip(lower=1) / MONTH_DAYS
    observed["months_possible"] = (last - observed["entered_on"]).dt.days / MONTH_DAYS
    return observed.sort_values(["entered_on", "trust_name"], kind="stable", ignore_index=True)


def first_spells(observed: pd.DataFrame) -> pd.DataFrame:
    """Keep the first spell of each trust."""
    return observed[observed["re_entered"] != "re-entry"].reset_index(drop=True)


def repeat_spells(observed: pd.DataFrame) -> pd.DataFrame:
    """Keep the spells of trusts that had been in the regime before."""
    return observed[observed["re_entered"] == "re-entry"].reset_index(drop=True)
