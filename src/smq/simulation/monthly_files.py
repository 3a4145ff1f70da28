"""Writes the monthly statistics as raw files, a month at a time, in the layouts that the readers describe."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from smq.readers import cancer_extract, dtoc_extract, rtt_extract, sickness_absence
from smq.simulation.calendar import MONTHS
from smq.simulation.csv_files import texts_of, write_parts
from smq.simulation.streams import stream

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd

    from smq.simulation.csv_files import Column, Part
    from smq.simulation.streams import Counts, Flags, Floats
    from smq.simulation.world import World

REGION_CODE, REGION = "ZZR", "FICTIONAL REGION (SIMULATED)"
COMMISSIONER_CODE, COMMISSIONER = "ZZC", "FICTIONAL COMMISSIONER (SIMULATED)"
AUTHORITY_CODE, AUTHORITY = "ZZL", "FICTIONAL COUNCIL (SIMULATED)"
AE_COUNTS = tuple(
    f"{quantity} {kind}"
    for quantity in ("A&E attendances", "Attendances over 4hrs")
    for kind in (
        "Type 1",
        "Type 2",
        "Other A&E Department" if quantity.startswith("A&E") else "Other Department",
        "Booked Appointments Type 1",
        "Booked Appointments Type 2",
        "Booked Appointments Other Department",
    )
)
AE_REST = (
    "Patients who have waited 4-12 hs from DTA to admission",
    "Patients who have waited 12+ hrs from DTA to admission",
    "Emergency admissions via A&E - Type 1",
    "Emergency admissions via A&E - Type 2",
    "Emergency admissions via A&E - Other A&E department",
    "Other emergency admissions",
)
_OVER_TYPE_1 = "Attendances over 4hrs Type 1"
_SECOND = 0.2
"""Share of trusts that have departments of type 2 as well."""
_MARKS = ("-", "*", "N/A", "")
_MARKED = 0.001
"""Share of trust-months of A&E whose waits are not given but marked."""
_FUNCTIONS = (("C_100", "General Surgery", 0.35), ("C_X01", "Other", 0.65))
_REASONS = (
    ("A_COMPLETED_ASSESSMENT", 0.45, 0.4),
    ("D_I_RESIDENTIAL_HOME", 0.25, 0.9),
    ("E_CARE_PACKAGE_IN_HOME", 0.3, 0.8),
)
"""Reason, its share of the days, and the share of those that social care answers for."""
_DTOC_FRONT = (
    "Monthly delayed transfers of care: simulated data about fictional trusts",
    "Source: smq.simulation",
    "No figure is about a real organisation",
)


@dataclass(frozen=True)
class Month:
    """One month of one indicator: the trusts that have figures, as places, and their counts."""

    begin: pd.Timestamp
    trusts: Counts
    numerator: Counts
    denominator: Counts


def months_of(world: World, indicator: str) -> list[Month]:
    """Give the months in which any trust has a figure."""
    figures = world.figures[indicator]
    found = []
    for place, begin in enumerate(MONTHS):
        there = np.flatnonzero(figures.reported[:, place])
        if there.size:
            counts = figures.numerator[there, place], figures.denominator[there, place]
            found.append(Month(begin, there, *counts))
    return found


def write_monthly(world: World, folder: Path) -> None:
    """Write all monthly statistics below a folder."""
    _write_ae(world, folder / "ae")
    _write_by_year(world, "rtt_18w", lambda year: folder / "rtt" / f"RTT-{year}-full-extract.csv", _rtt)
    _write_by_year(
        world, "cancer_62d", lambda year: folder / "cancer" / f"Data-Extract-Provider-{year}.csv", _cancer
    )
    _write_by_year(
        world,
        "dtoc",
        lambda year: folder / "dtoc" / f"Monthly-SITREPs-DTOC-Extracts-{year}.csv",
        _dtoc,
        front=_DTOC_FRONT,
    )
    _write_by_year(
        world, "sickness", lambda year: folder / "sickness" / f"NHS-Sickness-Absence-{year}.csv", _sickness
    )


def _named(world: World, month: Month) -> tuple[Column, Column]:
    return texts_of(world.trusts.codes, month.trusts), texts_of(world.trusts.names, month.trusts)


def _write_ae(world: World, folder: Path) -> None:
    """Write a file for each year, with the total of the file in its last row."""
    random = stream(world.seed, "marks of ae_4h")
    second = stream(world.seed, "types of ae_4h").random(len(world.trusts)) < _SECOND
    for year, months in groupby(months_of(world, "ae_4h"), key=lambda month: month.begin.year):
        sums = dict.fromkeys(AE_COUNTS, 0)
        parts = [_ae(world, month, second[month.trusts], random, sums) for month in months]
        last = ",".join([*["Total"] * 4, *map(str, sums.values()), *["0"] * len(AE_REST)])
        write_parts(folder / f"Monthly-AE-{year}.csv", parts, last=[last])


def _ae(world: World, month: Month, second: Flags, random: np.random.Generator, sums: dict[str, int]) -> Part:
    """Give the columns of one month, and add to `sums` what is known in them."""
    counts = _types(month, second)
    marked = np.flatnonzero(random.random(len(month.trusts)) < _MARKED)
    over_type1 = counts[_OVER_TYPE_1].astype(str).astype(object)
    over_type1[marked] = [_MARKS[trust % len(_MARKS)] for trust in month.trusts[marked]]
    for name, column in counts.items():
        sums[name] += int(column.sum() - (column[marked].sum() if name == _OVER_TYPE_1 else 0))
    codes, names = _named(world, month)
    period = f"MSitAE-{f'{month.begin:%B-%Y}'.upper()}"
    rows: dict[str, Column] = {"Period": period, "Org Code": codes, "Parent Org": REGION, "Org name": names}
    rows |= {**counts, _OVER_TYPE_1: list(over_type1)} if marked.size else counts
    return rows | dict.fromkeys(AE_REST, "0"), len(month.trusts)


def _types(month: Month, second: Flags) -> dict[str, Counts]:
    """Split attendances and waits by type of department; waits are nearly all in type 1."""
    zero = np.zeros(len(month.trusts), dtype=np.int64)
    other = np.rint(0.27 * month.denominator).astype(np.int64)
    two = np.rint(0.03 * month.denominator).astype(np.int64) * second
    one = month.denominator - other - two
    over_two = np.minimum(np.rint(0.01 * month.numerator).astype(np.int64) * second, two)
    over_one = np.minimum(
        np.rint(0.97 * month.numerator).astype(np.int64), np.minimum(one, month.numerator - over_two)
    )
    parts = [one, two, other, zero, zero, zero]
    parts += [over_one, over_two, month.numerator - over_one - over_two, zero, zero, zero]
    return dict(zip(AE_COUNTS, parts, strict=True))


def _write_by_year(
    world: World,
    indicator: str,
    path_of: Callable[[int], Path],
    columns_of: Callable[[World, Month], Part],
    front: Sequence[str] = (),
) -> None:
    """Write a file for each year, month by month."""
    for year, months in groupby(months_of(world, indicator), key=lambda month: month.begin.year):
        write_parts(path_of(year), (columns_of(world, month) for month in months), front=front)


def _rtt(world: World, month: Month) -> Part:
    functions = len(_FUNCTIONS) + 1
    inside, whole = (_split(counts) for counts in (month.numerator, month.denominator))
    # A part may not exceed its whole through rounding.
    inside[0] = np.minimum(inside[0], whole[0])
    inside[1] = np.minimum(month.numerator - inside[0], whole[1])
    inside[0] = month.numerator - inside[1]
    within, beyond = np.stack(inside), np.stack(whole) - np.stack(inside)
    weeks = np.concatenate([_banded(within, _WITHIN_18), _banded(beyond, _BEYOND_18)], axis=2)
    weeks = np.concatenate([weeks, weeks.sum(axis=0, keepdims=True)])
    rows = functions * len(month.trusts)
    by_row = np.ascontiguousarray(weeks.transpose(1, 0, 2).reshape(rows, -1).T)
    trusts = np.repeat(month.trusts, functions)
    function = np.tile(np.arange(functions), len(month.trusts))
    names = [*(name for _, name, _ in _FUNCTIONS), "Total"]
    codes = [*(code for code, _, _ in _FUNCTIONS), rtt_extract.ALL_FUNCTIONS]
    fixed: dict[str, Column] = {
        "Period": f"RTT-{month.begin:%B-%Y}",
        "Provider Parent Org Code": REGION_CODE,
        "Provider Parent Name": REGION,
        "Provider Org Code": texts_of(world.trusts.codes, trusts),
        "Provider Org Name": texts_of(world.trusts.names, trusts),
        "Commissioner Parent Org Code": REGION_CODE,
        "Commissioner Parent Name": REGION,
        "Commissioner Org Code": COMMISSIONER_CODE,
        "Commissioner Org Name": COMMISSIONER,
        "RTT Part Type": rtt_extract.INCOMPLETE,
        "RTT Part Description": "Incomplete Pathways",
        "Treatment Function Code": texts_of(codes, function),
        "Treatment Function Name": texts_of(names, function),
        "Total": "",
        "Patients with unknown clock start date": "0",
        "Total All": by_row.sum(axis=0),
    }
    banded = dict(zip(rtt_extract.WEEKS, by_row, strict=True))
    return {name: fixed.get(name, banded.get(name, "")) for name in rtt_extract.COLUMNS}, rows


def _split(counts: Counts) -> list[Counts]:
    first = np.rint(_FUNCTIONS[0][2] * counts).astype(np.int64)
    return [first, counts - first]


def _decay(weeks: int, length: float) -> Floats:
    """Give the share of waits up to the end of each week: fewer and fewer wait longer; shape (weeks,)."""
    shares = np.exp(-np.arange(weeks) / length)
    return np.asarray(np.cumsum(shares) / shares.sum())


def _banded(counts: Counts, up_to: Floats) -> Counts:
    """Spread counts over weeks so that they add up; a further axis for the weeks."""
    reached = np.rint(counts[..., None] * up_to).astype(np.int64)
    return np.diff(reached, axis=-1, prepend=0)


# Up to 18 weeks, and from there to the band without an end.
_WITHIN_18, _BEYOND_18 = _decay(18, 9.0), _decay(35, 7.0)


def _cancer(world: World, month: Month) -> Part:
    values: tuple[Column, ...] = (
        f"{month.begin:%Y-%m}",
        _named(world, month)[0],
        cancer_extract.STANDARD,
        month.denominator,
        month.numerator,
        month.denominator - month.numerator,
    )
    return dict(zip(cancer_extract.COLUMNS, values, strict=True)), len(month.trusts)


def _dtoc(world: World, month: Month) -> Part:
    reasons = len(_REASONS)
    up_to = np.cumsum([share for _, share, _ in _REASONS])
    rows = reasons * len(month.trusts)
    days = _banded(month.numerator, up_to).ravel()
    of_social_care = np.tile([social for _, _, social in _REASONS], len(month.trusts))
    social = np.rint(days * of_social_care).astype(np.int64)
    trusts = np.repeat(month.trusts, reasons)
    start = month.begin.year - (month.begin.month < 4)
    none = np.zeros(rows, dtype=np.int64)
    values: dict[str, Column] = {
        "Year": f"{start}-{(start + 1) % 100:02d}",
        "Period Name": f"{month.begin:%B}".upper(),
        "Provider Parent Org Code": REGION_CODE,
        "Provider Parent Name": REGION,
        "Provider Org Code": texts_of(world.trusts.codes, trusts),
        "Provider Org Name": texts_of(world.trusts.names, trusts),
        "Local Authority Code": AUTHORITY_CODE,
        "Local Authority Name": AUTHORITY,
        "Acute Or Non Acute Description": "Acute",
        "Reason For Delay": texts_of(
            [reason for reason, _, _ in _REASONS], np.tile(np.arange(reasons), len(month.trusts))
        ),
        "NHS A SUM": _patients(days - social),
        "NHS B SUM": days - social,
        "Social Care A SUM": _patients(social),
        "Social Care B SUM": social,
        "Both A SUM": none,
        "Both B SUM": none,
    }
    return {name: values[name] for name in dtoc_extract.COLUMNS}, rows


def _patients(days: Counts) -> Counts:
    return np.rint(days / 30.4).astype(np.int64)


def _sickness(world: World, month: Month) -> Part:
    rate = np.char.mod("%.2f", 100 * month.numerator / month.denominator)
    values: tuple[Column, ...] = (
        f"{month.begin:%Y-%b}".upper(),
        REGION_CODE,
        REGION,
        *_named(world, month),
        texts_of([kind.title() for kind in world.trusts.kinds], month.trusts),
        month.numerator,
        month.denominator,
        list(rate),
    )
    return dict(zip(sickness_absence.COLUMNS, values, strict=True)), len(month.trusts)
