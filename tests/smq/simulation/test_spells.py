"""Entry follows a bad run, so a naive comparison is fooled; and an effect is at work when it should be."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

from smq.panel import TRUST_CODE
from smq.reference import load_spells
from smq.simulation.calendar import MONTHS, place
from smq.simulation.challenged import draw_challenged
from smq.simulation.courses import deviations
from smq.simulation.indicators import BY_ID
from smq.simulation.spells import JUDGED_BY, Spell, draw_spells, exposure
from smq.simulation.trusts import NEVER, make_trusts
from smq.simulation.world import World, simulate
from tests.smq.simulation.readings import default_world

WINDOW = 24
JUDGED = [BY_ID[name] for name in JUDGED_BY]


def test_the_record_reads_as_the_real_one_does(files: Path, world: World) -> None:
    spells = load_spells(files / "spells.csv", code_pattern=TRUST_CODE["simulated"])
    assert len(spells) == len(world.spells)
    assert set(spells["ended"]) <= {"left", "merged", "open"}
    assert spells["entered_on"].is_monotonic_increasing


def test_the_demo_has_spells_of_every_kind() -> None:
    world = default_world()
    # 0.19 of 160 trusts, as the published share of trusts in the regime is about a sixth.
    assert len(world.spells) == 30
    ended = Counter("merged" if spell.merged else spell.exited is None for spell in world.spells)
    assert ended["merged"] == 1
    assert ended[True] >= 1
    assert any(spell.returned for spell in world.spells)
    assert sum(spell.entered == date(2013, 7, 18) for spell in world.spells) == 8
    assert len({spell.entered.year for spell in world.spells}) >= 6
    acute = sum(world.trusts.kinds[spell.trust] in ("acute", "combined") for spell in world.spells)
    assert acute >= 20


def test_the_worst_of_the_year_before_enter(world: World) -> None:
    ranks = []
    for spell in world.spells:
        month = place(spell.entered)
        run = world.score[:, month - 12 : month].mean(axis=1)
        ranks.append(float((run > run[spell.trust]).mean()))
    # Those inside already are worse, so that later ones are only among the worst.
    assert np.median(ranks) < 0.1
    assert max(ranks) < 0.4


def naive_p_value(trusts: int, seed: int, indicator: str) -> tuple[float, float]:
    """Compare 24 months after entry with 24 before, gap to the national mean, without any effect."""
    drawn = make_trusts(trusts, seed)
    apart = deviations(drawn, seed, JUDGED)
    _, spells = draw_spells(drawn, apart, seed)
    changes = []
    for spell in spells:
        month, gap = place(spell.entered), apart[indicator][spell.trust]
        if not np.isnan(gap[0]) and month + WINDOW < len(MONTHS):
            changes.append(gap[month + 1 : month + 1 + WINDOW].mean() - gap[month - WINDOW : month].mean())
    return float(np.mean(changes)), float(stats.ttest_1samp(changes, 0).pvalue)


def test_a_naive_comparison_of_trusts_without_effect_is_fooled() -> None:
    """In at least half of 200 worlds it finds a significant improvement that is not there."""
    fooled = [
        change < 0 and p < 0.05 for change, p in (naive_p_value(110, seed, "ae_4h") for seed in range(200))
    ]
    assert np.mean(fooled) >= 0.5


def test_dates_that_were_drawn_at_random_fool_nobody() -> None:
    """The test above would mean nothing if the comparison rejected whatever it is given."""
    rejected = []
    for seed in range(200):
        drawn = make_trusts(110, seed)
        gaps = deviations(drawn, seed, [BY_ID["ae_4h"]])["ae_4h"]
        random = np.random.default_rng(seed)
        having = np.flatnonzero(~np.isnan(gaps[:, 0]))
        chosen = random.choice(having, 20, replace=False)
        months = random.integers(WINDOW, len(MONTHS) - WINDOW - 1, 20)
        changes = [
            gaps[trust, month + 1 : month + 1 + WINDOW].mean() - gaps[trust, month - WINDOW : month].mean()
            for trust, month in zip(chosen, months, strict=True)
        ]
        rejected.append(stats.ttest_1samp(changes, 0).pvalue < 0.05)
    assert np.mean(rejected) < 0.1


def test_what_is_planted_changes_no_spell() -> None:
    with_effects, without = simulate(60, 4), simulate(60, 4, effects=False)
    assert with_effects.spells == without.spells
    assert with_effects.challenged == without.challenged


def spell(entered: date, exited: date | None) -> Spell:
    return Spell(0, entered, exited, returned=False, merged=False)


def test_exposure_by_hand() -> None:
    share = exposure(2, [spell(date(2014, 1, 15), date(2016, 1, 15))], 0.5)
    january = place(date(2014, 1, 1))
    # Nothing in the month of entry, a twelfth in the next, all of it after twelve.
    assert share[0, january] == 0
    assert share[0, january + 1] == pytest.approx(1 / 12)
    assert share[0, january + 6] == pytest.approx(0.5)
    assert share[0, january + 12] == pytest.approx(1)
    assert share[0, january + 24] == pytest.approx(1)
    # From the month after exit a half is lost in twelve steps, and no more.
    assert share[0, january + 25] == pytest.approx(1 - 1 / 24)
    assert share[0, january + 36] == pytest.approx(0.5)
    assert share[0, -1] == pytest.approx(0.5)
    assert not share[1].any()


def test_a_trust_that_comes_back_goes_on_from_where_it_was() -> None:
    twice = [spell(date(2014, 1, 15), date(2014, 7, 15)), spell(date(2016, 1, 15), None)]
    share = exposure(1, twice, 0.0)
    january = place(date(2014, 1, 1))
    assert share[0, january + 6] == pytest.approx(0.5)
    # A half was reached, and is lost in twelve steps of a twelfth of it.
    assert share[0, january + 12] == pytest.approx(0.25)
    assert share[0, january + 24] == 0
    assert share[0, january + 25] == pytest.approx(1 / 12)
    assert share[0, -1] == pytest.approx(1)


def test_challenged_providers_are_never_in_the_regime(world: World) -> None:
    inside = {one.trust for one in world.spells}
    watched = [one.trust for one in world.challenged]
    assert watched
    assert len(set(watched)) == len(watched)
    assert not inside & set(watched)
    assert all(world.trusts.dissolved[trust] == NEVER for trust in watched)
    assert all(one.exited is not None and one.exited > one.entered for one in world.challenged)


def test_challenged_providers_are_bad_ones(world: World) -> None:
    runs = []
    for one in world.challenged:
        month = place(one.entered)
        runs.append(world.score[one.trust, month - 12 : month].mean())
    assert np.mean(runs) > 0.5
    again = draw_challenged(
        world.trusts, world.spells, deviations(make_trusts(60, world.seed), world.seed), world.seed
    )
    assert again == world.challenged
