"""Standardised differences between two groups: how far apart they are, in standard deviations.

Means: (m1 − m0) / √((s1² + s0²) / 2) with sample variances. Shares: the same with p (1 − p) for s².
Source: P. C. Austin, Balance diagnostics for comparing the distribution of baseline covariates between
treatment groups in propensity-score matched samples, Statistics in Medicine 28 (2009) 3083-3107.

Categories: √((T − C)' S⁻¹ (T − C)), where T and C are the shares of all categories but one and S is the mean
of the two multinomial covariance matrices. Source: D. Yang and J. E. Dalton, A unified approach to measuring
the effect size between two groups using SAS, SAS Global Forum 2012, paper 335. It is a distance: it has no
direction and is above 0 by chance alone.

Standard error of a difference d of groups of n1 and n0: √((n1 + n0) / (n1 n0) + d² / (2 (n1 + n0))), as in
Yang and Dalton, from L. V. Hedges and I. Olkin, Statistical methods for meta-analysis (1985). What cannot be
reckoned, because a group has fewer than two members or nothing varies, is None.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

GUIDE = 0.1
"""Absolute differences above this are commonly called imbalance (Austin 2009)."""

_Z = NormalDist().inv_cdf(0.975)
_LEVEL = 0.95


@dataclass(frozen=True)
class Difference:
    """A standardised difference, first group minus second, and its standard error."""

    value: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """95% interval, by the normal approximation."""
        return self.value - _Z * self.error, self.value + _Z * self.error


@dataclass(frozen=True)
class Distance:
    """How far apart two distributions over categories are; never below 0."""

    value: float
    by_chance: float
    """What 95 of 100 such distances would stay below if both groups were drawn from one distribution."""


def of_means(one: ArrayLike, other: ArrayLike) -> Difference | None:
    """Compare the means of two groups; both of shape (n,), without missing values."""
    first, second = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if min(len(first), len(second)) < 2:
        return None
    spread = math.sqrt((first.var(ddof=1) + second.var(ddof=1)) / 2)
    return _difference(float(first.mean() - second.mean()), spread, len(first), len(second))


def of_shares(count: int, size: int, other_count: int, other_size: int) -> Difference | None:
    """Compare the shares `count` of `size` and `other_count` of `other_size`."""
    if min(size, other_size) < 2:
        return None
    first, second = count / size, other_count / other_size
    spread = math.sqrt((first * (1 - first) + second * (1 - second)) / 2)
    return _difference(first - second, spread, size, other_size)


def of_categories(counts: Sequence[int], other_counts: Sequence[int]) -> Distance | None:
    """Compare two groups over the same categories, by their counts in the same order.

    A category that neither group has is left out. None where fewer than two are left, or where the
    covariance cannot be inverted because the groups share too few categories.
    """
    both = np.array([counts, other_counts], dtype=float)
    both = both[:, both.sum(axis=0) > 0]
    sizes = both.sum(axis=1)
    if both.shape[1] < 2 or sizes.min() < 2:
        return None
    shares = (both / sizes[:, None])[:, 1:]
    covariance = np.mean([np.diag(share) - np.outer(share, share) for share in shares], axis=0)
    if np.linalg.matrix_rank(covariance) < len(covariance):
        return None
    gap = shares[0] - shares[1]
    # By chance, its square times n1 n0 / (n1 + n0) is close to chi-squared with so many degrees of freedom.
    chance = float(stats.chi2.ppf(_LEVEL, len(gap))) * float((1 / sizes).sum())
    return Distance(math.sqrt(float(gap @ np.linalg.solve(covariance, gap))), math.sqrt(chance))


def _difference(gap: float, spread: float, size: int, other_size: int) -> Difference | None:
    if spread == 0:
        return None
    value = gap / spread
    total = size + other_size
    return Difference(value, math.sqrt(total / (size * other_size) + value**2 / (2 * total)))
