"""The table of a published file as CSV, whatever the file wraps it in.

Statistics come as CSV, as an archive (.zip) that holds one CSV file, or as a sheet of a workbook (.xlsx,
.xls, .ods). The content, not the name of the file, says which. A sheet is taken by its name where the reader
knows it, otherwise it is the one that holds the names of the columns; its rows keep their numbers.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from smq.errors import quoted
from smq.readers.csv_table import read_utf8, utf8_of
from smq.readers.errors import DataFileError, Problem
from smq.readers.open_document import is_open_document, read_open_document
from smq.readers.reading import Cell, as_text
from smq.readers.workbook import check_archive, read_workbook

Rows = Sequence[Sequence[str]]
Fits = Callable[[Rows], bool]
"""Says whether the first rows of a sheet hold the names of the columns."""
FRONT_MATTER = 30
"""Rows among which the header is looked for."""
_AGAIN = "Take the file as it was published."
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Wrapped:
    """The content of a table: UTF-8 without a byte-order mark, and the sheet that it is from, if any."""

    content: bytes
    sheet: str = ""


def read_wrapped(path: Path, fits: Fits, sheet: str = "") -> Wrapped:
    """Give the table of a file. Raises `DataFileError`."""
    try:
        with path.open("rb") as stream:
            start = stream.read(len(_OLD_WORKBOOK))
    except OSError as error:
        what, remedy = f"cannot be read ({error.strerror})", "Check the path, and that it is a file."
        raise DataFileError(path, [Problem(0, "", None, what, remedy)]) from error
    if start == _OLD_WORKBOOK:
        return _of_workbook(path, fits, sheet)
    if not start.startswith(b"PK"):
        return Wrapped(read_utf8(path))
    if is_open_document(path):
        return _chosen(path, read_open_document(path, fits, sheet, FRONT_MATTER), sheet)
    check_archive(path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        tables = [name for name in names if name.casefold().endswith(".csv")]
        if not tables and any(name.startswith("xl/") for name in names):
            return _of_workbook(path, fits, sheet)
        if len(tables) != 1:
            what = f"the archive holds {len(tables)} CSV files"
            raise DataFileError(
                path, [Problem(0, "", None, what, "Unpack it, and keep the one that is meant.")]
            )
        try:
            return Wrapped(utf8_of(path, archive.read(tables[0])))
        # A damaged directory sends the archive's reader to places that no file has, or to a password.
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            what = f"not a whole archive ({quoted(str(error))[1:-1]})"
            raise DataFileError(path, [Problem(0, "", None, what, _AGAIN)]) from error


def _of_workbook(path: Path, fits: Fits, sheet: str) -> Wrapped:
    found = {}
    for name, table in read_workbook(path, [sheet] if sheet else None).items():
        if table is None:
            continue
        rows = [[_text(cell) for cell in cells] for cells in table.rows]
        if sheet or fits(rows[:FRONT_MATTER]):
            found[name] = rows
    return _chosen(path, found, sheet)


def _chosen(path: Path, found: dict[str, list[list[str]]], sheet: str) -> Wrapped:
    if len(found) != 1:
        what = f"there is no sheet {quoted(sheet)}" if sheet else "no sheet holds the names of the columns"
        if found:
            what = f"several sheets hold the names of the columns: {', '.join(map(quoted, found))}"
        raise DataFileError(path, [Problem(0, "", None, what, _AGAIN)])
    ((name, rows),) = found.items()
    return Wrapped(_csv(rows), name)


def _csv(rows: Rows) -> bytes:
    """Write a line for each row, so that they keep their numbers, and all of one width."""
    width = max(map(len, rows), default=0)
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([*row, *[""] * (width - len(row))] for row in rows)
    return stream.getvalue().encode("utf-8")


def _text(cell: Cell) -> str:
    """Give a cell on one line, as it would stand in CSV: days as 30/06/2022."""
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float) and not cell.is_integer():
        return np.format_float_positional(cell, trim="-")
    return as_text(cell)
