"""Reads a sheet of an OpenDocument spreadsheet (.ods) as rows of text, within limits.

Files of several hundred megabytes of XML are published in this form, so it is read as a stream: only the
sheet that is asked for is kept. Values are those that were stored; nothing is calculated.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.parsers import expat

from smq.errors import quoted
from smq.readers.errors import DataFileError, Problem
from smq.readers.workbook import LONGEST_CELL, MOST_CELLS, check_archive

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
MOST_BYTES = 4_000_000_000
"""Most that a file may unpack to; it is never held in memory."""
_CONTENT = "content.xml"
_BLOCK = 1 << 20
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_AGAIN = "Take the file as it was published."
_NUMBERS = ("float", "percentage", "currency")


def is_open_document(path: Path) -> bool:
    """Say whether a file, which is an archive, is an OpenDocument spreadsheet."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("mimetype") as stream:
            return stream.read(len(MIMETYPE)) == MIMETYPE
    except (
        KeyError,
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        zipfile.BadZipFile,
        zlib.error,
    ):
        return False


def read_open_document(
    path: Path, fits: Callable[[Sequence[Sequence[str]]], bool], sheet: str, front: int
) -> dict[str, list[list[str]]]:
    """Give by name the rows of the sheet of that name, or else of all sheets whose first `front` rows fit.

    Raises `DataFileError`.
    """
    check_archive(path, MOST_BYTES)
    reader = _Reader(path, fits, sheet, front)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_CONTENT) as stream:
            while block := stream.read(_BLOCK):
                parser.Parse(block)
            parser.Parse(b"", True)
    except (expat.ExpatError, KeyError, OSError, EOFError, ValueError, RuntimeError) as error:
        raise _damaged(path, error) from error
    except (NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise _damaged(path, error) from error
    return reader.found


class _Reader:
    """What is told of the elements, one after another."""

    def __init__(
        self, path: Path, fits: Callable[[Sequence[Sequence[str]]], bool], sheet: str, front: int
    ) -> None:
        self.found: dict[str, list[list[str]]] = {}
        self._path, self._fits, self._sheet, self._front = path, fits, sheet.casefold(), front
        self._cells = 0
        self._name = ""
        self._rows: list[list[str]] | None = None
        """Rows of the sheet that is being read; None where it is not wanted."""
        self._row: list[str] = []
        self._blank_cells = self._blank_rows = 0
        self._times = self._row_times = 1
        self._value: str | None = None
        self._texts: list[str] | None = None
        """Paragraphs of the cell that is being read; None outside cells."""
        self._notes = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{_TABLE}table":
            self._name = " ".join(attributes.get(f"{_TABLE}name", "").split())
            wanted = not self._sheet or self._name.casefold() == self._sheet
            self._rows = [] if wanted else None
            self._blank_rows = 0
        elif self._rows is None:
            return
        elif name == f"{_TABLE}table-row":
            self._row, self._blank_cells = [], 0
            self._row_times = self._count(attributes, "number-rows-repeated")
        elif name in _CELLS:
            self._times = self._count(attributes, "number-columns-repeated")
            self._value, self._texts = _stored(attributes), []
        elif name == f"{_OFFICE}annotation":
            self._notes += 1
        elif name == f"{_TEXT}p" and self._texts is not None and not self._notes:
            self._texts.append("")

    def characters(self, text: str) -> None:
        if self._texts and not self._notes:
            self._texts[-1] += text

    def end(self, name: str) -> None:
        if self._rows is None:
            return
        if name in _CELLS and self._texts is not None:
            text = " ".join((" ".join(self._texts) if self._value is None else self._value).split())
            self._texts = None
            self._add_cell(text)
        elif name == f"{_OFFICE}annotation":
            self._notes -= 1
        elif name == f"{_TABLE}table-row":
            self._add_row()
        elif name == f"{_TABLE}table":
            if self._sheet or self._fits(self._rows[: self._front]):
                self.found[self._name] = self._rows
            self._rows = None

    def refuse_doctype(self, *_: object) -> None:
        raise self._refused("it declares a document type, as no spreadsheet does")

    def _add_cell(self, text: str) -> None:
        if not text:
            self._blank_cells += self._times
            return
        if len(text) > LONGEST_CELL:
            raise self._refused(f"sheet {quoted(self._name)} has a cell of {len(text):,d} characters")
        self._hold(self._blank_cells + self._times)
        self._row += [""] * self._blank_cells + [text] * self._times
        self._blank_cells = 0

    def _add_row(self) -> None:
        if self._rows is None:
            return
        if not self._row:
            self._blank_rows += self._row_times
            return
        self._hold(self._blank_rows + len(self._row) * (self._row_times - 1))
        self._rows += [[] for _ in range(self._blank_rows)]
        self._rows += [self._row] * self._row_times
        self._blank_rows = 0
        # The rest of a sheet whose first rows do not fit is passed over.
        if not self._sheet and len(self._rows) >= self._front and not self._fits(self._rows[: self._front]):
            self._rows = None

    def _hold(self, cells: int) -> None:
        self._cells += cells
        if self._cells > MOST_CELLS:
            raise self._refused(f"sheet {quoted(self._name)} has far more cells than such a file holds")

    def _count(self, attributes: dict[str, str], name: str) -> int:
        times = attributes.get(f"{_TABLE}{name}", "1")
        if not times.isascii() or not times.isdigit() or len(times) > 9:
            raise self._refused(
                f"sheet {quoted(self._name)} has a cell or row that is repeated {quoted(times)} times"
            )
        return int(times)

    def _refused(self, what: str) -> DataFileError:
        return DataFileError(self._path, [Problem(0, "", None, what, _AGAIN)])


def _stored(attributes: dict[str, str]) -> str | None:
    """Give the value that a cell stores beside its text; None where the text is the value."""
    kind = attributes.get(f"{_OFFICE}value-type", "")
    if kind in _NUMBERS:
        return attributes.get(f"{_OFFICE}value")
    day = attributes.get(f"{_OFFICE}date-value", "")[:10].split("-")
    return "/".join(reversed(day)) if kind == "date" and len(day) == 3 else None


def _damaged(path: Path, error: Exception) -> DataFileError:
    what = f"the spreadsheet is damaged ({type(error).__name__}: {quoted(str(error))[1:-1]})"
    return DataFileError(path, [Problem(0, "", None, what, _AGAIN)])
