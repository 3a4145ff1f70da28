"""A figure must stand in the period that it is of, however a file writes that period."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smq.periods import Length, first_day


@pytest.mark.parametrize(
    ("text", "form", "length", "shift", "expected"),
    [
        ("2016-04-30", "%Y-%m-%d", "month", 0, date(2016, 4, 1)),
        ("Apr-16", "%b-%y", "month", 0, date(2016, 4, 1)),
        ("2016-06-30", "%Y-%m-%d", "quarter", 0, date(2016, 4, 1)),
        ("2016-01-01", "%Y-%m-%d", "quarter", 0, date(2016, 1, 1)),
        # Quarters of the financial year: the first begins in April, the fourth in January of the next year.
        ("2015-16 Q1", "financial quarter", "quarter", 0, date(2015, 4, 1)),
        ("2015/16 Q2", "financial quarter", "quarter", 0, date(2015, 7, 1)),
        ("2015-16 Q3", "financial quarter", "quarter", 0, date(2015, 10, 1)),
        ("1999-00 Q4", "financial quarter", "quarter", 0, date(2000, 1, 1)),
        ("2015-16", "financial year", "year", 0, date(2015, 4, 1)),
        ("2017", "%Y", "year", 0, date(2017, 1, 1)),
        # The edition of July 2013 covers January to December 2012.
        ("2013-07-01", "%Y-%m-%d", "year", -18, date(2012, 1, 1)),
        # The financial year that ended on 31 March 2019 began in April 2018.
        ("2019-03-31", "%Y-%m-%d", "year", -11, date(2018, 4, 1)),
        ("2019-03-31", "%Y-%m-%d", "snapshot", 0, date(2019, 3, 1)),
        ("2015-17 Q1", "financial quarter", "quarter", 0, None),
        ("2015-16 Q5", "financial quarter", "quarter", 0, None),
        ("9999-00 Q4", "financial quarter", "quarter", 0, None),
        ("2015-16", "%Y-%m-%d", "month", 0, None),
        ("0001-01-01", "%Y-%m-%d", "month", -1, None),
        ("", "%Y", "year", 0, None),
    ],
)
def test_periods_as_files_write_them(
    text: str, form: str, length: Length, shift: int, expected: date | None
) -> None:
    assert first_day(text, form, length, shift) == expected


@given(day=st.dates(date(1990, 1, 1), date(2100, 12, 31)), shift=st.integers(-60, 60))
def test_moving_there_and_back_gives_the_same_month(day: date, shift: int) -> None:
    there = first_day(day.isoformat(), "%Y-%m-%d", "month", shift)
    assert there is not None
    assert first_day(there.isoformat(), "%Y-%m-%d", "month", -shift) == day.replace(day=1)
    assert (there.year - day.year) * 12 + there.month - day.month == shift
