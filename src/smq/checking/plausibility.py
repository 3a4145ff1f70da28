"""Which figures leave the plausible range of their unit's own series, and where series break.

For files that print no totals: a digit changed there leaves no other trace. The method is robust, so that a
wrong figure does not widen the range it is judged by:

1. Shares are taken on the logit scale and everything else on the log scale. What moves all units alike in a
   period (the median of their distances from their own medians, where at least `COMMON_UNITS` report) is
   taken off: winter and the pandemic are not mistakes.
2. A figure is compared with the median of the `WINDOW` figures before it and with that of as many after it.
   It is implausible where it lies outside both by more than `WIDTH` times the usual distance of the unit's
   figures from their moving median (1.4826 × the median absolute deviation, and not less than that of the
   typical unit, nor than `LEAST_SCALE`) together with the chance variation of a count. A lasting change of
   level agrees with one of the two sides, so that it is no outlier but a break.
3. A series breaks where those two medians lie further apart than `BREAK_WIDTH` times that distance and the
   level changes by a factor (for shares, of the odds) of at least `BREAK_FACTOR`.

Checked are the denominator and the value. A numerator out of range moves the value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Collection

WINDOW = 6
LEAST = 3
"""Figures that a side needs before anything is compared with it."""
COMMON_UNITS = 10
LEAST_SCALE = 0.02
"""Two per cent (of the odds, for shares): series that hardly move are not judged more finely."""
WIDTH = 6.0
BREAK_WIDTH = 5.0
BREAK_FACTOR = 1.5
_MAD = 1.4826
_MOVING = 2 * WINDOW + 1

OUTLIER_COLUMNS = ["unit", "indicator", "period", "quantity", "figure", "low", "high", "distance", "source"]
BREAK_COLUMNS = ["unit", "indicator", "period", "quantity", "before", "after", "factor"]
_WORDS = ("unit", "indicator", "quantity", "source")


@dataclass(frozen=True)
class Plausibility:
    """What was checked and what was found."""

    checked: int
    """Figures with enough neighbours to be compared with."""
    unchecked: int
    outliers: pd.DataFrame
    """Columns `OUTLIER_COLUMNS`; `low` and `high` bound the plausible range, `distance` counts its scale."""
    breaks: pd.DataFrame
    """Columns `BREAK_COLUMNS`; `period` is the first one at the new level, `factor` the change of level."""


@dataclass(frozen=True)
class _Grid:
    """One quantity of one indicator on its scale: a row for each period, a column for each unit."""

    indicator: str
    quantity: str
    figures: pd.DataFrame
    scaled: pd.DataFrame
    """Without what is common to all units."""
    common: pd.Series[float]
    chance: pd.DataFrame
    """Standard error of a count of this size, on the scale."""
    share: bool
    small: float
    """What was added before the logarithm was taken."""

    def back(self, scaled: np.ndarray) -> np.ndarray:
        """From the scale to per cent or the unit of the figure."""
        if self.share:
            return np.asarray(100 / (1 + np.exp(-scaled)))
        return np.asarray(np.exp(scaled) - self.small).clip(min=0)


def check(panel: pd.DataFrame, shares: Collection[str]) -> Plausibility:
    """Check every series of the panel. `shares` are the indicators in per cent (0 to 100)."""
    checked, unchecked = 0, 0
    outliers, breaks = [], []
    sources = panel.set_index(["unit", "indicator", "period"])["source"]
    for indicator, rows in panel.groupby("indicator", sort=True):
        for grid in _grids(str(indicator), rows, share=indicator in shares):
            before, after = _sides(grid.scaled)
            scale = _scale(grid)
            known = grid.scaled.notna()
            comparable = known & (before.notna() | after.notna())
            checked += int(comparable.to_numpy().sum())
            unchecked += int((known & ~comparable).to_numpy().sum())
            outliers.append(_outliers(grid, before, after, scale))
            breaks.append(_breaks(grid, before, after))
    found = _joined(outliers, OUTLIER_COLUMNS)
    keys = pd.MultiIndex.from_frame(found[["unit", "indicator", "period"]])
    found["source"] = sources.reindex(keys).to_numpy() if len(found) else ""
    broken = _joined(breaks, BREAK_COLUMNS)
    return Plausibility(
        checked,
        unchecked,
        found.sort_values(["distance", "unit"], ascending=[False, True], ignore_index=True),
        broken.sort_values(["indicator", "unit", "period", "quantity"], ignore_index=True),
    )


def _joined(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    joined = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)
    types = dict.fromkeys(columns, "float64") | dict.fromkeys(_WORDS, "str") | {"period": "datetime64[ms]"}
    joined = joined.reindex(columns=columns)
    return joined.astype({column: types[column] for column in columns})


def _grids(indicator: str, rows: pd.DataFrame, *, share: bool) -> list[_Grid]:
    wide = {
        name: rows.pivot_table(index="period", columns="unit", values=name, aggfunc="first").astype(float)
        for name in ("numerator", "denominator", "value")
        if rows[name].notna().any()
    }
    grids = []
    for quantity in ("denominator", "value"):
        if quantity not in wide:
            continue
        figures = wide[quantity]
        nothing = figures * np.nan
        part, whole = (wide.get(name, nothing).reindex_like(figures) for name in ("numerator", "denominator"))
        is_share = share and quantity == "value"
        scaled, chance, small = _on_scale(figures, part, whole, share=is_share)
        common = _common(scaled)
        apart = scaled.sub(common, axis=0)
        grids.append(_Grid(indicator, quantity, figures, apart, common, chance, is_share, small))
    return grids


def _on_scale(
    figures: pd.DataFrame, part: pd.DataFrame, whole: pd.DataFrame, *, share: bool
) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Give the figures on the logit or log scale, their standard error, and what was added."""
    if not share:
        # Zero has no logarithm; half a unit stands for it where figures are counts.
        small = 0.5 if _are_counts(figures) else 0.0
        scaled = pd.DataFrame(np.log((figures + small).where(figures + small > 0)))
        count = figures if _are_counts(figures) else part
        return scaled, pd.DataFrame(1 / np.sqrt(count.clip(lower=1))).fillna(0.0), small
    whole = whole.where(whole > 0)
    # Where the base is not given the share is taken as one of a thousand, so that 0 and 100 have a logit.
    size = whole.fillna(1000.0)
    yes = size * figures.clip(lower=0, upper=100) / 100 + 0.5
    no = size + 1 - yes
    scaled = pd.DataFrame(np.log(yes / no)).where(figures.notna())
    chance = pd.DataFrame(np.sqrt(1 / yes + 1 / no)).where(whole.notna(), 0.0)
    return scaled, chance, 0.0


def _are_counts(figures: pd.DataFrame) -> bool:
    values = figures.to_numpy(dtype=float)
    values = values[~np.isnan(values)]
    return bool(values.size and np.median(values) >= 20)


def _common(scaled: pd.DataFrame) -> pd.Series[float]:
    """What moves all units alike, by period; 0 where too few report."""
    distances = scaled - scaled.median()
    return distances.median(axis=1).where(distances.notna().sum(axis=1) >= COMMON_UNITS, 0.0)


def _sides(scaled: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    before = scaled.rolling(WINDOW, min_periods=LEAST).median().shift(1)
    after = scaled[::-1].rolling(WINDOW, min_periods=LEAST).median().shift(1)[::-1]
    return before, after


def _scale(grid: _Grid) -> pd.DataFrame:
    moving = grid.scaled.rolling(_MOVING, center=True, min_periods=LEAST).median()
    usual = _MAD * (grid.scaled - moving).abs().median()
    floor = usual[usual > 0].median()
    usual = usual.fillna(0.0).clip(lower=LEAST_SCALE if np.isnan(floor) else max(floor, LEAST_SCALE))
    wide = pd.DataFrame(
        np.broadcast_to(usual.to_numpy(), grid.scaled.shape),
        index=grid.scaled.index,
        columns=grid.scaled.columns,
    )
    return pd.DataFrame(np.sqrt(wide**2 + grid.chance**2))


def _outliers(grid: _Grid, before: pd.DataFrame, after: pd.DataFrame, scale: pd.DataFrame) -> pd.DataFrame:
    # A side that is not there is judged by the other one.
    lower = before.fillna(after).where(before.fillna(after) <= after.fillna(before), after)
    upper = before.fillna(after).where(before.fillna(after) >= after.fillna(before), after)
    low, high = lower - WIDTH * scale, upper + WIDTH * scale
    outside = (grid.scaled < low) | (grid.scaled > high)
    at, unit = np.nonzero(outside.to_numpy())
    if not at.size:
        return pd.DataFrame(columns=OUTLIER_COLUMNS)
    common = grid.common.to_numpy()[at]
    y, s = grid.scaled.to_numpy()[at, unit], scale.to_numpy()[at, unit]
    bounds = low.to_numpy()[at, unit], high.to_numpy()[at, unit]
    nearest = np.where(y > bounds[1], upper.to_numpy()[at, unit], lower.to_numpy()[at, unit])
    with np.errstate(divide="ignore"):
        distance = np.abs(y - nearest) / s
    return pd.DataFrame(
        {
            "unit": grid.figures.columns.to_numpy()[unit],
            "indicator": grid.indicator,
            "period": grid.figures.index.to_numpy()[at],
            "quantity": grid.quantity,
            "figure": grid.figures.to_numpy()[at, unit],
            "low": grid.back(bounds[0] + common),
            "high": grid.back(bounds[1] + common),
            "distance": distance,
        }
    )


def _breaks(grid: _Grid, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    # The new level includes the figure itself.
    new = grid.scaled[::-1].rolling(WINDOW, min_periods=LEAST).median()[::-1]
    step = (new - before).where(grid.scaled.notna())
    size = step.abs()
    scale = _scale(grid)
    # Windows that hold figures of both levels are wide: where both are narrow, there is the break.
    spread = grid.scaled.rolling(WINDOW, min_periods=LEAST).std()
    clear = size - spread.shift(1) - grid.scaled[::-1].rolling(WINDOW, min_periods=LEAST).std()[::-1]
    largest = clear == clear.rolling(_MOVING, center=True, min_periods=1).max()
    # Both sides need a full window: a level is more than three figures of a series that just began.
    full = before.notna() & after.notna()
    found = largest & full & (size > BREAK_WIDTH * scale) & (size >= np.log(BREAK_FACTOR))
    at, unit = np.nonzero(found.to_numpy())
    if not at.size:
        return pd.DataFrame(columns=BREAK_COLUMNS)
    common = grid.common.to_numpy()[at]
    return pd.DataFrame(
        {
            "unit": grid.figures.columns.to_numpy()[unit],
            "indicator": grid.indicator,
            "period": grid.figures.index.to_numpy()[at],
            "quantity": grid.quantity,
            "before": grid.back(before.to_numpy()[at, unit] + common),
            "after": grid.back(new.to_numpy()[at, unit] + common),
            "factor": np.exp(step.to_numpy()[at, unit]),
        }
    )
