"""Randomisation must draw as entry came about, and recompute the estimate itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smq.effects import overalls, permutation
from smq.effects.group_time import NEVER, Controls, group_time
from tests.smq.effects.published import Floats, mpdta


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    controls=st.sampled_from(["never", "not_yet", "at_risk"]),
    adjusted=st.booleans(),
    anticipation=st.integers(0, 1),
)
def test_every_draw_is_what_the_estimator_gives(
    seed: int, controls: Controls, adjusted: bool, anticipation: int
) -> None:
    generator = np.random.default_rng(seed)
    values = generator.normal(size=(25, 9)).cumsum(axis=1)
    values[generator.random(values.shape) < 0.04] = np.nan
    path = values[:, :, None] if adjusted else None
    starts = np.full((3, 25), NEVER)
    for row in starts:
        row[generator.permutation(25)[:8]] = np.repeat([3.0, 5.0], 4)
    options = {"controls": controls, "covariates": path, "anticipation": anticipation}
    fast, errors = permutation.ratios(values, starts, (1, 2), **options)  # type: ignore[arg-type]
    for start, value, error in zip(starts, fast, errors, strict=True):
        slow = overalls.dynamic(
            group_time(values, start, events=(-1, 2), **options),  # type: ignore[arg-type]
            1,
            2,
        )
        assert (value, error) == pytest.approx((slow.value, slow.error), abs=1e-8)


def test_as_many_of_each_stratum_enter_on_each_date_and_nobody_twice() -> None:
    generator = np.random.default_rng(1)
    level = generator.normal(size=(40, 6))
    start = np.full(40, NEVER)
    start[np.argsort(level[:, 1])[-5:]] = 2
    start[np.argsort(np.where(np.isinf(start), level[:, 3], -9))[-4:]] = 4
    drawn, short = permutation.assignments(start, level, 4, 200, seed=1)
    assert short == 0
    assert set(np.unique(drawn)) == {2.0, 4.0, NEVER}
    first = permutation.strata_at(level[:, 1], 4)
    second = permutation.strata_at(level[:, 3], 4)
    for row in drawn:
        assert (
            np.bincount(first[row == 2], minlength=4).tolist()
            == np.bincount(first[start == 2], minlength=4).tolist()
        )
        assert (
            np.bincount(second[row == 4], minlength=4).tolist()
            == np.bincount(second[start == 4], minlength=4).tolist()
        )
    # The worst quarter enters: at the first date its ten trusts take turns.
    assert (drawn == 2).any(axis=0).sum() == 10


def test_a_stratum_that_is_used_up_is_filled_from_its_neighbour() -> None:
    # Strata of two. The worst are 6 and 7, then 5 and 6, then 5 and 7: one of each pair enters.
    level = np.tile(np.arange(8.0)[:, None], (1, 5))
    level[7, 2] = level[6, 3] = 0.5
    start = np.array([NEVER] * 5 + [4.0, 3.0, 2.0])
    drawn, short = permutation.assignments(start, level, 4, 50, seed=1)
    for cohort in (2, 3, 4):
        assert ((drawn == cohort).sum(axis=1) == 1).all()
    # Where 7 entered first and 5 second, neither is left for the third date.
    assert short == int(((drawn[:, 7] == 2) & (drawn[:, 5] == 3)).sum()) > 0


def test_the_same_seed_gives_the_same_draws_and_another_does_not() -> None:
    level = np.random.default_rng(1).normal(size=(30, 5))
    start = np.where(np.arange(30) < 6, 3.0, NEVER)
    one, again, other = (permutation.assignments(start, level, 3, 20, seed)[0] for seed in (7, 7, 8))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_the_p_value_counts_the_observed_estimate() -> None:
    assert permutation.p_value(2.0, np.array([1.0, -3.0, 0.5, 2.0])) == 3 / 5
    assert permutation.p_value(9.0, np.zeros(19)) == 1 / 20


def test_the_minimum_wage_effect_is_as_unlikely_as_when_all_starts_are_permuted() -> None:
    # 0.0105 with 1,999 permutations of all starts: here one stratum, the earliest cohort first.
    values, start, _ = mpdta()
    level: Floats = np.zeros_like(values)
    drawn, _ = permutation.assignments(start, level, 1, 999, seed=20261123)
    observed, _ = permutation.ratios(values, start[None], (0, 3), controls="never")
    draws, _ = permutation.ratios(values, drawn, (0, 3), controls="never")
    assert observed[0] == pytest.approx(-0.0772, abs=5e-5)
    assert 0.002 < permutation.p_value(float(observed[0]), draws) < 0.03
