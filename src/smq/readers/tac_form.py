"""The form of the trust accounts consolidation (TAC), which says what each code of the accounts means.

Layout: sheet 'Intro', and one sheet for each schedule ('TAC09 Staff'). A schedule has tables one under
another: a row with 'Table ID' and its number, a row with the title, the main codes of the columns and
'Maincode', rows with the names of the columns, the year and the unit ('£000', 'No.') and 'Subcode', then the
lines: label, expected sign, cells, and the sub code at the right end. A figure is known by its main code and
sub code.

Traps: a sub code is used again (exit packages of this and of last year), a main code too: only both together
are one figure. Columns stand elsewhere in each table. 'CY' in a main code is the year of the form, 'PY' the
year before. The cells are empty or hold 0: the form has no figures of any trust. Labels without a sub code
are headings. Sub codes have two or three letters.

Verified on: the illustrative form of 2019/20 (28 schedules, 95 tables, 6,036 figures): every table has its
number, its main codes and its sub codes, and no figure stands twice; in TAC09, table 2, `STA0310` is
'Temporary staff - agency/contract staff', `STA0330` 'TOTAL GROSS STAFF COSTS', and `A09CY01` their total in
2019/20.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from smq.readers.errors import DataFileError, Problem
from smq.readers.reading import Table, frame, normal
from smq.readers.workbook import read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

VERIFIED = "verified on real files"

FORM_COLUMNS = {
    "worksheet": "str",
    "table": "str",
    "title": "str",
    "main_code": "str",
    "column": "str",
    "unit": "str",
    "sub_code": "str",
    "label": "str",
    "sign": "str",
}
"""Of the code book: `column` is what stands above the cells, with the year; `sign` what is expected."""
KEY = ["main_code", "sub_code"]
"""What tells a figure from all others of the form."""
_TABLE, _MAIN, _SUB, _SIGN = "table id", "maincode", "subcode", "expected sign"
MAIN_CODE = re.compile(r"A[0-9]{2}(?:CY|PY)[0-9]{2}[A-Z]?")
SUB_CODE = re.compile(r"[A-Z]{2,3}[0-9]{3,4}[A-Z]?")
_SHEET = re.compile(r"TAC[0-9]{2} .+")
_AGAIN = "Take the form as it was published."


@dataclass(frozen=True)
class _Place:
    """Rows and columns of one table in a sheet."""

    number: str
    head: int
    """Row of the title and the main codes."""
    end: int
    codes: int
    """Column of the sub codes."""


def read_tac_form(path: Path) -> pd.DataFrame:
    """Read the code book: a row for each figure of the form, columns `FORM_COLUMNS`.

    It is sorted by worksheet, table and `KEY`. Raises `DataFileError`.
    """
    records: list[dict[str, object]] = []
    problems: list[Problem] = []
    for name, table in read_workbook(path).items():
        if table is None or not _SHEET.fullmatch(name.strip()):
            continue
        places = _places(table, problems)
        if not places:
            problems.append(table.problem(None, "Table ID", None, "there is no table", _AGAIN))
        for place in places:
            records += _lines(table, place, problems)
    if not records and not problems:
        what = "there is no schedule (sheet such as 'TAC09 Staff')"
        problems.append(Problem(0, "", None, what, _AGAIN))
    book = frame(records, FORM_COLUMNS).sort_values(["worksheet", "table", *KEY], ignore_index=True)
    doubled = book[book.duplicated(KEY)]
    problems += [
        Problem(0, "", f"{main} {sub}", "the form holds this figure twice", _AGAIN)
        for main, sub in zip(doubled["main_code"], doubled["sub_code"], strict=True)
    ]
    if problems:
        raise DataFileError(path, problems)
    return book


def _places(table: Table, problems: list[Problem]) -> list[_Place]:
    starts = [row for row in range(len(table.rows)) if _column(table, row, _TABLE) is not None]
    places = []
    for start, following in zip(starts, [*starts, len(table.rows)][1:], strict=True):
        label = _column(table, start, _TABLE)
        number = table.text(start, (label or 0) + 1)
        heads = [row for row in range(start, following) if _column(table, row, _MAIN) is not None]
        subs = [row for row in range(start, following) if _column(table, row, _SUB) is not None]
        codes = _column(table, heads[0], _MAIN) if len(heads) == 1 else None
        if not number or codes is None or [_column(table, row, _SUB) for row in subs] != [codes]:
            what = "a table without its number, or without 'Maincode' and 'Subcode' in one column"
            problems.append(table.problem(start, "Table ID", number, what, _AGAIN))
            continue
        places.append(_Place(number, heads[0], following, codes))
    return places


def _column(table: Table, row: int, name: str) -> int | None:
    """Give the first column of a row that holds this text, or None."""
    found = (column for column in range(len(table.rows[row])) if normal(table.text(row, column)) == name)
    return next(found, None)


def _lines(table: Table, place: _Place, problems: list[Problem]) -> Iterator[dict[str, object]]:
    columns = range(place.codes)
    main = {column: code for column in columns if MAIN_CODE.fullmatch(code := table.text(place.head, column))}
    body = next(row for row in range(place.head, place.end) if normal(table.text(row, place.codes)) == _SUB)
    if not main:
        what = "a table without main codes such as A09CY01"
        problems.append(table.problem(place.head, "Maincode", None, what, _AGAIN))
        return
    heads = {
        column: [text for row in range(place.head + 1, body + 1) if (text := table.text(row, column))]
        for column in main
    }
    title = next((text for column in columns if (text := table.text(place.head, column))), "")
    signs = min(main) - 1
    for row in range(body + 1, place.end):
        code = table.text(row, place.codes)
        if not code:
            continue
        if not SUB_CODE.fullmatch(code):
            problems.append(table.problem(row, "Subcode", code, "not a code such as STA0310", _AGAIN))
            continue
        label = next((text for column in range(signs) if (text := table.text(row, column))), "")
        for column, main_code in main.items():
            yield {
                "worksheet": table.sheet.strip(),
                "table": place.number,
                "title": "" if title == main_code else title,
                "main_code": main_code,
                "column": ", ".join(heads[column][:-1]),
                "unit": heads[column][-1] if heads[column] else "",
                "sub_code": code,
                "label": label,
                "sign": table.text(row, signs),
            }
