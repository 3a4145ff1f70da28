"""A&E attendances and waits over four hours by month and name, November 2010 to December 2021 (HowsMyNHS).

Layout: `NHSwaiting.npy`, a pickled numpy array of four parts: names; months (`12/2021`, newest first);
attendances, a row for each name and a column for each month; waits over four hours, likewise. It is opened by
`smq.readers.npy_pickle`, which allows numpy's array types alone.

Traps: names and no codes (`data/reference/public_names.csv` has those of trusts; walk-in centres and
practices have none and are listed). `-` stands for every month in which a name has no figure; a trust that
was renamed, merged or dissolved lacks its earlier months, so that the names together hold a third of
England's attendances in 2011 and nearly all of them only in 2021: a panel of survivors. Figures before June
2015 are weekly ones, apportioned to months. England's waits over four hours are wrong from May 2019: all
attendances of the 14 trusts that piloted new standards are counted as waits; those trusts have no waits from
then on. Five months are missing: February, September, October and November 2019, and November 2021.

Verified on: the file of commit db750f5: 218 names, 129 months; all 19,083 cells with attendances are those
of the converted file; England's attendances of December 2021 equal the sum of the names.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from smq.readers.errors import DataFileError, Problem
from smq.readers.gathering import Gathering
from smq.readers.npy_pickle import read_pickled_npy
from smq.readers.reading import StatisticReading, Table, as_text, normal

VERIFIED = "verified on real files"

ENGLAND = "england"
FIRST_MONTHLY = pd.Timestamp(2015, 6, 1)
"""From here on the source took monthly figures; before, it apportioned weekly ones."""
PILOT_FROM = pd.Timestamp(2019, 5, 1)
"""From here on 14 trusts tested other standards and published no waits over four hours."""

SURVIVORS = "the file holds names in use when it was made; renamed and merged organisations are missing"
PILOT = "England counts all attendances of the 14 pilot trusts as waits over four hours from May 2019"

_MONTH = re.compile(r"(0[1-9]|1[0-2])/(20[0-9]{2})")
_AGAIN = "Fetch the file again ('press fetch')."
_NO_FIGURE = "-"


def read_howsmynhs_ae(path: Path, names: Mapping[str, str], source: str = "") -> StatisticReading:
    """Read the file: `ae_4h`, in per cent over four hours, for the names that have a code.

    `names` is what `read_public_names` gives. Rows are counted from 1 over the names of the file. England is
    in `totals` only. Raises `DataFileError`.
    """
    found = Gathering(path, source or path.name)
    labels, months, attendances, over = _parts(path)
    table = Table(path, "", [[label] for label in labels], range(1, len(labels) + 1))
    found.log.append(f"{len(labels)} names, {len(months)} months")
    known: list[dict[str, float]] = [{"attendances": 0.0, "over": 0.0} for _ in months]
    england: int | None = None
    for row, label in enumerate(labels):
        if normal(label) == ENGLAND:
            england = row
            found.drop(table, row, "ENG", label, "England's total, compared with the sum of the rows")
            continue
        code = names.get(normal(label), "")
        without, none_seen = 0, 0
        for column, month in enumerate(months):
            whole, part = attendances[row][column], over[row][column]
            _add_known(known[column], whole, part)
            if math.isnan(whole):
                without += 1
                continue
            if not math.isnan(part) and part > whole:
                what = f"more waits over four hours in {month:%B %Y} than attendances"
                found.problems.append(table.problem(row, "over four hours", f"{part:.10g}", what, _AGAIN))
            if not code:
                continue
            none_seen += whole == 0
            missing = "not published (-)" if math.isnan(part) else "" if whole else "no attendances (0)"
            found.add(
                table,
                row,
                code=code,
                name=label,
                period=month,
                period_length="month",
                indicator="ae_4h",
                numerator=part,
                denominator=whole,
                value=math.nan if missing else 100 * part / whole,
                missing=missing,
            )
        if not code:
            reason = f"no code is known for this name; {len(months) - without} months with figures"
            found.drop(table, row, "", label, reason)
        elif without:
            found.drop(table, row, code, label, f"{without} months without a figure (-)")
    _compare(found, england, months, attendances, over, known)
    return found.reading()


def _add_known(known: dict[str, float], whole: float, part: float) -> None:
    known["attendances"] += 0 if math.isnan(whole) else whole
    known["over"] += 0 if math.isnan(part) else part


def _compare(
    found: Gathering,
    england: int | None,
    months: Sequence[pd.Timestamp],
    attendances: list[list[float]],
    over: list[list[float]],
    known: list[dict[str, float]],
) -> None:
    if england is None:
        found.problems.append(Problem(0, "", "England", "England's row is missing", _AGAIN))
        return
    for column, month in enumerate(months):
        for quantity, values in (("attendances", attendances), ("over", over)):
            printed = values[england][column]
            if math.isnan(printed):
                continue
            # The names are a part of England: they may fall short of its total, never exceed it.
            short = printed >= known[column][quantity]
            explanation = PILOT if quantity == "over" and month >= PILOT_FROM else SURVIVORS
            found.total(
                f"England {month:%Y-%m}",
                quantity,
                printed,
                [known[column][quantity]],
                explanation if short else "",
            )


def _parts(path: Path) -> tuple[list[str], list[pd.Timestamp], list[list[float]], list[list[float]]]:
    """Give names, months, attendances and waits over four hours; a missing figure is NaN."""
    parts = list(read_pickled_npy(path))
    if len(parts) != 4:
        raise _refused(path, "", None, f"it holds {len(parts)} parts and not 4")
    names = [as_text(str(name)) for name in parts[0]]
    months = []
    for text in parts[1]:
        match = _MONTH.fullmatch(str(text))
        if match is None:
            raise _refused(path, "months", str(text), "not a month (12/2021)")
        months.append(pd.Timestamp(int(match[2]), int(match[1]), 1).as_unit("s"))
    if len(set(months)) != len(months):
        raise _refused(path, "months", None, "a month stands there twice")
    if len({normal(name) for name in names}) != len(names):
        raise _refused(path, "names", None, "a name stands there twice")
    grids = [
        _grid(path, part, what, names, len(months)) for part, what in zip(parts[2:], _GRIDS, strict=True)
    ]
    return names, months, grids[0], grids[1]


_GRIDS = ("attendances", "waits over four hours")


def _grid(path: Path, part: object, what: str, names: list[str], columns: int) -> list[list[float]]:
    rows = list(part) if hasattr(part, "__iter__") else []
    if len(rows) != len(names) or any(not hasattr(row, "__len__") or len(row) != columns for row in rows):
        raise _refused(path, what, None, f"not {len(names)} rows of {columns} figures")
    grid = []
    for name, row in zip(names, rows, strict=True):
        values = []
        for cell in row:
            if isinstance(cell, str) and cell == _NO_FIGURE:
                values.append(math.nan)
            elif isinstance(cell, int | float) and not isinstance(cell, bool) and 0 <= cell < 1e9:
                values.append(float(cell))
            else:
                raise _refused(path, f"{what}, {name}", str(cell), "neither a count nor '-'")
        grid.append(values)
    return grid


def _refused(path: Path, column: str, value: str | None, what: str) -> DataFileError:
    return DataFileError(path, [Problem(0, column, value, what, _AGAIN)])
