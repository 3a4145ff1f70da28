"""A&E monthly workbook by provider, June 2015 on.

Layout: workbook (.xls or .xlsx); sheet `Provider Level Data`, in early files `A&E Data`. Labels above the
table (`Period:` `June 2025`, `Published:`, `Revised:`), then two header rows: groups (A&E attendances;
attendances less than, or greater than, four hours), and below them Code, Region or SHA, Name and the types of
department. England has the code `-` and is followed by a blank row.

Traps: what is said about four hours changes with the era: `Total Attendances > 4 hours` (from 2015),
`Total Attendances < 4 hours` with or without the other (later). Order of the code, region and name columns
changes too. Helper numbers may stand in the first rows, and a column without a name (the integrated care
board) to the right. Since 2020 or so attendances include booked ones, as in the headline; the sheets
`Non-Booked Data` and `Booked Appointments Data` part them. Files are revised in place, and one month carries
another's name: the month is read in the sheet, never from the name of the file. `-` means no such
department.

Verified on: June 2025: England's 2,350,478 attendances and 574,809 waits over four hours, and all types,
equal the sums of the rows; so do all totals of the further sheets but four of working columns beside the
table of booked appointments, where England's row is older than the rows. The layout of 2015 is tested on a
workbook made after its published column names.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from smq.readers import ae_layout
from smq.readers.gathering import Gathering
from smq.readers.reading import StatisticReading, day_in, find_header, labelled
from smq.readers.workbook import find_sheet, read_workbook

VERIFIED = "2025 layout verified on a real file; 2015 layout on a workbook made after its column names"

SHEETS = ("Provider Level Data", "A&E Data")
FURTHER = ("Non-Booked Data", "Booked Appointments Data", "System Level Data", "Acute Trust Footprint Data")
"""Sheets that are not read; their totals are compared all the same."""


def read_ae_monthly(path: Path, source: str = "") -> StatisticReading:
    """Read one month: `ae_4h` and the three types, in per cent over four hours. Raises `DataFileError`."""
    found = Gathering(path, source or path.name)
    table = find_sheet(path, SHEETS)
    header = find_header(table, ("Code", "Name", ae_layout.TOTAL_ATTENDANCES))
    found.log.append(header.log)
    labels = labelled(table, header.row)
    month = ae_layout.month_in(labels.get("period"))
    if pd.isna(month) or "week" in str(labels.get("period")).lower():
        raise ae_layout.no_period(table, "Period:", labels.get("period"), "June 2015")
    published, revised = day_in(labels.get("published")), day_in(labels.get("revised"))
    columns = ae_layout.find_columns(header)
    ae_layout.read_providers(found, header, columns, month, "month", published, revised)
    for sheet in read_workbook(path, FURTHER).values():
        if sheet is not None:
            below = find_header(sheet, ("Code", ae_layout.TOTAL_ATTENDANCES))
            found.log.append(below.log)
            ae_layout.compare_england(found, below, below.column("Code"), set())
    return found.reading()
