"""Groups of trusts and their values before the regime: no trust in the wrong group, no later figure taken."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from smq.entry import characteristics as traits
from smq.errors import BaselineError
from tests.smq.panels import PANEL

YEAR = traits.Baseline(pd.Timestamp("2012-04-01"))


def rows(
    unit: str, series: str, length: str, values: dict[str, float], denominator: float | None = None
) -> list[dict[str, object]]:
    return [
        {
            "unit": unit,
            "period": pd.Timestamp(period).as_unit("ms"),
            "period_length": length,
            "indicator": series,
            "numerator": None if denominator is None else value * denominator / 100,
            "denominator": denominator,
            "value": value,
            "origin": "official statistics",
            "published": pd.NaT,
            "source": "made",
        }
        for period, value in values.items()
    ]


def panel(*parts: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame([row for part in parts for row in part], columns=PANEL)


def months(first: str, count: int) -> list[str]:
    return [f"{day:%Y-%m-%d}" for day in pd.date_range(first, periods=count, freq="MS")]


def spells(*entries: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {"ods_code": [code for code, _ in entries], "entered_on": pd.to_datetime([day for _, day in entries])}
    )


def organisations(*lines: tuple[str, str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(lines, columns=["code", "name", "type", "region", "succeeded_by"])


UNITS = pd.DataFrame(columns=["code", "name", "first_period", "last_period", "unit", "reason"], dtype=str)


def test_a_baseline_that_reaches_into_the_regime_is_refused() -> None:
    listed = spells(("RAA", "2013-07-16"))
    assert traits.baseline(date(2012, 4, 1), listed).months_in_words == "April 2012 to March 2013"
    with pytest.raises(
        BaselineError, match=r"goes on to 2013-07-31, but the first trust entered on 2013-07-16"
    ):
        traits.baseline(date(2012, 8, 1), listed)


def test_trusts_on_either_side_of_a_merger_with_one_of_the_regime_are_in_neither_group() -> None:
    links = organisations(
        ("RAA", "", "", "", "RBB"),  # of the regime, taken over by RBB, and that by RCC
        ("RBB", "", "", "", "RCC"),
        ("RDD", "", "", "", "RAA"),  # had become RAA
        ("REE", "", "", "", "RBB"),  # joined RBB as well: only a neighbour
    )
    found = traits.group_of(["RAA", "RBB", "RCC", "RDD", "REE", "RFF"], spells(("RAA", "2014-01-01")), links)
    assert found.to_dict() == {
        "RAA": "smq",
        "RBB": "linked",
        "RCC": "linked",
        "RDD": "linked",
        "REE": "never",
        "RFF": "never",
    }


def test_two_organisations_that_succeed_each_other_do_not_go_round_for_ever() -> None:
    links = organisations(("RAA", "", "", "", "RBB"), ("RBB", "", "", "", "RAA"))
    assert traits.group_of(["RBB"], spells(("RAA", "2014-01-01")), links).tolist() == ["linked"]


def test_waits_are_of_the_baseline_year_alone_and_weighted_by_attendances() -> None:
    steady = rows("RAA", "ae_4h", "month", dict.fromkeys(months("2012-04-01", 11), 5.0), 5000)
    busy = rows("RAA", "ae_4h", "month", {"2013-03-01": 50.0}, 45000)
    later = rows("RAA", "ae_4h", "month", {"2013-04-01": 99.0, "2012-03-01": 99.0}, 5000)
    waits, attendances = traits.over_a_year(panel(steady, busy, later), "ae_4h", YEAR)
    # (11 × 250 + 22,500) of (11 × 5,000 + 45,000)
    assert waits.to_dict() == {"RAA": pytest.approx(25.25)}
    assert attendances.to_dict() == {"RAA": pytest.approx(100000 / 12)}


def test_a_trust_with_few_months_or_a_minor_unit_has_no_waits_of_the_year() -> None:
    few = rows("RAA", "ae_4h", "month", dict.fromkeys(months("2012-04-01", 9), 5.0), 9000)
    minor = rows("RBB", "ae_4h", "month", dict.fromkeys(months("2012-04-01", 12), 5.0), 3000)
    practice = rows("NAB12", "ae_4h", "month", dict.fromkeys(months("2012-04-01", 12), 5.0), 9000)
    waits, _ = traits.over_a_year(panel(few, minor, practice), "ae_4h", YEAR, 3000)
    assert waits.empty


def test_beds_are_a_mean_of_whole_years_only() -> None:
    quarters = ["2012-04-01", "2012-07-01", "2012-10-01", "2013-01-01"]
    whole = rows("RAA", "beds_available", "quarter", dict(zip(quarters, [400, 410, 420, 450], strict=True)))
    broken = rows("RBB", "beds_available", "quarter", {quarters[0]: 900})
    assert traits.mean_over_year(panel(whole, broken), "beds_available", YEAR).to_dict() == {"RAA": 420}


def test_a_trust_founded_later_is_not_present_in_the_baseline_year() -> None:
    old = rows("RAA", "shmi", "year", {"2012-01-01": 1.0})
    new = rows("RBB", "shmi", "year", {"2014-01-01": 1.0})
    given = panel(old, new)
    assert traits.present(given, YEAR.calendar_year, YEAR.last) == ["RAA"]


def test_a_trust_that_is_gone_has_the_region_of_those_that_took_it_over_if_they_agree() -> None:
    listed = organisations(
        ("RAA", "", "", "", "RBB"),
        ("RBB", "", "", "London", ""),
        ("RCC", "", "", "", "RBB"),
        ("RCC", "", "", "", "RDD"),
        ("RDD", "", "", "Midlands", ""),
    )
    found = traits.regions(listed, ["RAA", "RBB", "RCC", "RDD", "REE"])
    assert found.to_dict() == {"RAA": "London", "RBB": "London", "RDD": "Midlands"}


def test_a_code_says_nothing_of_what_a_trust_does() -> None:
    listed = organisations(("RAA", "", "NHS trust", "", ""), ("RBB", "", "Acute", "", ""))
    assert traits.types(listed, ["RAA", "RBB"]).to_dict() == {"RBB": "Acute"}


def test_foundation_status_comes_from_the_newest_name_in_any_case() -> None:
    listed = organisations(("RAA", "Alpha NHS Foundation Trust", "", "", ""), ("RBB", "", "", "", ""))
    units = pd.DataFrame(
        [
            ("RAA", "ALPHA NHS TRUST", "2016-01-01"),
            ("RBB", "BETA NHS TRUST", "2013-01-01"),
            ("RBB", "Beta Nhs Foundation Trust", "2015-01-01"),
            ("RCC", "Gamma care", "2015-01-01"),
        ],
        columns=["code", "name", "last_period"],
    )
    found = traits.foundation(listed, units, ["RAA", "RBB", "RCC"])
    assert found.to_dict() == {"RAA": 1.0, "RBB": 1.0}


def test_a_trust_that_the_loans_do_not_name_owes_nothing_if_it_existed() -> None:
    day = pd.Timestamp("2017-03-01")
    given = panel(
        rows("RAA", "loans_closing", "snapshot", {"2017-03-01": 12_500_000}),
        rows("RBB", "beds_available", "quarter", {"2017-01-01": 500}),
        rows("RCC", "beds_available", "quarter", {"2012-01-01": 500}),
    )
    assert traits.snapshots(given, "loans_closing") == [day]
    assert traits.loans(given, "loans_closing", day).to_dict() == {"RAA": 12.5, "RBB": 0.0}


def test_nothing_is_given_where_there_is_nothing() -> None:
    empty = panel()
    assert traits.of_period(empty.astype({"indicator": "str"}), "shmi", YEAR.calendar_year).empty
    assert traits.foundation(organisations(), UNITS, ["RAA"]).empty
    assert traits.regions(organisations(), ["RAA"]).empty
