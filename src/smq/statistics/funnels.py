"""Funnel limits for standardised ratios (observed over expected events, such as SHMI).

With over-dispersion: the SHMI variant of Spiegelhalter's method, as in the R package FunnelPlotR 0.6.0.
z = √E · ln(O/E) is trimmed by a tenth at each end; phi is the mean of z² over the N units that are kept,
tau² the between-unit variance that it implies; limits are exp(±quantile · √(1/E + tau²)). Without: exact
Poisson limits from the χ² distribution. A limit that the source of the figures publishes is shown as it is,
never reckoned again; these functions are for figures that come without limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

if TYPE_CHECKING:
    import numpy.typing as npt

QUANTILE = {95.0: 1.959964, 99.8: 3.090232}
"""Quantile of the normal distribution by the percentage of units that the limits are to hold."""
_TENTHS = 10


@dataclass(frozen=True)
class Dispersion:
    """How much more units vary than chance would make them."""

    phi: float
    tau2: float
    units: int
    """Units kept after trimming."""


def dispersion(observed: npt.ArrayLike, expected: npt.ArrayLike) -> Dispersion:
    """Estimate the over-dispersion of units with observed and expected counts above 0, shape (n,).

    A unit without observed events has no logarithm; it counts as the lowest. Raises `ValueError` where fewer
    than two units are left.
    """
    counts, base = _checked(observed, expected)
    with np.errstate(divide="ignore"):
        scores = np.sqrt(base) * np.log(counts / base)
    rank = stats.rankdata(scores, method="average")
    decile = np.floor(rank * _TENTHS / (len(scores) + 1))
    kept = (decile > 0) & (decile < _TENTHS - 1) & np.isfinite(scores)
    units = int(kept.sum())
    if units < 2:
        raise ValueError("over-dispersion needs at least two units after trimming")
    phi = float(np.mean(scores[kept] ** 2))
    weight = base[kept]
    spare = weight.sum() - (weight**2).sum() / weight.sum()
    tau2 = max(0.0, float((units * phi - (units - 1)) / spare))
    return Dispersion(phi=phi, tau2=tau2, units=units)


def funnel_limits(
    observed: npt.ArrayLike, expected: npt.ArrayLike, level: float = 95.0
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Lower and upper limit of each unit's ratio around 1, with over-dispersion; `level` 95 or 99.8 (%)."""
    _, base = _checked(observed, expected)
    half = QUANTILE[level] * np.sqrt(1 / base + dispersion(observed, expected).tau2)
    return np.exp(-half), np.exp(half)


def poisson_limits(
    expected: npt.ArrayLike, level: float = 95.0
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Exact Poisson limits of the ratio around 1, without over-dispersion; `level` 95 or 99.8 (%)."""
    base = np.asarray(expected, dtype=float)
    tail = (1 - level / 100) / 2
    lower = stats.chi2.ppf(tail, 2 * base) / (2 * base)
    upper = stats.chi2.ppf(1 - tail, 2 * (base + 1)) / (2 * base)
    return lower, upper


def _checked(
    observed: npt.ArrayLike, expected: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    counts, base = np.asarray(observed, dtype=float), np.asarray(expected, dtype=float)
    if counts.shape != base.shape or counts.ndim != 1:
        raise ValueError("observed and expected need one value for each unit")
    if not (
        np.isfinite(counts).all() and np.isfinite(base).all() and (base > 0).all() and (counts >= 0).all()
    ):
        raise ValueError("observed counts must be 0 or more and expected counts above 0, none missing")
    return counts, base
