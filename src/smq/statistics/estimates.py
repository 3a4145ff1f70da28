"""Means with 95% intervals where the observations come in clusters (the spells of one trust, say).

The interval is a t interval on clusters: the variance is the cluster-robust one of a weighted mean with the
factor G/(G−1), and the quantile has G−1 degrees of freedom for G clusters. With equal weights and one
observation a cluster it is the ordinary t interval of a mean. There is nothing random in it. Chosen over a
bootstrap because with about 28 clusters a percentile bootstrap is known to be too narrow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special  # type: ignore[import-untyped]

if TYPE_CHECKING:
    import numpy.typing as npt

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A mean, its standard error, its degrees of freedom and the number of clusters behind it."""

    value: float
    error: float
    freedom: float
    clusters: int

    @property
    def interval(self) -> tuple[float, float]:
        """95% t interval."""
        half = float(special.stdtrit(self.freedom, (1 + LEVEL) / 2)) * self.error if self.error else 0.0
        return self.value - half, self.value + half


def clustered_mean(
    values: npt.ArrayLike, clusters: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> Estimate:
    """Weighted mean of values with a cluster-robust t interval.

    values and weights: shape (n,); clusters: n names. Raises `ValueError` with fewer than two clusters.
    """
    observed = np.asarray(values, dtype=float)
    weight = np.ones_like(observed) if weights is None else np.asarray(weights, dtype=float)
    names, place = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    if len(names) < 2:
        raise ValueError("an interval needs at least two clusters")
    weight = weight / weight.sum()
    mean = float(np.sum(weight * observed))
    sums = np.bincount(place, weights=weight * (observed - mean), minlength=len(names))
    variance = float(np.sum(sums**2)) * len(names) / (len(names) - 1)
    return Estimate(mean, math.sqrt(variance), len(names) - 1, len(names))


def difference(one: Estimate, other: Estimate, value: float | None = None) -> Estimate:
    """Difference of two independent means, with Welch's degrees of freedom.

    `value` is the difference itself where it was taken pair by pair.
    """
    first, second = one.error**2, other.error**2
    total = first + second
    parts = first**2 / one.freedom + second**2 / other.freedom
    freedom = total**2 / parts if parts else one.freedom + other.freedom
    return Estimate(
        one.value - other.value if value is None else value,
        math.sqrt(total),
        freedom,
        one.clusters + other.clusters,
    )
