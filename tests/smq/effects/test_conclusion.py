"""The conclusion must claim no more than the results do, and say what it cannot show."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smq.effects import wording
from smq.effects.conclusion import conclusion, survivor_words
from smq.statistics.estimates import Estimate
from tests.smq.effects.test_estimate import found

if TYPE_CHECKING:
    from smq.effects.estimate import Effects


def changed(p_value: float = 0.001, **estimates: Estimate) -> Effects:
    return replace(
        found(),
        estimates=found().estimates | estimates,
        numbers=found().numbers | {"p_value": p_value, "detectable": 2.8, "mean_reversion": -1.5},
    )


CLEAR, UNCLEAR = Estimate(-3.0, 1.0, 11, 12), Estimate(-0.2, 1.0, 11, 12)
OTHER_SIDE = Estimate(3.0, 1.0, 11, 12)


def test_an_effect_is_given_with_what_recovery_alone_would_give() -> None:
    said = conclusion(changed(effect=CLEAR, cs_not_yet=CLEAR))
    assert said.startswith(
        "Waits over four hours in A&E: better after entry than at comparable trusts. The estimate is −3.0 "
        "percentage points (95% interval −5.2 to −0.8; p = 0.001; 12 trusts)."
    )
    assert "left alone, it would give −1.5 percentage points" in said
    assert "missed" not in said


def test_no_effect_says_what_would_have_been_missed() -> None:
    said = conclusion(changed(0.4, effect=UNCLEAR))
    assert said.startswith("Waits over four hours in A&E: no clear effect of entry.")
    assert "A true effect below 2.8 percentage points would be missed more than one time in five" in said


def test_an_effect_in_one_comparison_alone_is_bracketed_and_not_claimed() -> None:
    said = conclusion(changed(effect=CLEAR, cs_not_yet=UNCLEAR))
    assert "no clear effect of entry" in said
    assert (
        "the effect lies between −3.0 and −0.2 where one of them is right, and no direction is claimed"
        in said
    )


@pytest.mark.parametrize(
    ("headline", "later", "said"),
    [
        (CLEAR, CLEAR, "they show the same by themselves"),
        (CLEAR, UNCLEAR, "they do not show it by themselves"),
        (UNCLEAR, Estimate(0.0, 0.9, 11, 12), "they show no clear effect either"),
        (
            UNCLEAR,
            Estimate(0.0, 2.0, 11, 12),
            "they show no clear effect either, but have an interval 2.0 times as wide",
        ),
        (
            UNCLEAR,
            Estimate(0.0, 4.0, 11, 12),
            "they show no clear effect either, but have an interval 4.0 times as wide, and so can say little",
        ),
        (UNCLEAR, CLEAR, "by themselves they show that trusts did better, which all entries together do not"),
        (
            CLEAR,
            OTHER_SIDE,
            "by themselves they show that trusts did worse, which all entries together do not",
        ),
    ],
)
def test_later_entries_are_said_to_agree_only_where_they_do(
    headline: Estimate, later: Estimate, said: str
) -> None:
    assert survivor_words(changed(effect=headline, full_record=later)) == said


def test_a_small_p_value_is_never_nothing() -> None:
    said = [wording.p_words(value) for value in (0.0004, 0.0006, 0.0214)]
    assert said == ["p below 0.001", "p = 0.001", "p = 0.021"]
