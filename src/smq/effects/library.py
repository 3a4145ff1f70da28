"""Other estimators of the same effect, by the library diff-diff, each on the same blocks.

They rest on parallel trends and know nothing of the pre-entry path, so that return towards the mean is
part of what they give. The two-way fixed effect is taken apart (Goodman-Bacon), not believed. Synthetic
difference in differences takes one cohort at a time; the cohorts are averaged by their units.

Sources: Sun and Abraham (2021), Journal of Econometrics 225(2); Borusyak, Jaravel and Spiess (2024),
Review of Economic Studies 91(6); Goodman-Bacon (2021), Journal of Econometrics 225(2); Arkhangelsky et
al. (2021), American Economic Review 111(12); Rambachan and Roth (2023), Review of Economic Studies 90(5).
"""

from __future__ import annotations

import math
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import diff_diff  # type: ignore[import-untyped]
import numpy as np
import pandas as pd

from smq.statistics.estimates import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from smq.effects.cohorts import Blocks

    Floats = npt.NDArray[np.float64]

_FORMULA = {"outcome": "value", "unit": "unit", "time": "block", "first_treat": "start"}
_SHIFT = 1
"""Blocks are counted from 1 for the library, to which a start of 0 means that a unit is never treated."""


@dataclass(frozen=True)
class Decomposition:
    """The two-way fixed effect, and the share (%) of its weight on each kind of comparison.

    forbidden: earlier-treated units as controls of later-treated ones.
    """

    estimate: float
    treated_never: float
    earlier_later: float
    forbidden: float
    units: int


@dataclass(frozen=True)
class Bound:
    """95% interval where the trend may bend by up to `bend` from one block to the next."""

    bend: float
    low: float
    high: float


def long(blocks: Blocks, *, balanced: bool = False) -> pd.DataFrame:
    """Give rows of unit, block, value, start (0: never); `balanced`: of units that lack nothing."""
    units, length = blocks.outcomes.shape
    start = np.where(blocks.treated, blocks.start + _SHIFT, 0).astype(int)
    table = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), length),
            "block": np.tile(np.arange(length) + _SHIFT, units),
            "value": blocks.outcomes.ravel(),
            "start": np.repeat(start, length),
        }
    )
    if balanced:
        whole = np.repeat(np.isfinite(blocks.outcomes).all(axis=1), length)
        table = table[whole]
    return table[table["value"].notna()].reset_index(drop=True)


def sun_abraham(blocks: Blocks) -> Estimate:
    """Mean over the blocks of the window after entry of the interaction-weighted estimates."""
    with _quiet():
        fitted = diff_diff.SunAbraham(control_group="never_treated").fit(long(blocks), **_FORMULA)
    events = [event for event in range(1, blocks.window + 1) if event in fitted.event_study_effects]
    index = list(fitted.event_study_vcov_index)
    place = [index.index(event) for event in events]
    value = float(np.mean([fitted.event_study_effects[event]["effect"] for event in events]))
    variance = float(fitted.event_study_vcov[np.ix_(place, place)].mean())
    treated = int(blocks.treated.sum())
    return Estimate(value, math.sqrt(variance), treated - 1, treated)


def imputation(blocks: Blocks) -> Estimate:
    """Give the imputation estimate over the window after entry.

    Figures of the block of entry and of those after the window are left out, so that the overall of the
    library is that of the window.
    """
    table = long(blocks)
    event = table["block"] - table["start"]
    outside = (table["start"] > 0) & ((event == 0) | (event > blocks.window))
    with _quiet():
        fitted = diff_diff.ImputationDiD().fit(table[~outside].reset_index(drop=True), **_FORMULA)
    treated = int(blocks.treated.sum())
    return Estimate(float(fitted.overall_att), float(fitted.overall_se), treated - 1, treated)


def bacon(blocks: Blocks) -> Decomposition | None:
    """Take the two-way fixed effect apart; None where no unit that enters has all blocks."""
    table = long(blocks, balanced=True)
    if table.loc[table["start"] > 0, "unit"].nunique() < 2 or not (table["start"] == 0).any():
        return None
    with _quiet():
        fitted = diff_diff.BaconDecomposition(weights="exact").fit(table, **_FORMULA)
    return Decomposition(
        float(fitted.twfe_estimate),
        100 * float(fitted.total_weight_treated_vs_never),
        100 * float(fitted.total_weight_earlier_vs_later),
        100 * float(fitted.total_weight_later_vs_earlier),
        int(table["unit"].nunique()),
    )


def synthetic(blocks: Blocks, lags: int, seed: int, draws: int = 100) -> Estimate | None:
    """Average the synthetic differences in differences of the cohorts by their units.

    Each cohort has `lags` blocks before entry and the window after; the block of entry is left out.
    Controls never enter. The standard error is that of placebo cohorts, drawn with the seed. None where
    no cohort can be followed.
    """
    values, weights, errors = [], [], []
    for cohort in np.unique(blocks.start[blocks.treated]).astype(int):
        columns = [*range(cohort - lags, cohort), *range(cohort + 1, cohort + blocks.window + 1)]
        if columns[0] < 0 or columns[-1] >= blocks.outcomes.shape[1]:
            continue
        whole = np.isfinite(blocks.outcomes[:, columns]).all(axis=1)
        units = np.flatnonzero(whole & ((blocks.start == cohort) | ~blocks.treated))
        treated = int((blocks.start[units] == cohort).sum())
        if not treated or len(units) - treated <= treated:
            continue
        table = pd.DataFrame(
            {
                "unit": np.repeat(units, len(columns)),
                "block": np.tile(np.arange(len(columns)), len(units)),
                "value": blocks.outcomes[np.ix_(units, columns)].ravel(),
                "treated": np.repeat((blocks.start[units] == cohort).astype(int), len(columns)),
            }
        )
        with _quiet():
            fitted = diff_diff.SyntheticDiD(
                variance_method="placebo", n_bootstrap=draws, seed=seed + cohort
            ).fit(
                table,
                outcome="value",
                treatment="treated",
                unit="unit",
                time="block",
                post_periods=list(range(lags, len(columns))),
            )
        values.append(float(fitted.att))
        errors.append(float(fitted.se))
        weights.append(treated)
    if sum(weights) < 2:
        return None
    share = np.array(weights) / sum(weights)
    error = math.sqrt(float(((share * np.array(errors)) ** 2).sum()))
    return Estimate(float(share @ np.array(values)), error, sum(weights) - 1, sum(weights))


def smoothness(blocks: Blocks, bends: tuple[float, ...], anticipation: int = 0) -> list[Bound]:
    """Robust intervals of the mean effect over the window after entry, without adjustment for the past.

    Each allows the difference in trends to bend by up to so much from one block to the next.
    """
    with _quiet():
        fitted = diff_diff.CallawaySantAnna(
            control_group="not_yet_treated",
            estimation_method="reg",
            base_period="universal",
            anticipation=anticipation,
        ).fit(_around(blocks), **_FORMULA, aggregate="event_study")
        after = [event for event in sorted(fitted.event_study_effects) if event >= -anticipation]
        weight = np.array([1.0 <= event <= blocks.window for event in after]) / blocks.window
        return bounds(fitted, weight, bends)


def bounds(
    fitted: diff_diff.CallawaySantAnnaResults, weight: Floats, bends: tuple[float, ...]
) -> list[Bound]:
    """Smoothness intervals of a weighted sum of the events from entry on; weight: one for each of them."""
    found = []
    for bend in bends:
        one = diff_diff.HonestDiD(method="smoothness", M=bend, l_vec=weight).fit(fitted)
        found.append(Bound(bend, float(one.ci_lb), float(one.ci_ub)))
    return found


def _around(blocks: Blocks) -> pd.DataFrame:
    """Rows without those of treated units outside the window around their entry."""
    table = long(blocks)
    event = table["block"] - table["start"]
    inside = (table["start"] == 0) | event.between(-blocks.window, blocks.window)
    return table[inside].reset_index(drop=True)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the library says of unbalanced panels and of its own future from readers of a notebook."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
