"""Cancer treated within 62 days of urgent referral: the quarterly workbook by provider.

Layout: of 14 sheets, '62-DAY (ALL CANCER)'. The quarter stands in row 2 ('Q1 2015-2016 (April, May,
June)'). Three parts stand one under another (A admitted, B non-admitted, C all care), each with a row of
group headers, a header row (ODS CODE with the number of a footnote, ACCOUNTABLE PROVIDER, CARE SETTING,
CANCER TYPE, TOTAL, WITHIN 62 DAYS, AFTER 62 DAYS, a percentage, eight bands of days), rows, and the total
'ALL ENGLISH PROVIDERS'. Footnotes follow part C.

Traps: totals of rows are formulas: the stored values are read. Halves: a patient treated by two providers
is shared between them. Names of columns bear the numbers of footnotes, which differ from quarter to
quarter; the first column (ONS AREA ID) is empty in the second quarter. Private, independent and closed
organisations stand among the rows, from the second quarter on without their names. No date of publication.

Verified on: the workbooks of April to June and July to September 2015 (168 and 166 providers; 974 rows):
'ALL ENGLISH PROVIDERS' is the sum of the rows in each part (27,713 within and 6,093 after 62 days; 29,296
and 6,397); within and after make the total, the bands make within and after, and admitted and non-admitted
make all care, in every row.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from smq.readers.errors import DataFileError
from smq.readers.reading import (
    Gathering,
    Header,
    StatisticReading,
    Table,
    either,
    find_header,
    is_code,
    normal,
    number,
)
from smq.readers.workbook import find_sheet

VERIFIED = "verified on real files"

SHEET = "62-DAY (ALL CANCER)"
INDICATORS = {
    "admitted": "cancer_62d_admitted",
    "non-admitted": "cancer_62d_non_admitted",
    "all care": "cancer_62d",
}
TOTAL_ROW = "all english providers"
FIGURES = ("TOTAL", "WITHIN 62 DAYS", "AFTER 62 DAYS")
WITHIN = ("WITHIN 31 DAYS", "32 TO 38 DAYS", "39 TO 48 DAYS", "49 TO 62 DAYS")
AFTER = ("63 TO 76 DAYS", "77 TO 90 DAYS", "91 TO 104 DAYS", "AFTER 104 DAYS")
_HEADER = ("ACCOUNTABLE PROVIDER", "CANCER TYPE", "TOTAL", "WITHIN 62 DAYS", "AFTER 62 DAYS")
_FOOTNOTES = range(1, 10)
_QUARTER = re.compile(r"\bQ([1-4])\s+(20[0-9]{2})-(20)?([0-9]{2})\b", re.IGNORECASE)
_AGAIN = "Take the workbook as it was published."


@dataclass
class _Setting:
    """What was found for one care setting: the figures of each provider, and the printed total."""

    rows: dict[str, dict[str, float]] = field(default_factory=dict)
    total: dict[str, float] | None = None


def read_cancer_62d(path: Path, source: str = "") -> StatisticReading:
    """Read one quarterly workbook. Values are percentages of patients treated within 62 days.

    Indicators: `cancer_62d` (all care), `cancer_62d_admitted`, `cancer_62d_non_admitted`.
    Raises `DataFileError`.
    """
    table = find_sheet(path, [SHEET])
    into = Gathering(path, source or path.name)
    headers = _headers(table)
    quarter = _quarter(table, headers[0].row)
    settings = {setting: _Setting() for setting in INDICATORS}
    for header, following in zip(headers, [*headers[1:], None], strict=True):
        into.log.append(header.log)
        end = following.row if following else len(table.rows)
        _read_part(table, header, end, quarter, settings, into)
    # Wrong totals that follow from a wrong row would hide it.
    if not into.problems:
        _check_settings(table, settings, into)
    return into.reading()


def _headers(table: Table) -> list[Header]:
    """Find the header of each part."""
    found = [find_header(table, _HEADER, unique=False)]
    while len(found) <= len(INDICATORS):
        try:
            found.append(find_header(table, _HEADER, start=found[-1].row + 1, unique=False))
        except DataFileError:
            break
    if len(found) != len(INDICATORS):
        what = f"{len(found)} headers, where the three parts of the sheet have one each"
        raise DataFileError(table.file, [table.problem(found[-1].row, "", None, what, _AGAIN)])
    return found


def _quarter(table: Table, end: int) -> pd.Timestamp:
    """Give the first day of the quarter that is named above the first part."""
    for row in range(end):
        for column in range(len(table.rows[row])):
            match = _QUARTER.search(table.text(row, column))
            if match and int(match[4]) == (int(match[2]) + 1) % 100:
                quarter = int(match[1])
                year, month = (int(match[2]), 1 + 3 * quarter) if quarter < 4 else (int(match[2]) + 1, 1)
                return pd.Timestamp(year=year, month=month, day=1).as_unit("s")
    what = "the quarter is not named above the table (as in 'Q1 2015-2016')"
    raise DataFileError(table.file, [table.problem(None, "", None, what, _AGAIN)])


def _read_part(
    table: Table,
    header: Header,
    end: int,
    quarter: pd.Timestamp,
    settings: dict[str, _Setting],
    into: Gathering,
) -> None:
    code_column = header.column("ODS CODE", *(f"ODS CODE ({n})" for n in _FOOTNOTES))
    setting_column = header.column("CARE SETTING", *(f"CARE SETTING ({n})" for n in _FOOTNOTES))
    name_column = header.column("ACCOUNTABLE PROVIDER")
    columns = {name: header.column(name) for name in (*FIGURES, *WITHIN, *AFTER)}
    for row in range(header.row + 1, end):
        code, name = table.text(row, code_column), table.text(row, name_column)
        if all(not table.text(row, column) for column in (setting_column, columns["TOTAL"])) or (
            normal(table.text(row, columns["TOTAL"])).startswith("number of people")
        ):
            _note(table, row, into)
            continue
        setting = settings.get(normal(table.text(row, setting_column)))
        if setting is None:
            what = "not a care setting (admitted, non-admitted or all care)"
            into.problems.append(
                table.problem(row, "CARE SETTING", table.text(row, setting_column), what, _AGAIN)
            )
            continue
        found = {
            column: number(table, row, place, column, into.problems) for column, place in columns.items()
        }
        figures = {column: value for column, (value, _) in found.items()}
        if normal(name) == TOTAL_ROW:
            if setting.total is not None:
                into.problems.append(table.problem(row, "", name, "a second total", _AGAIN))
            setting.total = figures
            into.drop(table, row, code, name, "a total, compared with the sum of its rows")
        elif not is_code(code):
            into.problems.append(table.problem(row, "ODS CODE", code, "not a well-formed ODS code", _AGAIN))
        else:
            _check_row(table, row, figures, into)
            setting.rows[code] = figures
            within, total = figures["WITHIN 62 DAYS"], figures["TOTAL"]
            into.add(
                table,
                row,
                code=code,
                name=name,
                period=quarter,
                period_length="quarter",
                indicator=INDICATORS[normal(table.text(row, setting_column))],
                numerator=within,
                denominator=total,
                value=100 * within / total if total else math.nan,
                missing=either(
                    found["TOTAL"][1],
                    found["WITHIN 62 DAYS"][1],
                    "no denominator (0)" if total == 0 else "",
                ),
            )


def _note(table: Table, row: int, into: Gathering) -> None:
    """Note a row with text but no figures: part titles, group headers, footnotes."""
    texts = [text for column in range(len(table.rows[row])) if (text := table.text(row, column))]
    if texts:
        into.drop(table, row, "", texts[0][:80], "a note or a title, not a row of data")


def _check_row(table: Table, row: int, figures: dict[str, float], into: Gathering) -> None:
    """Refuse a row whose parts do not make its totals. Sums with a missing part are not compared."""
    sums = {
        "TOTAL": figures["WITHIN 62 DAYS"] + figures["AFTER 62 DAYS"],
        "WITHIN 62 DAYS": math.fsum(figures[band] for band in WITHIN),
        "AFTER 62 DAYS": math.fsum(figures[band] for band in AFTER),
    }
    for column, summed in sums.items():
        if abs(summed - figures[column]) > 1e-6:
            what = f"not the sum of its parts ({summed:.10g})"
            into.problems.append(table.problem(row, column, f"{figures[column]:.10g}", what, _AGAIN))


def _check_settings(table: Table, settings: dict[str, _Setting], into: Gathering) -> None:
    for name, setting in settings.items():
        if setting.total is None:
            what = f"the total 'ALL ENGLISH PROVIDERS' of {name} is missing: rows may be missing too"
            into.problems.append(table.problem(None, "", None, what, _AGAIN))
            continue
        for column, printed in setting.total.items():
            parts = [figures[column] for figures in setting.rows.values()]
            into.total(f"ALL ENGLISH PROVIDERS, {name}", column.lower(), printed, parts)
    admitted, other, all_care = (settings[name].rows for name in INDICATORS)
    for code in sorted({*admitted, *other, *all_care}):
        parts = [rows[code]["TOTAL"] for rows in (admitted, other) if code in rows]
        total = all_care[code]["TOTAL"] if code in all_care else 0.0
        if abs(math.fsum(parts) - total) > 1e-6:
            what = f"all care ({total:.10g}) is not admitted and non-admitted ({math.fsum(parts):.10g})"
            into.problems.append(table.problem(None, "ODS CODE", code, what, _AGAIN))
