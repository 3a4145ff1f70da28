"""The estimates must be those of a hand calculation, and nothing may be named without what it takes."""

from __future__ import annotations

import pytest

from smq import indicator
from smq.indicator import NAMES, Description, Lacking, describe
from smq.reference import load_spells
from tests.smq.indicator_cases import PROJECT, panel, real_panel, spells, study

# RAA and RBB enter in January 2016; RCC and RDD never do. England is the plain mean of the four.
SHARES: dict[str, list[float | None]] = {
    "RAA": [20, 20, 22, 10, 10],
    "RBB": [10, 10, 12, 6, 6],
    "RCC": [4, 4, 4, 4, 4],
    "RDD": [6, 6, 6, 4, 4],
}
ENTRIES = spells(("RAA", "2016-01-16"), ("RBB", "2016-01-16"), ("RXX", "2016-01-16"))


def described(**changes: object) -> Description:
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
        }
    )


def test_yearly_figures_are_not_compared_by_month() -> None:
    yearly = panel(SHARES).assign(period_length="year")
    found = describe(yearly, ENTRIES, study(), "ae_4h", 2)
    assert isinstance(found, Lacking)
    assert found.reason == (
        "the figures on waits over four hours in A&E are by year; the comparison around entry is by month"
    )


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
    paths = found.paths.set_index("event_month")
    assert paths["smq"].tolist() == [15, 15, 17, 8, 8]
    assert paths["england"].tolist() == [10, 10, 11, 6, 6]
    assert paths["comparators"].tolist() == [5, 5, 5, 4, 4]
    assert (paths["smq"] - paths["england"]).tolist() == paths["gap"].tolist()


def test_spans_of_the_table_for_two_years() -> None:
    assert indicator._period(-24, -13) == "Months 24 to 13 before"
    assert indicator._period(13, 24) == "Months 13 to 24 after"


def test_the_excluded_are_given_with_their_reason_or_absent() -> None:
    found = described()
    assert found.excluded[["ods_code", "reason"]].to_numpy().tolist() == [
        ["RXX", "no figures for this trust"]
    ]
    assert "excluded" not in found.absent
    full = describe(panel(SHARES), ENTRIES[:2], study(), "ae_4h", 2)
    assert isinstance(full, Description)
    assert full.absent == {"excluded": "no spell had to be left out"}


def test_every_name_is_given_or_absent() -> None:
    for found in (described(), described(RDD=[None] * 5)):
        given = {*found.numbers, "label", "better", "gap_table", "path", "gap_path"}
        given |= set() if found.excluded.empty else {"excluded"}
        assert given | set(found.absent) == set(NAMES)
        assert not given & set(found.absent)


def test_without_comparators_the_rest_is_still_given() -> None:
    found = described(RDD=[None] * 5)
    assert set(found.absent) == set(indicator.COMPARATOR_NUMBERS)
    assert "fewer than two trusts" in found.absent["difference"]
    assert found.numbers["comparators"].value == 1
    assert found.paths["comparators"].isna().all()


def test_an_indicator_that_the_world_lacks_is_lacking_with_a_reason() -> None:
    found = describe(panel(SHARES), ENTRIES, study(), "rtt_18w", 2)
    assert found == Lacking(
        "no file of this world holds figures on planned treatment begun or awaited within 18 weeks"
    )


def test_one_trust_is_not_enough_for_an_interval() -> None:
    found = describe(panel(SHARES), ENTRIES[:1], study(), "ae_4h", 2)
    assert isinstance(found, Lacking)
    assert "for 1 spell(s); an interval needs at least two trusts" in found.reason


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
