"""Ratings of the fictional trusts by inspection, as the regulator of this world would have published them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from smq.simulation.calendar import MONTHS, place
from smq.simulation.streams import stream

if TYPE_CHECKING:
    from smq.simulation.streams import Floats
    from smq.simulation.world import World

WORDS = ("Outstanding", "Good", "Requires improvement", "Inadequate")
DOMAINS = ("Safe", "Effective", "Caring", "Responsive", "Well-led")
FIRST_RATED, LAST_RATED = date(2014, 1, 15), date(2021, 11, 30)
_UP_TO = (0.05, 0.48, 0.965)
"""Shares of trusts rated outstanding; at least good; at least requires improvement."""


@dataclass(frozen=True)
class Rating:
    """What one inspection found. `overall` and `domains` are places in `WORDS`."""

    trust: int
    published: date
    overall: int
    domains: tuple[int, ...]


def draw_ratings(world: World, score: Floats) -> list[Rating]:
    """Draw all ratings, by day: from how bad a trust looks then; inadequate at entry, better at exit.

    `score`: how bad each trust looks; shape (trusts, months).
    """
    random = stream(world.seed, "ratings")
    rank = np.argsort(np.argsort(score, axis=0), axis=0) / len(world.trusts)
    spells = {
        trust: [spell for spell in world.spells if spell.trust == trust] for trust in range(len(world.trusts))
    }
    found = []
    for trust in range(len(world.trusts)):
        day = FIRST_RATED + timedelta(days=int(random.integers(0, 880)))
        while day <= LAST_RATED and place(day) < world.trusts.dissolved[trust]:
            inside = any(
                spell.entered - timedelta(60) <= day <= (spell.exited or LAST_RATED)
                for spell in spells[trust]
            )
            overall = int(np.searchsorted(_UP_TO, rank[trust, min(place(day), len(MONTHS) - 1)]))
            drawn = _domains(random, overall)
            if not inside:
                # Inadequate overall without the regime is rare, and not of this world.
                found.append(Rating(trust, day, min(overall, 2), tuple(min(domain, 2) for domain in drawn)))
            day += timedelta(days=int(random.integers(560, 1_000)))
        for spell in spells[trust]:
            before = spell.entered - timedelta(days=int(random.integers(10, 40)))
            drawn = _domains(random, 3)
            if before >= FIRST_RATED:
                found.append(Rating(trust, before, 3, (*drawn[:4], 3)))
            better = 2 - int(random.random() < 0.35)
            drawn = _domains(random, better)
            if spell.exited is not None and not spell.merged and spell.exited > FIRST_RATED:
                after = spell.exited - timedelta(days=int(random.integers(3, 25)))
                found.append(Rating(trust, after, better, tuple(min(domain, 2) for domain in drawn)))
    return sorted(found, key=lambda rating: (rating.published, rating.trust))


def _domains(random: np.random.Generator, overall: int) -> tuple[int, ...]:
    """Draw the five domains about the rating overall; at least one is as bad."""
    drawn = np.clip(overall + random.choice((-1, 0, 0, 1), len(DOMAINS)), 1, min(overall + 1, 3))
    drawn[0] = overall
    return tuple(int(domain) for domain in drawn)
