"""How bad a trust stood on the other indicators: what a regulator sees beyond the figures in question.

Entry is decided on more than one indicator. A trust that enters is worse on the others than one with the
same figures on this one; what it shares with them is passing more often than what is its own, and so more of
its bad figures goes away by itself. Adjustment for its own past alone takes that for an effect.

Each figure is taken in standard deviations between the trusts of its period, the bad side up. The standing
of a trust is the mean over the indicators of the mean of the figures whose periods end within twelve months.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.panel import is_trust
from smq.performance.timescale import MONTHS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import numpy.typing as npt

    from smq.config import Study

    Floats = npt.NDArray[np.float64]

YEAR = 12


@dataclass(frozen=True, eq=False)
class Standing:
    """Standing by unit and month.

    scores: (U, M), in standard deviations, above 0 is worse; NaN where no figure ends within the year;
    first: number of the first month, from the year 0.
    """

    units: tuple[str, ...]
    scores: Floats
    first: int

    def at(self, units: Sequence[str], months: Sequence[int]) -> Floats:
        """Give the standing of units at the ends of months, numbered from the year 0; NaN where unknown."""
        found = np.full((len(units), len(months)), np.nan)
        place = {unit: row for row, unit in enumerate(self.units)}
        rows = [row for row, unit in enumerate(units) if unit in place]
        length = self.scores.shape[1]
        columns = [column for column, month in enumerate(months) if 0 <= month - self.first < length]
        found[np.ix_(rows, columns)] = self.scores[
            np.ix_([place[units[row]] for row in rows], [months[column] - self.first for column in columns])
        ]
        return found


@dataclass(frozen=True, eq=False)
class Standings:
    """Standing by indicator, unit and month: (U, M) for each, NaN where no figure ends within the year."""

    units: tuple[str, ...]
    by_indicator: dict[str, Floats]
    first: int

    def but(self, name: str) -> Standing | None:
        """Give the standing on all indicators but one; None where there is no other."""
        others = [one for indicator, one in self.by_indicator.items() if indicator != name]
        if not others:
            return None
        known = np.sum([np.isfinite(one) for one in others], axis=0)
        total = np.sum([np.nan_to_num(one) for one in others], axis=0)
        return Standing(self.units, np.where(known, total / np.maximum(known, 1), np.nan), self.first)


def standings(panel: pd.DataFrame, study: Study, last: date) -> Standings:
    """Give the standing on every indicator of the study that the panel holds.

    panel: as of `smq.panel`; figures of periods that begin after `last` are not looked at.
    """
    bad = {one.id: 1.0 if one.better == "down" else -1.0 for one in study.indicators}
    wanted = panel["indicator"].isin(list(bad)) & panel["value"].notna() & is_trust(panel)
    wanted &= panel["period_length"].isin(list(MONTHS)) & (panel["period"] <= np.datetime64(last))
    rows = panel.loc[wanted, ["unit", "indicator", "period", "period_length", "value"]]
    if rows.empty:
        return Standings((), {}, 0)
    unit, units = pd.factorize(rows["unit"], sort=True)
    indicator, names = pd.factorize(rows["indicator"], sort=True)
    length = rows["period_length"].map(MONTHS).to_numpy(dtype=np.int64)
    ends = (rows["period"].dt.year * YEAR + rows["period"].dt.month - 1).to_numpy(dtype=np.int64) + length - 1
    first, shape = int(ends.min()), (len(units), int(ends.max() - ends.min()) + YEAR)
    values = rows["value"].to_numpy(dtype=float)
    found = {}
    for place, name in enumerate(names):
        mine = indicator == place
        found[str(name)] = _year_means(unit[mine], ends[mine] - first, bad[name] * values[mine], shape)
    return Standings(tuple(map(str, units)), found, first)


def _year_means(
    unit: npt.NDArray[np.int64], end: npt.NDArray[np.int64], values: Floats, shape: tuple[int, int]
) -> Floats:
    """Mean of the standardised figures that end in the year up to each month, NaN where there are none."""
    count = np.bincount(end, minlength=shape[1])
    mean = np.bincount(end, values, shape[1]) / np.maximum(count, 1)
    apart = values - mean[end]
    spread = np.sqrt(np.bincount(end, apart**2, shape[1]) / np.maximum(count, 1))
    place = unit * shape[1] + end
    sums = np.bincount(place, apart / np.where(spread > 0, spread, 1.0)[end], shape[0] * shape[1])
    counts = np.bincount(place, minlength=shape[0] * shape[1])
    in_year, figures = (_of_last_year(one.reshape(shape).astype(float)) for one in (sums, counts))
    return np.where(figures > 0, in_year / np.maximum(figures, 1), np.nan)


def _of_last_year(values: Floats) -> Floats:
    """Sum over each month and the eleven before it: (U, M)."""
    total = np.cumsum(values, axis=1)
    total[:, YEAR:] -= total[:, :-YEAR].copy()
    return total
