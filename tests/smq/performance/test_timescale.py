"""A period must be counted right whatever its length, or before and after are of other periods."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smq.performance.timescale import Timescale
from tests.smq.indicator_cases import study


@pytest.mark.parametrize(
    ("length", "day", "same", "following"),
    [
        ("month", "2013-12-18", "2013-12-01", "2014-01-01"),
        ("quarter", "2013-12-18", "2013-10-01", "2014-01-01"),
        ("quarter", "2014-06-30", "2014-04-01", "2014-07-01"),
        ("year", "2013-12-31", "2013-01-01", "2014-01-01"),
    ],
)
def test_the_period_of_a_day_and_the_next(length: str, day: str, same: str, following: str) -> None:
    days = pd.Series(pd.to_datetime([day, same, following]))
    first, second, third = Timescale(length, 1).ordinals(days)
    assert (second, third) == (first, first + 1)
    assert Timescale(length, 1).ordinal(date.fromisoformat(day)) == first


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)), st.sampled_from(["month", "quarter", "year"]))
def test_one_day_and_a_column_of_days_are_counted_alike(day: date, length: str) -> None:
    scale = Timescale(length, 1)
    assert scale.ordinals(pd.Series(pd.to_datetime([day]))).tolist() == [scale.ordinal(day)]


def test_scales_of_the_study() -> None:
    # 24 months are 8 quarters, 3 months are one quarter and no year; years have a window of their own.
    whole = study()
    scales = [Timescale.of(length, whole, 24) for length in ("month", "quarter", "year")]
    assert [(scale.window, scale.lost) for scale in scales] == [(24, 3), (8, 1), (1, 0)]
    assert [scale.window_words for scale in scales] == ["24 months", "8 quarters", "calendar year"]
    assert [scale.reach for scale in scales] == [24, 8, 2]
    assert [scale.count(scale.per_year) for scale in scales] == ["12 months", "4 quarters", "1 year"]


def test_a_balance_on_one_day_has_no_periods() -> None:
    with pytest.raises(ValueError, match="by snapshot"):
        Timescale.of("snapshot", study(), 24)
