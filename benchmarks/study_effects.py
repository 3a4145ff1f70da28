"""How often the headline's interval holds the truth, and how often its test errs, over simulated worlds.

Each world is that of `smq.simulation` with sixty trusts, once with the planted effect on waits in A&E and
once without: the worst trusts enter. Writes a CSV file with a row for each seed and effect:

    python benchmarks/study_effects.py --first 1 --seeds 500 --draws 499 study.csv
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from smq.config import load_study
from smq.effects import overalls, permutation
from smq.effects.checks import adjusted
from smq.effects.cohorts import Blocks, blocks, past
from smq.effects.estimate import STRATA
from smq.effects.group_time import group_time
from smq.estimates import clustered_mean
from smq.simulation.calendar import MONTHS, place
from smq.simulation.indicators import BY_ID
from smq.simulation.world import World, simulate
from smq.timescale import Timescale

STUDY = Path(__file__).parents[1] / "config" / "study.yaml"
TRUSTS, INDICATOR = 60, "ae_4h"
LAST_ENTRY = date(2018, 12, 1)
"""Entries from here on cannot be followed for 24 months."""


def entries(world: World) -> dict[int, date]:
    """Day of first entry by place of the trust, of trusts that can be followed."""
    reporting = np.flatnonzero(world.figures[INDICATOR].reported.any(axis=1))
    first: dict[int, date] = {}
    for spell in world.spells:
        if spell.trust in reporting:
            first.setdefault(spell.trust, spell.entered)
    return {trust: day for trust, day in first.items() if day < LAST_ENTRY}


def laid_out(world: World) -> Blocks:
    """Lay out the blocks of a world."""
    figures = world.figures[INDICATOR]
    trusts, months = np.nonzero(figures.reported)
    counts = figures.numerator[trusts, months] / figures.denominator[trusts, months]
    rows = pd.DataFrame(
        {"unit": np.array(world.trusts.codes)[trusts], "period": MONTHS[months], "value": 100 * counts}
    )
    entered = pd.Series(
        {world.trusts.codes[trust]: pd.Timestamp(day) for trust, day in entries(world).items()}
    )
    touched = {world.trusts.codes[spell.trust] for spell in world.spells}
    never = sorted(set(rows["unit"]) - touched)
    scale = Timescale.of("month", load_study(STUDY), 24)
    return blocks(rows, entered, never, scale, "half-year", 24)


def truth(world: World, window: int) -> float:
    """Mean planted effect over the window, by trust."""
    effects = []
    for trust, day in entries(world).items():
        first = place(day) + 6 - (day.month - 1) % 6
        effects.append(world.effects[INDICATOR][trust, first : first + 6 * window].mean())
    return float(np.mean(effects))


def row(seed: int, planted: bool, draws: int) -> dict[str, float]:
    """Estimate one world."""
    world = simulate(TRUSTS, seed, effects=planted)
    found = laid_out(world)
    span, path = (1, found.window), past(found.outcomes, found.lags)
    headline = overalls.dynamic(adjusted(found), *span).estimate
    plain = overalls.dynamic(
        group_time(found.outcomes, found.start, controls="not_yet", events=span), *span
    ).estimate
    starts, _ = permutation.assignments(found.start, found.level, STRATA, draws, seed)
    value, error = permutation.ratios(found.outcomes, found.start[None], span, covariates=path)
    values, errors = permutation.ratios(found.outcomes, starts, span, covariates=path)
    gaps = found.outcomes - np.nanmean(found.outcomes, axis=0)
    entrants = [
        (unit, int(found.start[unit]))
        for unit in np.flatnonzero(found.treated)
        if np.isfinite(
            found.outcomes[
                unit, int(found.start[unit]) - found.lags : int(found.start[unit]) + 1 + found.window
            ]
        ).all()
    ]
    naive = clustered_mean(
        [
            np.nanmean(gaps[unit, first + 1 : first + 1 + found.window])
            - np.nanmean(gaps[unit, first - found.lags : first])
            for unit, first in entrants
        ],
        [unit for unit, _ in entrants],
    )
    raw = clustered_mean(
        [
            np.nanmean(found.outcomes[unit, first + 1 : first + 1 + found.window])
            - np.nanmean(found.outcomes[unit, first - found.window : first])
            for unit, first in entrants
        ],
        [unit for unit, _ in entrants],
    )
    return {
        "seed": seed,
        "points": BY_ID[INDICATOR].effect if planted else 0.0,
        "truth": truth(world, found.window),
        "headline": headline.value,
        "low": headline.interval[0],
        "high": headline.interval[1],
        "p_value": permutation.p_value(float(value[0] / error[0]), values / errors),
        "unadjusted_low": plain.interval[0],
        "unadjusted_high": plain.interval[1],
        "before_after_low": raw.interval[0],
        "before_after_high": raw.interval[1],
        "gap_before_after_low": naive.interval[0],
        "gap_before_after_high": naive.interval[1],
    }


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Give shares in percent by planted effect: coverage, rejections, and rejections by naive tests."""

    def rejected(part: pd.DataFrame, name: str) -> float:
        return 100 * float(((part[f"{name}low"] > 0) | (part[f"{name}high"] < 0)).mean())

    lines = []
    for points, part in table.groupby("points"):
        inside = (part["low"] <= part["truth"]) & (part["truth"] <= part["high"])
        lines.append(
            {
                "points": points,
                "worlds": len(part),
                "bias": float((part["headline"] - part["truth"]).mean()),
                "coverage": 100 * float(inside.mean()),
                "randomisation_rejects": 100 * float((part["p_value"] <= 0.05).mean()),
                "unadjusted_rejects": rejected(part, "unadjusted_"),
                "before_after_rejects": rejected(part, "before_after_"),
                "gap_before_after_rejects": rejected(part, "gap_before_after_"),
            }
        )
    return pd.DataFrame(lines)


def main() -> None:
    """Run the study and print its summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--draws", type=int, default=499)
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.seeds)
    table = pd.DataFrame([row(seed, planted, options.draws) for seed in seeds for planted in (False, True)])
    table.to_csv(options.output, index=False, float_format="%.6g", lineterminator="\n")
    print(summary(table).round(2).to_string(index=False))


if __name__ == "__main__":
    main()
