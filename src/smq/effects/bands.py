"""Simultaneous bands and joint tests of several averages, from their influence functions.

Source: Callaway and Sant'Anna (2021), section 4; Montiel Olea and Plagborg-Møller (2019), Journal of
Applied Econometrics 34(1), for the critical value of the largest of several t ratios.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special, stats  # type: ignore[import-untyped]

from smq.statistics.estimates import LEVEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from smq.effects.cells import Average

DRAWS = 9_999


@dataclass(frozen=True)
class JointTest:
    """A Wald test that several effects are zero: statistic, restrictions, p-value."""

    statistic: float
    restrictions: int
    p_value: float


def critical_value(averages: Sequence[Average], seed: int, draws: int = DRAWS) -> float:
    """Value that the largest |t| of the averages exceeds in 5% of draws, at least the pointwise t quantile.

    Draws are multivariate t with the correlation of the influence functions and the degrees of freedom of
    the average with the fewest treated units.
    """
    freedom = min(average.treated for average in averages) - 1
    correlation = _correlation(np.column_stack([average.influence for average in averages]))
    generator = np.random.default_rng(seed)
    # Eigenvectors, because there can be more averages than units that move them.
    value, vector = np.linalg.eigh(correlation)
    root = vector * np.sqrt(np.clip(value, 0, None))
    normal = generator.standard_normal((draws, len(averages))) @ root.T
    largest = np.abs(normal).max(axis=1) / np.sqrt(generator.chisquare(freedom, draws) / freedom)
    pointwise = float(special.stdtrit(freedom, (1 + LEVEL) / 2))
    return max(pointwise, float(np.quantile(largest, LEVEL)))


def wald(values: npt.NDArray[np.float64], influence: npt.NDArray[np.float64]) -> JointTest:
    """Test that all values are zero; influence: (N, K). The large-sample test of R's `did`."""
    statistic, rank = _quadratic(values, influence)
    return JointTest(statistic, rank, float(stats.chi2.sf(statistic, rank)))


def few_treated_wald(averages: Sequence[Average]) -> JointTest:
    """Test that all averages are zero, by Hotelling's distribution with the number of treated units."""
    values = np.array([average.value for average in averages])
    statistic, rank = _quadratic(values, np.column_stack([average.influence for average in averages]))
    units = min(average.treated for average in averages)
    scaled = statistic * (units - 1) / units
    if units <= rank:
        raise ValueError(f"a joint test of {rank} effects needs more than {units} treated units")
    ratio = scaled * (units - rank) / (rank * (units - 1))
    return JointTest(scaled, rank, float(stats.f.sf(ratio, rank, units - rank)))


def _quadratic(values: npt.NDArray[np.float64], influence: npt.NDArray[np.float64]) -> tuple[float, int]:
    variance = influence.T @ influence / len(influence) ** 2
    rank = int(np.linalg.matrix_rank(variance))
    return float(values @ np.linalg.pinv(variance) @ values), rank


def _correlation(influence: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    product = influence.T @ influence
    spread = np.sqrt(np.diag(product))
    return np.asarray(product / np.outer(spread, spread))
