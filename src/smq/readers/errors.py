"""What the readers say about a data file that they cannot use.

The texts stand together here, so that each names the file, the line, the column and the value, and says
what to do. Values come from files of strangers: they are shown escaped and cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from press.errors import PressError, WrongUseError, nearest
from smq.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

SHOWN_PROBLEMS = 10


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file. `line` counts lines of the file from 1, the header included."""

    line: int
    column: str
    value: str | None
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"line {self.line}" if self.line else "whole file"
        if self.column:
            place += f", column {quoted(self.column)}"
        if self.value is not None:
            place += f", value {quoted(self.value)}"
        return f"{place}: {self.what}. {self.remedy}"


@dataclass(frozen=True)
class SheetProblem(Problem):
    """One thing that is wrong in a sheet of a workbook. `line` is the row of the sheet, from 1."""

    sheet: str = ""

    def __str__(self) -> str:
        return f"sheet {quoted(self.sheet)}, " + super().__str__().replace("line ", "row ", 1)


class DataFileError(PressError):
    """A data file holds something that may not enter the panel; all problems are counted."""

    def __init__(self, file: Path, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        count = len(self.problems)
        lines = [f"{file}: {count} problem{'' if count == 1 else 's'}; nothing was read."]
        lines += [f"  {problem}" for problem in self.problems[:SHOWN_PROBLEMS]]
        if count > SHOWN_PROBLEMS:
            lines.append(f"  … and {count - SHOWN_PROBLEMS:,d} more.")
        super().__init__("\n".join(lines))


class DataConflictError(PressError):
    """Two files, each right by itself, cannot stand in one panel."""


class MappingError(WrongUseError):
    """The file that maps columns, or the one that describes the study, cannot be used as it is."""


class DataFolderError(WrongUseError):
    """The folder of data is not there, or holds nothing that is mapped."""


def not_utf8(line: int, byte: int, *, utf16: bool) -> Problem:
    """Say that the bytes are not UTF-8 text."""
    seems = "it looks like UTF-16" if utf16 else f"byte 0x{byte:02x} does not belong there"
    return Problem(
        line, "", None, f"not UTF-8 text ({seems})", "Save the file as 'CSV UTF-8' and build again."
    )


def not_csv(line: int, detail: str) -> Problem:
    """Say that the quotes or the characters break the CSV format."""
    return Problem(
        line, "", None, f"not readable as CSV ({detail})", "Look for a quotation mark that is never closed."
    )


def unreadable(reason: str) -> Problem:
    """Say that the system would not let the file be read."""
    return Problem(
        0, "", None, f"the file cannot be read ({reason})", "Check its rights, and that it is a file."
    )


def too_large(size: int, most: int) -> Problem:
    """Say that the file is larger than such a file can be."""
    return Problem(
        0,
        "",
        None,
        f"the file has {size:,d} bytes, and more than {most:,d} are not read",
        "Give the file by organisation and period, or split it.",
    )


def empty_file() -> Problem:
    """Say that there is no header."""
    return Problem(0, "", None, "the file is empty", "Supply the file again, with a header line.")


def no_rows(line: int) -> Problem:
    """Say that nothing follows the header."""
    return Problem(
        line, "", None, "there is a header but no row of data", "Supply the file again, with its rows."
    )


def nothing_left(line: int) -> Problem:
    """Say that the mapping reads no row of the file."""
    return Problem(
        line,
        "",
        None,
        "no row of the file is read",
        "Correct 'where', 'leave_out' or 'totals: codes' in mappings.yaml.",
    )


def missing_column(line: int, column: str, role: str, header: Iterable[str]) -> Problem:
    """Say that a mapped column is not in the header, and which name is nearest."""
    names = [name for name in header if name]
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        hint = "The columns seem to be separated by something other than a comma: save the file with commas."
    else:
        known = nearest(column, [quoted(name)[1:-1] for name in names])
        hint = f"{known} Correct 'columns: {role}' in mappings.yaml, or the header."
    return Problem(line, column, None, f"there is no such column (mapped as {role})", hint)


def doubled_column(line: int, column: str) -> Problem:
    """Say that the header names a mapped column twice."""
    return Problem(line, column, None, "the header holds this name twice", "Rename or remove one of the two.")


def ragged_row(line: int, cells: int, expected: int) -> Problem:
    """Say that a row has another number of cells than the header."""
    return Problem(
        line,
        "",
        None,
        f"the row has {cells} cells, the header {expected}",
        "Look for a comma too many or too few, or for text with a comma that is not in quotes.",
    )


def malformed_code(line: int, column: str, value: str) -> Problem:
    """Say that this is no organisation code."""
    remedy = "Correct it: a code has 3 to 8 capital letters or digits, for example RDD."
    if not value:
        remedy = "Fill in the code, or declare the row under 'leave_out' in mappings.yaml."
    elif value != value.upper():
        remedy += " If it marks a total, list it under 'totals: codes' in mappings.yaml."
    return Problem(line, column, value, "not a well-formed ODS code", remedy)


def undeclared_total(line: int, column: str, value: str) -> Problem:
    """Say that a total stands among the rows and the mapping does not declare it."""
    return Problem(
        line,
        column,
        value,
        "this looks like a total, not a provider",
        "List it under 'totals: codes' in mappings.yaml: it is then checked and left out.",
    )


def unparsable_period(line: int, column: str, value: str, date_format: str) -> Problem:
    """Say that the date is not in the declared format."""
    return Problem(
        line,
        column,
        value,
        f"not a date of the form {date_format}",
        "Correct the date, or 'date_format' in mappings.yaml.",
    )


def unlikely_year(line: int, column: str, value: str, first: int, last: int) -> Problem:
    """Say that the year cannot be meant."""
    return Problem(line, column, value, f"the year is not within {first} to {last}", "Correct the date.")


def negative_number(line: int, column: str, value: str) -> Problem:
    """Say that a count is below zero."""
    return Problem(
        line,
        column,
        value,
        "a negative number",
        "Correct the count; leave the cell blank if it is not known.",
    )


def not_a_number(line: int, column: str, value: str) -> Problem:
    """Say that the cell holds neither a number nor a declared missing mark."""
    return Problem(
        line,
        column,
        value,
        "not a number",
        "Correct it, or list the mark under 'missing' in mappings.yaml if it stands for a missing value.",
    )


def not_a_share(line: int, column: str, value: str) -> Problem:
    """Say that a share whose complement is meant is no share."""
    return Problem(
        line,
        column,
        value,
        "not a share from 0 to 1, so it has no complement",
        "Correct it, or 'complement' in mappings.yaml.",
    )


def numerator_above(line: int, column: str, value: str, denominator: str, total: str) -> Problem:
    """Say that a part is larger than its whole."""
    return Problem(
        line,
        column,
        value,
        f"larger than {quoted(denominator)} in the same row ({quoted(total)})",
        "Correct the row, or swap numerator and denominator in mappings.yaml.",
    )


def doubled_period(line: int, column: str, value: str, period: str, part: str, first_line: int) -> Problem:
    """Say that an organisation has two rows for one period (and one part of it)."""
    which = f", {quoted(part)}" if part else ""
    return Problem(
        line,
        column,
        value,
        f"a second row for {period}{which} (the first is line {first_line})",
        "Keep one of the two rows, or leave one out under 'leave_out' in mappings.yaml.",
    )


def doubled_code(line: int, column: str, value: str, first_line: int) -> Problem:
    """Say that a list names an organisation twice."""
    return Problem(
        line, column, value, f"a second row for this code (the first is line {first_line})", "Keep one."
    )


def wrong_total(line: int, column: str, value: str, period: str, found: float, *, short: bool) -> Problem:
    """Say that a total row differs from the sum of the rows of its period; `short`: the total is less."""
    remedy = "Look for rows that are missing or doubled, or set 'totals: check: false' in mappings.yaml."
    if not short:
        remedy = remedy.replace(", or set", "; say in 'totals: explanation' why, or set")
    return Problem(
        line, column, value, f"the total of {period} is not the sum of its rows ({found:,.10g})", remedy
    )
