"""Figures as they are counted: numerators and denominators, with chance, over-dispersion and gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from smq.simulation.calendar import MONTHS, PANDEMIC, YEARS, place
from smq.simulation.indicators import BY_ID, YEARLY, Planted
from smq.simulation.streams import Counts, Flags, Floats, stream
from smq.simulation.trusts import NEVER, Trusts

_GROWTH = 0.015
_MISSING = 0.08
"""Share of trusts that report nothing for some months, by indicator."""
_LONGEST_GAP = 5
_OCCUPIED = 0.9
_DAYS = MONTHS.days_in_month.to_numpy()


@dataclass(frozen=True)
class Figures:
    """One indicator as counted. Shapes (trusts, months), or (trusts, years) where it is by year."""

    numerator: Counts
    denominator: Counts
    reported: Flags
    """Whether the trust has a figure at all."""


def sizes_over_time(trusts: Trusts) -> Floats:
    """Give the size of each trust in each month, that of those it took over included; (trusts, months)."""
    sizes = np.where(trusts.there(), trusts.sizes[:, None], 0.0)
    for trust in np.flatnonzero((trusts.dissolved != NEVER) & (trusts.successors >= 0)):
        sizes[trusts.successors[trust], trusts.dissolved[trust] :] += trusts.sizes[trust]
    return sizes


def count_months(planted: Planted, values: Floats, trusts: Trusts, occupied: Counts, seed: int) -> Figures:
    """Count a monthly indicator from what each trust would have before chance (`values`, NaN for none).

    `occupied`: occupied bed days, the denominator of delayed transfers. Shapes (trusts, months).
    """
    random = stream(seed, f"counts of {planted.id}")
    noise = random.normal(size=values.shape)
    if planted.id == "dtoc":
        denominator = occupied
        random.normal(size=values.shape)
    else:
        denominator = _denominator(planted, trusts, random)
    having = ~np.isnan(values)
    begin, end = place(planted.first), place(planted.last) + 1
    season = np.zeros(len(MONTHS), dtype=bool)
    season[begin:end] = True
    reported = having & trusts.there() & season[None, :] & ~_gaps(trusts, random) & (denominator > 0)
    value, whole = np.nan_to_num(values), np.maximum(denominator, 1)
    if planted.id == "dtoc":
        days = value * whole / 1000
        counted = days * (1 + noise * np.sqrt(1 / np.maximum(days, 1) + 1 / planted.clump))
        top = whole
    else:
        share = value / 100
        counted = whole * (share + noise * np.sqrt(share * (1 - share) * (1 / whole + 1 / planted.clump)))
        top = whole
    numerator = np.clip(np.rint(counted), 0, top).astype(np.int64)
    return Figures(numerator, denominator, reported)


def count_years(planted: Planted, values: Floats, trusts: Trusts, seed: int) -> Figures:
    """Count a yearly indicator; shape (trusts, years). The last financial year is not over, so not there."""
    random = stream(seed, f"counts of {planted.id}")
    mean = np.stack([values[:, year_of(planted.id, year)].mean(axis=1) for year in YEARS], axis=1)
    sizes = sizes_over_time(trusts)
    size = np.stack([sizes[:, year_of(planted.id, year)].min(axis=1) for year in YEARS], axis=1)
    noise, wobble = random.normal(size=mean.shape), random.normal(size=mean.shape)
    growth = 1 + _GROWTH * np.arange(len(YEARS))
    denominator = np.rint(planted.size * size * growth[None, :] * np.exp(0.03 * wobble)).astype(np.int64)
    whole, value = np.maximum(denominator, 1), np.nan_to_num(mean)
    if planted.id == "shmi":
        counted = whole * (value + noise * np.sqrt(value / whole))
        numerator = np.maximum(np.rint(counted), 0)
    else:
        share = value / 100
        counted = whole * (share + noise * np.sqrt(share * (1 - share) * (1 / whole + 1 / planted.clump)))
        numerator = np.clip(np.rint(counted), 0, whole)
    complete = np.array([year_of(planted.id, year).stop <= len(MONTHS) for year in YEARS])
    reported = ~np.isnan(mean) & (size > 0) & complete[None, :]
    return Figures(numerator.astype(np.int64), denominator, reported)


def year_of(indicator: str, year: int) -> slice:
    """Give the months of a yearly figure: calendar or financial year, or the time of the survey."""
    january = (year - YEARS[0]) * 12
    if indicator.startswith("survey"):
        return slice(january + 9, january + 12)
    if indicator in ("agency", "turnover"):
        return slice(january + 3, january + 15)
    return slice(january, january + 12)


def periods_of(indicator: str) -> pd.DatetimeIndex:
    """Give the first day of each period of an indicator: months, or years as the panel numbers them."""
    if not is_yearly(indicator):
        return MONTHS
    # The survey is done in autumn; its figures stand for the calendar year.
    first = 1 if indicator.startswith("survey") else year_of(indicator, YEARS[0]).start + 1
    return pd.DatetimeIndex([f"{year}-{first:02d}-01" for year in YEARS])


def beds(trusts: Trusts, seed: int) -> tuple[Counts, Counts]:
    """Give beds available and occupied, an average of each quarter; shape (trusts, quarters)."""
    random = stream(seed, "beds")
    sizes = sizes_over_time(trusts)[:, ::3] * trusts.of(BY_ID["dtoc"].kinds)[:, None]
    quarters = sizes.shape[1]
    available = np.rint(660 * sizes * (1 - 0.001 * np.arange(quarters)) * _ripple(random, sizes.shape, 0.01))
    season = 0.02 * np.cos(2 * np.pi * np.arange(quarters) / 4)
    shift = np.where(np.arange(quarters) >= place(PANDEMIC) // 3 + 1, -0.08, 0.0)
    share = np.clip(_OCCUPIED + season + shift + random.normal(0, 0.02, sizes.shape), 0.5, 0.995)
    return available.astype(np.int64), np.rint(available * share).astype(np.int64)


def occupied_days(occupied: Counts) -> Counts:
    """Give occupied bed days by month from the beds occupied by quarter; shape (trusts, months)."""
    return np.asarray(np.repeat(occupied, 3, axis=1) * _DAYS[None, :])


def _denominator(planted: Planted, trusts: Trusts, random: np.random.Generator) -> Counts:
    sizes = sizes_over_time(trusts)
    growth = 1 + _GROWTH * np.arange(len(MONTHS)) / 12
    fewer = np.where(np.arange(len(MONTHS)) >= place(PANDEMIC), 0.75, 1.0)
    if planted.id == "sickness":
        fewer = _DAYS / 30.4
    expected = planted.size * sizes * (growth * fewer)[None, :]
    return np.asarray(np.rint(expected * _ripple(random, sizes.shape, 0.03)).astype(np.int64))


def _ripple(random: np.random.Generator, shape: tuple[int, ...], spread: float) -> Floats:
    return np.asarray(np.exp(random.normal(0, spread, shape)))


def _gaps(trusts: Trusts, random: np.random.Generator) -> Flags:
    """Let some trusts report nothing for a few months; shape (trusts, months)."""
    gap = np.zeros((len(trusts), len(MONTHS)), dtype=bool)
    silent = np.flatnonzero(random.random(len(trusts)) < _MISSING)
    begins = random.integers(0, len(MONTHS), len(silent))
    lengths = random.integers(1, _LONGEST_GAP + 1, len(silent))
    month = np.arange(len(MONTHS))[None, :]
    gap[silent] = (month >= begins[:, None]) & (month < (begins + lengths)[:, None])
    return gap


def is_yearly(indicator: str) -> bool:
    """Say whether the figures of an indicator are by year."""
    return indicator in YEARLY
