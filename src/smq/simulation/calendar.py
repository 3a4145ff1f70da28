"""The months of the simulated world, January 2010 to December 2021, and places among them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from smq.simulation.streams import Floats

FIRST, LAST = date(2010, 1, 1), date(2021, 12, 1)
MONTHS = pd.date_range(FIRST, LAST, freq="MS")
YEARS = range(FIRST.year, LAST.year + 1)
PANDEMIC = date(2020, 3, 1)
"""First month in which every course is moved by the pandemic."""


def place(day: date) -> int:
    """Count the months from the first one to that of a day."""
    return (day.year - FIRST.year) * 12 + day.month - FIRST.month


def years_gone() -> Floats:
    """Years from the first month to each month; shape (months,)."""
    return np.arange(len(MONTHS)) / 12
