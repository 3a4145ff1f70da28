"""Bounds by relative magnitudes must be the published ones, which not all intervals of that name are."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smq.effects import overalls
from smq.effects.group_time import NEVER, group_time
from smq.effects.relative_magnitudes import intervals
from tests.smq.effects.published import Floats, medicaid

NORMAL_95 = 1.959964


@cache
def expansion() -> tuple[Floats, Floats]:
    """Event study of the Medicaid expansion of 2014, 2008 to 2015, as fixest fits it: effects, covariance."""
    table = medicaid()
    table = table[(table["year"] < 2016) & (table["yexp2"] != 2015)]
    values = table.pivot_table("dins", "stfips", "year").to_numpy()
    expanded = (table.groupby("stfips")["yexp2"].first() == 2014).to_numpy()
    start = np.where(expanded, 6.0, NEVER)
    averages = overalls.by_event(group_time(values, start, controls="never")).values()
    influence = np.column_stack([one.influence for one in averages])
    states, figures = len(values), values.size
    # fixest's factor: 7 effects and 8 years; fixed effects of states are nested in the clusters.
    factor = states / (states - 1) * (figures - 1) / (figures - 7 - 8)
    effects = np.array([one.value for one in averages])
    return effects, influence.T @ influence / states**2 * factor


def test_the_example_of_the_r_package() -> None:
    # README of HonestDiD, first year after expansion: robust at 1.5 times, no more at twice.
    published = {
        0.5: (0.0240, 0.0672),
        1.0: (0.0170, 0.0720),
        1.5: (0.00824, 0.0797),
        2.0: (-0.000916, 0.0881),
    }
    found = intervals(*expansion(), 5, np.array([1.0, 0.0]), tuple(published), seed=1)
    assert {one.magnitude: (one.low, one.high) for one in found} == {
        size: pytest.approx(ends, abs=5e-4) for size, ends in published.items()
    }
    assert found[-2].low > 0 > found[-1].low


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.sampled_from([1e-3, 7.0, 1e4]))
def test_the_unit_changes_nothing_and_more_change_widens(seed: int, scale: float) -> None:
    generator = np.random.default_rng(seed)
    root = generator.normal(size=(6, 6))
    effects, covariance = generator.normal(size=6) * 3, root @ root.T + np.eye(6)
    weight, sizes = np.array([0.0, 0.5, 0.5]), (0.0, 0.5, 1.0)
    plain = intervals(effects, covariance, 3, weight, sizes, seed=1)
    scaled = intervals(scale * effects, scale**2 * covariance, 3, weight, sizes, seed=1)
    for one, other in zip(plain, scaled, strict=True):
        assert (other.low, other.high) == pytest.approx((scale * one.low, scale * one.high))
    widths = [one.high - one.low for one in plain]
    assert widths == sorted(widths)


def test_without_any_change_it_is_about_the_usual_interval() -> None:
    effects, covariance = np.array([0.1, -0.1, 2.0, 3.0]), np.diag([0.01, 0.01, 0.25, 0.25])
    (found,) = intervals(effects, covariance, 2, np.array([1.0, 0.0]), (0.0,), seed=1)
    assert found.low == pytest.approx(2 - NORMAL_95 * 0.5, abs=0.03)
    assert found.high == pytest.approx(2 + NORMAL_95 * 0.5, abs=0.03)


def test_known_trends_widen_it_by_what_they_allow() -> None:
    # Next to no error: the largest change before entry is 0.4, and each step after it may add as much.
    effects, covariance = np.array([0.0, 0.4, 5.0, 6.0]), 1e-8 * np.eye(4)
    for weight, allowed in (((1.0, 0.0), 0.4), ((0.0, 1.0), 0.8), ((0.5, 0.5), 0.6)):
        (found,) = intervals(effects, covariance, 2, np.array(weight), (1.0,), seed=1)
        value = float(np.array(weight) @ effects[2:])
        assert (found.low, found.high) == pytest.approx((value - allowed, value + allowed), abs=2e-3)


def test_without_a_period_before_the_base_there_is_nothing_to_compare_with() -> None:
    with pytest.raises(ValueError, match="no change to compare with"):
        intervals(np.ones(2), np.eye(2), 0, np.array([1.0, 0.0]), (1.0,), seed=1)
