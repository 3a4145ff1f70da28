"""What the list of spells says about the regime: durations, exits, flow. Pure functions on tables.

The functions take spells as `smq.spells.follow_up.at_cutoff` gives them, called `observed`. A spell that
ended because its trust was merged into another has not led to an exit: it is censored then in Kaplan-Meier,
and is a competing event in the cumulative incidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.reference import REGIME_END
from smq.spells.follow_up import HOW, TOLERANCE_MONTHS, last_day
from smq.statistics.survival import (
    Estimate,
    IncidenceCurves,
    SurvivalCurve,
    cumulative_incidence,
    kaplan_meier,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMITS = (12, 18, 24, 36)
"""Months at which exits are counted."""

FEW = 10
"""Estimates on fewer spells than these are marked as such."""

_UNKNOWN = Estimate(float("nan"))


@dataclass(frozen=True)
class ExitsWithin:
    """How many spells had led to an exit within a number of months of entry."""

    limit: int
    spells: int
    exits: int
    eligible: int
    """Spells that began early enough to be seen for so long."""
    exits_of_eligible: int

    @property
    def share(self) -> float:
        """Percentage of all spells."""
        return 100 * self.exits / self.spells

    @property
    def eligible_share(self) -> float | None:
        """Percentage of the eligible spells, counting only their own exits; None if none is eligible."""
        return 100 * self.exits_of_eligible / self.eligible if self.eligible else None


@dataclass(frozen=True)
class Peak:
    """The most trusts in the regime at once, and the first day on which there were so many."""

    trusts: int
    on: date


def exits_within(observed: pd.DataFrame, limit: int) -> ExitsWithin:
    """Count the exits within `limit` months of entry, out of all spells and of those begun early enough."""
    in_time = (observed["status"] == "left") & (observed["months"] <= limit + TOLERANCE_MONTHS)
    eligible = observed["months_possible"] >= limit
    return ExitsWithin(
        limit=limit,
        spells=len(observed),
        exits=int(in_time.sum()),
        eligible=int(eligible.sum()),
        exits_of_eligible=int((in_time & eligible).sum()),
    )


def mean_completed_months(observed: pd.DataFrame) -> float | None:
    """Mean months of the spells that led to an exit: too short a measure of stay while long ones go on."""
    months = observed.loc[observed["status"] == "left", "months"]
    return float(months.mean()) if len(months) else None


def time_to_exit(observed: pd.DataFrame) -> SurvivalCurve:
    """Kaplan-Meier estimate of the share still in, by months since entry; open and merged are censored."""
    return kaplan_meier(observed["months"], observed["status"] == "left")


def ways_out(observed: pd.DataFrame) -> IncidenceCurves:
    """Cumulative incidence of exit (`left`) and of merger (`merged`), by months since entry."""
    return cumulative_incidence(observed["months"], list(observed["status"]), ("left", "merged"))


def few_followed_from(curve: SurvivalCurve, few: int = FEW) -> float | None:
    """Give the months after which fewer than `few` spells are still followed; None if that is the end."""
    seen = np.sort(np.concatenate([np.repeat(curve.times, curve.events), curve.censored]))
    if len(seen) < few:
        return 0.0
    months = float(seen[len(seen) - few])
    return months if months < curve.last else None


def length_of_stay(observed: pd.DataFrame) -> dict[str, Estimate | None]:
    """Estimate the length of a stay in months; what the data do not reach is None.

    Keys: `median_months`, `quartile_lower`, `quartile_upper` (Kaplan-Meier, with intervals) and
    `mean_completed_months`, which is too short while long spells go on, and is for comparison.
    """
    curve, mean = time_to_exit(observed), mean_completed_months(observed)
    return {
        "median_months": curve.quantile(0.5),
        "quartile_lower": curve.quantile(0.25),
        "quartile_upper": curve.quantile(0.75),
        "mean_completed_months": None if mean is None else Estimate(mean),
    }


def shares_at(observed: pd.DataFrame, limit: int) -> dict[str, Estimate | None]:
    """Estimate how spells stand `limit` months after entry, in percent; None where none was seen so long.

    Keys, with `24` for the limit: `still_in_24m` (Kaplan-Meier share without an exit, with interval),
    `km_exit_24m` (the rest), `left_24m` and `ended_by_merger_24m` (cumulative incidences, with intervals),
    `exits_24m_eligible_share` (simple share, of the spells begun early enough).
    """
    time = limit + TOLERANCE_MONTHS
    still_in, ways = time_to_exit(observed).at(time), ways_out(observed)
    eligible_share = exits_within(observed, limit).eligible_share
    return {
        f"still_in_{limit}m": _percent(still_in),
        f"km_exit_{limit}m": None if still_in is None else _percent(still_in.complement()),
        f"left_{limit}m": _percent(ways.at("left", time)),
        f"ended_by_merger_{limit}m": _percent(ways.at("merged", time)),
        f"exits_{limit}m_eligible_share": None if eligible_share is None else Estimate(eligible_share),
    }


def in_regime(observed: pd.DataFrame, on: date) -> int:
    """Count the trusts in the regime at the end of a day; on the day of its exit a trust is out."""
    day = pd.Timestamp(on)
    inside = (observed["entered_on"] <= day) & ((observed["ends_on"] > day) | (observed["status"] == "open"))
    return int(inside.sum())


def peak(observed: pd.DataFrame) -> Peak:
    """Find the most trusts in the regime at once; the number only ever rises on a day of entry."""
    days = sorted({day.date() for day in observed["entered_on"]})
    counts = [in_regime(observed, day) for day in days]
    most = max(counts)
    return Peak(most, days[counts.index(most)])


def over_time(observed: pd.DataFrame, last: date) -> pd.DataFrame:
    """Follow the trusts in the regime from day to day: a row for each day that changes it, and the last.

    Columns: `day`, `entries` (re-entries among them), `exits`, `mergers` (on that day), and `in_regime` (at
    its end).
    """
    ended = observed["status"] != "open"
    days = sorted({*observed["entered_on"], *observed.loc[ended, "ends_on"], pd.Timestamp(last)})
    return pd.DataFrame(
        {
            "day": days,
            "entries": [int((observed["entered_on"] == day).sum()) for day in days],
            **{
                column: [
                    int(((observed["ends_on"] == day) & (observed["status"] == status)).sum()) for day in days
                ]
                for column, status in (("exits", "left"), ("mergers", "merged"))
            },
            "in_regime": [in_regime(observed, day.date()) for day in days],
        }
    )


def flow_by_year(observed: pd.DataFrame, cutoff: date, *, regime_end: date = REGIME_END) -> pd.DataFrame:
    """Count by calendar year, without gaps, up to the last day that counts.

    Columns: `year`, `entries` (re-entries among them), `re_entries`, `exits`, `mergers`, and `in_regime`:
    trusts in on 31 December, or on the last day that counts in its year.
    """
    last = last_day(cutoff, regime_end)
    entered, ended = observed["entered_on"].dt.year, observed["ends_on"].dt.year
    years = range(int(entered.min()), last.year + 1)
    return pd.DataFrame(
        {
            "year": list(years),
            "entries": [int((entered == year).sum()) for year in years],
            "re_entries": [
                int(((entered == year) & (observed["re_entered"] == "re-entry")).sum()) for year in years
            ],
            "exits": [int(((ended == year) & (observed["status"] == "left")).sum()) for year in years],
            "mergers": [int(((ended == year) & (observed["status"] == "merged")).sum()) for year in years],
            "in_regime": [in_regime(observed, min(date(year, 12, 31), last)) for year in years],
        }
    )


def exits_table(observed: pd.DataFrame, limits: Sequence[int] = LIMITS) -> pd.DataFrame:
    """Tabulate the exits within each limit by every definition; shares are percentages.

    The estimates are taken at the limit plus the tolerance, so that they count the same exits. What cannot be
    estimated, because no spell has been seen for so long, is NaN.
    """
    curve, ways = time_to_exit(observed), ways_out(observed)
    rows = []
    for limit in limits:
        counted, time = exits_within(observed, limit), limit + TOLERANCE_MONTHS
        still_in = curve.at(time)
        km = _UNKNOWN if still_in is None else still_in.complement().times(100)
        left, merged = (_percent(ways.at(cause, time)) or _UNKNOWN for cause in ("left", "merged"))
        rows.append(
            {
                "limit_months": limit,
                "exits": counted.exits,
                "share": counted.share,
                "eligible": counted.eligible,
                "exits_of_eligible": counted.exits_of_eligible,
                "eligible_share": counted.eligible_share,
                "km_exit": km.value,
                "km_low": km.low,
                "km_high": km.high,
                "left": left.value,
                "left_low": left.low,
                "left_high": left.high,
                "merged": merged.value,
            }
        )
    shares = ["share", "eligible_share", "km_exit", "km_low", "km_high", "left", "left_low", "left_high"]
    return pd.DataFrame(rows).astype(dict.fromkeys([*shares, "merged"], float))


def spells_table(observed: pd.DataFrame) -> pd.DataFrame:
    """List every spell for an appendix: trust, code, type, spell, entered, ended, how, months, confidence."""
    return pd.DataFrame(
        {
            "trust": observed["trust_name"],
            "code": observed["ods_code"],
            "type": observed["trust_type"],
            "spell": observed["re_entered"].map({"no": "only", "yes": "first", "re-entry": "re-entry"}),
            "entered": observed["entered_on"],
            "ended": observed["ends_on"].where(observed["status"] != "open"),
            "how": observed["status"].map(HOW),
            "months": observed["months"],
            "confidence": observed["confidence"],
        }
    )


def _percent(share: Estimate | None) -> Estimate | None:
    return None if share is None else share.times(100)
