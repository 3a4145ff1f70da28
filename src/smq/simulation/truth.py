"""The truth about a simulated world, for tests and the validation appendix: nothing else may read it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.simulation.calendar import MONTHS, YEARS, place
from smq.simulation.figures import is_yearly, periods_of, year_of
from smq.simulation.indicators import EFFECT_MONTHS, PLANTED
from smq.worlds.tidy_folder import TRUTH_COLUMNS

if TYPE_CHECKING:
    from smq.simulation.streams import Floats
    from smq.simulation.world import World

SPECIAL_MEASURES, CHALLENGED = "special measures", "challenged provider"
REACH = 48
"""Months before and after entry of which the mean planted effect is told."""
_LEFT_OUT = ("id", "kinds", "first", "last", "low", "high", "size", "clump")


def parameter_table(world: World) -> pd.DataFrame:
    """Give what is planted: columns indicator, quantity, value, in the unit of the indicator.

    `mean_effect_1_24` is the mean of the planted effect over the months 1 to 24 after the month of entry, and
    `mean_effect_next_year` that of the year after the year of entry, over the spells that have figures then.
    """
    lines: list[tuple[str, str, float]] = []
    for planted in PLANTED:
        told = {name: float(value) for name, value in asdict(planted).items() if name not in _LEFT_OUT}
        told["effect_months"] = EFFECT_MONTHS
        told["mean_effect_1_24"] = mean_effect(world, planted.id, range(1, 25))
        if is_yearly(planted.id):
            told["mean_effect_next_year"] = mean_effect_of_next_year(world, planted.id)
        lines += [(planted.id, quantity, value) for quantity, value in told.items()]
    return pd.DataFrame(lines, columns=["indicator", "quantity", "value"])


def effect_table(world: World) -> pd.DataFrame:
    """Give what is planted in each figure that has anything planted: columns `TRUTH_COLUMNS`.

    Unit, period and indicator are those of the panel; the effect is in the unit of the indicator. A figure
    without a row has no effect.
    """
    tables = []
    for planted in PLANTED:
        for regime, effects in (
            (SPECIAL_MEASURES, world.effects[planted.id]),
            (CHALLENGED, world.watched_effects[planted.id]),
        ):
            periods, added = _by_period(planted.id, effects)
            trusts, places = np.nonzero(world.figures[planted.id].reported & (added != 0))
            columns = {
                "unit": np.array(world.trusts.codes)[trusts],
                "period": periods[places],
                "indicator": planted.id,
                "regime": regime,
                "effect": np.round(added[trusts, places], 12),
            }
            tables.append(pd.DataFrame(columns, columns=TRUTH_COLUMNS))
    return pd.concat(tables, ignore_index=True)


def _by_period(indicator: str, effects: Floats) -> tuple[pd.DatetimeIndex, Floats]:
    """Give the first days of an indicator's periods, and its effects in them; shape (trusts, periods)."""
    if is_yearly(indicator):
        years = [effects[:, year_of(indicator, year)].mean(axis=1) for year in YEARS]
        effects = np.stack(years, axis=1)
    return periods_of(indicator), effects


def event_table(world: World) -> pd.DataFrame:
    """Give the mean planted effect by indicator and month from entry, and how many spells it is over."""
    lines = []
    for planted in PLANTED:
        for month in range(-12, REACH + 1):
            effects = _effects_at(world, planted.id, [month])
            mean = float(np.mean(effects)) if effects.size else np.nan
            lines.append((planted.id, month, len(effects), mean))
    return pd.DataFrame(lines, columns=["indicator", "month", "spells", "effect"])


def mean_effect(world: World, indicator: str, months: range) -> float:
    """Give the mean planted effect over months from entry, of spells whose trust is there in all of them."""
    effects = _effects_at(world, indicator, list(months))
    return float(np.mean(effects)) if effects.size else float("nan")


def mean_effect_of_next_year(world: World, indicator: str) -> float:
    """Give the mean planted effect in the year after that of entry, over spells with figures then."""
    figures, found = world.figures[indicator], []
    for spell in world.spells:
        year = spell.entered.year + 1 - (indicator in ("agency", "turnover") and spell.entered.month < 4)
        if year in YEARS and figures.reported[spell.trust, year - YEARS[0]]:
            found.append(world.effects[indicator][spell.trust, year_of(indicator, year)].mean())
    return float(np.mean(found)) if found else float("nan")


def _effects_at(
    world: World, indicator: str, months: list[int]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    reported = np.flatnonzero(world.figures[indicator].reported.any(axis=1))
    rows = [
        world.effects[indicator][spell.trust, [place(spell.entered) + month for month in months]]
        for spell in world.spells
        if spell.trust in reported
        and place(spell.entered) + months[0] >= 0
        and place(spell.entered) + months[-1] < min(len(MONTHS), world.trusts.dissolved[spell.trust])
    ]
    return np.array(rows)
