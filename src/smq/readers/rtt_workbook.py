"""Waits from referral to treatment: the monthly workbook of incomplete pathways, 2011 on.

Layout: sheets 'National', 'Region' and 'Provider' or 'Commissioner' (labels from row 2: Period 'April 2015',
Published, Revised; header in row 14: region code, code, name, treatment function code and name, weeks '>0-1'
to '>51-52', '52 plus', total, total within 18 weeks, %, median, 95th or 92nd percentile), 'Notes' and
'Guidance'. Each organisation has a row for each treatment function and a total ('IP999'). Later workbooks
have independent providers in a sheet of their own ('IS Provider'), the pathways with a decision to admit in
sheets '... with DTA', codes of functions 'C_100' instead of 'IP100', and weeks up to '104 plus' beside
further totals ('52 plus').

Traps: columns move with the layout: they are found by their labels. The median is '-' below 50 pathways. NHS
England as commissioner has '-' for a region and stands in no row of 'Region'. Trusts that did not report are
missing from all sheets, England included; they are named in the notes alone, and here in the log. Workbooks
of completed pathways have the same sheets: their total is named otherwise, and they are refused. Values are
percentages of pathways still waiting, not of treatments.

Verified on: the commissioner workbook of April 2015, revised January 2016 (210 organisations; 4,200 rows):
all weeks, totals and totals within 18 weeks of England (3,022,512 pathways, 2,821,088 within 18 weeks), of
the four regions, and of all functions of each organisation equal the sums of their rows. The provider
workbook and the later layouts are tested on workbooks made after their published column names.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from smq.readers import rtt_layout
from smq.readers.ae_layout import month_in
from smq.readers.errors import DataFileError, Problem
from smq.readers.gathering import Gathering
from smq.readers.reading import StatisticReading, Table, as_text, day_in, find_header, labelled, normal
from smq.readers.workbook import read_workbook

VERIFIED = "2015 layout verified on a real file; later layouts on workbooks made after their column names"

TOTALS = {
    "": "Total number of incomplete pathways",
    " with DTA": "Total number of incomplete pathways with a decision to admit for treatment",
}
"""By what is added to the name of a sheet: its column of all pathways."""
INDICATORS = {"": "rtt_18w", " with DTA": "rtt_18w_dta"}
ORGANISATIONS = ("Provider", "IS Provider", "Commissioner", "IS Commissioner")
REGION_CODE = "Region Code"
CODES = ("Provider Code", "CCG Code", "Commissioner Code", "Sub ICB Code")
NAMES = ("Provider Name", "CCG Name", "Commissioner Name", "Sub ICB Name")
NOT_SENT = "did not submit"
_AGAIN = "Take the workbook as it was published."


def read_rtt_workbook(path: Path, source: str = "") -> StatisticReading:
    """Read one month: percentages of incomplete pathways within 18 weeks.

    Indicators: `rtt_18w` (all treatment functions) and `rtt_18w_<function>`; those with a decision to admit
    begin with `rtt_18w_dta`. Raises `DataFileError`.
    """
    sheets = {normal(name): table for name, table in read_workbook(path).items() if table is not None}
    into = Gathering(path, source or path.name)
    kinds = [ending for ending in TOTALS if any(normal(name + ending) in sheets for name in ORGANISATIONS)]
    if "" not in kinds:
        what = "there is no sheet 'Provider' or 'Commissioner'"
        raise DataFileError(path, [Problem(0, "", None, what, _AGAIN)])
    dates: set[tuple[pd.Timestamp, ...]] = set()
    for ending in kinds:
        _read_kind(sheets, ending, into, dates)
    if len({found[0] for found in dates}) > 1:
        what = "the sheets name different months"
        raise DataFileError(path, [Problem(0, "Period:", None, what, _AGAIN)])
    notes = sheets.get("notes")
    for cells in notes.rows if notes is not None else ():
        into.log += [f"sheet 'Notes': {text}" for cell in cells if NOT_SENT in (text := as_text(cell))]
    return into.reading()


def _read_kind(
    sheets: dict[str, Table], ending: str, into: Gathering, dates: set[tuple[pd.Timestamp, ...]]
) -> None:
    """Read the sheets of all pathways, or of those with a decision to admit, and compare them."""
    total, problems = TOTALS[ending], len(into.problems)
    lower: list[rtt_layout.Level] = []
    for name in ORGANISATIONS:
        table = sheets.get(normal(name + ending))
        if table is None:
            continue
        header = find_header(table, (rtt_layout.FUNCTION_CODE, total, rtt_layout.WITHIN_COLUMN))
        columns = rtt_layout.find_columns(header, total, CODES, NAMES, REGION_CODE)
        level, rows = rtt_layout.read_level(header, columns, into)
        found = _dates(table, header.row)
        dates.add(found)
        rtt_layout.add_rows(level, rows, into, INDICATORS[ending], *found)
        lower.append(level)
    # Wrong totals that follow from a wrong row would hide it.
    if len(into.problems) > problems:
        return
    for level in lower:
        rtt_layout.check_functions(level, into)
    for name, code in (("National", ()), ("Region", (REGION_CODE,))):
        table = sheets.get(normal(name + ending))
        if table is None:
            into.log.append(f"sheet {name + ending!r}: not in this workbook; its totals are not compared")
            continue
        header = find_header(table, (rtt_layout.FUNCTION_CODE, total, rtt_layout.WITHIN_COLUMN))
        columns = rtt_layout.find_columns(header, total, code, ("Region Name",) if code else ())
        upper, _ = rtt_layout.read_level(header, columns, into)
        dates.add(_dates(table, header.row))
        rtt_layout.check_above(upper, lower, into)


def _dates(table: Table, end: int) -> tuple[pd.Timestamp, pd.Timestamp, pd.Timestamp]:
    """Give month, day of publication and day of the last revision, as the labels have them."""
    labels = labelled(table, end)
    month = month_in(labels.get("period"))
    if pd.isna(month):
        what = "not a month such as April 2015"
        problem = table.problem(None, "Period:", as_text(labels.get("period")), what, _AGAIN)
        raise DataFileError(table.file, [problem])
    return month, day_in(labels.get("published")), day_in(labels.get("revised"))
