"""The panel as a matrix of units and blocks of time, and the cohorts that enter in one block.

Monthly and quarterly figures are averaged over half-years (January to June, July to December), so that a
cohort holds more than one trust and every block has the same seasons; yearly figures stay as they are.
Block 0 of a trust is the one of its first entry, partly before and partly after. Entry is taken as
absorbing: an effect is that of ever having entered, whatever came later; a later spell of the same trust
is no entry of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from smq.effects.group_time import NEVER
from smq.performance.timescale import MONTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from smq.effects.standing import Standing
    from smq.performance.timescale import Timescale

    Floats = npt.NDArray[np.float64]

Block = Literal["quarter", "half-year", "year"]
BLOCK_MONTHS: dict[Block, int] = {"quarter": 3, "half-year": 6, "year": 12}


@dataclass(frozen=True, eq=False)
class Blocks:
    """A balanced frame of units and blocks.

    outcomes: (N, T), in the unit of the indicator, NaN where a unit lacks a figure that another unit has;
    start: (N,), column of the block of first entry, `NEVER` where there is none; first: number of column
    0, in blocks from the year 0; months: months in a block; window: blocks after that of entry that are
    compared; others: (N, T), how bad a unit stood on the other indicators in the year that ends with each
    block, NaN where there is nothing to say it (`smq.effects.standing`).
    """

    units: tuple[str, ...]
    outcomes: Floats
    start: Floats
    first: int
    months: int
    window: int
    others: Floats | None = None

    @property
    def treated(self) -> npt.NDArray[np.bool_]:
        """Units that enter."""
        return np.isfinite(self.start)

    @property
    def lags(self) -> int:
        """Blocks in the year before entry, on which trusts are compared."""
        return max(1, 12 // self.months)

    @property
    def level(self) -> Floats:
        """Mean over the year that ends with each block: (N, T), NaN where a block of it is missing."""
        length = self.outcomes.shape[1]
        years = np.full(self.outcomes.shape, np.nan)
        for column in range(self.lags - 1, length):
            years[:, column] = self.outcomes[:, column - self.lags + 1 : column + 1].mean(axis=1)
        return years

    @property
    def recent(self) -> Floats:
        """Path of the year that ends with each block, and standing on the other indicators: (N, T, K)."""
        return self._with_others(past(self.outcomes, self.lags))

    @property
    def path(self) -> Floats:
        """The same, and the mean of the year before that one: what the headline adjusts for. (N, T, K)."""
        before = year_before(self.outcomes, self.lags)[:, :, None]
        return self._with_others(np.concatenate([past(self.outcomes, self.lags), before], axis=2))

    def _with_others(self, parts: Floats) -> Floats:
        return parts if self.others is None else np.concatenate([parts, self.others[:, :, None]], axis=2)

    def restricted(self, kept: npt.NDArray[np.bool_]) -> Blocks:
        """Keep some of the units."""
        units = tuple(unit for unit, stays in zip(self.units, kept, strict=True) if stays)
        others = None if self.others is None else self.others[kept]
        return replace(self, units=units, outcomes=self.outcomes[kept], start=self.start[kept], others=others)

    def column(self, day: pd.Timestamp) -> int:
        """Column of the block that holds the day (may lie outside the frame)."""
        return (day.year * 12 + day.month - 1) // self.months - self.first

    def label(self, column: int) -> str:
        """Name of a block: "2013", "July to December 2013", "October to December 2013"."""
        month = (column + self.first) * self.months
        if self.months == 12:
            return str(month // 12)
        names = [pd.Timestamp(2000, month % 12 + one, 1).strftime("%B") for one in (1, self.months)]
        return f"{names[0]} to {names[1]} {month // 12}"


def blocks(
    rows: pd.DataFrame,
    entries: pd.Series[pd.Timestamp],
    comparators: Sequence[str],
    scale: Timescale,
    block: Block,
    months: int,
    standing: Standing | None = None,
) -> Blocks:
    """Lay out the figures of the trusts that enter and of their comparators.

    rows: of one indicator, as `smq.performance.trajectories.of_indicator` gives them; entries: day of first
    entry by code of the trusts that enter; months: length of the window after entry; standing: on the other
    indicators. A unit has a value in a block where it has one in every period of it in which any trust of
    `rows` has one. Raises `ValueError` where a period is longer than a block.
    """
    size = max(BLOCK_MONTHS[block], MONTHS[scale.length])
    if size % MONTHS[scale.length]:
        raise ValueError(f"a series by {scale.length} has no blocks by {block}")
    numbered = rows.assign(
        ordinal=scale.ordinals(rows["period"]),
        block=(rows["period"].dt.year * 12 + rows["period"].dt.month - 1) // size,
    )
    seen = numbered.groupby("block")["ordinal"].nunique()
    units = sorted({*entries.index, *comparators})
    kept = numbered[numbered["unit"].isin(units)].groupby(["unit", "block"])["value"].agg(["mean", "size"])
    kept = kept[kept["size"] == seen.reindex(kept.index.get_level_values("block")).to_numpy()]
    first, last = int(numbered["block"].min()), int(numbered["block"].max())
    wide = kept.pivot_table("mean", "unit", "block").reindex(index=units, columns=range(first, last + 1))
    entered = pd.to_datetime(entries).reindex(units)
    start = (entered.dt.year * 12 + entered.dt.month - 1) // size - first
    ends = [(column + 1) * size - 1 for column in range(first, last + 1)]
    return Blocks(
        tuple(units),
        wide.to_numpy(dtype=float),
        np.asarray(start.fillna(NEVER), dtype=np.float64),
        first,
        size,
        max(1, months // size),
        None if standing is None else standing.at(units, ends),
    )


def past(values: Floats, lags: int) -> Floats:
    """Give the path that ends with each block: that block, the one before, and the mean of those before them.

    values: (N, T); result: (N, T, K) with K = min(lags, 3); `lags` blocks are looked back upon in all.
    """

    parts = [values]
    if lags > 1:
        parts.append(_back(values, 1))
    if lags > 2:
        parts.append(np.mean([_back(values, steps) for steps in range(2, lags)], axis=0))
    return np.stack(parts, axis=2)


def year_before(values: Floats, lags: int) -> Floats:
    """Give the mean of the year before the one that ends with each block, of the blocks there are: (N, T).

    values: (N, T); lags: blocks in a year. A trust is followed from 24 months before entry, which need not
    be whole blocks.
    """
    parts = np.stack([_back(values, steps) for steps in range(lags, 2 * lags)])
    there = np.isfinite(parts).sum(axis=0)
    return np.asarray(np.where(there, np.nansum(parts, axis=0) / np.maximum(there, 1), np.nan))


def _back(values: Floats, steps: int) -> Floats:
    moved = np.full_like(values, np.nan)
    moved[:, steps:] = values[:, : values.shape[1] - steps]
    return moved
