"""SHMI by trust and edition: the CSV files of the indicator portal, and the collection of eleven editions.

Layout: one header row with PROVIDER, DENOMINATOR (spells), OBSERVED and EXPECTED (deaths), VALUE (SHMI),
PO_LL, PO_UL (Poisson limits), OD_LL, OD_UL (limits with over-dispersion), OD_BANDING (1 higher than
expected, 2 as expected, 3 lower). The portal's file is one edition, named in the file name only, with
INDICATOR_CODE I00699 and PROVIDER_NAME; the collection has a column DATE (the month of publication) and
PROVIDER NAME. Non-specialist acute trusts only.

Traps: the portal's file is Windows-1252, and a blank row and a copyright line follow its data. Names are
blank in the collection from July 2012 on. An edition covers twelve months that end six to seven months
before its publication (July 2013: January to December 2012), so that editions overlap: every fourth is
independent. The day of publication is not in the files: the first of the month stands for it. A value that
equals its limit after rounding may lie on either side of it.

Verified on: the July 2013 edition as published (142 trusts), and the collection of October 2011 to April
2014 (1,576 rows): VALUE is OBSERVED / EXPECTED to four decimals and OD_BANDING follows from the limits in
every row; the 142 rows of July 2013 are the same in both.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd

from smq.readers import errors
from smq.readers.csv_table import read_csv_table
from smq.readers.errors import DataFileError
from smq.readers.gathering import Gathering
from smq.readers.reading import Header, StatisticReading, Table, find_header, is_code, number

VERIFIED = "verified on real files"

PORTAL_CODE = "I00699"
LAG_MONTHS = 18
"""From the first month that an edition covers to the month of its publication."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_IN_NAME = re.compile(rf"(20[0-9]{{2}})[-_ ]?({'|'.join(_MONTHS)})", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_AGAIN = "Correct the row, or take the file as it was published."
_LIMITS = {
    "shmi_poisson_lower": "PO_LL",
    "shmi_poisson_upper": "PO_UL",
    "shmi_limit_lower": "OD_LL",
    "shmi_limit_upper": "OD_UL",
    "shmi_banding": "OD_BANDING",
}
_ROUNDED = 1e-4
"""Values and limits have four decimals."""


def read_shmi_editions(path: Path, source: str = "", *, edition: date | None = None) -> StatisticReading:
    """Read one edition of the portal, or the collection of editions.

    Indicators: `shmi` (numerator observed deaths, denominator expected deaths), `shmi_spells`, the limits and
    `shmi_banding`. `edition` (any day of the month of publication) is needed for a portal file whose name
    does not tell it. Raises `DataFileError`.
    """
    table = read_csv_table(path)
    header = find_header(table, ("PROVIDER", "OBSERVED", "EXPECTED", "VALUE"))
    into = Gathering(path, source or path.name)
    into.log.append(header.log)
    code_column = header.column("PROVIDER")
    name_column = header.column("PROVIDER_NAME", "PROVIDER NAME")
    date_column = header.find("DATE")
    one = _edition_of_file(table, edition) if date_column is None else None
    for row in range(header.row + 1, len(table.rows)):
        code = table.text(row, code_column)
        filled = [cell for cell in map(str, table.rows[row]) if cell.strip()]
        # A sentence; one word alone would be what is left of a row.
        if not code and len(filled) == 1 and " " in filled[0].strip():
            into.drop(table, row, "", filled[0], "a note, not a row of data")
            continue
        if not _is_whole(table, row, header, into):
            continue
        if not is_code(code):
            into.problems.append(table.problem(row, "PROVIDER", code, "not a well-formed ODS code", _AGAIN))
            continue
        published = one if one is not None else _edition_of_row(table, row, date_column, into)
        if published is not None:
            _add(into, table, header, row, code, table.text(row, name_column), published)
    return into.reading()


def _add(
    into: Gathering, table: Table, header: Header, row: int, code: str, name: str, published: pd.Timestamp
) -> None:
    found = {
        column: number(table, row, header.column(column), column, into.problems)
        for column in ("DENOMINATOR", "OBSERVED", "EXPECTED", "VALUE", *_LIMITS.values())
    }
    portal_code = header.find("INDICATOR_CODE")
    if portal_code is not None and table.text(row, portal_code) != PORTAL_CODE:
        what = f"not the SHMI, which is {PORTAL_CODE}"
        into.problems.append(
            table.problem(row, "INDICATOR_CODE", table.text(row, portal_code), what, "Take the SHMI's file.")
        )
    _check(into, table, row, {column: value for column, (value, _) in found.items()})
    start = (published - pd.DateOffset(months=LAG_MONTHS)).as_unit("s")
    common = {
        "code": code,
        "name": name,
        "period": start,
        "period_length": "year",
        "published": published,
    }
    observed, expected = found["OBSERVED"][0], found["EXPECTED"][0]
    value, missing = found["VALUE"]
    into.add(
        table,
        row,
        **common,
        indicator="shmi",
        numerator=observed,
        denominator=expected,
        value=value,
        missing=missing,
    )
    for indicator, column in {"shmi_spells": "DENOMINATOR", **_LIMITS}.items():
        value, missing = found[column]
        numerator = value if indicator == "shmi_spells" else float("nan")
        into.add(
            table,
            row,
            **common,
            indicator=indicator,
            numerator=numerator,
            denominator=float("nan"),
            value=value,
            missing=missing,
        )


def _check(into: Gathering, table: Table, row: int, found: dict[str, float]) -> None:
    """Refuse a row that contradicts itself. Comparisons with a missing value are false."""
    value, lower, upper = found["VALUE"], found["OD_LL"], found["OD_UL"]
    if found["EXPECTED"] == 0 or abs(found["OBSERVED"] / found["EXPECTED"] - value) > _ROUNDED:
        what = "not observed deaths divided by expected deaths"
        into.problems.append(table.problem(row, "VALUE", f"{value:.10g}", what, _AGAIN))
    banding = found["OD_BANDING"]
    above, below = value > upper + _ROUNDED, value < lower - _ROUNDED
    contradicts = {
        1: value < upper - _ROUNDED,
        2: above or below,
        3: value > lower + _ROUNDED,
    }
    if banding == banding and contradicts.get(int(banding), True):
        what = f"does not fit the value {value:.10g} and its limits {lower:.10g} to {upper:.10g}"
        into.problems.append(table.problem(row, "OD_BANDING", f"{banding:.10g}", what, _AGAIN))


def _is_whole(table: Table, row: int, header: Header, into: Gathering) -> bool:
    """Say whether a row has as many cells as the header; blank ones beyond it do not count."""
    cells, expected = list(map(str, table.rows[row])), len(header.names)
    if len(cells) < expected or any(cell.strip() for cell in cells[expected:]):
        into.problems.append(errors.ragged_row(table.lines[row], len(cells), expected))
        return False
    return True


def _edition_of_row(table: Table, row: int, column: int | None, into: Gathering) -> pd.Timestamp | None:
    text = table.text(row, column) if column is not None else ""
    match = _DAY.fullmatch(text)
    if match and int(match[2]) in (1, 4, 7, 10) and match[3] == "01" and int(match[1]) >= 2011:
        return _first_day(int(match[1]), int(match[2]))
    what = "not the first day of a quarter in which SHMI was published, such as 2013-07-01"
    into.problems.append(table.problem(row, "DATE", text, what, _AGAIN))
    return None


def _edition_of_file(table: Table, edition: date | None) -> pd.Timestamp:
    match = _IN_NAME.search(table.file.name)
    if edition is not None:
        year, month = edition.year, edition.month
    elif match:
        year, month = int(match[1]), _MONTHS.index(match[2].lower()) + 1
    else:
        year, month = 0, 0
    if year < 2011 or month not in (1, 4, 7, 10):
        what = "the file does not say of which edition it is (January, April, July or October from 2011 on)"
        remedy = "Give the file a name with year and month, such as shmi-2013-july.csv."
        raise DataFileError(table.file, [table.problem(None, "", None, what, remedy)])
    return _first_day(year, month)


def _first_day(year: int, month: int) -> pd.Timestamp:
    return pd.Timestamp(year=year, month=month, day=1).as_unit("s")
