"""The courses of the indicators: what a trust would have in each month if it were never in the regime."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from smq.simulation.calendar import MONTHS, PANDEMIC, place, years_gone
from smq.simulation.indicators import PLANTED, Planted
from smq.simulation.streams import Floats, stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smq.simulation.trusts import Trusts

QUALITY_PERSISTENCE = 0.88


def national(planted: Planted) -> Floats:
    """Give the national mean without any effect; shape (months,)."""
    season = planted.season * np.cos(2 * np.pi * (MONTHS.month.to_numpy() - planted.peak) / 12)
    shift = np.where(np.arange(len(MONTHS)) >= place(PANDEMIC), planted.pandemic, 0.0)
    return np.asarray(planted.level + planted.trend * years_gone() + season + shift)


def deviations(trusts: Trusts, seed: int, indicators: Sequence[Planted] = PLANTED) -> dict[str, Floats]:
    """Give by indicator how far each trust is from the national mean; shape (trusts, months).

    The mean over the trusts that have figures is 0 in every month, so that the national course is the planted
    one. Rows of trusts without figures on an indicator are NaN.
    """
    quality = _swing(stream(seed, "quality"), len(trusts), QUALITY_PERSISTENCE)
    found = {}
    for planted in indicators:
        random = stream(seed, f"deviations of {planted.id}")
        lasting = planted.spread * random.normal(size=(len(trusts), 1))
        own = _swing(random, len(trusts), planted.persistence)
        shared = planted.bad * planted.loading
        swing = planted.swing * (shared * quality + np.sqrt(1 - planted.loading**2) * own)
        having = trusts.of(planted.kinds)
        deviation = lasting + swing
        there = trusts.there() & having[:, None]
        deviation -= np.mean(deviation, axis=0, where=there)
        deviation[~having] = np.nan
        found[planted.id] = deviation
    return found


def _swing(random: np.random.Generator, trusts: int, persistence: float) -> Floats:
    """Draw first-order autoregressions with mean 0 and standard deviation 1; shape (trusts, months)."""
    drawn = random.normal(size=(len(MONTHS), trusts))
    drawn[1:] *= np.sqrt(1 - persistence**2)
    for month in range(1, len(MONTHS)):
        drawn[month] += persistence * drawn[month - 1]
    return np.ascontiguousarray(drawn.T)
