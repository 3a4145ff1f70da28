"""The truth of an estimate must be what was planted in its trusts and blocks, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from smq.effects.planted import planted
from smq.effects.source import Source, source
from smq.effects.specifications import headline
from smq.simulation.truth import CHALLENGED, SPECIAL_MEASURES
from tests.smq.effects.test_estimate import PLANTED, world, yearly_study

NOTHING: dict[str, list[float]] = {"unit": [], "period": [], "indicator": [], "regime": [], "effect": []}


@cache
def chosen() -> Source:
    known, stays = world()
    found = source(known, stays, yearly_study(), "ae_4h", 24)
    assert isinstance(found, Source)
    return found


def truth(effects: dict[tuple[str, int], float], regime: str = SPECIAL_MEASURES) -> pd.DataFrame:
    """Effects by unit and year."""
    return pd.DataFrame(
        {
            "unit": [unit for unit, _ in effects],
            "period": pd.to_datetime([f"{year}-01-01" for _, year in effects]),
            "indicator": "ae_4h",
            "regime": regime,
            "effect": list(effects.values()),
        }
    )


def test_the_same_effect_in_every_year_is_the_truth() -> None:
    stays = world()[1]
    entered = stays.set_index("ods_code")["entered_on"].dt.year
    effects = {(unit, year): PLANTED for unit, first in entered.items() for year in range(first + 1, 2020)}
    found = planted(chosen(), truth(effects))
    assert found.effect == pytest.approx(PLANTED)
    assert found.comparators == pytest.approx(0)


def test_the_truth_is_a_mean_of_years_over_trusts_and_then_over_years() -> None:
    # Two units away in the first year after entry, one in the second; effects of other years do not count.
    first = chosen().entries.index[:2]
    year = chosen().entries.dt.year
    effects = {(first[0], year[first[0]] + 1): -12.0, (first[1], year[first[1]] + 1): -24.0}
    effects |= {(first[0], year[first[0]] + 2): -48.0}
    effects |= {(first[1], year[first[1]]): -99.0, (first[1], year[first[1]] + 3): -99.0}
    assert planted(chosen(), truth(effects)).effect == pytest.approx((-36 / 12 - 48 / 12) / 2)


def test_what_comparators_carry_is_told_apart() -> None:
    # All comparators fall by 1 from 2014 on, when nine trusts enter later and are compared themselves.
    effects = {(unit, year): -1.0 for unit in chosen().comparators for year in range(2011, 2020)}
    always = planted(chosen(), truth(effects, CHALLENGED))
    assert (always.effect, always.comparators) == pytest.approx((0, 0))
    rows = chosen().rows
    shifted = rows["value"] + np.where(
        rows["unit"].isin(chosen().comparators) & (rows["period"].dt.year >= 2014), -1.0, 0.0
    )
    late = {key: effect for key, effect in effects.items() if key[1] >= 2014}
    told = planted(chosen(), truth(late, CHALLENGED))
    assert told.effect == pytest.approx(0)
    # What it adds to the estimate, with the past that is adjusted for left as it is.
    assert told.comparators > 0.3
    moved = headline(replace(chosen(), rows=rows.assign(value=shifted)).blocks())
    assert moved.value - headline(chosen().blocks()).value == pytest.approx(told.comparators, abs=0.35)


def test_nothing_planted_is_nothing() -> None:
    found = planted(chosen(), pd.DataFrame(NOTHING))
    assert (found.effect, found.comparators) == (0, 0)
