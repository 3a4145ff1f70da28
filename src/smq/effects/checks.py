"""Checks of an estimate: matched comparators, placebo dates, exit, one trust left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from smq.effects import overalls, permutation
from smq.effects.group_time import NEVER, design_at, group_time
from smq.statistics.estimates import Estimate, clustered_mean

if TYPE_CHECKING:
    import numpy.typing as npt

    from smq.effects.cells import Cells
    from smq.effects.cohorts import Blocks

    Floats = npt.NDArray[np.float64]

MATCHES = 5


def adjusted(blocks: Blocks, last: int | None = None) -> Cells:
    """Group-time effects of the headline: trusts at risk as controls, adjusted for what came before entry."""
    return group_time(
        blocks.outcomes,
        blocks.start,
        controls="at_risk",
        covariates=blocks.path,
        events=(-blocks.window, blocks.window if last is None else last),
    )


def matched(blocks: Blocks, matches: int = MATCHES) -> Estimate:
    """Compare each trust that enters with the never-treated ones of the nearest past.

    Nearness is Euclidean over what the headline adjusts for, standardised. The effect of a trust is its mean
    change over the window from the year before entry, minus that of its matches. Raises `ValueError` where
    fewer than two trusts can be matched.
    """
    effects, units, path = [], [], blocks.path
    for unit in np.flatnonzero(blocks.treated):
        start = int(blocks.start[unit])
        before = list(range(start - blocks.lags, start))
        after = list(range(start + 1, start + blocks.window + 1))
        if before[0] < 0 or after[-1] >= blocks.outcomes.shape[1]:
            continue
        past = design_at(blocks.outcomes, path, start - 1)[:, 1:]
        figures = np.hstack([blocks.outcomes[:, before + after], past])
        whole = np.asarray(np.isfinite(figures).all(axis=1))
        others = np.flatnonzero(whole & ~blocks.treated)
        if not whole[unit] or len(others) < matches:
            continue
        spread = past[others].std(axis=0, ddof=1)
        apart = np.sqrt((((past[others] - past[unit]) / spread) ** 2).sum(axis=1))
        nearest = others[np.argsort(apart, kind="stable")[:matches]]
        change = blocks.outcomes[:, after].mean(axis=1) - blocks.outcomes[:, before].mean(axis=1)
        effects.append(float(change[unit] - change[nearest].mean()))
        units.append(blocks.units[unit])
    return clustered_mean(effects, units)


def placebo_date(blocks: Blocks, shift: int) -> Estimate:
    """Estimate the headline as if entry had come `shift` blocks earlier, on figures from before entry alone.

    The mean over the blocks after the placebo entry that lie before the true one. Raises `ValueError`
    where fewer than two trusts have them.
    """
    values = blocks.outcomes.copy()
    for unit in np.flatnonzero(blocks.treated):
        values[unit, int(blocks.start[unit]) :] = np.nan
    early = np.where(blocks.treated, blocks.start - shift, NEVER)
    enough = early >= blocks.lags
    cells = adjusted(replace(blocks, outcomes=values, start=early).restricted(enough), shift - 1)
    return overalls.dynamic(cells, min(1, shift - 1), shift - 1).estimate


def after_exit(blocks: Blocks, exits: Floats, years: int) -> Estimate:
    """Effect of leaving: change from the block before exit, against trusts not in the regime by then.

    exits: (N,) block of the first exit, `NEVER` where there is none. Adjusted for the year before exit and
    the other indicators, because trusts leave after good figures. Near zero: what there was lasted. Raises
    `ValueError` with too few trusts.
    """
    last = years * 12 // blocks.months
    cells = group_time(
        blocks.outcomes,
        exits,
        covariates=blocks.recent,
        control_until=blocks.start,
        events=(1, last),
    )
    return overalls.dynamic(cells, 1, last).estimate


def leave_one_out(blocks: Blocks) -> tuple[float, float]:
    """Smallest and largest headline estimate when one trust that enters is left out."""
    units = np.flatnonzero(blocks.treated)
    starts = np.repeat(blocks.start[None], len(units), axis=0)
    # A unit that started before the first block is neither treated nor a control.
    starts[np.arange(len(units)), units] = -1
    found, _ = permutation.ratios(blocks.outcomes, starts, (1, blocks.window), covariates=blocks.path)
    return float(found.min()), float(found.max())


def not_placed(blocks: Blocks, placed: list[str], others: list[str]) -> tuple[Estimate, Estimate]:
    """Change from the year before to the window after the first entries, of both groups of reviewed trusts.

    Each group minus the mean of all trusts that never enter. The time of entry of `placed` holds for
    `others` too. Raises `ValueError` where a group has fewer than two trusts with figures.
    """
    index = {unit: place for place, unit in enumerate(blocks.units)}
    start = int(min(blocks.start[index[unit]] for unit in placed if unit in index))
    before, after = slice(start - blocks.lags, start), slice(start + 1, start + blocks.window + 1)
    change = blocks.outcomes[:, after].mean(axis=1) - blocks.outcomes[:, before].mean(axis=1)
    change = change - np.nanmean(change[~blocks.treated])

    def mean(units: list[str]) -> Estimate:
        there = [unit for unit in units if unit in index and np.isfinite(change[index[unit]])]
        return clustered_mean([change[index[unit]] for unit in there], there)

    return mean(placed), mean(others)
