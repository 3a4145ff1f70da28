"""A word must never say more than the interval."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smq import wording
from smq.statistics.estimates import Estimate


def estimate(value: float, half: float) -> Estimate:
    """An estimate whose 95% interval is value ± half (the normal quantile is that of very many clusters)."""
    return Estimate(value, half / 1.959964, 1e9, 10)


@pytest.mark.parametrize(
    ("interval", "down", "up"),
    [
        ((1, 2), "worse than", "better than"),
        ((-2, -1), "better than", "worse than"),
        ((-1, 2), "not clearly different from", "not clearly different from"),
        ((0, 2), "not clearly different from", "not clearly different from"),
    ],
)
def test_compared(interval: tuple[float, float], down: str, up: str) -> None:
    assert wording.compared(interval, "down") == down
    assert wording.compared(interval, "up") == up


def test_relative_and_changed() -> None:
    assert [wording.relative(interval, "down") for interval in ((-2, -1), (1, 2), (-1, 1))] == [
        "better",
        "worse",
        "no different",
    ]
    assert [wording.changed(interval) for interval in ((-2, -1), (1, 2), (-1, 1))] == [
        "fell",
        "rose",
        "did not clearly change",
    ]
    assert (wording.better_word("up"), wording.better_word("down")) == ("higher", "lower")


@pytest.mark.parametrize(
    ("before", "after", "change", "word"),
    [
        ((4, 1), (2, 1), (-2, 1), "narrowed"),
        ((-4, 1), (-2, 1), (2, 1), "narrowed"),
        ((2, 1), (4, 1), (2, 1), "widened"),
        ((-2, 1), (-4, 1), (-2, 1), "widened"),
        ((4, 1), (2, 1), (-2, 3), "did not clearly change"),
        ((4, 1), (-4, 1), (-8, 1), "reversed"),
        ((0.1, 1), (-4, 1), (-4.1, 1), "moved in the trusts' favour"),
        ((0.1, 1), (4, 1), (3.9, 1), "moved against the trusts"),
        # From 0.1 worse to 0.1 better: "widened" or "narrowed" would hide that it is better.
        ((0.08, 0.1), (-0.11, 0.2), (-0.19, 0.1), "moved in the trusts' favour"),
        ((4, 1), (-0.5, 1), (-4.5, 1), "narrowed"),
        ((1, 0.5), (-3, 4), (-4, 3), "moved in the trusts' favour"),
    ],
)
def test_gap_change(
    before: tuple[float, float], after: tuple[float, float], change: tuple[float, float], word: str
) -> None:
    found = wording.gap_change(estimate(*before), estimate(*after), estimate(*change), "down")
    assert found == word


def test_whom_a_gap_moved_for_depends_on_what_is_better() -> None:
    opened = estimate(0.1, 1), estimate(4, 1), estimate(3.9, 1)
    assert wording.gap_change(*opened, "up") == "moved in the trusts' favour"
    assert wording.gap_change(*opened, "down") == "moved against the trusts"


@given(st.floats(-10, 10), st.floats(-10, 10), st.floats(0, 10))
def test_a_change_whose_interval_holds_zero_is_never_given_a_direction(
    before: float, after: float, beyond: float
) -> None:
    change = estimate(after - before, abs(after - before) + beyond + 0.01)
    word = wording.gap_change(estimate(before, 0.1), estimate(after, 0.1), change, "up")
    assert word == "did not clearly change"
