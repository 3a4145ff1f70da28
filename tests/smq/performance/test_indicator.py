"""The estimates must be those of a hand calculation, and nothing may be named without what it takes."""

from __future__ import annotations

from functools import cache

import pytest

from smq.performance import indicator, indicator_tables, stages
from smq.performance.indicator import NAMES, Description, Lacking, describe
from smq.performance.timescale import Timescale
from smq.reference import load_spells
from tests.smq.indicator_cases import PROJECT, panel, real_panel, spells, study, years

# RAA and RBB enter in January 2016; RCC and RDD never do. England is the plain mean of the four.
SHARES: dict[str, list[float | None]] = {
    "RAA": [20, 20, 22, 10, 10],
    "RBB": [10, 10, 12, 6, 6],
    "RCC": [4, 4, 4, 4, 4],
    "RDD": [6, 6, 6, 4, 4],
}
ENTRIES = spells(("RAA", "2016-01-16"), ("RBB", "2016-01-16"), ("RXX", "2016-01-16"))


@cache
def base() -> Description:
    return described(RDD=SHARES["RDD"])


def described(**changes: object) -> Description:
    if not changes:
        return base()
    found = describe(panel(SHARES | changes), ENTRIES, study(), "ae_4h", 2)  # type: ignore[arg-type]
    assert isinstance(found, Description)
    return found


def test_before_after_and_change_by_hand() -> None:
    # England: 10, 10, 11, 6, 6. Gaps before: 10 and 0; at entry 11 and 1; after: 4 and 0; changes −6 and 0.
    values = {name: number.value for name, number in described().numbers.items()}
    assert values == pytest.approx(
        {
            "spells_used": 2,
            "spells_total": 3,
            "trusts_used": 2,
            "comparators": 2,
            "trusts_in_panel": 4,
            "spells_with_lost_periods": 0,
            "level_before": 15,
            "level_entry": 17,
            "level_after": 8,
            "gap_before": 5,
            "gap_entry": 6,
            "gap_after": 2,
            "change": -3,
            # RCC: −6 before, −2 after; RDD: −4 before, −2 after; changes 4 and 2.
            "comparator_gap_before": -5,
            "comparator_gap_after": -2,
            "comparator_change": 3,
            "difference": -6,
            # Nobody has left: in the regime are the two months after entry.
            "spells_during": 2,
            "level_during": 8,
            "gap_during": 2,
            "change_during": -3,
            "spells_change_during": 2,
            **dict.fromkeys(set(stages.COUNTS) - {"spells_during", "spells_change_during"}, 0),
        }
    )


@cache
def yearly() -> Description:
    # All of them without denominators: England is the plain mean, 40, 40, 40, 38, 36, 36.
    shares: dict[str, list[float | None]] = {
        "RAA": [50, 52, 50, 44, 40, 40],
        "RBB": [None, 48, 50, 48, 44, 44],
        "RCC": [30, 30, 30, 30, 30, 30],
        "RDD": [40, 30, 30, 30, 30, 30],
    }
    given = panel(shares, starts=years(2012, 2017), length="year").assign(denominator=float("nan"))
    entries = spells(("RAA", "2014-01-02", "2015-11-30"), ("RBB", "2014-12-30", "2015-06-30"))
    found = describe(given, entries, study(months=60), "ae_4h", 24)
    assert isinstance(found, Description)
    return found


def test_yearly_figures_compare_the_calendar_year_before_with_the_one_after() -> None:
    # 2013: gaps 12 and 8 to 40; 2015: 6 and 10 to 38. Comparators −10 and −10, then −8 and −8.
    found = yearly()
    values = {name: number.value for name, number in found.numbers.items()}
    wanted = {"gap_before": 10, "gap_after": 8, "change": -2, "comparator_change": 2, "difference": -4}
    assert {name: values[name] for name in wanted} == pytest.approx(wanted)
    assert (values["spells_used"], values["comparators"]) == (2, 2)
    assert found.texts == {
        "window_words": "calendar year",
        "period_word": "year",
        "trend_words": "the plain mean over all trusts of the data",
    }
    # Nobody was in for a whole year; both left in 2015, and 2016 is 4 and 8 above 36.
    assert (values["spells_during"], values["gap_after_exit_1y"], values["change_after_exit"]) == (0, 6, -4)
    assert found.absent["gap_during"].startswith("no spell could be followed")


def test_years_that_are_shown_but_not_compared_say_how_many_spells_they_hold() -> None:
    found = yearly()
    assert found.paths["event"].tolist() == [-1, 0, 1, 2]
    table = found.gap_table.set_index("period")
    assert table.index.tolist() == [
        "Year 2 before",
        "Year 1 before",
        "Year of entry",
        "Year 1 after",
        "Year 2 after",
        "Change, before to after",
    ]
    assert table["spells"].tolist() == [1, 2, 2, 2, 2, 2]
    assert table.loc["Year 2 before", ["gap_low", "gap_high"]].isna().all()


def test_quarters_are_compared_over_as_many_months() -> None:
    starts = [f"{year}-{month:02}-01" for year in range(2013, 2018) for month in (1, 4, 7, 10)]
    quarterly = panel(
        {code: [5.0 + len(code)] * 20 for code in ("RAA", "RBB", "RCC")}, starts=starts, length="quarter"
    )
    found = describe(quarterly, spells(("RAA", "2015-05-20"), ("RBB", "2015-04-01")), study(), "ae_4h", 24)
    assert isinstance(found, Description)
    assert found.texts["window_words"] == "8 quarters"
    assert found.gap_table["period"].iloc[0] == "Quarters 8 to 5 before"


def test_balances_on_single_days_are_not_compared() -> None:
    found = describe(panel(SHARES).assign(period_length="snapshot"), ENTRIES, study(), "ae_4h", 2)
    assert isinstance(found, Lacking)
    assert "are balances on single days" in found.reason


def test_months_that_no_trust_has_are_counted_and_said() -> None:
    whole = panel(SHARES)
    found = describe(whole[whole["period"] != "2016-02-01"], ENTRIES, study(months=4), "ae_4h", 2)
    assert isinstance(found, Description)
    values = {name: number.value for name, number in found.numbers.items()}
    assert (values["spells_used"], values["spells_with_lost_periods"]) == (2, 2)
    # March alone is the mean after entry.
    assert (values["gap_after"], values["change"], values["comparators"]) == (2, -3, 2)
    assert any("2 spells have months in their windows" in note for note in found.notes)
    assert not any("in their windows" in note for note in described().notes)


def test_intervals_by_hand() -> None:
    # Changes −6 and 0: standard error 3, t(1) quantile 12.7062. Comparators 4 and 2: standard error 1.
    numbers = described().numbers
    assert numbers["change"].interval == pytest.approx((-3 - 38.1186, -3 + 38.1186), abs=1e-3)
    assert numbers["comparator_change"].interval == pytest.approx((3 - 12.7062, 3 + 12.7062), abs=1e-3)
    # Difference: standard error √10 on 10² / (9² + 1) = 1.2195 degrees of freedom.
    assert described().estimates["difference"].error == pytest.approx(10**0.5)
    assert described().estimates["difference"].freedom == pytest.approx(100 / 82)


def test_units_and_denominators() -> None:
    numbers = described().numbers
    assert (numbers["spells_used"].denominator, numbers["spells_used"].format) == (3, ",d")
    assert (numbers["level_before"].unit, numbers["change"].unit) == ("%", "percentage points")


def test_table_and_paths_agree_with_the_numbers() -> None:
    found = described()
    table = found.gap_table.set_index("period")
    assert table.index.tolist() == [
        "Month 2 before",
        "Month 1 before",
        "Month of entry",
        "Month 1 after",
        "Month 2 after",
        "All 2 months before",
        "All 2 months after",
        "Change, before to after",
    ]
    assert list(table.loc["All 2 months before", ["smq", "england", "gap", "comparators"]]) == [
        15,
        10,
        5,
        5,
    ]
    assert list(table.loc["Change, before to after", ["smq", "england", "gap"]]) == [-7, -4, -3]
    assert list(table.loc["Change, before to after", ["comparators", "comparator_gap"]]) == [-1, 3]
    paths = found.paths.set_index("event")
    assert paths["smq"].tolist() == [15, 15, 17, 8, 8]
    assert paths["england"].tolist() == [10, 10, 11, 6, 6]
    assert paths["comparators"].tolist() == [5, 5, 5, 4, 4]
    assert (paths["smq"] - paths["england"]).tolist() == paths["gap"].tolist()


def test_spans_of_the_table_for_two_years() -> None:
    monthly = Timescale("month", 24)
    assert indicator_tables._span(-24, -13, monthly) == "Months 24 to 13 before"
    assert indicator_tables._span(13, 24, monthly) == "Months 13 to 24 after"


def test_the_excluded_are_given_with_their_reason_or_absent() -> None:
    found = described()
    assert found.excluded[["ods_code", "reason"]].to_numpy().tolist() == [
        ["RXX", "no figures for this trust"]
    ]
    assert "excluded" not in found.absent
    full = describe(panel(SHARES), ENTRIES[:2], study(), "ae_4h", 2)
    assert isinstance(full, Description)
    assert full.absent["excluded"] == full.absent["excluded_reasons"] == "no spell had to be left out"


def test_every_spell_is_listed_with_how_far_it_can_be_followed() -> None:
    listed = described().units_used
    assert listed[["ods_code", "around_entry", "during", "after_exit"]].to_numpy().tolist() == [
        ["RAA", "used", "2 months", "still in at the cut-off"],
        ["RBB", "used", "2 months", "still in at the cut-off"],
        ["RXX", *["no figures for this trust"] * 3],
    ]
    assert yearly().units_used["after_exit"].tolist() == ["2 years", "2 years"]


def test_the_stages_of_the_table_are_those_that_can_be_estimated() -> None:
    table = described().stage_table
    assert table["stage"].tolist() == [
        "Before entry (2 months)",
        "Month of entry",
        "In the regime (whole months)",
        "Change, before entry to in the regime",
    ]
    assert table["gap"].tolist() == pytest.approx([5, 6, 2, -3])
    later = yearly().stage_table
    assert later["stage"].tolist() == [
        "Before entry (1 year)",
        "Year of entry",
        "Year of exit",
        "After exit (1 year)",
        "After exit (2 years)",
        "Change, before entry to after exit (1 year)",
    ]
    assert later["gap"].tolist() == pytest.approx([10, 10, 8, 6, 6, -4])


def test_every_name_is_given_or_absent() -> None:
    for found in (described(), described(RDD=[None] * 5), yearly()):
        given = {*found.numbers, *found.texts, "label", "better", "path", "gap_path"}
        given |= {"gap_table", "stage_table", "units_used"}
        given |= set() if found.excluded.empty else {"excluded", "excluded_reasons"}
        given |= set() if found.exit_path.empty else {"exit_path"}
        assert given | set(found.absent) == set(NAMES)
        assert not given & set(found.absent)


def test_without_comparators_the_rest_is_still_given() -> None:
    found = described(RDD=[None] * 5)
    assert set(found.absent) - set(described().absent) == set(indicator.COMPARATOR_NUMBERS)
    assert "fewer than two trusts" in found.absent["difference"]
    assert found.numbers["comparators"].value == 1
    assert found.paths["comparators"].isna().all()


def test_an_indicator_that_the_world_lacks_is_lacking_with_a_reason() -> None:
    found = describe(panel(SHARES), ENTRIES, study(), "rtt_18w", 2)
    assert found == Lacking(
        "no data file holds figures on planned treatment begun or awaited within 18 weeks"
    )


def test_one_trust_is_not_enough_for_an_interval() -> None:
    found = describe(panel(SHARES), ENTRIES[:1], study(), "ae_4h", 2)
    assert isinstance(found, Lacking)
    assert "for 1 spell; an interval needs at least two trusts" in found.reason


def test_the_real_panel() -> None:
    record = load_spells(PROJECT / "data" / "reference" / "smq_spells.csv")
    found = describe(real_panel(), record, study(96, 3000), "ae_4h", 24)
    assert isinstance(found, Description)
    assert {name: found.numbers[name].value for name in indicator.NUMBERS[:5]} == {
        "spells_used": 30,
        "spells_total": 42,
        "trusts_used": 28,
        "comparators": 87,
        "trusts_in_panel": 173,
    }
    assert found.origin == "official statistics"
    low, high = found.estimates["gap_before"].interval
    assert low > 0
    assert high < 10
    # Of the 31 exits before 2020, 23 have figures in all of the twelve months after (smq_data_overlap.csv).
    assert found.numbers["spells_after_exit_1y"].value == 23
    assert found.numbers["spells_with_lost_periods"].value == 0
