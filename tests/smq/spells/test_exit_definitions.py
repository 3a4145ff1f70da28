"""Every definition must count what it says, and the published share must be searched for, not reached."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smq import reference
from smq.spells import cutoffs, exit_definitions, follow_up

if TYPE_CHECKING:
    import pandas as pd

REFERENCE = Path(__file__).parents[3] / "data" / "reference"
STUDY_CUTOFF = date(2020, 12, 31)


@pytest.fixture(scope="module")
def spells() -> pd.DataFrame:
    return reference.load_spells(REFERENCE / "smq_spells.csv")


@pytest.fixture(scope="module")
def table(spells: pd.DataFrame) -> pd.DataFrame:
    return exit_definitions.table(spells, cutoffs.CUTOFFS)


def share(table: pd.DataFrame, cutoff: date, counted: str, mergers: str, measure: str, limit: int) -> float:
    (value,) = table.loc[
        (table["cutoff"] == cutoff)
        & (table["counted"] == counted)
        & (table["mergers"] == mergers)
        & (table["measure"] == measure),
        f"m{limit}",
    ]
    return round(float(value), 1)


def test_every_definition_stands_once(table: pd.DataFrame) -> None:
    keys = ["cutoff", "counted", "mergers", "measure"]
    assert not table.duplicated(keys).any()
    # Five cut-offs, four ways to count, three of mergers; four measures, and the incidence for one of three.
    assert len(table) == 5 * 4 * (3 * 4 + 1)


def test_shares_published_with_the_list_are_among_them(table: pd.DataFrame) -> None:
    # Published with the list of spells: exits within 24 months as % of all and of those begun early enough.
    published = {
        date(2017, 5, 31): (31.4, 52.4),
        date(2018, 9, 30): (30.8, 41.4),
        date(2019, 12, 31): (30.0, 32.4),
        STUDY_CUTOFF: (31.0, 32.5),
        date(2021, 7, 13): (31.0, 32.5),
    }
    for cutoff, (of_all, of_eligible) in published.items():
        assert share(table, cutoff, "spells", "no exit", "all", 24) == of_all
        assert share(table, cutoff, "spells", "no exit", "eligible, all exits", 24) == of_eligible
    assert share(table, STUDY_CUTOFF, "trusts", "no exit", "all", 24) == 34.2
    assert share(table, STUDY_CUTOFF, "trusts", "no exit", "eligible, all exits", 24) == 36.1
    assert share(table, STUDY_CUTOFF, "spells", "no exit", "kaplan-meier", 24) == 33.3


def test_six_of_38_is_a_share_within_12_months_and_none_within_24_is_15_8(table: pd.DataFrame) -> None:
    found = exit_definitions.matches(table, 15.8)
    assert set(found["limit_months"]) == {12}
    assert found["share"].tolist() == pytest.approx([100 * 6 / 38] * len(found))
    assert set(found["mergers"]) == {"Merger counts as an exit"}
    sentence = exit_definitions.search_sentence(table, 15.8, 24)
    assert sentence.startswith("None of 260 definitions (52 on each of 5 days) gives 15.8% within 24 months.")
    assert "2 within 12 months (one definition, on 2 days)." in sentence
    assert "a guess, not a finding" in sentence


def test_the_search_says_so_where_a_definition_matches(table: pd.DataFrame) -> None:
    plain = table[
        (table["counted"] == "spells") & (table["mergers"] == "no exit") & (table["measure"] == "all")
    ]
    # 13 of 42 at the last two cut-offs: 30.95.
    assert exit_definitions.search_sentence(plain, 31.0, 24) == (
        "2 of 5 definitions (1 on each of 5 days) give 31.0% within 24 months, and none within another "
        "number of months."
    )
    nowhere = exit_definitions.search_sentence(table, 150.0, 24)
    assert nowhere == (
        "None of 260 definitions (52 on each of 5 days) gives 150.0% within 24 months, and none within "
        "another number of months."
    )


def test_the_number_of_definitions_is_derived(table: pd.DataFrame) -> None:
    assert exit_definitions.distinct(table) == 4 * (3 * 4 + 1) == 52
    assert exit_definitions.derivation(table) == (
        "260 definitions: 5 days × 4 ways to say what is counted × (3 ways to take a merger × 4 shares, and "
        "the cumulative incidence for the one in which a merger is no exit). Apart from the days there are "
        "52."
    )
    one_day = table[table["cutoff"] == STUDY_CUTOFF]
    assert exit_definitions.many(one_day) == "52 on one day"
    assert exit_definitions.search_sentence(one_day, 15.8, 24).startswith("None of 52 definitions gives")
    assert "1 within 12 months." in exit_definitions.search_sentence(one_day, 15.8, 24)


def test_an_exit_that_did_not_last_is_none_and_those_who_came_back_can_be_left_out(
    spells: pd.DataFrame,
) -> None:
    observed = follow_up.at_cutoff(spells, STUDY_CUTOFF)
    lasting = exit_definitions.restated(observed, "lasting", "no exit")
    # 33 exits, four of them of trusts that came back.
    assert (len(lasting), (lasting["status"] == "left").sum()) == (38, 29)
    never_back = exit_definitions.restated(observed, "never back", "no exit")
    assert (len(never_back), (never_back["status"] == "left").sum()) == (34, 29)
    assert (observed["status"] == "left").sum() == 33


def test_a_merger_is_what_the_definition_says(spells: pd.DataFrame) -> None:
    observed = follow_up.at_cutoff(spells, STUDY_CUTOFF)
    statuses = {
        mergers: exit_definitions.restated(observed, "spells", mergers)["status"].value_counts().to_dict()
        for mergers in exit_definitions.MERGERS
    }
    assert statuses == {
        "no exit": {"left": 33, "open": 8, "merged": 1},
        "exit": {"left": 34, "open": 8},
        "left out": {"left": 33, "open": 8},
    }


def test_too_early_a_cutoff_gives_no_number_for_a_late_limit(spells: pd.DataFrame) -> None:
    early = exit_definitions.table(spells, [date(2014, 12, 31)])
    estimates = early[early["measure"] != "all"]
    assert estimates["m24"].isna().all()
    assert exit_definitions.matches(early, 15.8).columns.tolist()[0] == "limit_months"


def test_spread_holds_every_share(table: pd.DataFrame) -> None:
    spread = exit_definitions.spread(table).set_index("measure")
    assert spread.loc["All of these", "definitions"] == 260
    assert spread.loc["All of these", "m24_low"] == pytest.approx(table["m24"].min())
    by_counting = exit_definitions.by_counting(table, STUDY_CUTOFF)
    assert by_counting["number"].tolist() == [42, 42, 41, 38, 38, 37, 34, 34, 33, 38, 38, 37]
