"""XmR (individuals) control charts with the rules of Making Data Count.

Definitions are those of the R package NHSRplotthedots 0.2.2 (code, documentation and test snapshots):

- Limits: mean ± 2.66 × mean moving range; near limits at two thirds of that. Screened (the default): moving
  ranges that are not below 3.267 × their mean are left out, once, from the mean moving range only (Nelson
  1982). The Making Data Count workbook does not screen, so its limits are as wide or wider.
- Each rebase group has its own mean and limits; no moving range and no run crosses into another group.
- A point is a special cause where it is outside the limits; part of seven or more that rise or fall without
  a tie; in the outer third together with another of three points that all lie on one side of the mean; or
  part of seven or more on one side of the mean. Where several rules hold, the first of these is its label.
- The variation icon is that of the last point; assurance compares the target with the last limits.

Three decisions where the package leaves room. Values that are missing are left out by the caller and the
rest are neighbours, as in the package, which drops what is not there and carries on. Limits on fewer than 12
points are *trial limits*, as its documentation says (its code warns at exactly 12 as well). Distances below
1e-9 of the largest value count as none, so that a rounding error is never a side of the mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from smq.config import Better

Variation = Literal["improvement", "concern", "high", "low", "common cause"]
Assurance = Literal["pass", "fail", "hit or miss"]
Rule = Literal["outside", "trend", "two in three", "run", ""]

LIMIT = 2.66
NEAR = 2 / 3
SCREEN = 3.267
RUN = 7
TRIAL = 12
"""Limits on fewer points than these are trial limits."""
RULES: dict[Rule, str] = {
    "outside": "outside the limits",
    "trend": "seven rising or falling",
    "two in three": "two of three near a limit",
    "run": "seven on one side of the mean",
}
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Chart:
    """Points, limits and labels of one XmR chart; arrays have a place for each value, in order of time."""

    observed: npt.NDArray[np.float64]
    group: npt.NDArray[np.int64]
    """Rebase group, counted from 0."""
    mean: npt.NDArray[np.float64]
    lower: npt.NDArray[np.float64]
    upper: npt.NDArray[np.float64]
    near_lower: npt.NDArray[np.float64]
    near_upper: npt.NDArray[np.float64]
    rule: tuple[Rule, ...]
    """Label of each point; empty for common cause."""
    direction: npt.NDArray[np.int64]
    """Which way each special cause points: 1 above or rising, −1 below or falling, 0 for common cause."""
    trial: bool
    """Whether the limits of some group rest on fewer than 12 points."""

    @property
    def special(self) -> npt.NDArray[np.bool_]:
        """Which points are special causes."""
        return np.asarray(self.direction != 0)

    def variation_of(self, better: Better | None) -> list[Variation]:
        """Say of each point what it is, given which way is better (None: neither)."""
        sign = {"up": 1, "down": -1, None: 0}[better]
        return [_variation(int(direction), sign) for direction in self.direction]

    def variation(self, better: Better | None) -> Variation:
        """Give the variation icon: what the last point is."""
        return self.variation_of(better)[-1]

    def assurance(self, better: Better | None, target: float | None) -> Assurance | None:
        """Give the assurance icon: the target against the last limits; None without target or direction."""
        if better is None or target is None:
            return None
        if target > self.upper[-1]:
            return "fail" if better == "up" else "pass"
        if target < self.lower[-1]:
            return "pass" if better == "up" else "fail"
        return "hit or miss"


def xmr(
    values: npt.ArrayLike,
    *,
    rebase_at: Sequence[int] = (),
    fix_after_n_points: int | None = None,
    screen: bool = True,
) -> Chart:
    """Make an XmR chart of values in order of time (at least one, none missing).

    `rebase_at` are the places (from 0) at which a new group begins; `fix_after_n_points` (at least 12) takes
    mean and limits of each group from its first points only. Raises `ValueError`.
    """
    observed = np.asarray(values, dtype=float)
    if observed.ndim != 1 or not len(observed) or not np.isfinite(observed).all():
        raise ValueError("a chart needs a row of at least one value, none of them missing")
    if fix_after_n_points is not None and fix_after_n_points < TRIAL:
        raise ValueError(f"limits cannot be fixed on fewer than {TRIAL} points")
    if not all(0 < place < len(observed) for place in rebase_at):
        raise ValueError("a new group must begin after the first point and at a point that is there")
    size = len(observed)
    tolerance = _TOLERANCE * float(np.abs(observed).max())
    group = np.zeros(size, dtype=np.int64)
    lines = {name: np.empty(size) for name in ("mean", "lower", "upper", "near_lower", "near_upper")}
    rule: list[Rule] = []
    direction = np.zeros(size, dtype=np.int64)
    trial = False
    edges = [0, *sorted(set(rebase_at)), size]
    for number, (start, end) in enumerate(pairwise(edges)):
        inside = slice(start, end)
        part = observed[inside]
        basis = part[:fix_after_n_points]
        mean, width = float(basis.mean()), LIMIT * mean_moving_range(basis, screen=screen)
        group[inside] = number
        for name, share in zip(lines, (0.0, -1.0, 1.0, -NEAR, NEAR), strict=True):
            lines[name][inside] = mean + share * width
        labels, direction[inside] = _labels(part, mean, width, tolerance)
        rule.extend(labels)
        trial = trial or len(basis) < TRIAL
    return Chart(observed=observed, group=group, **lines, rule=tuple(rule), direction=direction, trial=trial)


def mean_moving_range(values: npt.ArrayLike, *, screen: bool = True) -> float:
    """Mean of the distances between neighbours, 0 where there are none; screened once for outlying ones."""
    moving = np.abs(np.diff(np.asarray(values, dtype=float)))
    if not len(moving):
        return 0.0
    mean = float(moving.mean())
    kept = moving[moving < SCREEN * mean] if screen else moving
    return float(kept.mean()) if len(kept) else mean


def seven_trend(values: npt.ArrayLike, tolerance: float = 0.0) -> npt.NDArray[np.int64]:
    """Mark the points of every stretch of seven that rises (1) or falls (−1) without a tie.

    A point at the turn of two such stretches belongs to the later one.
    """
    observed = np.asarray(values, dtype=float)
    steps = _signs(np.diff(observed), tolerance)
    part = np.zeros(len(observed), dtype=np.int64)
    for last in range(RUN - 1, len(observed)):
        window = steps[last - RUN + 1 : last]
        if abs(int(window.sum())) == RUN - 1:
            part[last - RUN + 1 : last + 1] = window[0]
    return part


def seven_run(sides: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Mark the points of every seven in a row on one side of the mean; sides are 1, −1 or 0 (at the mean)."""
    side = np.asarray(sides, dtype=np.int64)
    part = np.zeros(len(side), dtype=np.int64)
    for last in range(RUN - 1, len(side)):
        window = side[last - RUN + 1 : last + 1]
        if abs(int(window.sum())) == RUN:
            part[last - RUN + 1 : last + 1] = window[0]
    return part


def two_in_three(near: npt.ArrayLike, sides: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Mark the points near a limit where two of three neighbours are, all three on one side of the mean.

    1 near the upper limit, −1 near the lower; the third point is not marked, whatever it is.
    """
    close = np.asarray(near, dtype=bool)
    side = np.asarray(sides, dtype=np.int64)
    part = np.zeros(len(side), dtype=np.int64)
    for first in range(len(side) - 2):
        window = slice(first, first + 3)
        if abs(int(side[window].sum())) == 3 and int(close[window].sum()) >= 2:
            part[window] = np.where(close[window], side[window], part[window])
    return part


def _labels(
    values: npt.NDArray[np.float64], mean: float, width: float, tolerance: float
) -> tuple[list[Rule], npt.NDArray[np.int64]]:
    distance = values - mean
    sides = _signs(distance, tolerance)
    outside = np.abs(distance) > width + tolerance
    near = ~outside & (np.abs(distance) > NEAR * width + tolerance)
    # From the last to the first rule that counts, so that the first one stands.
    marked: dict[Rule, npt.NDArray[np.int64]] = {
        "run": seven_run(sides),
        "two in three": two_in_three(near, sides),
        "trend": seven_trend(values, tolerance),
        "outside": np.where(outside, sides, 0),
    }
    labels: list[Rule] = [""] * len(values)
    direction = np.zeros(len(values), dtype=np.int64)
    for rule, marks in marked.items():
        for place in np.flatnonzero(marks):
            labels[place], direction[place] = rule, marks[place]
    return labels, direction


def _signs(differences: npt.NDArray[np.float64], tolerance: float) -> npt.NDArray[np.int64]:
    return np.where(np.abs(differences) <= tolerance, 0, np.sign(differences)).astype(np.int64)


def _variation(direction: int, sign: int) -> Variation:
    if direction == 0:
        return "common cause"
    if sign == 0:
        return "high" if direction > 0 else "low"
    return "improvement" if direction * sign > 0 else "concern"
