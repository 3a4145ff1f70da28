"""Beds available overnight by quarter and name, April 2010 to September 2021 (HowsMyNHS, from KH03).

Layout: `NHSbeds.npy`, a pickled numpy array of three parts: names in lower case, England first; quarters as
decimal years, newest first (2010.25 is April to June 2010); beds, a row for each name and a column for each
quarter. It is opened by `smq.readers.npy_pickle`, which allows numpy's array types alone.

Traps: names and no codes (`data/reference/public_names.csv` has those of trusts). `-` stands for every
quarter in which a name has no figure; 0 is a figure. A trust that was renamed or merged lacks its earlier
quarters: the names hold 54% of England's beds in 2010, two thirds in 2012 and all of them only in 2021: a
panel of survivors. April to September 2010 have England alone. Averages were cut to whole beds, but for one
trust. All sectors together; no occupied beds.

Verified on: the file of commit db750f5: 201 names, 46 quarters, 7,205 figures of names. England of April to
June 2010 (144,454) is that of the KH03 workbook (144,454.87), cut. The names never exceed England's total
by more than the cut. All figures but 22 zeros, which the converted file leaves out, are those of the
converted file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from smq.readers.errors import DataFileError, Problem
from smq.readers.gathering import Gathering
from smq.readers.npy_pickle import read_pickled_npy
from smq.readers.reading import StatisticReading, Table, as_text, normal

VERIFIED = "verified on real files"

ENGLAND = "england"
SURVIVORS = (
    "the file holds names in use when it was made, and whole beds; renamed and merged trusts are missing"
)
_AGAIN = "Fetch the file again ('press fetch')."
_NO_FIGURE = "-"


def read_howsmynhs_beds(path: Path, names: Mapping[str, str], source: str = "") -> StatisticReading:
    """Read the file: `beds_available` (numerator and value: beds) for the names that have a code.

    `names` is what `read_public_names` gives. Rows are counted from 1 over the names of the file. England
    is in `totals` only. Raises `DataFileError`.
    """
    labels, quarters, beds = _parts(path)
    table = Table(path, "", [[label] for label in labels], range(1, len(labels) + 1))
    into = Gathering(path, source or path.name)
    into.log.append(f"{len(labels)} names, {len(quarters)} quarters")
    england: int | None = None
    for row, label in enumerate(labels):
        if normal(label) == ENGLAND:
            england = row
            into.drop(table, row, "", label, "a total, compared with the sum of its rows")
            continue
        known = [column for column in range(len(quarters)) if not math.isnan(beds[row][column])]
        code = names.get(normal(label), "")
        if not code:
            reason = f"no code is known for this name; {len(known)} quarters with figures"
            into.drop(table, row, "", label, reason)
            continue
        if len(known) < len(quarters):
            into.drop(table, row, code, label, f"{len(quarters) - len(known)} quarters without a figure (-)")
        for column in known:
            into.add(
                table,
                row,
                code=code,
                name=label,
                period=quarters[column],
                period_length="quarter",
                indicator="beds_available",
                numerator=beds[row][column],
                denominator=math.nan,
                value=beds[row][column],
            )
    if england is None:
        raise _refused(path, "names", None, "England's row is missing")
    _compare(into, england, quarters, beds)
    return into.reading()


def _compare(
    into: Gathering, england: int, quarters: Sequence[pd.Timestamp], beds: Sequence[Sequence[float]]
) -> None:
    for column, quarter in enumerate(quarters):
        printed = beds[england][column]
        if math.isnan(printed):
            continue
        parts = [row[column] for n, row in enumerate(beds) if n != england]
        summed = math.fsum(part for part in parts if not math.isnan(part))
        # The names are a part of England: they may fall short of its total, which was cut too.
        short = summed < printed + 1
        into.total(f"England {quarter:%Y-%m}", "beds available", printed, parts, SURVIVORS if short else "")


def _parts(path: Path) -> tuple[list[str], list[pd.Timestamp], list[list[float]]]:
    """Give names, quarters and beds; a missing figure is NaN."""
    parts = list(read_pickled_npy(path))
    if len(parts) != 3:
        raise _refused(path, "", None, f"it holds {len(parts)} parts and not 3")
    names = [as_text(str(name)) for name in parts[0]]
    if len({normal(name) for name in names}) != len(names):
        raise _refused(path, "names", None, "a name stands there twice")
    quarters = [_quarter(path, decimal) for decimal in parts[1]]
    if len(set(quarters)) != len(quarters):
        raise _refused(path, "quarters", None, "a quarter stands there twice")
    rows = list(parts[2]) if hasattr(parts[2], "__iter__") else []
    if len(rows) != len(names) or any(
        not hasattr(row, "__len__") or len(row) != len(quarters) for row in rows
    ):
        raise _refused(path, "beds", None, f"not {len(names)} rows of {len(quarters)} figures")
    beds = [[_beds(path, name, cell) for cell in row] for name, row in zip(names, rows, strict=True)]
    return names, quarters, beds


def _quarter(path: Path, decimal: object) -> pd.Timestamp:
    if isinstance(decimal, int | float) and 2000 <= decimal < 2100 and (4 * decimal) % 1 == 0:
        month = 1 + round(12 * (decimal % 1))
        return pd.Timestamp(year=int(decimal), month=month, day=1).as_unit("s")
    raise _refused(path, "quarters", str(decimal), "not a quarter as a decimal year (2010.25)")


def _beds(path: Path, name: str, cell: object) -> float:
    if isinstance(cell, str) and cell == _NO_FIGURE:
        return math.nan
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 0 <= cell < 1e6:
        return float(cell)
    raise _refused(path, name, str(cell), "neither a number of beds nor '-'")


def _refused(path: Path, column: str, value: str | None, what: str) -> DataFileError:
    return DataFileError(path, [Problem(0, column, value, what, _AGAIN)])
