"""Delayed transfers of care in England by month: the workbook of the whole series.

Layout: four sheets of one series, August 2010 to February 2020: 'Delayed Days by type' (acute, non-acute),
'by responsible org' (NHS, social care, both), 'by reason' (eleven, lettered A to O), and 'Delayed Days', all
three crossed. Labels from row 2 (Published, Revised), one to three header rows, a blank row, then Year
('2010-11'), Period ('August'), days and their total; to the right DTOC beds (days divided by the days of the
month). Notes follow. The code of England here is 'ENG'.

Traps: the year is the financial year: January of '2010-11' is January 2011. Two groups of columns bear the
same names (days and beds). In 'Delayed Days' the acute days have no column 'O) Other', and the total stands
in a column without a name. The first three months may be under-counted. There are no figures of trusts in it:
these are in the monthly extracts, which this reader does not read.

Verified on: the workbook published April 2020 and revised September 2020 (115 months): in every month each
total equals the sum of its parts in all four sheets (109,918 days in August 2010, 155,782 in February 2020),
the crossed sheet makes the three others, and beds are days divided by the days of the month.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from smq.errors import quoted
from smq.readers.gathering import Gathering
from smq.readers.reading import (
    Header,
    StatisticReading,
    Table,
    day_in,
    either,
    find_header,
    labelled,
    normal,
    number,
)
from smq.readers.workbook import find_sheet

VERIFIED = "verified on real files"

CODE, NAME = "ENG", "England"
DAYS, BEDS = "dtoc_days_england", "dtoc_beds_england"
TYPES = {"acute": "Acute", "non_acute": "Non-Acute"}
BODIES = {"nhs": "NHS", "social_care": "Social Care", "both": "Both"}
REASONS = {
    "assessment": "A",
    "public_funding": "B",
    "non_acute_care": "C",
    "residential_home": "Di",
    "nursing_home": "Dii",
    "care_package": "E",
    "equipment": "F",
    "choice": "G",
    "disputes": "H",
    "housing": "I",
    "other": "O",
}
"""Ending of the indicator: letter before the reason."""
WHOLE = ""
"""The printed total, beside the parts above."""
BY_TYPE, BY_BODY = "Delayed Days by type", "Delayed Days by responsible org"
BY_REASON, CROSSED = "Delayed Days by reason", "Delayed Days"
_DAYS_GROUP, _BEDS_GROUP = ("Delayed Days",), ("DTOC Beds",)
_LETTER = re.compile(r"([a-z]{1,3})\) .+")
_YEAR = re.compile(r"(20[0-9]{2})-([0-9]{2})")
_MONTHS = [pd.Timestamp(2000, month, 1).month_name().lower() for month in range(1, 13)]
_AGAIN = "Take the workbook as it was published."

Part = str | tuple[str, str, str]
"""Of the crossed sheet: type, responsible body and reason."""


@dataclass
class _Sheet:
    table: Table
    rows: dict[pd.Timestamp, int] = field(default_factory=dict)
    days: dict[pd.Timestamp, dict[Part, float]] = field(default_factory=dict)
    beds: dict[pd.Timestamp, dict[Part, float]] = field(default_factory=dict)
    missing: dict[tuple[pd.Timestamp, Part], str] = field(default_factory=dict)


def read_dtoc_england(path: Path, source: str = "") -> StatisticReading:
    """Read the series: days delayed in a month, and DTOC beds (their average number a day).

    Indicators: `dtoc_days_england` and `dtoc_beds_england`, both also by type and by responsible body
    (`dtoc_days_england_acute`), days by reason too (`dtoc_days_england_housing`). All rows bear the code ENG.
    Raises `DataFileError`.
    """
    into = Gathering(path, source or path.name)
    headers = {
        name: find_header(find_sheet(path, [name]), ("Year", "Period", "Total"), unique=False)
        for name in (BY_TYPE, BY_BODY, BY_REASON)
    }
    sheets = {
        BY_TYPE: _read_both(headers[BY_TYPE], TYPES, into),
        BY_BODY: _read_both(headers[BY_BODY], BODIES, into),
        BY_REASON: _read(headers[BY_REASON], "Period", _by_reason(headers[BY_REASON]), {}, into),
        CROSSED: _read_crossed(find_sheet(path, [CROSSED]), into),
    }
    labels = labelled(headers[BY_TYPE].table, headers[BY_TYPE].row)
    # Wrong totals that follow from a wrong row would hide it.
    if not into.problems:
        for name, sheet in sheets.items():
            _check_totals(name, sheet, sheets[BY_TYPE], into)
        _check_crossed(sheets, into)
    if not into.problems:
        for name in headers:
            _add(sheets[name], into, day_in(labels.get("published")), day_in(labels.get("revised")))
    return into.reading()


def _read_both(header: Header, parts: dict[str, str], into: Gathering) -> _Sheet:
    """Read a sheet that has days and beds, under columns of the same names."""
    days: dict[Part, int] = {}
    beds: dict[Part, int] = {}
    for part, name in (*parts.items(), (WHOLE, "Total")):
        days[part] = header.column(name, group=_DAYS_GROUP)
        beds[part] = header.column(name, group=_BEDS_GROUP)
    return _read(header, "Period", days, beds, into)


def _by_reason(header: Header) -> dict[Part, int]:
    letters = {match[1]: name for name in header.names if (match := _LETTER.fullmatch(name))}
    columns: dict[Part, int] = {WHOLE: header.column("Total")}
    for part, letter in REASONS.items():
        columns[part] = header.column(letters.get(normal(letter), f"{letter}) ..."))
    return columns


def _read_crossed(table: Table, into: Gathering) -> _Sheet:
    """Read the sheet with three header rows: type and reason (both carried right), responsible body."""
    header = find_header(table, ("Year", "Period Name"), unique=False)
    types = {normal(name): part for part, name in TYPES.items()}
    bodies = {normal(name): part for part, name in BODIES.items()}
    reasons = {normal(letter): part for part, letter in REASONS.items()}
    columns: dict[Part, int] = {}
    of_type, of_reason, problems = "", "", []
    for column in range(max(map(len, table.rows[header.row - 2 : header.row + 1]))):
        upper, lower = (normal(table.text(header.row - above, column)) for above in (2, 1))
        of_type = upper or of_type
        # A new type begins a new list of reasons.
        of_reason = lower or ("" if upper else of_reason)
        match = _LETTER.fullmatch(of_reason)
        key: Part = WHOLE
        if of_type != "total":
            body = bodies.get(header.names[column] if column < len(header.names) else "")
            reason = reasons.get(match[1]) if match else None
            if of_type not in types or body is None or reason is None:
                continue
            key = (types[of_type], body, reason)
        if key in columns:
            what = "two columns for the same type, reason and responsible body"
            problems.append(
                table.problem(
                    header.row,
                    header.names[columns[key]] if columns[key] < len(header.names) else "",
                    None,
                    what,
                    _AGAIN,
                )
            )
        columns[key] = column
    if len(columns) < 1 + len(TYPES) * len(BODIES) or WHOLE not in columns:
        what = "columns by type, reason and responsible body, and their total, were not found"
        problems.append(table.problem(header.row, "", None, what, _AGAIN))
    table.refuse(problems)
    return _read(header, "Period Name", columns, {}, into)


def _read(
    header: Header, period: str, days: dict[Part, int], beds: dict[Part, int], into: Gathering
) -> _Sheet:
    table = header.table
    into.log.append(header.log)
    year_column, month_column = header.column("Year"), header.column(period)
    sheet = _Sheet(table)
    for row in range(header.row + 1, len(table.rows)):
        if table.is_blank(row):
            continue
        year, name = table.text(row, year_column), table.text(row, month_column)
        if not name and not table.text(row, days[WHOLE]):
            into.drop(table, row, "", year[:80], "a note, not a row of data")
            continue
        month = _month(year, name)
        if month is None:
            what = "not a financial year and a month, such as 2010-11 and August"
            into.problems.append(table.problem(row, period, f"{year} {name}", what, _AGAIN))
            continue
        if month in sheet.rows:
            what = f"a second row for {name} (the first is row {table.lines[sheet.rows[month]]})"
            into.problems.append(table.problem(row, period, year, what, "Keep one of the two."))
            continue
        sheet.rows[month] = row
        for columns, figures in ((days, sheet.days), (beds, sheet.beds)):
            figures[month] = {}
            for part, column in columns.items():
                value, missing = number(table, row, column, _named(part), into.problems)
                figures[month][part] = value
                sheet.missing[month, part] = either(sheet.missing.get((month, part), ""), missing)
        for part, value in sheet.beds[month].items():
            average = sheet.days[month][part] / month.days_in_month
            if abs(average - value) > 1e-6:
                what = f"not the days divided by those of the month ({average:.10g})"
                into.problems.append(
                    table.problem(row, f"DTOC Beds, {_named(part)}", f"{value:.10g}", what, _AGAIN)
                )
    return sheet


def _month(year: str, name: str) -> pd.Timestamp | None:
    match = _YEAR.fullmatch(year)
    if match is None or int(match[2]) != (int(match[1]) + 1) % 100 or normal(name) not in _MONTHS:
        return None
    month = _MONTHS.index(normal(name)) + 1
    return pd.Timestamp(year=int(match[1]) + (month < 4), month=month, day=1).as_unit("s")


def _named(part: Part) -> str:
    return (part if isinstance(part, str) else ", ".join(part)) or "Total"


def _check_totals(name: str, sheet: _Sheet, first: _Sheet, into: Gathering) -> None:
    """Compare the total of each month with its parts, and with the total in the sheet by type."""
    if sheet.rows.keys() != first.rows.keys():
        what = f"the months of the sheets {quoted(name)} and {quoted(BY_TYPE)} differ"
        into.problems.append(sheet.table.problem(None, "", None, what, _AGAIN))
        return
    for month, days in sorted(sheet.days.items()):
        into.total(
            f"{name}: {month:%B %Y}", "days", days[WHOLE], (days[part] for part in days if part != WHOLE)
        )
        if days[WHOLE] != first.days[month][WHOLE]:
            into.total(
                f"{name}: {month:%B %Y}, as in {BY_TYPE}", "days", days[WHOLE], [first.days[month][WHOLE]]
            )


def _check_crossed(sheets: dict[str, _Sheet], into: Gathering) -> None:
    """Compare each part in the three sheets with the crossed one; only sums that differ are listed."""
    equal = 0
    for name, place in ((BY_TYPE, 0), (BY_BODY, 1), (BY_REASON, 2)):
        for month, days in sorted(sheets[name].days.items()):
            crossed = sheets[CROSSED].days.get(month, {})
            for part, printed in days.items():
                parts = [value for key, value in crossed.items() if key != WHOLE and key[place] == part]
                if part == WHOLE or math.fsum(parts) == printed:
                    equal += part != WHOLE
                else:
                    title = f"{name}: {month:%B %Y}, {part}"
                    into.total(title, f"days in {CROSSED!r}", printed, parts)
    into.log.append(f"sheet {CROSSED!r}: {equal:,d} sums equal the figures of the other sheets")


def _add(sheet: _Sheet, into: Gathering, published: pd.Timestamp, revised: pd.Timestamp) -> None:
    for indicator, figures in ((DAYS, sheet.days), (BEDS, sheet.beds)):
        for month, parts in figures.items():
            for part, value in parts.items():
                # The total stands in every sheet; it is taken from the first.
                if part == WHOLE and sheet.table.sheet != BY_TYPE:
                    continue
                into.add(
                    sheet.table,
                    sheet.rows[month],
                    code=CODE,
                    name=NAME,
                    period=month,
                    period_length="month",
                    indicator=f"{indicator}_{part}" if part else indicator,
                    numerator=value,
                    denominator=math.nan,
                    value=value,
                    missing=sheet.missing[month, part],
                    published=published,
                    revised=revised,
                )
