"""SHMI and three items of the NHS staff survey by acute trust and year, 2012 to 2019, from one CSV file.

Layout: one header row; Code, Year.Index, SHMI.before (SHMI of the year before), SHMI.Index, Name, Responses
(to the survey), and for each item an average and, in a column ending in .dichot, a share of the answers.
Read here: RecommendWork.Index.dichot (would recommend the organisation as a place to work),
RecommendCare.Index.dichot (happy with the standard of care) and WorkStress.Index (unwell from work-related
stress in the past year), all shares from 0 to 1, which become percentages. The mark NA stands for what is
not given.

Traps: Year.Index is a calendar year (SHMI of 2012 is the edition of July 2013); the survey is held from
October to December of that year and published in the spring after. FreedomSpeak.Index and Openness.Index
are 0 in every row, which stands for "not asked": they are not read. Column X is empty. The base of an item
is not given: the denominator is the number of responses to the whole survey. Trusts leave the file when
they merge; 18 rows have no name.

Verified on: data.NHS.2012_2019.csv (1,084 trust-years, 142 trusts in 2012 to 128 in 2019): SHMI.before
equals SHMI.Index of the year before wherever both are given; SHMI of 2012 equals the edition of July 2013
for 142 of 142.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import pandas as pd

from smq.readers import errors
from smq.readers.csv_table import read_csv_table
from smq.readers.gathering import Gathering
from smq.readers.reading import StatisticReading, Table, either, find_header, is_code, number

VERIFIED = "verified on real files"

MARKS = {"": "blank", "NA": "not given (NA)", "*": "suppressed (*)", "-": "not given (-)"}
SHARES = {
    "survey_work": "RecommendWork.Index.dichot",
    "survey_care": "RecommendCare.Index.dichot",
    "survey_stress": "WorkStress.Index",
}
_YEAR = re.compile(r"20[0-9]{2}")
_AGAIN = "Correct the row, or take the file as it was published."
_NAN = math.nan


def read_shmi_staff_survey(path: Path, source: str = "") -> StatisticReading:
    """Read the file. Indicators: `shmi` (ratio), `survey_work`, `survey_care`, `survey_stress` (percentages).

    Raises `DataFileError`.
    """
    table = read_csv_table(path)
    header = find_header(table, ("Code", "Year.Index", "SHMI.Index", *SHARES.values()))
    into = Gathering(path, source or path.name)
    into.log.append(header.log)
    columns = {
        name: header.column(name)
        for name in ("Code", "Year.Index", "SHMI.before", "SHMI.Index", "Name", "Responses", *SHARES.values())
    }
    shmi: dict[tuple[str, int], float] = {}
    before: dict[tuple[str, int], tuple[int, float]] = {}
    for row in range(header.row + 1, len(table.rows)):
        cells = list(map(str, table.rows[row]))
        if len(cells) < len(header.names) or any(cell.strip() for cell in cells[len(header.names) :]):
            into.problems.append(errors.ragged_row(table.lines[row], len(cells), len(header.names)))
            continue
        code, year = table.text(row, columns["Code"]), table.text(row, columns["Year.Index"])
        if not is_code(code):
            into.problems.append(table.problem(row, "Code", code, "not a well-formed ODS code", _AGAIN))
            continue
        if not _YEAR.fullmatch(year):
            into.problems.append(table.problem(row, "Year.Index", year, "not a year from 2000 on", _AGAIN))
            continue
        found = {
            name: number(table, row, columns[name], name, into.problems, marks=MARKS)
            for name in ("SHMI.before", "SHMI.Index", "Responses", *SHARES.values())
        }
        shmi[code, int(year)] = found["SHMI.Index"][0]
        before[code, int(year)] = (row, found["SHMI.before"][0])
        _add(into, table, row, code, _name(table.text(row, columns["Name"])), int(year), found)
    _check_chain(into, table, shmi, before)
    return into.reading()


def _add(
    into: Gathering,
    table: Table,
    row: int,
    code: str,
    name: str,
    year: int,
    found: dict[str, tuple[float, str]],
) -> None:
    common = {
        "code": code,
        "name": name,
        "period": pd.Timestamp(year=year, month=1, day=1).as_unit("s"),
        "period_length": "year",
        "numerator": _NAN,
    }
    value, missing = found["SHMI.Index"]
    into.add(table, row, **common, indicator="shmi", denominator=_NAN, value=value, missing=missing)
    responses, no_responses = found["Responses"]
    for indicator, column in SHARES.items():
        share, missing = found[column]
        if share > 1:
            what = "a share above 1"
            into.problems.append(table.problem(row, column, f"{share:.10g}", what, _AGAIN))
        into.add(
            table,
            row,
            **common,
            indicator=indicator,
            denominator=responses,
            # 0.57 × 100 is 56.99999999999999.
            value=round(100 * share, 10),
            missing=either(missing, no_responses),
        )


def _check_chain(
    into: Gathering,
    table: Table,
    shmi: dict[tuple[str, int], float],
    before: dict[tuple[str, int], tuple[int, float]],
) -> None:
    """Compare what a row says of the year before with the row of that year."""
    for (code, year), (row, value) in before.items():
        earlier = shmi.get((code, year - 1), _NAN)
        if not math.isclose(value, earlier) and not math.isnan(value) and not math.isnan(earlier):
            what = f"differs from SHMI.Index of {code} in {year - 1} ({earlier:.10g})"
            into.problems.append(table.problem(row, "SHMI.before", f"{value:.10g}", what, _AGAIN))


def _name(text: str) -> str:
    return "" if text in MARKS else text
