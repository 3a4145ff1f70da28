"""How often the headline's interval holds the truth, and how often its test errs, over simulated worlds.

Each seed makes one world of the demo's kind twice: with everything planted, and with nothing. The worst
trusts enter, judged on four indicators together. In each the headline is estimated as in a build, for every
indicator, beside two answers that are known to be misled: the unadjusted one, and a comparison of trusts
before and after entry. The accepted table is committed (`ACCEPTED`) with its seeds; the report quotes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq import wording
from smq.effects import checks, overalls, permutation
from smq.effects.group_time import group_time
from smq.effects.permutation import STRATA
from smq.effects.planted import planted
from smq.effects.source import source
from smq.effects.standing import standings
from smq.performance import trajectories
from smq.performance.indicator import Lacking
from smq.simulation.panel import panel_of, spells_of
from smq.simulation.truth import effect_table
from smq.simulation.world import simulate
from smq.spells.follow_up import last_day
from smq.statistics.estimates import LEVEL, clustered_mean
from smq.statistics.threads import one_thread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smq.config import Study
    from smq.effects.source import Source
    from smq.statistics.estimates import Estimate

ACCEPTED = "data/reference/effects_study.csv"
COVERED, SIZE = (92.0, 98.0), (3.0, 7.0)
"""Percent of intervals that should hold the truth, and of tests that may reject where nothing is planted."""
ROW = (
    "seed",
    "indicator",
    "planted",
    "truth",
    "effect",
    "error",
    "low",
    "high",
    "p_value",
    "unadjusted",
    "before_after",
    "trusts",
)
SUMMARY = (
    "indicator",
    "planted",
    "worlds",
    "trusts",
    "truth",
    "bias",
    "bias_error",
    "spread",
    "error",
    "covered",
    "rejected",
    "claimed",
    "unadjusted_rejected",
    "before_after_rejected",
)


def worlds(
    study: Study,
    seeds: Iterable[int],
    trusts: int,
    draws: int,
    indicators: Iterable[str],
    *,
    months: int = 24,
) -> Iterator[tuple[object, ...]]:
    """Estimate every indicator in every world, with and without effects: rows of `ROW`.

    trusts: in each world; draws: of the randomisation, whose seed is that of the world. An indicator of which
    too few trusts enter gives no row. `unadjusted` and `before_after` are −1, 0 or 1: the side of nothing on
    which the whole 95% interval lies.
    """
    for seed in seeds:
        for effects in (True, False):
            world = simulate(trusts, seed, effects=effects)
            panel, spells, truth = panel_of(world), spells_of(world), effect_table(world)
            known = standings(panel, study, last_day(study.regime.cutoff, study.regime.end))
            for indicator in indicators:
                chosen = source(panel, spells, study, indicator, months, known)
                if not isinstance(chosen, Lacking):
                    yield (seed, indicator, effects, *_estimated(chosen, truth, draws, seed))


@one_thread()
def _estimated(source: Source, truth: pd.DataFrame, draws: int, seed: int) -> tuple[object, ...]:
    blocks = source.blocks()
    headline = overalls.dynamic(checks.adjusted(blocks), 1, blocks.window).estimate
    cells = group_time(blocks.outcomes, blocks.start, controls="not_yet", events=(1, blocks.window))
    unadjusted = overalls.dynamic(cells, 1, blocks.window).estimate
    return (
        planted(source, truth).effect,
        headline.value,
        headline.error,
        *headline.interval,
        permutation.randomise(blocks, STRATA, draws, seed).p_value,
        wording.sign(unadjusted.interval),
        wording.sign(before_after(source).interval),
        headline.clusters,
    )


def before_after(source: Source) -> Estimate:
    """Compare trusts before and after entry, as their gap to all trusts: what a first look would do."""
    scale = source.scale
    aligned = trajectories.align(source.rows, source.spells, scale, scale.window)
    gaps = trajectories.add_gap(aligned, trajectories.england(source.rows))
    changes = trajectories.contrast(gaps, (-scale.window, -1), (1, scale.window))
    return clustered_mean(changes["change"], changes["unit"])


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Give a row for each indicator, with effects and without: columns `SUMMARY`.

    `bias_error` is the standard error of the bias over worlds; spread: standard deviation of the estimates;
    error: mean standard error; shares are in percent. Claimed: interval, randomisation and unadjusted
    estimate agree, so that the report would call it an effect.
    """
    lines = []
    for (indicator, effects), part in rows.groupby(["indicator", "planted"], sort=True):
        apart = part["effect"] - part["truth"]
        inside = (part["low"] <= part["truth"]) & (part["truth"] <= part["high"])
        side = np.sign(part["low"]) * (np.sign(part["low"]) == np.sign(part["high"]))
        rejected = part["p_value"] <= 1 - LEVEL
        shares = (
            inside,
            rejected,
            rejected & (side != 0) & (side == part["unadjusted"]),
            part["unadjusted"] != 0,
            part["before_after"] != 0,
        )
        lines.append(
            (
                indicator,
                effects,
                len(part),
                part["trusts"].mean(),
                part["truth"].mean(),
                apart.mean(),
                apart.std() / np.sqrt(len(part)),
                apart.std(),
                part["error"].mean(),
                *(100 * float(share.mean()) for share in shares),
            )
        )
    return pd.DataFrame(lines, columns=list(SUMMARY))


def accepted(rows: pd.DataFrame, trusts: int, draws: int) -> pd.DataFrame:
    """Give `summary` with the seeds behind each row, and the trusts and draws of a world: `ACCEPTED`."""
    seeds = rows.groupby(["indicator", "planted"], sort=True)["seed"]
    return summary(rows).assign(
        first_seed=seeds.min().to_numpy(),
        last_seed=seeds.max().to_numpy(),
        world_trusts=trusts,
        draws=draws,
    )
