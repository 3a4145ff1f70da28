"""Delayed transfers of care: the monthly extract (CSV) by provider, local authority and reason.

Layout: three lines of front matter, the header in line 4: `Year` (`2016-17`), `Period Name` (`OCTOBER`),
codes and names of the provider's region, the provider and the local authority, `Acute Or Non Acute
Description`, `Reason For Delay` (`A_...` to `I_...`), then for NHS, Social Care and Both `... A SUM`
(patients on the last Thursday of the month) and `... B SUM` (days delayed in the month). August 2010 to
February 2020.

Traps: a provider has a row for each local authority, type of care and reason: they are added. The year is
the financial year: January of `2016-17` is January 2017. Days are read; the snapshot of patients ended in
2017. A blank cell is not known, and neither is the sum that it belongs to. A provider without a row sent
nothing, or had no delay: it is missing, not zero.

Verified on: nothing real: no extract was at hand. The header and the first rows are those that a published
tutorial prints of the extract of October 2016; the series of England is read by `dtoc_england`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.readers.column_gathering import ColumnGathering, added, either_mark, newest_names
from smq.readers.text_columns import TextColumns, read_text_columns

if TYPE_CHECKING:
    from smq.readers.reading import Header, StatisticReading

VERIFIED = "layout only"

FRONT_MATTER_LINES = 3
KEYS = (
    "Year",
    "Period Name",
    "Provider Parent Org Code",
    "Provider Parent Name",
    "Provider Org Code",
    "Provider Org Name",
    "Local Authority Code",
    "Local Authority Name",
    "Acute Or Non Acute Description",
    "Reason For Delay",
)
PATIENTS = ("NHS A SUM", "Social Care A SUM", "Both A SUM")
DAYS = ("NHS B SUM", "Social Care B SUM", "Both B SUM")
COLUMNS = (
    *KEYS,
    "NHS A SUM",
    "NHS B SUM",
    "Social Care A SUM",
    "Social Care B SUM",
    "Both A SUM",
    "Both B SUM",
)
INDICATOR = "dtoc_days"
CODE, NAME = "Provider Org Code", "Provider Org Name"
_APART = ("Year", "Period Name", CODE, *KEYS[6:])


def read_dtoc_extract(path: Path, source: str = "") -> StatisticReading:
    """Read one extract: `dtoc_days`, the days by which transfers were delayed in the month.

    Numerator and value are the days, all reasons together. Raises `DataFileError`.
    """
    into = ColumnGathering(path, source or path.name)
    columns = read_text_columns(path, (CODE, NAME, "Reason For Delay"), _needed)
    header = columns.header
    into.log.append(header.log)
    code, called = header.column(CODE), header.column(NAME)
    places = tuple(header.column(column) for column in DAYS)
    columns = into.rows_of_data(columns, code, called, places)
    columns, totals = into.parted(columns, code, called)
    _check_once(columns, into)
    figures = {
        column: columns.numbers(place, into.problems) for column, place in zip(DAYS, places, strict=True)
    }
    months = partial(into.months, place=header.column("Period Name"), year=header.column("Year"))
    month = months(columns)
    printed = {name: (figures[name][0], place) for name, place in zip(DAYS, places, strict=True)}
    into.compare(columns, totals, printed, months)
    days = np.sum([numbers for numbers, _ in figures.values()], axis=0)
    marks = either_mark(*(words for _, words in figures.values()))
    codes = columns.text(code)
    made = added(codes, month, columns.lines, {"days": (days, marks)})
    names = newest_names(codes, columns.text(called))
    into.frame(
        {
            "code": made.code.astype(object),
            "name": [names.get(text, "") for text in made.code],
            "period": made.month,
            "period_length": "month",
            "indicator": INDICATOR,
            "numerator": made.sums["days"],
            "denominator": np.nan,
            "value": made.sums["days"],
            "missing": made.missing["days"],
        },
        made.line,
    )
    return into.reading()


def _needed(header: Header) -> Iterable[int]:
    return [header.column(name) for name in dict.fromkeys((*_APART, NAME, *DAYS))]


def _check_once(columns: TextColumns, into: ColumnGathering) -> None:
    keys = pd.DataFrame({name: columns.text(columns.header.column(name)) for name in _APART})
    doubled = keys.duplicated().to_numpy()
    what = "a second row for this provider, local authority, type of care and reason"
    columns.report(doubled, CODE, keys[CODE].to_numpy(), what, "Keep one of the two.", into.problems)
