"""Published counts must be judged by what the list says, and by the definition that makes them agree."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smq import reference
from smq.spells import reconciliation
from smq.spells.published_counts import NOT_IN_LIST, QUANTITIES, Counting, snapshot
from smq.spells.reconciliation import AGREES, BY_DEFINITION, DIFFERS, NOT_LISTED

if TYPE_CHECKING:
    import pandas as pd

REFERENCE = Path(__file__).parents[3] / "data" / "reference"


@pytest.fixture(scope="module")
def spells() -> pd.DataFrame:
    return reference.load_spells(REFERENCE / "smq_spells.csv")


@pytest.fixture(scope="module")
def ratings() -> pd.DataFrame:
    return reference.load_ratings(REFERENCE / "smq_cqc_ratings.csv")


@pytest.fixture(scope="module")
def counts() -> pd.DataFrame:
    return reference.load_counts(REFERENCE / "published_counts.csv")


@pytest.fixture(scope="module")
def table(counts: pd.DataFrame, spells: pd.DataFrame, ratings: pd.DataFrame) -> pd.DataFrame:
    return reconciliation.reconcile(counts, spells, ratings)


# What the comparison came to when the list was compiled: text, quantity, verdict, and our value by the
# definition that agrees (by the study's own where none does).
COMPARED = [
    ("C1", "placed", AGREES, 11),
    ("C3", "left_rated_good", AGREES, 2),
    ("C3", "left_rated_requires_improvement", AGREES, 3),
    ("C4", "placed_to_date", AGREES, 16),
    ("C5", "placed_in_2013", AGREES, 14),
    ("C5", "placed_in_2014", AGREES, 4),
    ("C5", "left_in_2014", BY_DEFINITION, 6),
    ("C5", "placed_to_date", BY_DEFINITION, 21),
    ("C5", "left_to_date", BY_DEFINITION, 7),
    ("C6", "placed_to_date", BY_DEFINITION, 32),
    ("C6", "first_group_left", AGREES, 11),
    ("C6", "first_group_left_under_12m", AGREES, 5),
    ("C6", "first_group_reentered", AGREES, 2),
    ("C6", "placed_later", BY_DEFINITION, 21),
    ("C6", "later_group_left", AGREES, 8),
    ("C6", "later_group_still_in", AGREES, 13),
    ("C6", "later_group_left_under_12m", AGREES, 0),
    ("C6", "leavers_without_reentrants", AGREES, 17),
    ("C6", "mean_stay_of_leavers_without_reentrants", AGREES, 24.4),
    ("C7", "entered_over_12m_ago", AGREES, 27),
    ("C7", "left_within_12m", AGREES, 5),
    ("C7", "two_years_or_more", AGREES, 10),
    ("C7", "entered_and_left", BY_DEFINITION, 20),
    ("C7", "mean_stay_of_leavers", DIFFERS, 23.5),
    ("C7", "reentered", AGREES, 2),
    ("C11", "in_regime", AGREES, 15),
    ("C13", "placed_to_date", AGREES, 26),
    ("C13", "left_to_date", BY_DEFINITION, 11),
    ("C14", "in_regime", BY_DEFINITION, 12),
    ("C14", "left_to_date", AGREES, 19),
]


@pytest.mark.parametrize("case", COMPARED, ids=lambda case: f"{case[0]}-{case[1]}")
def test_the_comparison_made_with_the_list_is_reproduced(
    table: pd.DataFrame, case: tuple[str, str, str, float]
) -> None:
    name, quantity, verdict, value = case
    (row,) = table[(table["id"] == name) & (table["quantity"] == quantity)].to_dict("records")
    assert row["verdict"] == verdict
    assert round(row["ours"] if verdict == DIFFERS else row["by_definition"], 1) == value


def test_each_definition_is_named(table: pd.DataFrame) -> None:
    said = table.set_index(["id", "quantity"])["explanation"]
    assert said["C5", "left_to_date"] == (
        "Agrees if the merger of a trust counts as an exit and the day meant lies between 27 March 2015 and "
        "6 August 2015."
    )
    assert said["C6", "placed_to_date"] == "Agrees if the merged trust is left out."
    assert said["C7", "entered_and_left"] == (
        "Agrees if the merger of a trust counts as an exit. The other counts of the text need another "
        "definition."
    )
    assert said["C14", "in_regime"] == (
        "Agrees if the merger of a trust counts as an exit and what happened on the day itself does not "
        "count yet."
    )
    assert "spells are counted" in said["C9", "placed_to_date"]
    # 22.6 with the merged trust, 23.5 without: published with the list.
    assert said["C7", "mean_stay_of_leavers"].startswith("By the ways of counting tried it is 22.6 or 23.5.")
    assert "could not be checked" in said["C7", "mean_stay_of_leavers"]


def test_34_trusts_were_placed_for_quality_by_june_2018(
    table: pd.DataFrame, spells: pd.DataFrame, ratings: pd.DataFrame
) -> None:
    (row,) = table[table["quantity"] == "placed_for_quality"].to_dict("records")
    assert (row["value"], row["verdict"]) == (34, AGREES)
    page = snapshot(spells, ratings, date(2018, 6, 1), Counting())
    assert (page.number(page.spells), len(page.spells)) == (34, 37)


def test_a_text_agrees_with_itself_by_one_definition(table: pd.DataFrame) -> None:
    joint = table[table["id"].isin(["C8", "C12", "C13"])]
    judged = joint[joint["verdict"] != NOT_LISTED]
    assert set(judged["verdict"]) <= {AGREES, BY_DEFINITION}
    assert (judged["by_definition"] == judged["value"]).all()
    assert not judged["explanation"].str.contains("need another definition").any()


def test_what_the_list_cannot_say_is_marked_so(counts: pd.DataFrame, table: pd.DataFrame) -> None:
    assert set(counts["quantity"]) <= set(QUANTITIES) | set(NOT_IN_LIST)
    assert not set(QUANTITIES) & set(NOT_IN_LIST)
    unlisted = table[table["verdict"] == NOT_LISTED]
    assert set(unlisted["quantity"]) >= {"board_changes", "trusts_reviewed", "additional_doctors"}
    assert unlisted["ours"].isna().all()
    assert unlisted["explanation"].str.len().min() > 0
    verdicts = reconciliation.verdict_counts(table)
    assert sum(verdicts.values()) == len(table) == len(counts) + 1


def test_every_difference_has_an_explanation(table: pd.DataFrame) -> None:
    other = table[table["verdict"] != AGREES]
    assert (other["explanation"] != "").all()


def test_who_said_it_and_when_stands_beside_each_count(table: pd.DataFrame) -> None:
    said = reconciliation.printed(table)
    by_text = dict(zip(said["id"], said["date"], strict=True))
    assert by_text["C1"] == "CQC, July 2013"
    assert by_text["C5"] == "Written answer by Ben Gummer, 2015"
    assert by_text["C6"] == "NHS Providers, 26 April 2017"
    assert by_text["C12"] == "CQC, 2019/20"
    published = said.set_index("statement")["published"]
    assert published["Rated inadequate: Medway"] == "1 trust"
    assert published["More nurses and support staff employed"] == "1,300 staff"


def test_the_sentence_counts_what_can_be_compared(table: pd.DataFrame) -> None:
    verdicts = reconciliation.verdict_counts(table)
    sentence = reconciliation.compared_sentence(verdicts)
    # 61 rows, of which 17 are of quantities that no list of spells holds.
    assert sentence.startswith("Of 44 published counts that the list can give,")
    assert "it cannot give 17 more" in sentence
    assert "none of these counts" in sentence


def test_the_published_share_stands_beside_ours(table: pd.DataFrame) -> None:
    published = reference.load_results(REFERENCE / "published_results.csv")
    both = reconciliation.with_share(table, published, "exits_24m_share", 100 * 13 / 42, "Said.")
    last = reconciliation.printed(both).iloc[-1]
    assert last[["id", "published", "ours", "difference", "verdict"]].tolist() == [
        "R1",
        "15.8%",
        "31.0",
        "+15.2",
        DIFFERS,
    ]
    assert last["date"] == "Fulop and others, topic report, 2020, abstract"
    with pytest.raises(ValueError, match="0 times"):
        reconciliation.with_share(table, published, "no_such_quantity", 1.0, "Said.")


@pytest.mark.parametrize(
    ("published", "ours", "qualifier", "same"),
    [
        (24, 24.4, "exact", True),
        (24, 24.6, "exact", False),
        (20.5, 20.54, "exact", True),
        (20.5, 20.6, "exact", False),
        (67, 69.2, "about", True),
        (67, 53.8, "about", False),
        (40, 41, "over", True),
        (40, 40, "over", False),
        (650, 640, "nearly", True),
        (5, None, "exact", False),
    ],
)
def test_agreement_follows_the_decimals_and_the_qualifier(
    published: float, ours: float | None, qualifier: str, *, same: bool
) -> None:
    assert reconciliation.agrees(published, ours, qualifier) is same


@pytest.mark.parametrize(
    ("text", "precision", "first", "last", "default"),
    [
        ("2016-02-29", "day", "2016-02-29", "2016-02-29", "2016-02-29"),
        ("2016-02", "month", "2016-02-01", "2016-02-29", "2016-02-29"),
        ("2017-11", "month", "2017-11-01", "2017-11-30", "2017-11-30"),
        ("2015", "year", "2015-01-01", "2015-12-31", "2015-12-31"),
        ("2019/20", "report year", "2019-04-01", "2020-12-31", "2020-03-31"),
    ],
)
def test_a_date_means_the_days_of_its_precision(
    text: str, precision: str, first: str, last: str, default: str
) -> None:
    period = reconciliation.period_of(text, precision)
    assert [day.isoformat() for day in (period.first, period.last, period.default)] == [first, last, default]
