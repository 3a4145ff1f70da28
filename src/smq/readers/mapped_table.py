"""The cells of a CSV file whose columns are declared in `mappings.yaml`, found by the names in its header."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smq.readers import errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from smq.readers.errors import Problem

MOST_BYTES = 200_000_000


@dataclass(frozen=True)
class MappedTable:
    """Header and rows of one file, blank rows left out; a row is named by the line on which it begins."""

    path: Path
    header_line: int
    header: tuple[str, ...]
    lines: tuple[tuple[int, list[str]], ...]

    def places(self, columns: Mapping[str, str]) -> dict[str, int]:
        """Give the place of each column (role: name in the header). Raises `DataFileError`."""
        problems = []
        places = {}
        for role, column in columns.items():
            count = self.header.count(column)
            if count == 0:
                problems.append(errors.missing_column(self.header_line, column, role, self.header))
            elif count > 1:
                problems.append(errors.doubled_column(self.header_line, column))
            else:
                places[column] = self.header.index(column)
        if problems:
            raise errors.DataFileError(self.path, list(dict.fromkeys(problems)))
        return places

    def rows(self, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
        """Give line and stripped cells of each row; one of another length than the header is a problem."""
        width = len(self.header)
        for line, cells in self.lines:
            if len(cells) < width or any(cell.strip() for cell in cells[width:]):
                problems.append(errors.ragged_row(line, len(cells), width))
            else:
                yield line, [cell.strip() for cell in cells]
        if not self.lines:
            problems.append(errors.no_rows(self.header_line))


def read_mapped_table(path: Path) -> MappedTable:
    """Read a CSV file of UTF-8 text. Raises `DataFileError`."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    lines = []
    begin = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((begin, cells))
            # A quoted cell may hold line breaks: the row is named by the line on which it begins.
            begin = reader.line_num + 1
    except csv.Error as error:
        raise errors.DataFileError(path, [errors.not_csv(begin, str(error))]) from error
    if not lines:
        raise errors.DataFileError(path, [errors.empty_file()])
    (header_line, header), *rows = lines
    return MappedTable(path, header_line, tuple(name.strip() for name in header), tuple(rows))


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        problem = errors.unreadable(error.strerror or type(error).__name__)
        raise errors.DataFileError(path, [problem]) from error
    if size > MOST_BYTES:
        raise errors.DataFileError(path, [errors.too_large(size, MOST_BYTES)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
        raise errors.DataFileError(
            path, [errors.not_utf8(line, content[error.start], utf16=utf16)]
        ) from error
