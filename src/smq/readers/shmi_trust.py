"""SHMI by trust: the file `SHMI data at trust level` of an edition, about 2014 on (CSV, or a workbook).

Layout: in workbooks the sheet `Data`, about ten rows above the header; as CSV with or without them:
Provider code, Provider name, SHMI value, SHMI banding, Number of spells, Observed deaths, Expected
deaths. The twelve months that the edition covers are named above the header (`January 2019 - December
2019`), or in the name of the file (`SHMI data at trust level, January 2019 to December 2019.csv`).

Traps: editions overlap: those of calendar years are independent and become `shmi`, all of them
`shmi_rolling`. `*` is suppressed, not zero. Banding follows from control limits that are published in
another file. Only non-specialist acute trusts have a row.

Verified on: nothing real: no file was at hand. The columns are those of the description; the older
editions, of which there are files, are read by `shmi_editions`.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import pandas as pd

from smq.readers.csv_table import read_csv_table
from smq.readers.errors import DataFileError
from smq.readers.gathering import Gathering
from smq.readers.named_months import month_of
from smq.readers.reading import (
    StatisticReading,
    Table,
    day_in,
    either,
    find_header,
    is_code,
    labelled,
    number,
)
from smq.readers.workbook import find_sheet

VERIFIED = "layout only"

COLUMNS = (
    "Provider code",
    "Provider name",
    "SHMI value",
    "SHMI banding",
    "Number of spells",
    "Observed deaths",
    "Expected deaths",
)
SHEET = "Data"
MONTHS = 12
_PERIOD = re.compile(r"([A-Z][a-z]{2,8}[ _]20[0-9]{2})[ _]?(?:-|–|to)[ _]?([A-Z][a-z]{2,8}[ _]20[0-9]{2})")
_AGAIN = "Correct the row, or take the file as it was published."
_ROUNDED = 1e-4


def read_shmi_trust(path: Path, source: str = "") -> StatisticReading:
    """Read one edition: `shmi_rolling` (ratio of observed to expected deaths), and `shmi` of a calendar year.

    The period is the first of the twelve months. Raises `DataFileError`.
    """
    table = read_csv_table(path) if path.suffix.casefold() == ".csv" else find_sheet(path, [SHEET])
    header = find_header(table, COLUMNS)
    into = Gathering(path, source or path.name)
    into.log.append(header.log)
    month = _first_month(path, table, header.row)
    labels = labelled(table, header.row)
    published, revised = day_in(labels.get("published")), day_in(labels.get("revised"))
    places = {name: header.column(name) for name in COLUMNS}
    for row in range(header.row + 1, len(table.rows)):
        if table.is_blank(row):
            continue
        code, name = table.text(row, places["Provider code"]), table.text(row, places["Provider name"])
        if not code and not table.text(row, places["SHMI value"]):
            into.drop(table, row, "", name[:80], "a note, not a row of data")
            continue
        cells = {
            column: number(table, row, places[column], column, into.problems)
            for column in ("SHMI value", "Observed deaths", "Expected deaths")
        }
        if not is_code(code):
            what = "not a well-formed ODS code"
            into.problems.append(table.problem(row, "Provider code", code, what, _AGAIN))
            continue
        (value, missing), (observed, _), (expected, _) = cells.values()
        if abs(observed / expected - value) > _ROUNDED if expected else False:
            what = f"not the observed deaths divided by the expected ones ({observed / expected:.4f})"
            into.problems.append(table.problem(row, "SHMI value", f"{value:.10g}", what, _AGAIN))
        for indicator in ("shmi_rolling", "shmi") if month.month == 1 else ("shmi_rolling",):
            into.add(
                table,
                row,
                code=code,
                name=name,
                period=month,
                period_length="year",
                indicator=indicator,
                numerator=observed,
                denominator=expected,
                value=value if not missing else math.nan,
                missing=either(missing),
                published=published,
                revised=revised,
            )
    return into.reading()


def _first_month(path: Path, table: Table, end: int) -> pd.Timestamp:
    """Give the first of the twelve months; a period above the header comes before one in the file's name."""
    texts = [table.text(row, column) for row in range(end) for column in range(len(table.rows[row]))]
    for text in (*texts, path.stem):
        match = _PERIOD.search(text)
        if match is None:
            continue
        first, last = (month_of(part.replace("_", " ")) for part in match.groups())
        if first and last and 12 * (last.year - first.year) + last.month - first.month == MONTHS - 1:
            return pd.Timestamp(first).as_unit("s")
    what = "it does not name the twelve months that it covers"
    remedy = "Take the file as it was published, or name them in its name ('January 2019 to December 2019')."
    raise DataFileError(path, [table.problem(None, "", None, what, remedy)])
