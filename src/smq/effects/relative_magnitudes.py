"""Robust intervals where trends after entry may differ by so many times as much as they did before.

The difference in trends may change from one period to the next by up to `magnitude` times its largest such
change before entry. That is a union of polyhedra, one for each change before entry that could be the largest
and each of its signs; a value is inside the interval where it is inside for one of them. Within one, a value
is tested by the hybrid of a conditional and a least favourable test: a linear programme whose dual has few
vertices, so that all of them are listed, and statistic and bounds of truncation follow for a whole grid of
values at once. As in the R package HonestDiD, only moments of periods after entry are used.

Source: Rambachan and Roth (2023), Review of Economic Studies 90(5), section 3; for the test Andrews, Roth and
Pakes (2023), ibid. 90(6). diff-diff's intervals of this name are not the published ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from scipy import special  # type: ignore[import-untyped]

from smq.statistics.estimates import LEVEL

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]

_SIZE = 1 - LEVEL
_FIRST = _SIZE / 10
"""Size of the least favourable test that comes first; the conditional one has what is left."""
_DRAWS, _POINTS, _REACH, _DOUBLED = 5_000, 2_001, 20.0, 8
"""Draws of the critical value; points of a grid, standard errors on each side of it, times it is doubled."""
_TINY = 1e-10


@dataclass(frozen=True)
class Relative:
    """95% interval where changes of the trend may be so many times the largest before entry.

    An end is infinite where no value that was looked at is outside.
    """

    magnitude: float
    low: float
    high: float


def intervals(
    effects: Floats, covariance: Floats, before: int, weight: Floats, magnitudes: tuple[float, ...], seed: int
) -> list[Relative]:
    """Give the interval of a weighted sum of the effects after entry, for each magnitude.

    effects: (B + A,), of the B = `before` periods before entry without the last, which is the base and not
    among them, and of the A from entry on, in order; covariance: of them; weight: (A,). Raises `ValueError`
    without a period before the base.
    """
    if before < 1:
        raise ValueError("without a period before the base there is no change to compare with")
    value = float(weight @ effects[before:])
    error = float(np.sqrt(weight @ covariance[before:, before:] @ weight))
    largest = float(np.abs(np.diff([*effects[:before], 0.0])).max())
    found = []
    for magnitude in magnitudes:
        tests = [
            _Test.of(moments, effects, covariance, before, weight, seed)
            for moments in _polyhedra(before, len(weight), magnitude)
        ]
        # As far as the largest change seen would lead, and some standard errors more.
        reach = _REACH * error + magnitude * largest * float(np.abs(weight) @ np.arange(1, len(weight) + 1))
        for _ in range(_DOUBLED):
            grid = np.linspace(value - reach, value + reach, _POINTS)
            inside = np.any([one.accepts(grid) for one in tests], axis=0)
            if not (inside[0] or inside[-1]):
                break
            reach *= 2
        kept = grid[inside]
        if not len(kept):
            found.append(Relative(magnitude, float("nan"), float("nan")))
            continue
        low = -np.inf if inside[0] else float(kept[0])
        high = np.inf if inside[-1] else float(kept[-1])
        found.append(Relative(magnitude, low, high))
    return found


def _polyhedra(before: int, after: int, magnitude: float) -> list[Floats]:
    """Give matrices of the moments, one for each polyhedron: none of its rows times the trend is above 0.

    Columns: the periods before and after, without the base. Only rows about periods after entry.
    """
    periods = before + after + 1
    change = np.diff(np.eye(periods), axis=0)
    steps = change[before:]
    return [
        np.delete(np.concatenate([steps, -steps]) - magnitude * sign * change[largest], before, axis=1)
        for largest in range(before)
        for sign in (1, -1)
    ]


@dataclass(frozen=True, eq=False)
class _Test:
    """Test of values of the weighted sum in one polyhedron, M moments and V vertices of the dual.

    moments: (M,), at a value of 0; slope: (M,), by which they fall with the value; vertices: (V, M);
    covariance: of the moments; critical: of the least favourable test.
    """

    moments: Floats
    slope: Floats
    vertices: Floats
    covariance: Floats
    critical: float

    @classmethod
    def of(
        cls,
        rows: Floats,
        effects: Floats,
        covariance: Floats,
        before: int,
        weight: Floats,
        seed: int,
    ) -> _Test:
        after = rows[:, before:]
        # Coordinates of the effects: the weighted sum first, then all but the one that weighs most.
        others = np.delete(np.eye(len(weight)), int(np.argmax(np.abs(weight))), axis=0)
        turned = after @ np.linalg.inv(np.vstack([weight, others]))
        spread = rows @ covariance @ rows.T
        vertices = _vertices(np.sqrt(np.diag(spread)), turned[:, 1:])
        value, vector = np.linalg.eigh(spread)
        root = vector * np.sqrt(np.clip(value, 0, None))
        draws = np.random.default_rng(seed).standard_normal((_DRAWS, len(rows))) @ root.T
        largest = (draws @ vertices.T).max(axis=1)
        critical = float(np.quantile(largest, 1 - _FIRST))
        return cls(rows @ effects, turned[:, 0], vertices, spread, critical)

    def accepts(self, values: Floats) -> Bools:
        """Say of each value (G,) whether it is not rejected."""
        moments = self.moments[None, :] - self.slope[None, :] * values[:, None]
        heights = moments @ self.vertices.T
        best = heights.argmax(axis=1)
        statistic = heights[np.arange(len(values)), best]
        chosen = self.vertices[best]
        along = chosen @ self.covariance
        variance = np.einsum("gm,gm->g", along, chosen)
        error = np.sqrt(np.maximum(variance, _TINY**2))
        # Where the statistic may move with all else held: as long as the chosen vertex stays the highest.
        slopes = (along / error[:, None] ** 2) @ self.vertices.T
        rest, gap = heights - slopes * statistic[:, None], 1 - slopes
        with np.errstate(divide="ignore", invalid="ignore"):
            ends = rest / gap
        low = np.where(gap > _TINY, ends, -np.inf).max(axis=1)
        high = np.minimum(np.where(gap < -_TINY, ends, np.inf).min(axis=1), self.critical)
        size = (_SIZE - _FIRST) / (1 - _FIRST)
        chance = _beyond(statistic / error, low / error, high / error)
        rejected = (statistic > 0) & ((statistic > self.critical) | (chance < size))
        return np.asarray(~rejected)


def _vertices(spread: Floats, nuisance: Floats) -> Floats:
    """List the vertices of the dual: weights (V, M), none below 0, that cancel the nuisance effects.

    spread: (M,), standard deviations of the moments, which the weights make up to 1; nuisance: (M, K).
    """
    conditions = np.column_stack([spread, nuisance])
    size = conditions.shape[1]
    chosen = np.array(list(combinations(range(len(spread)), size)))
    square = conditions[chosen].transpose(0, 2, 1)
    regular = np.linalg.cond(square) < 1 / _TINY
    target = np.zeros((int(regular.sum()), size, 1))
    target[:, 0] = 1.0
    solved = np.linalg.solve(square[regular], target)[:, :, 0]
    inside = (solved >= -_TINY).all(axis=1)
    weights = np.zeros((int(inside.sum()), len(spread)))
    np.put_along_axis(weights, chosen[regular][inside], np.maximum(solved[inside], 0), axis=1)
    return weights


def _beyond(at: Floats, low: Floats, high: Floats) -> Floats:
    """Chance that a standard normal between low and high is above `at`, which is above 0; far tails too."""
    here = special.log_ndtr(-at)
    # Where the bounds do not hold `at` between them, the test has decided already.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        upper = np.exp(special.log_ndtr(-high) - here)
        found = (1 - upper) / (np.exp(special.log_ndtr(-low) - here) - upper)
    return np.asarray(np.clip(np.nan_to_num(found, nan=0.0), 0, 1))
