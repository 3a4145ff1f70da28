"""A&E weekly situation report by provider, November 2010 to June 2015.

Layout: workbook (.xls) with the sheets `A&E Data` and `Acute mapped`. Above the table stand labels with what
they mean beside them (`Period:` `Week Ending dd/mm/yyyy`, `Published:`, `Revised:`). Two header rows: groups
(A&E attendances; A&E attendances > 4 hours), then SHA, Code, Name and the three types of department. England
has the code `-` and is followed by a blank row. Column A is empty. Notes stand below the table.

Traps: total waits over four hours are not printed and are the sum of the types. `-` means that the
organisation did not submit, `N/A` that it has no attendances of the kind: neither is zero. Primary care
trusts, practices and independent providers stand among the trusts. `Acute mapped` gives the activity of
partners to acute trusts in fractions; it is compared with England's total and not read further. The figures
were revised months later in a file of the same name.

Verified on: week ending 7 November 2010, revised 1 April 2011: England's 391,495 attendances and the waits by
type equal the sums of the rows to the unit, in both sheets.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from smq.readers import ae_layout
from smq.readers.gathering import Gathering
from smq.readers.reading import StatisticReading, day_in, find_header, labelled
from smq.readers.workbook import find_sheet, read_workbook

VERIFIED = "verified on real files"

SHEET = "A&E Data"
MAPPED = "Acute mapped"


def read_ae_weekly(path: Path, source: str = "") -> StatisticReading:
    """Read one week: `ae_4h` and the three types, in per cent over four hours. Raises `DataFileError`.

    The period is the first day of the week (a Monday).
    """
    found = Gathering(path, source or path.name)
    table = find_sheet(path, (SHEET,))
    header = find_header(table, ("Code", "Name", ae_layout.TOTAL_ATTENDANCES))
    found.log.append(header.log)
    labels = labelled(table, header.row)
    end = day_in(labels.get("period"))
    if pd.isna(end) or "week" not in str(labels.get("period")).lower():
        raise ae_layout.no_period(table, "Period:", labels.get("period"), "Week Ending 07/11/2010")
    monday = (end - pd.Timedelta(days=6)).as_unit("s")
    published, revised = day_in(labels.get("published")), day_in(labels.get("revised"))
    columns = ae_layout.find_columns(header)
    ae_layout.read_providers(found, header, columns, monday, "week", published, revised)
    for mapped in read_workbook(path, (MAPPED,)).values():
        if mapped is not None:
            below = find_header(mapped, ("Code", "Name", ae_layout.TOTAL_ATTENDANCES))
            found.log.append(below.log)
            used = {below.column(ae_layout.TOTAL_ATTENDANCES)}
            ae_layout.compare_england(found, below, below.column("Code"), used)
    return found.reading()
