"""Published directions must come from the typed facts, and simulated figures be set beside none."""

from __future__ import annotations

import pytest

from smq.naming import listed
from smq.published_directions import agreement, directions, sentence
from smq.reference import load_results
from tests.smq.indicator_cases import PROJECT


def test_the_three_published_directions_are_those_of_the_topic_report() -> None:
    """R4 to R6 of the reference: better waits, mortality and delayed transfers, relative to the trend."""
    published = load_results(PROJECT / "data" / "reference" / "published_results.csv")
    assert directions(published) == {"ae_4h": "better", "shmi": "better", "dtoc": "better"}


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        ("better", "points the same way"),
        ("worse", "points the other way"),
        ("no different", "shows no clear direction"),
    ],
)
def test_an_unclear_result_neither_agrees_nor_disagrees(ours: str, said: str) -> None:
    assert agreement(ours, "better") == said


def test_indicators_of_which_the_same_is_said_are_named_together() -> None:
    same = agreement("better", "better")
    assert sentence({"ae_4h": same, "shmi": same}) == (
        "on waits in A&E and mortality, ours points the same way"
    )
    assert sentence({"ae_4h": same, "dtoc": agreement("no different", "better")}) == (
        "on waits in A&E, ours points the same way; on delayed transfers, ours shows no clear direction"
    )


def test_names_are_joined_as_in_a_sentence() -> None:
    assert [listed(names) for names in ("a", "ab", "abc")] == ["a", "a and b", "a, b and c"]
