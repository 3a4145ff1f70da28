"""Sickness absence of NHS staff by organisation and month (CSV).

Layout: one header row. To about 2020: `Date` (`2014-APR`), `HEE_region_code`, `HEE_region_name`, `Org
Code`, `Org Name`, `Org Type`, `FTE Days Sick`, `FTE Days Available`, `SA Rate (%)`. Later `DATE`
(`30/06/2022`, the last day of the month), `NHSE_REGION_CODE`, `NHSE_REGION_NAME`, `ORG_CODE`, `ORG_NAME`,
`ORG_TYPE`, `FTE_DAYS_LOST`, `FTE_DAYS_AVAILABLE`, `SICKNESS_ABSENCE_RATE_PERCENT`; sometimes `Sort_Date`,
or `STAFF_GROUP`, of which `All staff groups` is read.

Traps: a byte-order mark; header rows repeated inside the file; an organisation and month twice in one file,
the same row again; the same organisation and month in several publications, revised: the newest counts, so
the day of publication is declared for each file. The rate is rounded to two decimals: the value is worked
out from the days. Clinical commissioning groups and other bodies stand among the rows.

Verified on: nothing real: no file was at hand. All variants are tested on files made after their published
column names.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.readers.column_gathering import AGAIN, ColumnGathering, either_mark, where_none
from smq.readers.text_columns import flags, read_text_columns

if TYPE_CHECKING:
    from smq.readers.reading import Header, StatisticReading

VERIFIED = "layout only"

COLUMNS = (
    "Date",
    "HEE_region_code",
    "HEE_region_name",
    "Org Code",
    "Org Name",
    "Org Type",
    "FTE Days Sick",
    "FTE Days Available",
    "SA Rate (%)",
)
LATER_COLUMNS = (
    "DATE",
    "NHSE_REGION_CODE",
    "NHSE_REGION_NAME",
    "ORG_CODE",
    "ORG_NAME",
    "ORG_TYPE",
    "FTE_DAYS_LOST",
    "FTE_DAYS_AVAILABLE",
    "SICKNESS_ABSENCE_RATE_PERCENT",
)
INDICATOR = "sickness"
DATE, CODE, NAME = ("Date", "Tm End Date"), ("Org Code", "ORG_CODE"), ("Org Name", "ORG_NAME")
LOST = ("FTE Days Sick", "FTE_DAYS_LOST", "FTE Days Lost")
AVAILABLE = ("FTE Days Available", "FTE_DAYS_AVAILABLE")
RATE = ("SA Rate (%)", "SICKNESS_ABSENCE_RATE_PERCENT", "Sickness absence rate (%)")
STAFF_GROUP = ("STAFF_GROUP", "Staff group")
ALL_STAFF = "all staff groups"
SAME_AGAIN = "the same row again"
_ROUNDED = 0.0051


def read_sickness_absence(path: Path, source: str = "") -> StatisticReading:
    """Read one file: `sickness`, the percentage of days available that were lost (full-time equivalents).

    Numerator: days lost; denominator: days available. Raises `DataFileError`.
    """
    into = ColumnGathering(path, source or path.name)
    names = [(lost, available) for lost in LOST for available in AVAILABLE]
    columns = read_text_columns(path, names[0], _needed, *names[1:])
    header = columns.header
    into.log.append(header.log)
    code, name = header.column(*CODE), header.column(*NAME)
    places = {"lost": header.column(*LOST), "available": header.column(*AVAILABLE)}
    columns = into.rows_of_data(columns, code, name, tuple(places.values()))
    group = header.find(*STAFF_GROUP)
    if group is not None:
        texts = columns.text(group)
        whole = flags(
            texts, np.array([text.casefold() == ALL_STAFF for text in texts.categories], dtype=bool)
        )
        columns = into.leave_out(columns, ~whole, "a group of staff, a part of all", code, name)
    again = pd.DataFrame({place: columns.text(place) for place in columns.columns}).duplicated().to_numpy()
    columns = into.leave_out(columns, again, SAME_AGAIN, code, name)
    columns, totals = into.parted(columns, code, name)
    lost, lost_marks = columns.numbers(places["lost"], into.problems)
    available, marks = columns.numbers(places["available"], into.problems)
    rate_place = header.column(*RATE)
    rate, _ = columns.numbers(rate_place, into.problems)
    share = 100 * np.divide(lost, available, out=np.full(len(lost), np.nan), where=available > 0)
    columns.report(
        lost > available,
        header.names[places["lost"]],
        lost,
        "more days than there were",
        AGAIN,
        into.problems,
    )
    columns.report(
        (np.abs(share - rate) > _ROUNDED) & (lost <= available),
        header.names[rate_place],
        rate,
        "not the days lost divided by the days available",
        AGAIN,
        into.problems,
    )
    months = partial(into.months, place=header.column(*DATE))
    printed = {"days lost": (lost, places["lost"]), "days available": (available, places["available"])}
    into.compare(columns, totals, printed, months)
    none = where_none(available == 0, "no days available (0)")
    into.frame(
        {
            "code": columns.text(code).astype(object),
            "name": columns.text(name).astype(object),
            "period": months(columns),
            "period_length": "month",
            "indicator": INDICATOR,
            "numerator": lost,
            "denominator": available,
            "value": share,
            "missing": either_mark(lost_marks, marks, none),
        },
        columns.lines,
    )
    return into.reading()


def _needed(header: Header) -> Iterable[int]:
    wanted = (DATE, CODE, NAME, LOST, AVAILABLE, RATE)
    group = header.find(*STAFF_GROUP)
    return [*(header.column(*names) for names in wanted), *([] if group is None else [group])]
