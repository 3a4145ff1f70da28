"""What is planted in a simulated world, as the headline would give it if it were never wrong.

The headline is a mean over trusts and blocks, so the truth is the mean of what is planted in the same trusts
and blocks, with the same weights: effects grow over a year, are partly lost after exit, and differ by what
the window of each trust holds. Trusts that are compared can carry an effect of their own, of being watched as
challenged providers; what that does to the estimate is told beside the truth, and is no part of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.effects import checks, overalls
from smq.effects.group_time import group_time
from smq.simulation.truth import SPECIAL_MEASURES

if TYPE_CHECKING:
    import numpy.typing as npt

    from smq.effects.source import Source

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Planted:
    """effect: the truth of the headline; comparators: what effects on comparators add to the estimate."""

    effect: float
    comparators: float


def planted(source: Source, truth: pd.DataFrame) -> Planted:
    """Give what is planted in the trusts and blocks of the headline, in the unit of the indicator.

    truth: as of `smq.worlds.tidy_folder.TRUTH_COLUMNS`; figures without a row have no effect. Raises
    `ValueError` where the headline has no cell.
    """
    blocks = source.blocks()
    if truth.empty:
        return Planted(0.0, 0.0)
    rows = truth[truth["indicator"] == source.indicator]
    special = _laid_out(source, rows[rows["regime"] == SPECIAL_MEASURES])
    both = _laid_out(source, rows)
    cells = checks.adjusted(blocks)
    effects = [
        float((special[member, cohort + event] - special[member, cohort - 1]).mean())
        for cohort, event, member in zip(cells.cohort, cells.event, cells.member.T, strict=True)
    ]
    effect = overalls.dynamic(replace(cells, att=np.array(effects)), 1, blocks.window).value

    def told(effects: Floats) -> float:
        """Give what the headline makes of figures that are nothing but effects."""
        span = (0, blocks.window)
        given = group_time(effects, blocks.start, controls="at_risk", covariates=blocks.path, events=span)
        return overalls.dynamic(given, 1, blocks.window).value

    return Planted(effect, told(both) - told(special))


def _laid_out(source: Source, truth: pd.DataFrame) -> Floats:
    """Mean effect of each unit and block of the headline: (N, T), NaN where the unit has no figure."""
    effects = truth.astype({"unit": str}).groupby(["unit", "period"])["effect"].sum()
    pairs = pd.MultiIndex.from_arrays([source.rows["unit"].astype(str), source.rows["period"]])
    values = effects.reindex(pairs).fillna(0.0).to_numpy()
    return replace(source, rows=source.rows.assign(value=values)).blocks().outcomes
