"""Time to an event under right censoring: Kaplan-Meier and cumulative incidence.

The estimates are those of statsmodels. Added here: pointwise intervals on the log(-log) scale (statsmodels
has simultaneous bands only), values at a time, and quantiles with intervals. Times may be in any unit.

The standard error of a survival is Greenwood's. That of a cumulative incidence is the delta method (Marubini
and Valsecchi, Analysing Survival Data, 1995; what Stata's stcompet gives: Coviello and Boggess, Stata Journal
2004;4:103): without censoring it is that of a proportion, with a single cause it is Greenwood's. Intervals
are on the log(-log) scale for both (for incidences: Choudhury, Statistics in Medicine 2002;21:1129).

Kaplan-Meier answers "how long until this cause, were there no other"; where a competing event exists, the
share that ends by a cause is its cumulative incidence, never one minus Kaplan-Meier.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_Z = NormalDist().inv_cdf(0.975)
# Products of survival fractions miss a value such as one half by the last bits.
_EQUAL = 1e-12


@dataclass(frozen=True)
class Estimate:
    """An estimate and the ends of its 95% interval; an end that the data do not reach is None."""

    value: float
    low: float | None = None
    high: float | None = None

    def times(self, factor: float) -> Estimate:
        """Give the estimate in another unit, for example as a percentage."""
        low, high = (None if end is None else factor * end for end in (self.low, self.high))
        return Estimate(factor * self.value, low, high)

    def complement(self) -> Estimate:
        """Give the estimate of one minus this share."""
        low, high = (None if end is None else 1 - end for end in (self.high, self.low))
        return Estimate(1 - self.value, low, high)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The interval, if both of its ends exist."""
        return None if self.low is None or self.high is None else (self.low, self.high)


@dataclass(frozen=True, eq=False)
class SurvivalCurve:
    """Kaplan-Meier estimate of the share without the event; all arrays have one element per event time."""

    times: Floats
    survival: Floats
    error: Floats
    """Greenwood's standard error; NaN where the survival is 0."""
    low: Floats
    """Lower end of the pointwise 95% log(-log) interval; NaN where the survival is 0."""
    high: Floats
    at_risk: NDArray[np.int64]
    """Number under observation just before each time."""
    events: NDArray[np.int64]
    censored: Floats
    """The times of those censored, sorted."""
    last: float
    """Longest time under observation: beyond it the curve is not defined, unless it has reached 0."""

    def at(self, time: float) -> Estimate | None:
        """Share without the event at `time`, counting events at `time` itself; None beyond the follow-up."""
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if time > self.last and (place < 0 or self.survival[place] > 0):
            return None
        if place < 0:
            return Estimate(1.0, 1.0, 1.0)
        return Estimate(float(self.survival[place]), _known(self.low[place]), _known(self.high[place]))

    def quantile(self, share: float) -> Estimate | None:
        """First time by which at least `share` have had the event; None if the curve does not get there.

        The interval is where the pointwise intervals cross the same level (Brookmeyer and Crowley).
        """
        value = self._first_at_or_below(self.survival, 1 - share)
        if value is None:
            return None
        level = 1 - share
        return Estimate(
            value, self._first_at_or_below(self.low, level), self._first_at_or_below(self.high, level)
        )

    def number_at_risk(self, times: Sequence[float]) -> list[int]:
        """Give how many are still under observation without the event just before each of `times`."""
        seen = np.sort(np.concatenate([np.repeat(self.times, self.events), self.censored]))
        return [int(len(seen) - np.searchsorted(seen, time, side="left")) for time in times]

    def steps(self) -> pd.DataFrame:
        """Give the curve as a table, from time 0: time, survival, low, high, at_risk, events."""
        start = pd.DataFrame(
            {
                "time": [0.0],
                "survival": [1.0],
                "low": [1.0],
                "high": [1.0],
                "at_risk": self.number_at_risk([0.0]),
                "events": [0],
            }
        )
        steps = pd.DataFrame(
            {
                "time": self.times,
                "survival": self.survival,
                "low": self.low,
                "high": self.high,
                "at_risk": self.at_risk,
                "events": self.events,
            }
        )
        return pd.concat([start, steps], ignore_index=True) if len(steps) else start

    def _first_at_or_below(self, curve: Floats, level: float) -> float | None:
        reached = np.flatnonzero(curve <= level + _EQUAL)
        return float(self.times[reached[0]]) if len(reached) else None


@dataclass(frozen=True, eq=False)
class Incidence:
    """Cumulative incidence of one cause; all arrays have one element per distinct time."""

    share: Floats
    error: Floats
    """Standard error by the delta method."""
    low: Floats
    """Lower end of the pointwise 95% log(-log) interval; NaN where the share or its error is 0."""
    high: Floats


@dataclass(frozen=True, eq=False)
class IncidenceCurves:
    """Cumulative incidence of each cause (Aalen-Johansen), and the share free of all of them."""

    times: Floats
    by_cause: dict[str, Incidence]
    event_free: Floats
    last: float

    def at(self, cause: str, time: float) -> Estimate | None:
        """Share that has ended by `cause` at `time`; None beyond the follow-up."""
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if time > self.last and self.event_free[-1] > 0:
            return None
        if place < 0:
            return Estimate(0.0)
        curve = self.by_cause[cause]
        return Estimate(float(curve.share[place]), _known(curve.low[place]), _known(curve.high[place]))


def kaplan_meier(times: ArrayLike, events: ArrayLike) -> SurvivalCurve:
    """Estimate survival from one time for each unit and whether its event was seen (else censored then).

    Censoring at the time of an event counts as after it. Raises ValueError if there are no units, or a time
    is not a positive finite number.
    """
    time, event = _checked(times), np.asarray(events, dtype=bool)
    if len(time) != len(event):
        raise ValueError("times and events differ in length")
    fitted = SurvfuncRight(time, event.astype(int))
    survival = np.asarray(fitted.surv_prob, dtype=float)
    error = np.where(survival > 0, np.asarray(fitted.surv_prob_se, dtype=float), np.nan)
    low, high = log_log_interval(survival, error)
    return SurvivalCurve(
        times=np.asarray(fitted.surv_times, dtype=float),
        survival=survival,
        error=error,
        low=low,
        high=high,
        at_risk=np.asarray(fitted.n_risk).astype(np.int64),
        events=np.asarray(fitted.n_events).astype(np.int64),
        censored=np.sort(time[~event]),
        last=float(time.max()),
    )


def cumulative_incidence(times: ArrayLike, ended: Sequence[str], causes: Sequence[str]) -> IncidenceCurves:
    """Estimate the cumulative incidence of each of `causes`; any other word in `ended` means censored."""
    time = _checked(times)
    if len(time) != len(ended):
        raise ValueError("times and ended differ in length")
    numbers = {cause: number for number, cause in enumerate(causes, start=1)}
    status = np.array([numbers.get(word, 0) for word in ended])
    # Its standard errors, which divide by zero where the last unit has its event, are not used.
    with np.errstate(divide="ignore", invalid="ignore"):
        fitted = CumIncidenceRight(time, status)
    at = np.asarray(fitted.times, dtype=float)
    any_cause = kaplan_meier(time, status > 0)
    places = np.searchsorted(any_cause.times, at, side="right") - 1
    event_free = np.where(places >= 0, np.append(any_cause.survival, 1.0)[places], 1.0)
    by_cause = {}
    for cause, number in numbers.items():
        summed = np.asarray(fitted.cinc[number - 1]) if number <= len(fitted.cinc) else np.zeros_like(at)
        # Steps of the curve are added up, and may pass one by the last bit.
        share = np.minimum(summed, 1.0)
        error = _incidence_error(at, time, status, number, share, event_free)
        low, high = log_log_interval(share, error)
        by_cause[cause] = Incidence(share, error, low, high)
    return IncidenceCurves(at, by_cause, event_free, float(time.max()))


def log_log_interval(share: Floats, error: Floats) -> tuple[Floats, Floats]:
    """Ends of the 95% interval of a share on the log(-log) scale; NaN where the share or its error is 0."""
    low, high = np.full_like(share, np.nan), np.full_like(share, np.nan)
    # Shares of exactly 0 and 1 have no interval, nor have they where rounding has missed them.
    inside = (share > _EQUAL) & (share < 1 - _EQUAL) & (error > _EQUAL)
    s = share[inside]
    spread = np.exp(_Z * error[inside] / (s * -np.log(s)))
    low[inside], high[inside] = s**spread, s ** (1 / spread)
    return low, high


def _incidence_error(
    at: Floats, time: Floats, status: NDArray[np.int64], number: int, share: Floats, event_free: Floats
) -> Floats:
    """Delta-method standard error of one cumulative incidence at each of the distinct times `at`."""
    at_risk = np.array([(time >= moment).sum() for moment in at], dtype=float)
    events = np.array([((time == moment) & (status > 0)).sum() for moment in at], dtype=float)
    of_cause = np.array([((time == moment) & (status == number)).sum() for moment in at], dtype=float)
    before = np.concatenate([[1.0], event_free[:-1]])
    # Where everyone left has the event, the change that this would bring to later shares is none.
    left = at_risk - events
    hazard = np.divide(events, at_risk * left, out=np.zeros_like(at), where=left > 0)
    change = np.tril(share[:, None] - share[None, :])
    variance = (change**2) @ hazard
    variance += np.cumsum(before**2 * of_cause * (at_risk - of_cause) / at_risk**3)
    variance -= 2 * change @ (before * of_cause / at_risk**2)
    error: Floats = np.sqrt(np.clip(variance, 0.0, None))
    return error


def _checked(times: ArrayLike) -> Floats:
    time = np.asarray(times, dtype=float)
    if not time.size:
        raise ValueError("there are no times to analyse")
    if not (np.isfinite(time).all() and (time > 0).all()):
        raise ValueError("every time must be a positive finite number")
    return time


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
