"""The gate must hold back what rests on too few trusts, and tell of the rest no more digits than meant."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smq.effects.disclosure import (
    enough,
    release,
    rounded_count,
    rounded_p,
    rounding_step,
)
from smq.statistics.estimates import Estimate

VALUES = st.floats(-1000, 1000)
ERRORS = st.floats(1e-4, 300)


@pytest.mark.parametrize(
    ("trusts", "groups"),
    [(9, ()), (9, (20, 20)), (20, (20, 9)), (20, (20, 0, 50)), (10, (10, 10, 9))],
)
def test_nothing_is_told_behind_which_fewer_than_ten_trusts_stand(trusts: int, groups: tuple[int]) -> None:
    assert release(Estimate(-1.0, 0.5, 9, trusts), groups, 1) is None


def test_ten_trusts_are_enough_and_none_at_all_are_not() -> None:
    assert release(Estimate(-1.0, 0.5, 9, 10), (10, 10), 1) is not None
    assert not enough()


# By hand: half the standard error is 0.25, so estimates go by 0.2; −1.31 lies nearest to −1.4, and the ends
# of −1.31 ∓ 2.262157 × 0.5 = −2.4411 and −0.1789 go outwards to −2.6 and 0.
def test_an_estimate_is_rounded_to_its_step_and_the_interval_outwards() -> None:
    told = release(Estimate(-1.31, 0.5, 9, 12), (12, 11), 1)
    assert told is not None
    assert (told.value, told.interval) == (-1.4, (-2.6, 0.0))
    assert (told.trusts, told.decimals) == (10, 1)


@pytest.mark.parametrize(
    ("error", "decimals", "step"),
    [
        (0.5, 1, 0.2),
        (0.39, 1, 0.1),
        (0.01, 1, 0.1),
        (4.1, 1, 2.0),
        (20, 1, 10.0),
        (0.0171, 3, 0.005),
        (0, 1, 0.1),
    ],
)
def test_the_step_is_a_round_one_of_at_most_half_the_standard_error(
    error: float, decimals: int, step: float
) -> None:
    assert rounding_step(error, decimals) == pytest.approx(step)


@given(VALUES, ERRORS, st.integers(10, 200), st.integers(0, 3))
def test_what_is_told_is_near_and_has_no_digit_beyond_its_step(
    value: float, error: float, trusts: int, decimals: int
) -> None:
    estimate = Estimate(value, error, trusts - 1, trusts)
    told = release(estimate, (trusts,), decimals)
    assert told is not None
    step = rounding_step(error, decimals)
    assert step <= max(error / 2, 10.0**-decimals) * (1 + 1e-9)
    assert abs(told.value - value) <= step / 2 + 1e-9
    low, high = told.interval
    assert low <= estimate.interval[0] + 1e-6
    assert estimate.interval[1] - 1e-6 <= high
    assert high - low < estimate.interval[1] - estimate.interval[0] + 2 * step + 1e-6
    # As decimals, not as floats: what is stored is a whole number of steps, written with few digits.
    for number in (told.value, *told.interval):
        steps = Decimal(repr(number)) / Decimal(f"{step:.12g}")
        assert steps == steps.to_integral_value()
        assert len(repr(abs(number)).rpartition(".")[2]) <= max(1, told.decimals)


@given(VALUES, ERRORS, st.integers(10, 60))
def test_many_estimates_give_the_same(value: float, error: float, trusts: int) -> None:
    told = release(Estimate(value, error, trusts - 1, trusts), (), 1)
    assert told is not None
    step = rounding_step(error, 1)
    middle = round(value / step) * step
    assume(abs(value - middle) < 0.3 * step)
    assert all(
        release(Estimate(value + shift * step, error, trusts - 1, trusts), (), 1).value == told.value  # type: ignore[union-attr]
        for shift in (-0.15, -0.05, 0.05, 0.15)
    )


def test_numbers_of_trusts_go_by_five_and_small_ones_are_not_told() -> None:
    assert [rounded_count(trusts) for trusts in (10, 12, 13, 17, 18, 21, 23)] == [10, 10, 15, 15, 20, 20, 25]
    with pytest.raises(ValueError, match="fewer than 10"):
        rounded_count(9)


@given(st.floats(1e-6, 1))
def test_a_p_value_is_never_told_too_small(p_value: float) -> None:
    told = rounded_p(p_value)
    assert p_value - 1e-9 <= told <= min(1.0, p_value + 0.01 + 1e-9)
    assert math.isclose(told * 100, round(told * 100))
