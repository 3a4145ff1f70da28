"""The whole simulated world from one seed: trusts, spells, challenged providers, figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from smq.simulation import figures as counted
from smq.simulation.challenged import draw_challenged
from smq.simulation.courses import deviations, national
from smq.simulation.indicators import PLANTED
from smq.simulation.spells import Spell, draw_spells, exposure, score_of
from smq.simulation.trusts import Trusts, make_trusts

if TYPE_CHECKING:
    from smq.simulation.figures import Figures
    from smq.simulation.streams import Counts, Floats

ORIGIN = "simulated"


@dataclass(frozen=True)
class World:
    """All that is true of a world, and the figures that can be seen."""

    seed: int
    trusts: Trusts
    spells: list[Spell]
    challenged: list[Spell]
    figures: dict[str, Figures]
    """By indicator."""
    beds_available: Counts
    """Average of each quarter; shape (trusts, quarters)."""
    beds_occupied: Counts
    score: Floats
    """How bad each trust looks to the regulator without any effect; shape (trusts, months)."""
    effects: dict[str, Floats]
    """What the regime adds, by indicator, before bounds; shape (trusts, months)."""
    watched_effects: dict[str, Floats]
    """What it adds to be a challenged provider; likewise."""


def simulate(trusts: int, seed: int, *, effects: bool = True) -> World:
    """Make a world. The same seed gives the same world; without `effects`, one in which nothing is planted.

    Raises `ValueError` where `trusts` is not between 10 and 5,000.
    """
    drawn = make_trusts(trusts, seed)
    apart = deviations(drawn, seed)
    everyone, spells = draw_spells(drawn, apart, seed)
    watched = draw_challenged(everyone, spells, apart, seed)
    score = score_of(everyone, apart)
    available, occupied = counted.beds(everyone, seed)
    days = counted.occupied_days(occupied)
    attention = exposure(trusts, watched, 0.0)
    at_work = {kept: exposure(trusts, spells, kept) for kept in sorted({one.kept for one in PLANTED})}
    figures, planted_effects, watched_effects = {}, {}, {}
    for planted in PLANTED:
        added = planted.effect * effects * at_work[planted.kept]
        watching = planted.watched * effects * attention
        values = apart.pop(planted.id)
        values += national(planted)[None, :] + added + watching
        np.clip(values, planted.low, planted.high, out=values)
        planted_effects[planted.id], watched_effects[planted.id] = added, watching
        if counted.is_yearly(planted.id):
            figures[planted.id] = counted.count_years(planted, values, everyone, seed)
        else:
            figures[planted.id] = counted.count_months(planted, values, everyone, days, seed)
    return World(
        seed, everyone, spells, watched, figures, available, occupied, score, planted_effects, watched_effects
    )
