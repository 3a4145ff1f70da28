"""Challenged providers: trusts watched because they are at risk of the regime. Their list is confidential."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from smq.simulation.calendar import place
from smq.simulation.spells import BAD_RUN, Spell, score_of
from smq.simulation.streams import Floats, stream
from smq.simulation.trusts import NEVER, Trusts

_SHARE = 0.13
"""Challenged providers for each trust of the world."""
_DAYS = (date(2014, 3, 1), date(2019, 9, 1))


def draw_challenged(
    trusts: Trusts, spells: list[Spell], deviations: dict[str, Floats], seed: int
) -> list[Spell]:
    """Draw who is watched and when: bad ones that never enter the regime, by day on which it begins."""
    random = stream(seed, "challenged")
    score = score_of(trusts, deviations)
    free = trusts.dissolved == NEVER
    free[[spell.trust for spell in spells]] = False
    number = min(round(_SHARE * len(trusts)), int(free.sum()) // 2)
    days = np.sort(random.integers(0, (_DAYS[1] - _DAYS[0]).days, number))
    watched = []
    for since in days:
        day = _DAYS[0] + timedelta(days=int(since))
        month = place(day)
        run = score[:, month - BAD_RUN : month].mean(axis=1) + random.normal(0, 0.8, len(trusts))
        pool = np.flatnonzero(free)
        trust = int(pool[np.argmax(run[pool])])
        free[trust] = False
        until = day + timedelta(days=int(random.integers(240, 900)))
        watched.append(Spell(trust, day, until, returned=False, merged=False))
    return watched
