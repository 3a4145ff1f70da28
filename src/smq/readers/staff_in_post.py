"""Staff in post (full-time equivalent) by organisation and staff group, from one workbook.

Layout: sheet 'Data', header in row 1: Month ('2017-SEP'), Organisation code, Organisation name, Staff group
(13 groups), Nationality, FTE; a row for each combination that occurs. Sheet 'Notes' names the two days (30
September 2017 and 30 June 2018).

Traps: no totals are printed. Groups of staff are split by nationality and must be added up. Clinical
commissioning groups and other bodies stand among the rows. The notes call the figures rounded to whole
numbers: they have five decimals; and adjusted to prevent disclosure. A combination that is not listed is
nobody, or was suppressed: it is not given as 0. Codes are those of the month.

Verified on: the workbook of September 2017 and June 2018 (81,603 rows of 438 organisations, no combination
twice): sums over nationalities, organisations and groups are 1,052,963 and 1,061,617.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import pandas as pd

from smq.readers.gathering import Gathering
from smq.readers.reading import StatisticReading, Table, either, find_header, is_code, normal, number
from smq.readers.workbook import find_sheet

VERIFIED = "verified on real files"

SHEET = "Data"
GROUPS = {
    "ambulance staff": "ambulance",
    "central functions": "central_functions",
    "hchs doctors": "doctors",
    "hotel, property & estates": "estates",
    "managers": "managers",
    "midwives": "midwives",
    "nurses & health visitors": "nurses",
    "scientific, therapeutic & technical staff": "scientific",
    "senior managers": "senior_managers",
    "support to ambulance staff": "support_to_ambulance",
    "support to doctors, nurses & midwives": "support_to_clinical",
    "support to st&t staff": "support_to_scientific",
    "unknown": "unknown",
}
"""Staff group in the file (in lower case): ending of the indicator."""
_MONTH = re.compile(r"(20[0-9]{2})-([A-Z]{3})")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_AGAIN = "Correct the row, or take the workbook as it was published."


def read_staff_in_post(path: Path, source: str = "") -> StatisticReading:
    """Read the workbook: `staff_fte` (all groups) and `staff_fte_<group>`, full-time equivalents on one day.

    The period is the first day of the month. Raises `DataFileError`.
    """
    table = find_sheet(path, [SHEET])
    header = find_header(table, ("Month", "Organisation code", "Staff group", "Nationality", "FTE"))
    into = Gathering(path, source or path.name)
    into.log.append(header.log)
    names = ("Month", "Organisation code", "Organisation name", "Staff group", "Nationality", "FTE")
    places = [header.column(name) for name in names]
    parts: dict[tuple[str, pd.Timestamp, str], list[tuple[int, float, str]]] = {}
    first: dict[tuple[str, ...], int] = {}
    called: dict[str, str] = {}
    months: dict[str, pd.Timestamp | None] = {}
    for row in range(header.row + 1, len(table.rows)):
        if table.is_blank(row):
            continue
        month, code, name, group, nationality = (table.text(row, place) for place in places[:-1])
        if month not in months:
            months[month] = _month(month)
        found = len(into.problems)
        if months[month] is None:
            what = "not a month such as 2017-SEP"
            into.problems.append(table.problem(row, "Month", month, what, _AGAIN))
        if not is_code(code):
            into.problems.append(
                table.problem(row, "Organisation code", code, "not a well-formed ODS code", _AGAIN)
            )
        if normal(group) not in GROUPS:
            what = "not a staff group that is known here"
            into.problems.append(table.problem(row, "Staff group", group, what, _AGAIN))
        if not nationality:
            into.problems.append(table.problem(row, "Nationality", "", "blank", _AGAIN))
        value, missing = number(table, row, places[-1], "FTE", into.problems)
        earlier = first.setdefault((month, code, group, nationality), table.lines[row])
        if earlier != table.lines[row]:
            what = f"a second row for {group}, {nationality} in {month} (the first is row {earlier})"
            into.problems.append(table.problem(row, "Organisation code", code, what, "Keep one of the two."))
        day = months[month]
        if len(into.problems) == found and day is not None:
            called[code] = name
            ending = f"_{GROUPS[normal(group)]}"
            for indicator in (f"staff_fte{ending}", "staff_fte"):
                parts.setdefault((code, day, indicator), []).append((row, value, missing))
    _add_sums(into, table, parts, called)
    return into.reading()


def _add_sums(
    into: Gathering,
    table: Table,
    parts: dict[tuple[str, pd.Timestamp, str], list[tuple[int, float, str]]],
    called: dict[str, str],
) -> None:
    for (code, day, indicator), cells in parts.items():
        # A sum with an unknown part is unknown.
        value = math.fsum(value for _, value, _ in cells)
        into.add(
            table,
            cells[0][0],
            code=code,
            name=called[code],
            period=day,
            period_length="snapshot",
            indicator=indicator,
            numerator=value,
            denominator=math.nan,
            value=value,
            missing=either(*(missing for _, _, missing in cells)),
        )


def _month(text: str) -> pd.Timestamp | None:
    match = _MONTH.fullmatch(text)
    if match is None or match[2] not in _MONTHS:
        return None
    return pd.Timestamp(year=int(match[1]), month=_MONTHS.index(match[2]) + 1, day=1).as_unit("s")
