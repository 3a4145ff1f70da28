"""What every reader of a statistic gives, and how all of them find headers, numbers, dates and totals.

A reader turns one file into a `StatisticReading`. Files come as `Table`s (`smq.readers.workbook` and
`smq.readers.csv_table` make them); headers are found by their text, never by a fixed row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from smq.errors import quoted
from smq.readers.errors import DataFileError, Problem, SheetProblem

ROW_COLUMNS = {
    "code": "str",
    "name": "str",
    "period": "datetime64[s]",
    "period_length": "str",
    "indicator": "str",
    "numerator": "float64",
    "denominator": "float64",
    "value": "float64",
    "missing": "str",
    "published": "datetime64[s]",
    "revised": "datetime64[s]",
    "source": "str",
}
DROPPED_COLUMNS = {"file": "str", "row": "int64", "code": "str", "name": "str", "reason": "str"}
TOTALS_COLUMNS = {
    "file": "str",
    "total": "str",
    "quantity": "str",
    "printed": "float64",
    "summed": "float64",
    "difference": "float64",
    "explanation": "str",
}

MARKS = {
    "": "blank",
    "-": "not submitted or not applicable (-)",
    "*": "suppressed (*)",
    "N/A": "not applicable (N/A)",
}
"""Missing marks and what they mean. Zero is a number and never one of them."""

DIVISION = {"#DIV/0!": "no denominator (#DIV/0!)"}
"""A further mark for columns of shares that a workbook has calculated."""

Cell = str | float | int | bool | datetime | None
NAT: Any = pd.NaT

_NUMBER = re.compile(r"(-?)((?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?)")
_CODE = re.compile(r"[A-Z0-9]{3,8}")
_MONTHS = [date(2000, month, 1).strftime("%B").lower() for month in range(1, 13)]
_MONTH = "|".join(_MONTHS + [month[:3] for month in _MONTHS])
_WRITTEN = re.compile(
    rf"\b([0-9]{{1,2}})(?:st|nd|rd|th)?\s+({_MONTH})\s+([0-9]{{4}})\b",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"\b([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\b")


@dataclass(frozen=True)
class StatisticReading:
    """What one file gave. Columns: `ROW_COLUMNS`, `DROPPED_COLUMNS`, `TOTALS_COLUMNS`."""

    rows: pd.DataFrame
    """One row for each organisation, period and indicator; the code is that of the period."""
    dropped: pd.DataFrame
    """Rows that were left out, with the row of the file (counted from 1) and the reason."""
    totals: pd.DataFrame
    """Totals printed in the file beside the sums of its rows; an explanation where they differ."""
    log: tuple[str, ...]
    """Where things were found, for example "sheet 'A&E Data': header found in row 16"."""


@dataclass(frozen=True)
class Table:
    """Cells of one sheet or CSV file; rows may be ragged. `lines[i]` is the row in the file, from 1."""

    file: Path
    sheet: str
    """Name of the sheet; empty for CSV."""
    rows: Sequence[Sequence[Cell]]
    lines: Sequence[int]

    def cell(self, row: int, column: int) -> Cell:
        """Give a cell; one beyond the end of its row is blank."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    def text(self, row: int, column: int) -> str:
        """Give a cell as text: spaces collapsed, whole numbers without a decimal point."""
        return as_text(self.cell(row, column))

    def is_blank(self, row: int) -> bool:
        """Say whether a row holds nothing."""
        return all(not as_text(cell) for cell in self.rows[row])

    def problem(self, row: int | None, column: str, value: str | None, what: str, remedy: str) -> Problem:
        """Describe something wrong in this table; `row` is an index into `rows`, None for the whole table."""
        return self.problem_at(0 if row is None else self.lines[row], column, value, what, remedy)

    def problem_at(self, line: int, column: str, value: str | None, what: str, remedy: str) -> Problem:
        """Describe something wrong in a row of the file, counted from 1; 0 for the whole table."""
        if self.sheet:
            return SheetProblem(line, column, value, what, remedy, sheet=self.sheet)
        return Problem(line, column, value, what, remedy)

    def refuse(self, problems: Sequence[Problem]) -> None:
        """Raise `DataFileError` if there is any problem."""
        if problems:
            raise DataFileError(self.file, problems)

    def place(self, row: int) -> str:
        """Say where a row stands, for the log."""
        return (
            f"sheet {quoted(self.sheet)}: row {self.lines[row]}" if self.sheet else f"line {self.lines[row]}"
        )


@dataclass(frozen=True)
class Header:
    """A row of column names, found by its text; `groups` is the row above, carried to the right."""

    table: Table
    row: int
    names: tuple[str, ...]
    groups: tuple[str, ...]

    @property
    def log(self) -> str:
        """Say where the header was found."""
        sheet = f"sheet {quoted(self.table.sheet)}: " if self.table.sheet else ""
        return f"{sheet}header found in row {self.table.lines[self.row]}"

    def find(self, *names: str, group: Iterable[str] | None = None) -> int | None:
        """Give the column that bears one of these names (under one of these group headers), or None.

        Raises `DataFileError` where several columns do: nobody could say which one is meant.
        """
        wanted = {normal(name) for name in names}
        groups = None if group is None else {normal(name) for name in group}
        found = [
            column
            for column, name in enumerate(self.names)
            if name in wanted and (groups is None or self.groups[column] in groups)
        ]
        if len(found) > 1:
            what = "the header holds this name twice"
            if group is not None:
                what += f" under {quoted(next(iter(group)))}"
            problem = self.table.problem(self.row, names[0], None, what, "Remove or rename one of the two.")
            raise DataFileError(self.table.file, [problem])
        return found[0] if found else None

    def column(self, *names: str, group: Iterable[str] | None = None) -> int:
        """Give the column that bears one of these names. Raises `DataFileError` where none does."""
        found = self.find(*names, group=group)
        if found is None:
            what = "there is no such column"
            if group is not None:
                what += f" under {quoted(next(iter(group)))}"
            remedy = "Take the file as it was published, or name the column as the publication does."
            raise DataFileError(self.table.file, [self.table.problem(self.row, names[0], None, what, remedy)])
        return found


def normal(text: str) -> str:
    """Give the form in which names of columns and sheets are compared: one case, single spaces."""
    return " ".join(text.replace("\xa0", " ").replace("\ufeff", "").split()).casefold()


def as_text(cell: Cell) -> str:
    """Give a cell as text: spaces collapsed, whole numbers without a decimal point, blank as ''."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return " ".join(cell.replace("\xa0", " ").split())
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def find_header(
    table: Table, wanted: Sequence[str], *, start: int = 0, end: int | None = None, unique: bool = True
) -> Header:
    """Find the row that holds all of these names, between rows `start` and `end` (indices into the table).

    With `unique`, a second such row below is refused: rows of another table would be read as data.
    Raises `DataFileError`.
    """
    keys = {normal(name) for name in wanted}
    found: list[int] = []
    for row in range(start, len(table.rows) if end is None else end):
        if keys <= {normal(cell) for cell in table.rows[row] if isinstance(cell, str)}:
            found.append(row)
            if not unique:
                break
    if not found:
        names = ", ".join(quoted(name) for name in wanted)
        what = f"no row holds the column names {names}"
        remedy = "Take the file as it was published; if its layout is new, this reader cannot read it."
        raise DataFileError(table.file, [table.problem(None, "", None, what, remedy)])
    if len(found) > 1:
        what = f"a second header (the first is in row {table.lines[found[0]]})"
        remedy = "Remove the repeated header, or split the file in two."
        raise DataFileError(table.file, [table.problem(found[1], "", None, what, remedy)])
    columns = tuple(normal(as_text(cell)) for cell in table.rows[found[0]])
    groups: list[str] = []
    above = found[0] - 1 if found[0] > start else None
    for column in range(len(columns)):
        text = normal(table.text(above, column)) if above is not None else ""
        groups.append(text or (groups[-1] if groups else ""))
    return Header(table, found[0], columns, tuple(groups))


def labelled(table: Table, end: int) -> dict[str, Cell]:
    """Give what stands beside the labels above a table: {"published": "10th December 2010", ...}."""
    found: dict[str, Cell] = {}
    for row in table.rows[:end]:
        cells = [cell for cell in row if as_text(cell)]
        if len(cells) >= 2 and isinstance(cells[0], str) and as_text(cells[0]).endswith(":"):
            found.setdefault(normal(cells[0]).rstrip(": "), cells[1])
    return found


def dates_in(cell: Cell) -> list[pd.Timestamp]:
    """Give the days named in a cell, in order: 10th December 2010, 1 Apr 2011, 31/12/2010, or a date cell."""
    if isinstance(cell, datetime | date):
        return [pd.Timestamp(cell).as_unit("s")]
    if not isinstance(cell, str):
        return []
    found: list[tuple[int, int, int, int]] = []
    for match in _WRITTEN.finditer(cell):
        month = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(match[2].lower()[:3]))
        found.append((match.start(), int(match[3]), month, int(match[1])))
    found += [
        (match.start(), int(match[3]), int(match[2]), int(match[1])) for match in _SLASHED.finditer(cell)
    ]
    days = []
    for _, year, month, day in sorted(found):
        try:
            days.append(pd.Timestamp(date(year, month, day)).as_unit("s"))
        except ValueError:
            continue
    return days


def day_in(cell: Cell) -> pd.Timestamp:
    """Give the first day named in a cell, or NaT."""
    days = dates_in(cell)
    return days[0] if days else NAT


def number(
    table: Table,
    row: int,
    column: int,
    name: str,
    problems: list[Problem],
    *,
    marks: Mapping[str, str] = MARKS,
    negative: bool = False,
) -> tuple[float, str]:
    """Give (number, "") or (NaN, meaning of the missing mark); anything else is added to `problems`."""
    cell = table.cell(row, column)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        value = float(cell)
    else:
        text = as_text(cell)
        if text in marks:
            return math.nan, marks[text]
        match = _NUMBER.fullmatch(text) if isinstance(cell, str) else None
        value = float(match[1] + match[2].replace(",", "")) if match else math.nan
    if not math.isfinite(value) or abs(value) > 1e15:
        remedy = "Correct the cell, or give the file as it was published."
        problems.append(table.problem(row, name, as_text(cell), "not a number", remedy))
        return math.nan, "not a number"
    if value < 0 and not negative:
        remedy = "Correct the count; leave the cell blank if it is not known."
        problems.append(table.problem(row, name, as_text(cell), "a negative number", remedy))
        return math.nan, "a negative number"
    return value, ""


def is_code(text: str) -> bool:
    """Say whether a text has the form of an organisation code: 3 to 8 capital letters and digits."""
    return _CODE.fullmatch(text) is not None


def either(*missing: str) -> str:
    """Join the meanings of the marks in one row: each once, in order."""
    return "; ".join(dict.fromkeys(mark for mark in missing if mark))


@cache
def _no_rows(columns: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    # Most files have no totals or left nothing out, and a table of types takes milliseconds to make.
    return pd.DataFrame(columns=[name for name, _ in columns]).astype(dict(columns))


def frame(records: Sequence[Mapping[str, object]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Give records as a table with exactly these columns and types."""
    if not records:
        return _no_rows(tuple(columns.items())).copy()
    return pd.DataFrame.from_records(list(records), columns=list(columns)).astype(dict(columns))
