"""How a trust stood elsewhere must be what was known then, of other indicators alone, the bad side up."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from smq.effects.standing import Standings, standings
from tests.smq.indicator_cases import months, panel, study, years

LAST = date(2020, 12, 31)
UNITS = ("RAA", "RBB", "RCC")


def month(year: int, number: int) -> int:
    return year * 12 + number - 1


def known(*tables: pd.DataFrame, last: date = LAST) -> Standings:
    return standings(pd.concat(tables, ignore_index=True), study(), last)


def waits(*values: float, start: str = "2015-01-01") -> pd.DataFrame:
    """Waits of three trusts, the same in each of six months."""
    shares = {unit: [value] * 6 for unit, value in zip(UNITS, values, strict=True)}
    return panel(shares, starts=months(start, 6))  # type: ignore[arg-type]


def survey(*values: float, year: int = 2015) -> pd.DataFrame:
    shares = {unit: [value] for unit, value in zip(UNITS, values, strict=True)}
    table = panel(shares, starts=years(year, year), length="year")  # type: ignore[arg-type]
    return table.assign(indicator="survey_care")


def test_more_is_worse_where_less_is_better_and_the_other_way_round() -> None:
    # Mean 20 and standard deviation √(200/3).
    apart = 10 / np.sqrt(200 / 3)
    of_waits = known(waits(10, 20, 30)).but("survey_care")
    of_survey = known(survey(10, 20, 30)).but("ae_4h")
    assert of_waits is not None
    assert of_survey is not None
    assert of_waits.at(UNITS, [month(2015, 6)])[:, 0] == pytest.approx([-apart, 0, apart])
    assert of_survey.at(UNITS, [month(2015, 12)])[:, 0] == pytest.approx([apart, 0, -apart])


def test_an_indicator_says_nothing_of_itself_and_all_others_count_the_same() -> None:
    both = known(waits(10, 20, 30), survey(30, 20, 10))
    assert known(waits(10, 20, 30)).but("ae_4h") is None
    other = both.but("ae_4h")
    assert other is not None
    apart = 10 / np.sqrt(200 / 3)
    assert other.at(UNITS, [month(2015, 12)])[0, 0] == pytest.approx(-apart)
    # Of a third indicator both are others, and six months weigh no more than a year.
    third = both.but("shmi")
    assert third is not None
    assert third.at(UNITS, [month(2015, 12)])[0, 0] == pytest.approx(-apart)


def test_a_year_counts_once_it_is_over_and_for_one_year() -> None:
    found = known(survey(10, 20, 30)).but("ae_4h")
    assert found is not None
    ends = [month(2015, 11), month(2015, 12), month(2016, 11), month(2016, 12)]
    assert np.isfinite(found.at(["RAA"], ends)[0]).tolist() == [False, True, True, False]


def test_figures_after_the_last_day_and_unknown_trusts_are_not_known() -> None:
    table = pd.concat([waits(10, 20, 30), waits(30, 20, 10, start="2016-01-01")])
    found = known(table, last=date(2015, 12, 31)).but("shmi")
    assert found is not None
    assert found.at(["RAA"], [month(2016, 3)])[0, 0] < 0
    assert np.isnan(found.at(["RZZ", "RAA"], [month(2016, 3), month(1999, 1)])[0]).all()
    assert standings(table.iloc[:0], study(), LAST).but("shmi") is None
