"""Simulated worlds with two regimes: the worst trusts enter one, the next worst are put on a list.

Run as a module it prints how well both effects are recovered: `python -m tests.smq.effects.two_regimes`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from smq.effects import checks, overalls
from smq.effects.challenged import at_risk_of_both, without_watched
from smq.effects.cohorts import Blocks
from smq.effects.group_time import NEVER, group_time

if TYPE_CHECKING:
    import numpy.typing as npt

    from smq.statistics.estimates import Estimate

    Floats = npt.NDArray[np.float64]

TRUSTS, LENGTH, WINDOW = 150, 18, 4
REGIME, LIST = -3.0, -1.0
"""Effects from the block after entry on, for good."""


@dataclass(frozen=True, eq=False)
class World:
    """Figures by half-year, (N, T), and the columns in which trusts enter the regime and come on the list."""

    values: Floats
    regime: Floats
    listed: Floats

    def blocks(self, start: Floats) -> Blocks:
        """Lay the figures out around one of the two."""
        return Blocks(tuple(f"U{unit:03d}" for unit in range(TRUSTS)), self.values, start, 0, 6, WINDOW)


def world(seed: int) -> World:
    """Draw one. In nine half-years two trusts each enter the regime, watched or not, and three are listed."""
    random = np.random.default_rng(seed)
    level, rest = random.normal(0, 2, TRUSTS), random.normal(0, 3, TRUSTS)
    regime, listed = np.full(TRUSTS, NEVER), np.full(TRUSTS, NEVER)
    values = np.empty((TRUSTS, LENGTH))
    for time in range(LENGTH):
        rest = 0.7 * rest + random.normal(0, 2.1, TRUSTS)
        values[:, time] = level + rest + REGIME * (time > regime) + LIST * (time > listed)
        if 4 <= time <= 12:
            seen = values[:, time - 1 : time + 1].mean(axis=1) + random.normal(0, 1, TRUSTS)
            worst = np.argsort(-seen)
            regime[[unit for unit in worst if np.isinf(regime[unit])][:2]] = time + 1
            free = [unit for unit in worst if np.isinf(regime[unit]) and np.isinf(listed[unit])]
            listed[free[:3]] = time + 1
    return World(values, regime, listed)


def of_list(made: World) -> Estimate:
    """Estimate the effect of the list as the study does."""
    known = overalls.by_event(checks.adjusted(made.blocks(made.regime)))
    effects = {event: average.value for event, average in known.items()}
    cleared, path = at_risk_of_both(made.blocks(made.listed), made.regime, effects)
    span = (1, WINDOW)
    cells = group_time(cleared.outcomes, made.listed, controls="at_risk", covariates=path, events=span)
    return overalls.dynamic(cells, *span).estimate


def of_list_among_the_never_placed(made: World) -> Estimate:
    """Estimate it among trusts that never enter the regime, which chooses by what happened later."""
    never = made.blocks(made.listed).restricted(np.isinf(made.regime))
    return overalls.dynamic(checks.adjusted(never), 1, WINDOW).estimate


def of_regime(made: World) -> Estimate:
    """Estimate the effect of the regime without watched comparators."""
    blocks = made.blocks(made.regime)
    watched = {unit for unit, on in zip(blocks.units, made.listed, strict=True) if np.isfinite(on)}
    found = without_watched(replace(blocks), watched)
    assert found is not None
    return found.estimate


if __name__ == "__main__":
    worlds = [world(seed) for seed in range(int(sys.argv[1]) if len(sys.argv) > 1 else 200)]
    for estimate, truth in ((of_list, LIST), (of_list_among_the_never_placed, LIST), (of_regime, REGIME)):
        found = [estimate(made) for made in worlds]
        bias = np.mean([one.value for one in found]) - truth
        held = np.mean([one.interval[0] <= truth <= one.interval[1] for one in found])
        print(f"{estimate.__name__}: bias {bias:+.2f} of {truth}, the 95% interval holds it in {held:.1%}")
