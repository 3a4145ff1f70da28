"""The figures of a world as a panel, without the way through raw files: for studies of many worlds.

Files round, mark and leave out a little, so that a panel that was read from them differs in the last digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.simulation.calendar import MONTHS
from smq.simulation.figures import is_yearly, periods_of
from smq.simulation.record_files import spell_table
from smq.simulation.world import ORIGIN

if TYPE_CHECKING:
    from smq.simulation.world import World

_SCALE = {"shmi": 1, "dtoc": 1000}
"""Numerator over denominator times so much is the value; a percentage where nothing is said."""


def panel_of(world: World) -> pd.DataFrame:
    """Give indicators and beds available as of `smq.panel`, without its columns on publication and source."""
    parts = []
    for indicator, figures in world.figures.items():
        trusts, places = np.nonzero(figures.reported)
        numerator, denominator = (
            counts[trusts, places].astype(float) for counts in (figures.numerator, figures.denominator)
        )
        columns = {
            "unit": np.array(world.trusts.codes)[trusts],
            "period": periods_of(indicator)[places],
            "period_length": "year" if is_yearly(indicator) else "month",
            "indicator": indicator,
            "numerator": numerator,
            "denominator": denominator,
            "value": _SCALE.get(indicator, 100) * numerator / denominator,
            "origin": ORIGIN,
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat([*parts, _beds(world)], ignore_index=True)


def _beds(world: World) -> pd.DataFrame:
    trusts, quarters = np.nonzero(world.beds_available)
    return pd.DataFrame(
        {
            "unit": np.array(world.trusts.codes)[trusts],
            "period": MONTHS[::3][quarters],
            "period_length": "quarter",
            "indicator": "beds_available",
            "value": world.beds_available[trusts, quarters].astype(float),
            "origin": ORIGIN,
        }
    )


def spells_of(world: World) -> pd.DataFrame:
    """Give the spells as `smq.reference.load_spells` reads them."""
    table = spell_table(world)
    exits = table["exited_on"].replace("", None)
    return table.assign(entered_on=pd.to_datetime(table["entered_on"]), exited_on=pd.to_datetime(exits))
