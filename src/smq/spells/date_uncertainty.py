"""How far the headline figures can move while the uncertain dates move within their ranges. Exact.

An uncertain day lies between two known ones (`reference.load_date_ranges`). Counts of exits within a limit
are monotone in every date, so their ends are added up spell by spell. Kaplan-Meier is not: a spell that ends
later, but still before the time looked at, takes over weight from spells censored in between. It changes only
when an end crosses a censoring, or the time looked at. Between crossings the weights are fixed, and quantiles
rise with each duration. So it is enough to try, for each spell, the ends of its range and the days on either
side of each crossing, in all combinations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq import naming
from smq.spells import follow_up, regime

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from numpy.typing import NDArray

MOST_COMBINATIONS = 100_000
COUNTED_LIMITS = (12, 24)
STAY_LIMIT = 24
"""Months at which the share still in is looked at."""
MEASURES = {
    **{f"exits_{limit}m": f"Exits within {limit} months" for limit in COUNTED_LIMITS},
    "median_months": "Median stay, months (Kaplan–Meier)",
    f"still_in_{STAY_LIMIT}m": f"Still in at {STAY_LIMIT} months, % (Kaplan–Meier)",
}
"""The figures whose range is given, and how they are written."""
UNITS = {
    **{f"exits_{limit}m": ("spells", ",.0f") for limit in COUNTED_LIMITS},
    "median_months": ("months", ".1f"),
    f"still_in_{STAY_LIMIT}m": ("%", ".1f"),
}
"""The unit of each, and the format of its numbers."""

_HALF = 0.5 + 1e-12


@dataclass(frozen=True)
class Ending:
    """One way in which a spell can stand on the last day: observed for `low` to `high` days; left, or not."""

    low: int
    high: int
    left: bool


@dataclass(frozen=True)
class Range:
    """The lowest and the highest value that the dates allow; None is a value that the data do not reach."""

    low: float | None
    high: float | None


def endings(spells: pd.DataFrame, ranges: pd.DataFrame, last: date) -> list[list[Ending]]:
    """Give for each spell, in the order of the list, every way in which it can stand at the end of `last`.

    A spell that cannot have begun by then has none; one that may not have begun has an ending of 0 days.
    """
    bounds = {
        (row.ods_code, row.entered_on, row.which): (row.earliest, row.latest) for row in ranges.itertuples()
    }
    end = pd.Timestamp(last)
    columns = (spells["ods_code"], spells["entered_on"], spells["exited_on"], spells["ended"])
    ways = []
    for code, entered, exited, ended in zip(*columns, strict=True):
        first, latest = bounds.get((code, entered, "entry"), (entered, entered))
        begun_by = min(latest, end)
        of_spell = []
        if first <= end:
            if latest > end:
                of_spell.append(Ending(0, 0, left=False))
            out = bounds.get((code, entered, "exit"), (exited, exited))
            if ended == "open" or out[1] > end:
                of_spell.append(Ending(max(1, (end - begun_by).days), max(1, (end - first).days), left=False))
            if ended != "open" and out[0] <= end:
                low, high = (out[0] - begun_by).days, (min(out[1], end) - first).days
                of_spell.append(Ending(max(1, low), max(1, high), left=ended == "left"))
        ways.append(of_spell)
    return ways


def exits_range(ways: Iterable[list[Ending]], limit: int) -> Range:
    """Give the fewest and the most exits within `limit` months."""
    longest = _days(limit)
    low = sum(bool(of) and all(end.left and end.high <= longest for end in of) for of in ways)
    high = sum(any(end.left and end.low <= longest for end in of) for of in ways)
    return Range(low, high)


def stay_ranges(ways: list[list[Ending]], limit: int = STAY_LIMIT) -> tuple[Range, Range] | None:
    """Give the ranges of the median (months) and of the share still in at `limit` months (percent).

    None if there are more than `MOST_COMBINATIONS` combinations of dates to try.
    """
    choices = [_choices(place, ways, _days(limit)) for place, of_spell in enumerate(ways) if of_spell]
    if math.prod(map(len, choices)) > MOST_COMBINATIONS:
        return None
    tried = np.array(list(product(*choices)), dtype=np.int64)
    days, left = tried[:, :, 0], tried[:, :, 1].astype(bool)
    # Events come before censorings on the same day; a spell that has not begun (0 days) is not at risk.
    order = np.argsort(2 * days + ~left, axis=1, kind="stable")
    days, left = np.take_along_axis(days, order, axis=1), np.take_along_axis(left, order, axis=1)
    at_risk = np.arange(days.shape[1], 0, -1)
    survival: NDArray[np.float64] = np.cumprod(np.where(left, 1 - 1 / at_risk, 1.0), axis=1, dtype=float)
    return _medians(days, survival), _still_in(days, survival, _days(limit))


def table(spells: pd.DataFrame, ranges: pd.DataFrame, last: date) -> pd.DataFrame | None:
    """Tabulate the ranges of the headline figures beside the figures: a row for each of `MEASURES`.

    Columns: `measure` (key), `figure` (words), `value`, `lowest`, `highest`; NaN is a value that the data do
    not reach. None if there are too many combinations of dates to try.
    """
    ways = endings(spells, ranges, last)
    stay = stay_ranges(ways)
    if stay is None:
        return None
    observed = follow_up.at_cutoff(spells, last)
    curve = regime.time_to_exit(observed)
    median, still_in = curve.quantile(0.5), curve.at(STAY_LIMIT + follow_up.TOLERANCE_MONTHS)
    values: list[float | None] = [regime.exits_within(observed, limit).exits for limit in COUNTED_LIMITS]
    values.append(None if median is None else median.value)
    values.append(None if still_in is None else 100 * still_in.value)
    found = [*(exits_range(ways, limit) for limit in COUNTED_LIMITS), *stay]
    return pd.DataFrame(
        {
            "measure": list(MEASURES),
            "figure": list(MEASURES.values()),
            "value": values,
            "lowest": [each.low for each in found],
            "highest": [each.high for each in found],
        }
    ).astype({"value": float, "lowest": float, "highest": float})


def dates_table(spells: pd.DataFrame, ranges: pd.DataFrame) -> pd.DataFrame:
    """List the uncertain dates: `trust` (short name), `date` (entry or exit), `listed`, `earliest`, `latest`,
    `reason`.
    """
    both = ranges.merge(
        spells[["ods_code", "entered_on", "exited_on", "trust_name"]],
        on=["ods_code", "entered_on"],
        validate="many_to_one",
    )
    return pd.DataFrame(
        {
            "trust": both["trust_name"].map(naming.short_name),
            "date": both["which"],
            "listed": both["entered_on"].where(both["which"] == "entry", both["exited_on"]),
            "earliest": both["earliest"],
            "latest": both["latest"],
            "reason": both["reason"],
        }
    )


def _choices(place: int, ways: list[list[Ending]], limit_days: int) -> list[tuple[int, bool]]:
    """Give the durations of one spell that are enough to try."""
    others = [end for number, of_spell in enumerate(ways) if number != place for end in of_spell]
    found = set()
    for ending in ways[place]:
        found |= {(ending.low, ending.left), (ending.high, ending.left)}
        inside = range(ending.low, ending.high)
        crossings = {limit_days} if ending.left else set()
        for other in others:
            if other.left == ending.left:
                continue
            # On one day events come before censorings: a censored spell crosses an event a day earlier.
            shift = 0 if ending.left else -1
            crossings |= set(
                range(max(other.low + shift, ending.low), min(other.high + shift, ending.high) + 1)
            )
        for day in crossings:
            if day in inside:
                found |= {(day, ending.left), (day + 1, ending.left)}
    return sorted(found)


def _medians(days: NDArray[np.int64], survival: NDArray[np.float64]) -> Range:
    reached = survival <= _HALF
    known = reached.any(axis=1)
    place = reached.argmax(axis=1)
    months = days[np.arange(len(days)), place] / follow_up.MONTH_DAYS
    return Range(
        float(months[known].min()) if known.any() else None, float(months.max()) if known.all() else None
    )


def _still_in(days: NDArray[np.int64], survival: NDArray[np.float64], limit_days: int) -> Range:
    place = (days <= limit_days).sum(axis=1)
    share = np.concatenate([np.ones((len(days), 1)), survival], axis=1)[np.arange(len(days)), place]
    if (days[:, -1] < limit_days).any():
        return Range(None, None)
    return Range(100 * float(share.min()), 100 * float(share.max()))


def _days(limit: int) -> int:
    """Whole days that count as within a number of months."""
    return math.floor((limit + follow_up.TOLERANCE_MONTHS) * follow_up.MONTH_DAYS)
