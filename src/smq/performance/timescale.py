"""Periods of a series counted from a day: months, quarters or calendar years from entry, or from exit.

Period 0 holds the day, so that it is partly before and partly after; −1 and 1 are the whole ones beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from smq.config import Study

MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""Months in a period of each length. A snapshot is a balance on one day and has none."""


@dataclass(frozen=True)
class Timescale:
    """Length of the periods of a series, and how many of them are compared.

    window: periods on each side that are compared; lost: periods without a figure of any trust that are
    allowed on each side.
    """

    length: str
    window: int
    lost: int = 0

    @classmethod
    def of(cls, length: str, study: Study, window: int) -> Timescale:
        """Give the scale of a series; `window` in months. Raises `ValueError` for a length without months."""
        if length not in MONTHS:
            raise ValueError(f"a series by {length} has no periods to compare")
        months = MONTHS[length]
        periods = study.window_years if length == "year" else max(1, window // months)
        return cls(length, periods, study.months_lost // months)

    @property
    def per_year(self) -> int:
        """Periods in a year."""
        return 12 // MONTHS[self.length]

    @property
    def reach(self) -> int:
        """Periods on each side that are shown: those compared, and one more where they are years."""
        return self.window + (self.length == "year")

    def ordinals(self, days: pd.Series[pd.Timestamp]) -> pd.Series[int]:
        """Number the periods that hold the days; the next period has the next number."""
        return (days.dt.year * 12 + days.dt.month - 1) // MONTHS[self.length]

    def ordinal(self, day: date) -> int:
        """Give the number of the period that holds the day."""
        return (day.year * 12 + day.month - 1) // MONTHS[self.length]

    def count(self, periods: int) -> str:
        """Say how long so many periods are: "24 months", "1 year"."""
        return f"{periods} {self.length}" + ("" if periods == 1 else "s")

    @property
    def window_words(self) -> str:
        """What "before" and "after" mean, to follow "in the": "24 months", "calendar year"."""
        if self.length != "year":
            return self.count(self.window)
        return "calendar year" if self.window == 1 else f"{self.window} calendar years"
