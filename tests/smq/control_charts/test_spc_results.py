"""What is reported of the charts must be what they show, and each name be given or absent with a reason."""

from __future__ import annotations

import pandas as pd
import pytest

from smq.control_charts.spc_results import FIGURES, NAMES, Description, describe
from smq.performance.indicator import Lacking
from smq.readers.errors import MappingError
from smq.reference import load_spells
from tests.smq.indicator_cases import PROJECT, real_panel
from tests.smq.spc_cases import CALM, ENTRIES, described, waits, whole_study


def given(found: Description) -> set[str]:
    return {*found.numbers, *found.texts, *found.tables, *found.absent, *FIGURES}


def test_every_name_is_given_or_absent() -> None:
    found = described()
    assert given(found) == set(NAMES)
    assert not found.absent
    # Each trust charted; without a standard, and with entries too near the first month.
    table = waits({"RAA": CALM}, "2013-06-01").assign(indicator="dtoc")
    other = describe(table, ENTRIES[:1], whole_study(), "dtoc")
    assert isinstance(other, Description)
    assert given(other) == set(NAMES)
    assert "every trust" in other.absent["not_charted"]
    assert "no national standard is laid down" in other.absent["target_failed"]
    assert "12 months before entry" in other.absent["gap_concern_before_entry"]


def test_counts_by_hand() -> None:
    found = described()
    numbers = {name: (number.value, number.denominator) for name, number in found.numbers.items()}
    assert numbers["trusts_charted"] == (2, 3)
    assert numbers["spells_charted"] == (2, 3)
    assert numbers["points"] == (96, None)
    # RAA: one month; RBB: all of them.
    assert numbers["special_points"] == (49, 96)
    assert numbers["last_common"] == (1, 2)
    assert numbers["last_improvement"] == (1, 2)
    assert numbers["spells_counted"] == (2, 2)
    assert numbers["concern_before_entry"] == (1, 2)
    assert numbers["improvement_in_spell"] == (1, 2)
    assert numbers["concern_in_spell"] == (2, 2)
    # The target is 5%: RBB had 12 months at 4%. RAA's limits, 11.375 ± 2.66 × 2, are above it.
    assert numbers["target"] == (5, None)
    assert numbers["target_met_months"] == (12, 96)
    assert numbers["target_failed"] == (2, 2)
    assert numbers["chart_mean"][0] == pytest.approx(11.41667, abs=1e-5)
    assert numbers["chart_lower"][0] == pytest.approx(11.41667 - 5.32, abs=1e-5)
    assert found.texts["chart_code"] == "RAA"


def test_winter_is_december_to_march() -> None:
    found = described()
    # 16 winter months each: RBB's first two years hold 8, all concern; RAA has none.
    assert found.numbers["winter_concern"].denominator == 32
    assert found.numbers["winter_concern"].value == pytest.approx(25)
    assert found.numbers["other_concern"].value == pytest.approx(100 * 17 / 64)


def test_the_halves_are_those_of_the_months_with_figures() -> None:
    found = described()
    # 2012 and 2013, then 2014 and 2015: RBB is concern in the one and improvement in the other.
    assert found.texts["early_until"] == "December 2013"
    numbers = {name: (number.value, number.denominator) for name, number in found.numbers.items()}
    assert numbers["early_concern"] == (50, 48)
    assert numbers["early_improvement"] == (0, 48)
    assert numbers["late_concern"][0] == pytest.approx(100 / 48)
    assert numbers["late_improvement"] == (50, 48)


def test_a_month_that_no_trust_has_is_told_from_one_that_this_trust_lacks() -> None:
    table = waits({"RAA": CALM, "RZZ": CALM})
    lost = pd.Timestamp(2013, 3, 1)
    found = describe(table[table["period"] != lost], ENTRIES, whole_study(), "ae_4h")
    assert isinstance(found, Description)
    assert (found.numbers["chart_months"].value, found.numbers["chart_months"].denominator) == (47, 48)
    assert "no trust has figures for March 2013" in found.texts["chart_months_words"]
    own = describe(
        table[(table["period"] != lost) | (table["unit"] != "RAA")], ENTRIES, whole_study(), "ae_4h"
    )
    assert isinstance(own, Description)
    assert "this trust has none for March 2013" in own.texts["chart_months_words"]
    assert described().texts["chart_months_words"] == "all 48 months from January 2012 to December 2015"


def test_unscreened_limits_are_wider_where_a_value_is_out_of_line() -> None:
    numbers = described().numbers
    # 45 moving ranges of 2 and two of 18, which are screened.
    mean = (45 * 2 + 18 + 18) / 47
    assert numbers["chart_upper_unscreened"].value == pytest.approx(11.41667 + 2.66 * mean, abs=1e-4)


def test_the_distance_from_england_takes_out_what_all_have_in_common() -> None:
    # Every trust jumps alike: nothing is left of it against England.
    jump = [value + (20 if month >= 24 else 0) for month, value in enumerate(CALM)]
    found = described(RAA=jump, RBB=jump, RZZ=jump)
    assert found.numbers["last_concern"].value == 2
    assert found.numbers["gap_last_common"].value == 2
    assert all(not one.chart.special.any() for one in found.gap_charts)


def test_tables_agree_with_the_counts() -> None:
    found = described()
    overview = found.tables["overview_table"].fillna("")
    assert overview[["trust", "spell", "before", "during", "after"]].to_numpy().tolist() == [
        ["Trust RAA", "Jul 2013 to Jul 2014", "0 / 0 of 12", "1 / 0 of 13", "0 / 0 of 12"],
        ["Trust RBB", "Oct 2013 on", "12 / 0 of 12", "3 / 24 of 27", ""],
    ]
    assert found.tables["rules_table"][["concern", "improvement"]].to_numpy().sum() == 49


def test_another_trust_can_be_drawn_even_one_never_in_the_regime() -> None:
    found = described(trust="RZZ")
    assert (found.texts["chart_code"], found.texts["chart_choice"]) == ("RZZ", "asked for by its code")
    assert found.chosen.spells.empty
    assert found.numbers["trusts_charted"].value == 2


def test_an_unknown_trust_is_refused_with_the_nearest() -> None:
    with pytest.raises(MappingError, match="the trust 'RA0' has no two months"):
        described(trust="RA0")


def test_what_a_world_lacks_is_said() -> None:
    table = waits({"RAA": CALM})
    found = describe(table, ENTRIES, whole_study(), "rtt_18w")
    assert isinstance(found, Lacking)
    assert "no data file holds figures on planned treatment" in found.reason
    yearly = describe(table.assign(period_length="year"), ENTRIES, whole_study(), "ae_4h")
    assert isinstance(yearly, Lacking)
    assert "are by year; the charts are by month" in yearly.reason
    none = describe(waits({"RZZ": CALM}), ENTRIES, whole_study(), "ae_4h")
    assert isinstance(none, Lacking)
    assert "no trust that was ever in special measures has 12 months" in none.reason


def test_a_baseline_fixes_the_limits_on_the_first_months() -> None:
    table = waits({"RBB": [20.0, 22.0] * 12 + [4.0, 6.0] * 12})
    found = describe(table, ENTRIES, whole_study(), "ae_4h", "", 24)
    assert isinstance(found, Description)
    assert found.numbers["chart_mean"].value == 21
    assert found.numbers["chart_upper"].value == pytest.approx(21 + 2.66 * 2)
    assert "the first 24 months" in found.notes[0]
    assert found.caution.startswith("The mean of a trust is that of its first 24 months.")


def test_the_real_panel() -> None:
    record = load_spells(PROJECT / "data" / "reference" / "smq_spells.csv")
    found = describe(real_panel(), record, whole_study(), "ae_4h")
    assert isinstance(found, Description)
    # The table of data that meet each spell counts 30 spells with 12 months before and after.
    assert found.numbers["concern_before_entry"].denominator == 30
    assert found.numbers["smq_trusts"].value == 38
    # Trusts of the list that are no acute trusts have no emergency department; Wexham merged in 2014.
    left_out = found.tables["not_charted"]
    assert left_out["type"].tolist().count("acute") == 1
    assert set(left_out["trust"]) >= {"London Ambulance Service", "Heatherwood and Wexham Park"}
    assert found.origin == "official statistics"
