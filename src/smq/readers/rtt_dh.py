"""Waits from referral to treatment in the layout of the Department of Health, to 2010-11.

Layout: sheets 'National', 'SHA' and 'PCT' (in provider workbooks a sheet of providers), 'Guidance' and
'Glossary'. Row 2 says month, basis and part ('December 2009 Commissioner returns - RTT times for incomplete
pathways'); header in row 6: code and name of the strategic health authority, of the organisation, of the
treatment function ('IP100' to 'IP999' for all), weeks '>0-1' to '>51-52', '52 plus', total, total within 18
weeks, %.

Traps: the row of all functions stands between gynaecology and 'Other', not last. The National Commissioning
Group has '- ' for a code in 'SHA'. No date of publication. Sheets with text boxes are empty as tables. The
file is known by its number in the library of the Department; year and month stand only inside.

Verified on: the commissioner workbook of December 2009 (153 organisations; 3,060 rows): all weeks, totals and
totals within 18 weeks of England (2,365,316 pathways, 2,128,078 within 18 weeks), of the eleven regional
rows, and of all functions of each organisation equal the sums of their rows.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from smq.readers import rtt_layout
from smq.readers.ae_layout import month_in
from smq.readers.errors import DataFileError, Problem
from smq.readers.gathering import Gathering
from smq.readers.reading import Header, StatisticReading, Table, find_header, normal
from smq.readers.workbook import read_workbook

VERIFIED = "verified on real files"

INDICATOR = "rtt_18w"
TOTAL = "Total number of incomplete pathways"
SHEETS = ("National", "SHA")
ORGANISATIONS = {
    "PCT": ("PCT Code", "PCT Name"),
    "Provider": ("Provider Code", "Provider Name"),
}
REGION = ("SHA Code", "SHA Name")
PART = "incomplete pathways"
_TITLE = re.compile(r"(.+?)\s+(commissioner|provider)\s+returns\b.*")
_AGAIN = "Take the workbook as it was published."


def read_rtt_dh(path: Path, source: str = "") -> StatisticReading:
    """Read one month: `rtt_18w` and `rtt_18w_<function>`, percentages of incomplete pathways within 18 weeks.

    Raises `DataFileError`.
    """
    sheets = {normal(name): table for name, table in read_workbook(path).items() if table is not None}
    into = Gathering(path, source or path.name)
    found = [name for name in ORGANISATIONS if normal(name) in sheets]
    if len(found) != 1 or any(normal(name) not in sheets for name in SHEETS):
        what = "the sheets 'National', 'SHA' and 'PCT' (or 'Provider') are not all there"
        raise DataFileError(path, [Problem(0, "", None, what, _AGAIN)])
    table = sheets[normal(found[0])]
    code, name = ORGANISATIONS[found[0]]
    header = _header(table)
    month = _month(table, header.row)
    columns = rtt_layout.find_columns(header, TOTAL, (code,), (name,), REGION[0])
    level, rows = rtt_layout.read_level(header, columns, into)
    rtt_layout.add_rows(level, rows, into, INDICATOR, month)
    # Wrong totals that follow from a wrong row would hide it.
    if not into.problems:
        rtt_layout.check_functions(level, into)
        for sheet in SHEETS:
            _check_sheet(sheets[normal(sheet)], month, level, into)
    return into.reading()


def _check_sheet(table: Table, month: pd.Timestamp, level: rtt_layout.Level, into: Gathering) -> None:
    header = _header(table)
    if _month(table, header.row) != month:
        what = "another month than the sheet of organisations"
        into.problems.append(table.problem(None, "", None, what, _AGAIN))
    code, name = (REGION[:1], REGION[1:]) if table.sheet == "SHA" else ((), ())
    columns = rtt_layout.find_columns(header, TOTAL, code, name)
    upper, _ = rtt_layout.read_level(header, columns, into)
    rtt_layout.check_above(upper, [level], into)


def _header(table: Table) -> Header:
    return find_header(table, (rtt_layout.FUNCTION_CODE, TOTAL, rtt_layout.WITHIN_COLUMN))


def _month(table: Table, end: int) -> pd.Timestamp:
    """Give the month of the title, which must say that these are incomplete pathways."""
    for row in range(end):
        for column in range(len(table.rows[row])):
            text = normal(table.text(row, column))
            match = _TITLE.fullmatch(text)
            month = month_in(match[1]) if match else pd.NaT
            if not pd.isna(month) and text.endswith(PART):
                return month
    what = "no title such as 'December 2009 Commissioner returns - RTT times for incomplete pathways'"
    raise DataFileError(table.file, [table.problem(None, "", None, what, _AGAIN)])
