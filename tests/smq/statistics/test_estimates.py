"""Intervals must be those of the textbook in the simple case, and account for clusters in the others."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smq.statistics.estimates import Estimate, clustered_mean, difference


def test_one_observation_a_cluster_is_the_ordinary_t_interval() -> None:
    # Mean 3, standard deviation sqrt(2.5), n = 5: 3 ± 2.776445 × 0.707107.
    estimate = clustered_mean([1, 2, 3, 4, 5], list("abcde"))
    assert estimate.value == 3
    assert estimate.interval == pytest.approx((1.036757, 4.963243), abs=1e-6)


def test_two_observations_of_one_cluster_are_not_two_clusters() -> None:
    # Deviations from the mean 3: cluster a −1 −1, b +2; variance ((−2/3)² + (2/3)²) × 2/1 = 16/9.
    estimate = clustered_mean([2, 2, 5], ["a", "a", "b"])
    assert estimate.error == pytest.approx(4 / 3)
    assert (estimate.freedom, estimate.clusters) == (1, 2)


def test_weights() -> None:
    # Weights 3/4 and 1/4: mean 1; sums 3/4 × −1 and 1/4 × 3; variance (9/16 + 9/16) × 2 = 9/4.
    estimate = clustered_mean([0, 4], ["a", "b"], [3, 1])
    assert estimate.value == 1
    assert estimate.error == pytest.approx(1.5)


def test_one_cluster_has_no_interval() -> None:
    with pytest.raises(ValueError, match="at least two clusters"):
        clustered_mean([1, 2], ["a", "a"])


def test_welch() -> None:
    # Welch's formula for standard errors 3 and 4 on 4 and 9 degrees: 25² / (81/4 + 256/9) = 12.836.
    estimate = difference(Estimate(5, 3, 4, 5), Estimate(2, 4, 9, 10))
    assert (estimate.value, estimate.error) == (3, 5)
    assert estimate.freedom == pytest.approx(625 / (81 / 4 + 256 / 9))


def test_no_spread_is_no_interval_of_nan() -> None:
    same = clustered_mean([2, 2], ["a", "b"])
    assert same.interval == (2, 2)
    assert difference(same, same).interval == (0, 0)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=20), st.floats(-100, 100))
def test_a_shift_moves_the_interval_and_keeps_its_width(values: list[float], shift: float) -> None:
    names = [str(place) for place in range(len(values))]
    one = clustered_mean(values, names)
    other = clustered_mean([value + shift for value in values], names)
    assert math.isclose(other.value, one.value + shift, abs_tol=1e-6)
    assert math.isclose(other.error, one.error, abs_tol=1e-6)
