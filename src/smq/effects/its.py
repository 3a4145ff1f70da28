"""Interrupted time series of each trust, combined by random effects.

Each trust's gap to England is regressed on a trend, a step and a change of slope at entry, and the
seasons; the effect is the mean over the window after entry of step and changed slope. Errors are
first-order autoregressive, fitted twice: by Prais-Winsten and by maximum likelihood, because with strong
correlation the answer depends on the method. There is no comparison group but England, and no adjustment
for return towards the mean.

Source: Wagner et al. (2002), Journal of Clinical Pharmacy and Therapeutics 27(4); combined by
Paule-Mandel with the Hartung-Knapp interval (Hartung and Knapp 2001, Statistics in Medicine 20(24)).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from statsmodels.stats.meta_analysis import combine_effects

from smq.effects.prais_winsten import likelihood, prais_winsten
from smq.statistics.estimates import Estimate

if TYPE_CHECKING:
    import numpy.typing as npt

    from smq.performance.timescale import Timescale

    Floats = npt.NDArray[np.float64]

_STEP, _SLOPE = 2, 3
FEWEST = 8
"""Periods before and after entry, each, that a series needs."""


@dataclass(frozen=True)
class Combined:
    """Effect over all spells, the spread between them (standard deviation), and I² in percent."""

    estimate: Estimate
    spread: float
    inconsistency: float


def design(events: Floats, seasons: npt.NDArray[np.integer[Any]]) -> Floats:
    """Give the columns constant, trend, step, change of slope, and a dummy for each season but the first.

    events: (T,) periods from entry, without 0; the change of slope begins in period 1.
    """
    after = (events > 0).astype(float)
    columns = [np.ones_like(events), events, after, after * (events - 1)]
    columns += [(seasons == one).astype(float) for one in np.unique(seasons)[1:]]
    return np.column_stack(columns)


def by_spell(gaps: pd.DataFrame, scale: Timescale) -> pd.DataFrame:
    """Fit each spell's series: columns spell, unit, effect, error, effect_ml, error_ml, correlation.

    gaps: as of `smq.performance.trajectories.add_gap`, for the window around entry. A spell with fewer
    periods than `FEWEST` on a side is left out.
    """
    lines = []
    for spell, series in gaps.groupby("spell", sort=True):
        inside = series[(series["event"] != 0) & (series["event"].abs() <= scale.window)]
        if min((inside["event"] < 0).sum(), (inside["event"] > 0).sum()) < FEWEST:
            continue
        events = inside["event"].to_numpy(dtype=float)
        seasons = (scale.ordinals(inside["period"]) % scale.per_year).to_numpy(dtype=np.int64)
        columns, outcome = design(events, seasons), inside["gap"].to_numpy(dtype=float)
        wanted = np.zeros(columns.shape[1])
        wanted[_STEP], wanted[_SLOPE] = 1.0, (scale.window - 1) / 2
        fit = prais_winsten(outcome, columns)
        likely = likelihood(outcome, columns)
        lines.append(
            (
                spell,
                str(inside["unit"].iloc[0]),
                float(wanted @ fit.coefficients),
                math.sqrt(float(wanted @ fit.covariance @ wanted)),
                float(wanted @ likely.coefficients),
                math.sqrt(float(wanted @ likely.covariance @ wanted)),
                fit.correlation,
            )
        )
    return pd.DataFrame(
        lines, columns=["spell", "unit", "effect", "error", "effect_ml", "error_ml", "correlation"]
    )


def combine(effects: Floats, errors: Floats) -> Combined:
    """Combine effects and standard errors by random effects. Raises `ValueError` with fewer than two."""
    if len(effects) < 2:
        raise ValueError("at least two series are needed to combine them")
    with np.errstate(divide="ignore"):
        # Where all effects are the same, statsmodels divides by their spread on the way to I².
        found = combine_effects(effects, errors**2, method_re="iterated", use_t=True)
    estimate = Estimate(
        float(found.mean_effect_re), float(found.sd_eff_w_re_hksj), len(effects) - 1, len(effects)
    )
    return Combined(estimate, math.sqrt(max(0.0, float(found.tau2))), 100 * max(0.0, float(found.i2)))
