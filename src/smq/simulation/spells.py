"""Who enters the regime and when: the worst of the twelve months before, so that entry follows a bad run.

Who enters is decided on the courses without any effect: what is planted changes no spell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from smq.simulation.calendar import MONTHS, place
from smq.simulation.indicators import ACUTE, BY_ID, EFFECT_MONTHS
from smq.simulation.streams import Floats, stream
from smq.simulation.trusts import NEVER, Trusts

REGIME_END = date(2021, 7, 13)
BAD_RUN = 12
"""Months before entry over which trusts are judged."""
JUDGED_BY = ("ae_4h", "shmi", "dtoc", "survey_care")
"""Indicators by which the regulator of this world judges; of a trust that lacks some, by the others."""
_LENIENT = 0.85
"""How bad a trust that is not acute looks to the regulator, beside an acute one that is as bad."""
_FIRST_DAY = date(2013, 7, 18)
_FIRST_SHARE = 0.28
"""Share of all spells that begin on the first day."""
_LATER = (date(2013, 11, 1), date(2020, 3, 1))
_SPELLS = 0.19
"""Spells for each trust of the world."""
_RETURNS = 0.15
"""Chance that a later entry is a return, where there is a trust that could."""
_AWAY = 14
"""Months out of the regime before a trust can come back."""


@dataclass(frozen=True)
class Spell:
    """One stay in the regime. `trust` is a place among the trusts."""

    trust: int
    entered: date
    exited: date | None
    returned: bool
    merged: bool

    @property
    def months(self) -> range:
        """Months, as places, that begin after entry and not after exit."""
        end = NEVER if self.exited is None else place(self.exited) + 1
        return range(place(self.entered) + 1, min(end, NEVER))


def draw_spells(trusts: Trusts, deviations: dict[str, Floats], seed: int) -> tuple[Trusts, list[Spell]]:
    """Let trusts enter; give the spells by day of entry, and the trusts, one of which ends by a merger."""
    random = stream(seed, "spells")
    days = _days_of_entry(max(6, round(_SPELLS * len(trusts))), random)
    score = score_of(trusts, deviations)
    merging = {len(days) // 3 + 30 * nth for nth in range(1 + len(days) // 60)}
    spells: list[Spell] = []
    out: dict[int, date | None] = {}
    dissolved, successors = trusts.dissolved.copy(), trusts.successors.copy()
    for nth, day in enumerate(days):
        month = place(day)
        run = score[:, month - BAD_RUN : month].mean(axis=1) + random.normal(0, 0.15, len(trusts))
        wants_back = random.random() < _RETURNS
        stay = int(np.clip(np.exp(random.normal(np.log(25), 0.45)), 9, 66))
        exited: date | None = _months_later(day, stay, int(random.integers(0, 28)))
        back = [trust for trust, left in out.items() if _could_return(left, day, trust, spells)]
        returned = wants_back and bool(back)
        fresh = trusts.dissolved == NEVER
        fresh[list(out)] = False
        pool = np.array(back) if returned else np.flatnonzero(fresh)
        trust = int(pool[np.argmax(run[pool])])
        merged = nth in merging and not returned
        if merged:
            exited = _next_april(_months_later(day, min(stay, 20), 0))
            fresh[trust] = False
            alike = fresh & (np.array(trusts.kinds) == trusts.kinds[trust])
            successors[trust] = int(random.choice(np.flatnonzero(alike if alike.any() else fresh)))
            dissolved[trust] = place(exited)
        if exited is not None and exited > REGIME_END:
            exited = None
        out[trust] = None if merged else exited
        spells.append(Spell(trust, day, exited, returned, merged))
    return replace(trusts, dissolved=dissolved, successors=successors), spells


def _days_of_entry(number: int, random: np.random.Generator) -> list[date]:
    first = round(number * _FIRST_SHARE)
    span = (_LATER[1] - _LATER[0]).days
    strata = np.arange(number - first) + random.random(number - first)
    later = np.floor(span * strata / (number - first))
    return [_FIRST_DAY] * first + [_LATER[0] + timedelta(days=int(days)) for days in later]


def score_of(trusts: Trusts, deviations: dict[str, Floats]) -> Floats:
    """Give how bad a trust looks, in standard deviations among its kind; shape (trusts, months)."""
    parts = [
        BY_ID[name].bad * deviations[name] / np.hypot(BY_ID[name].spread, BY_ID[name].swing)
        for name in JUDGED_BY
    ]
    known = np.array([~np.isnan(part[:, 0]) for part in parts])
    total = np.sum([np.nan_to_num(part) for part in parts], axis=0)
    score = total / np.maximum(known.sum(axis=0), 1)[:, None]
    for kind in set(trusts.kinds):
        rows = trusts.of((kind,))
        score[rows] *= (1.0 if kind in ACUTE else _LENIENT) / max(float(np.std(score[rows])), 1e-9)
    return np.asarray(score)


def _could_return(left: date | None, day: date, trust: int, spells: list[Spell]) -> bool:
    if left is None or (day - left).days < 30 * _AWAY:
        return False
    return sum(spell.trust == trust for spell in spells) == 1


def _months_later(day: date, months: int, days: int) -> date:
    later = pd.Timestamp(day) + pd.DateOffset(months=months) + pd.Timedelta(days=days)
    return date(later.year, later.month, later.day)


def _next_april(day: date) -> date:
    return date(day.year + (day.month > 3), 4, 1)


def exposure(trusts: int, spells: list[Spell], kept: float) -> Floats:
    """Give the share of the full effect that is at work; shape (trusts, months).

    It grows in twelve equal steps from the month after entry. From the month after exit what is not kept is
    lost in as many steps; a trust that comes back goes on from where it was.
    """
    inside = np.zeros((trusts, len(MONTHS)), dtype=bool)
    for spell in spells:
        inside[spell.trust, spell.months] = True
    share = np.zeros((trusts, len(MONTHS)))
    step = 1 / EFFECT_MONTHS
    for trust in sorted({spell.trust for spell in spells}):
        now = reached = 0.0
        for month in range(len(MONTHS)):
            if inside[trust, month]:
                now = reached = min(1.0, now + step)
            else:
                now = max(kept * reached, now - (1 - kept) * reached * step)
            share[trust, month] = now
    return share
