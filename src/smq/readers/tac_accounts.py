"""Accounts of NHS trusts and foundation trusts by year (TAC): the published rows.

Layout: two workbooks a year, of trusts and of foundation trusts; sheet 'All data' with a row for each figure:
OrganisationName, WorkSheetName, TableID, MainCode, RowNumber, SubCode, Total. What a figure is, the form of
the year says (`tac_form`): agency staff are `A09CY01`, `STA0310`; gross staff costs `A09CY01`, `STA0330`.

Traps: organisations have names and no codes. Amounts are thousands of pounds, but numbers of staff and shares
stand in the same column. Signs are those of the form: costs of staff are positive, operating expenses
negative. Figures of the year before ('PY') stand among the rows. A figure that is not listed is not known to
be 0.

Verified on: nothing real: no published workbook was at hand. The codes are those of the form of 2019/20;
names of the sheet and the columns are tested on workbooks made after their description.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smq.readers.errors import DataFileError, Problem
from smq.readers.reading import find_header, frame, number
from smq.readers.tac_form import KEY, MAIN_CODE, SUB_CODE
from smq.readers.workbook import find_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

VERIFIED = "layout only"

SHEET = "All data"
COLUMNS = {
    "organisation": "OrganisationName",
    "worksheet": "WorkSheetName",
    "table": "TableID",
    "main_code": "MainCode",
    "row_number": "RowNumber",
    "sub_code": "SubCode",
    "value": "Total",
}
"""What a column is called here, and in the file."""
ACCOUNT_COLUMNS = {
    **dict.fromkeys(COLUMNS, "str"),
    "value": "float64",
    "missing": "str",
    "label": "str",
    "unit": "str",
}
_AGAIN = "Correct the row, or take the workbook as it was published."


@dataclass(frozen=True)
class TacReading:
    """What one workbook gave."""

    rows: pd.DataFrame
    """Columns `ACCOUNT_COLUMNS`, a row for each organisation and figure; `unit` says what the value is in."""
    log: tuple[str, ...]


def read_tac(path: Path, form: pd.DataFrame | None = None) -> TacReading:
    """Read the rows of one workbook; with the code book of its year (`read_tac_form`), labels and units too.

    A figure that the form does not have is a problem. Without a form, labels and units are empty.
    Raises `DataFileError`.
    """
    table = find_sheet(path, [SHEET])
    header = find_header(table, list(COLUMNS.values()))
    places = {name: header.column(column) for name, column in COLUMNS.items()}
    meanings = {} if form is None else {_key(line): line for line in form.to_dict("records")}
    problems: list[Problem] = []
    records: list[dict[str, object]] = []
    first: dict[tuple[str, ...], int] = {}
    for row in range(header.row + 1, len(table.rows)):
        if table.is_blank(row):
            continue
        cells = {name: table.text(row, place) for name, place in places.items() if name != "value"}
        value, missing = number(table, row, places["value"], "Total", problems, negative=True)
        for name, pattern in (("main_code", MAIN_CODE), ("sub_code", SUB_CODE)):
            if not pattern.fullmatch(cells[name]):
                what = "not a code of the form, such as A09CY01 and STA0310"
                problems.append(table.problem(row, COLUMNS[name], cells[name], what, _AGAIN))
        if not cells["organisation"]:
            problems.append(table.problem(row, COLUMNS["organisation"], "", "blank", _AGAIN))
        earlier = first.setdefault(tuple(cells.values()), table.lines[row])
        if earlier != table.lines[row]:
            what = f"a second row for {cells['main_code']} {cells['sub_code']} (the first is row {earlier})"
            problems.append(table.problem(row, "", cells["organisation"], what, "Keep one of the two."))
        meaning = meanings.get(_key(cells), {})
        if form is not None and any(meaning.get(name) != cells[name] for name in ("worksheet", "table")):
            what = f"the form has no such figure in {cells['worksheet']}, table {cells['table']}"
            problems.append(
                table.problem(row, "", " ".join(_key(cells)), what, "Give the form of the same year.")
            )
        described = {name: meaning.get(name, "") for name in ("label", "unit")}
        records.append({**cells, "value": value, "missing": missing, **described})
    if not records and not problems:
        problems.append(table.problem(None, "", None, "no row of data was found", _AGAIN))
    if problems:
        raise DataFileError(path, problems)
    order = ["organisation", "worksheet", "table", *KEY, "row_number"]
    rows = frame(records, ACCOUNT_COLUMNS).sort_values(order, ignore_index=True)
    return TacReading(rows, (header.log,))


def _key(line: Mapping[Any, object]) -> tuple[str, ...]:
    return tuple(str(line[name]) for name in KEY)
