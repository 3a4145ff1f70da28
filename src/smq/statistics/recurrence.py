"""Mean number of repeated events in a unit: Nelson's mean cumulative function.

The estimate adds up, over the times of events, the events divided by the units then under observation
(Nelson, Technometrics 1988;30:81). The variance is the robust one of Lawless and Nadeau (Technometrics
1995;37:158), which does not assume that events in a unit are independent of one another. Intervals are on the
log scale, so that they hold no negative number.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from smq.statistics.survival import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, eq=False)
class MeanCumulative:
    """Mean number of events in a unit up to a time; arrays have one element per distinct time of an event."""

    times: Floats
    mean: Floats
    error: Floats
    low: Floats
    """Lower end of the pointwise 95% interval."""
    high: Floats
    at_risk: NDArray[np.int64]
    """Units under observation at each time."""
    events: NDArray[np.int64]
    followed: Floats
    """How long each unit is under observation, sorted."""

    def at(self, time: float) -> Estimate | None:
        """Mean number by `time`, counting events at `time` itself; None beyond the longest observation."""
        if time > self.followed[-1]:
            return None
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return Estimate(0.0)
        return Estimate(float(self.mean[place]), float(self.low[place]), float(self.high[place]))

    def number_at_risk(self, times: Sequence[float]) -> list[int]:
        """Give how many units are under observation at each of `times`."""
        return [int((self.followed >= time).sum()) for time in times]


def mean_cumulative(followed: ArrayLike, events: Sequence[Sequence[float]]) -> MeanCumulative:
    """Estimate it from how long each unit was under observation, and the times of its events.

    Times count from the start of each unit's observation. Raises ValueError if there are no units, the two
    differ in length, a time is not a finite number of at least 0, or an event comes after the observation.
    """
    until = np.asarray(followed, dtype=float)
    if not until.size:
        raise ValueError("there are no units to follow")
    if len(until) != len(events):
        raise ValueError("followed and events differ in length")
    every = np.array(sorted(time for of_unit in events for time in of_unit), dtype=float)
    if not (
        np.isfinite(until).all() and np.isfinite(every).all() and (until >= 0).all() and (every >= 0).all()
    ):
        raise ValueError("every time must be a finite number of at least 0")
    if any(time > end for end, of_unit in zip(until, events, strict=True) for time in of_unit):
        raise ValueError("an event comes after the end of its unit's observation")
    times, counts = np.unique(every, return_counts=True)
    under = (until[:, None] >= times).astype(float)
    at_risk = under.sum(axis=0)
    step = counts / at_risk if len(times) else np.zeros(0)
    happened = np.array(
        [[of_unit.count(time) for time in times] for of_unit in map(list, events)], dtype=float
    )
    departures = np.cumsum(under / at_risk * (happened.reshape(under.shape) - step), axis=1)
    mean, error = np.cumsum(step), np.sqrt((departures**2).sum(axis=0))
    spread = np.exp(_Z * error / mean)
    return MeanCumulative(
        times=times,
        mean=mean,
        error=error,
        low=mean / spread,
        high=mean * spread,
        at_risk=at_risk.astype(np.int64),
        events=counts.astype(np.int64),
        followed=np.sort(until),
    )
