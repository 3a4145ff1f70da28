"""CQC ratings: the counts are those of the file, counted by hand, and nothing after the cut-off is known."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smq import ratings as cqc
from smq import reference
from smq.reference import RATINGS
from smq.spells import follow_up
from tests.smq.indicator_cases import PROJECT
from tests.smq.test_indicator_notebooks import run

if TYPE_CHECKING:
    from pathlib import Path

REFERENCE = PROJECT / "data" / "reference"


def at(cutoff: date) -> pd.DataFrame:
    spells = reference.load_spells(REFERENCE / "smq_spells.csv")
    ratings = reference.load_ratings(REFERENCE / "smq_cqc_ratings.csv", spells=spells)
    return cqc.of_spells(ratings, follow_up.at_cutoff(spells, cutoff))


@pytest.fixture(scope="module")
def rated() -> pd.DataFrame:
    return at(date(2020, 12, 31))


def made(**columns: list[str | None]) -> pd.DataFrame:
    """Spells with these ratings; what is not given is not known."""
    size = len(next(iter(columns.values())))
    names = [*cqc.QUESTIONS, "overall_at_exit"]
    return pd.DataFrame({name: columns.get(name, [None] * size) for name in names}, dtype=object)


def test_key_questions_by_hand(rated: pd.DataFrame) -> None:
    # Counted in data/reference/smq_cqc_ratings.csv, rows RDD to RYC.
    found = {name: value for name, (value, _) in cqc.counts(rated).items()}
    assert [found[f"{name}_known"] for name in cqc.KEY_QUESTIONS] == [16, 13, 17, 14, 18]
    assert [found[f"{name}_inadequate"] for name in cqc.KEY_QUESTIONS] == [16, 1, 1, 3, 18]
    # RLQ, RQQ, RMY, R1H, RRU, RYD, RJ7, RNQ, RM1, RCX, RXW, TAH have all five.
    assert found["rated_every_question"] == 12
    # R1H two months and RXW three weeks after the entry.
    assert found["reported_after_entry"] == 2


def test_exits_by_hand(rated: pd.DataFrame) -> None:
    found = cqc.counts(rated)
    # Good: RDD, RLT, RQQ, RGT, RRU, RXH, RYD. Not known: the first spell of RMY.
    assert found["exits_good"] == (7, 33)
    assert found["exits_lower"] == (25, 33)
    assert found["exits_not_known"] == (1, 33)
    assert (found["better"], found["same"], found["worse"]) == ((18, 18), (0, 18), (0, 18))


def test_transitions_by_hand_add_up_to_all_spells(rated: pd.DataFrame) -> None:
    table = cqc.transitions(rated)
    cells = {(row.entry, row.outcome): row.spells for row in table.itertuples() if row.spells}
    assert cells == {
        ("Requires improvement", "Still in"): 1,
        ("Inadequate", "Left, rated Good"): 5,
        ("Inadequate", "Left, rated Requires improvement"): 13,
        ("Inadequate", "Left, rating not known"): 1,
        ("Inadequate", "Trust merged"): 1,
        ("Inadequate", "Still in"): 7,
        ("Not known", "Left, rated Good"): 2,
        ("Not known", "Left, rated Requires improvement"): 12,
    }
    assert table["spells"].sum() == 42


def test_a_rating_at_an_exit_after_the_cutoff_is_not_used() -> None:
    # The file has ratings of exits in 2021 to 2026 (R1F, RXW, RYC); by the end of 2014 six spells had ended.
    early = at(date(2014, 12, 31))
    table = cqc.transitions(early)
    assert table.groupby("outcome")["spells"].sum().to_dict() == {
        "Left, rated Good": 2,
        "Left, rated Requires improvement": 3,
        "Trust merged": 1,
        "Still in": 12,
    }
    assert not cqc.outcomes(at(date(2021, 7, 13))).eq("Left, rated Outstanding").any()


def test_the_rule_by_hand(rated: pd.DataFrame) -> None:
    words = cqc.rule(rated)
    assert words.value_counts().to_dict() == {"met": 16, "not known": 26}
    assert sorted(rated.loc[words == "met", "ods_code"]) == sorted(
        [
            *("RTX", "RLQ", "RQQ", "RMY", "R1H", "RWG", "RRU", "RYD"),
            *("RJ7", "RNQ", "REF", "RMY", "RM1", "RCX", "RXW", "TAH"),
        ]
    )


def test_the_rule_is_not_known_before_it_must_be() -> None:
    bad, fair = "Inadequate", "Requires improvement"
    table = made(
        safe=[bad, fair, fair, None, bad],
        effective=[None, fair, fair, None, bad],
        caring=[None, fair, fair, None, bad],
        responsive=[None, fair, None, None, bad],
        well_led=[bad, bad, bad, bad, fair],
    )
    assert cqc.rule(table).tolist() == ["met", "not met", "not known", "not known", "not met"]
    # Without a rating of Well led, four other questions that are better rule it out.
    assert cqc.rule(made(safe=[fair], effective=[fair], caring=[fair], responsive=[fair])).tolist() == [
        "not met"
    ]


def test_groups_by_number_of_questions_by_hand(rated: pd.DataFrame) -> None:
    groups = cqc.number_inadequate(rated)
    assert sorted(rated.loc[groups == "Two", "ods_code"]) == sorted(
        ["RMY", "RRU", "RYD", "RJ7", "RNQ", "RM1", "RCX", "RXW", "TAH"]
    )
    # REF has one question that is not known, and three Inadequate without it.
    assert sorted(rated.loc[groups == "Three or more", "ods_code"]) == ["R1H", "REF", "RLQ", "RQQ"]
    table = cqc.by_number_inadequate(rated).set_index("group")
    # All four of the second group left: RQQ after 580 days, RLQ 751, REF 914, R1H 1,428. Half by the second.
    assert table.loc["Three or more", "median_months"] == pytest.approx(751 / 30.4375)
    assert [table.loc["Two", name] for name in ("spells", "left", "merged", "still_in")] == [9, 6, 0, 3]
    assert table["spells"].sum() == 42


@settings(deadline=None, max_examples=30)
@given(st.lists(st.lists(st.sampled_from([None, *RATINGS]), min_size=5, max_size=5), min_size=1, max_size=8))
def test_what_is_not_known_never_decides(answers: list[list[str | None]]) -> None:
    table = made(**{name: [row[place] for row in answers] for place, name in enumerate(cqc.KEY_QUESTIONS)})
    groups, rule = cqc.number_inadequate(table), cqc.rule(table)
    for better in (False, True):
        filled = table.fillna("Good" if better else "Inadequate")
        sure = groups != cqc.NOT_KNOWN
        assert cqc.number_inadequate(filled)[sure].tolist() == groups[sure].tolist()
        assert cqc.rule(filled)[rule != "not known"].tolist() == rule[rule != "not known"].tolist()


def test_ways_out_add_up_and_are_simple_shares_while_nobody_is_censored() -> None:
    ways = cqc.ways_out(at(date(2021, 7, 13)))
    total = sum(ways.by_cause[way].share for way in cqc.WAYS) + ways.event_free
    assert total == pytest.approx(1)
    # Of the first eleven, all had left by 29 March 2017, two rated Good.
    first = at(date(2017, 3, 29))
    first = first[first["entered_on"] == "2013-07-16"]
    good, other = (cqc.share_at(cqc.ways_out(first), way, 45) for way in ("good", "other"))
    assert good is not None
    assert other is not None
    assert good.value == pytest.approx(200 / 11)
    assert other.value == pytest.approx(900 / 11)


def test_months_to_exit_by_hand(rated: pd.DataFrame) -> None:
    # The middle of the seven exits rated Good: RQQ, 9 January 2015 to 11 August 2016.
    assert cqc.months_at_exit(rated)["good"] == pytest.approx(580 / 30.4375)
    assert cqc.months_at_exit(at(date(2013, 12, 31))) == {}


@pytest.mark.parametrize(
    "cutoff", [date(2013, 7, 16), date(2014, 6, 30), date(2017, 5, 31), date(2020, 12, 31)]
)
def test_the_notebook_names_every_result_at_any_cutoff(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cutoff: date
) -> None:
    results = run(monkeypatch, tmp_path / "run", "describe_ratings", cutoff=cutoff)
    assert set(results) == set(cqc.NAMES)
    assert {result.origin for result in results.values() if result.kind != "absent"} == {"public record"}
    if cutoff.year == 2020:
        assert not [name for name, result in results.items() if result.kind == "absent"]
        assert results["cutoff"].value == "31 December 2020"
