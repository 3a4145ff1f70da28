"""Opens CSV files of strangers as tables of text, within limits.

UTF-8 with or without a byte-order mark, and Windows-1252 where a file is no UTF-8; line ends of any kind.
Text that a spreadsheet would calculate ("=1+1") is text here and is never calculated.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from smq.readers import errors
from smq.readers.errors import DataFileError, Problem
from smq.readers.reading import Table

MOST_BYTES = 200_000_000
LONGEST_CELL = 32_767
_AGAIN = "Take the file as it was published."


def read_csv_table(path: Path) -> Table:
    """Read a CSV file, blank rows left out; `lines` are those on which the rows begin.

    Raises `DataFileError`.
    """
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    begin = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if max(map(len, cells)) > LONGEST_CELL:
                    what = f"a cell of {max(map(len, cells)):,d} characters"
                    raise DataFileError(path, [Problem(begin, "", max(cells, key=len), what, _AGAIN)])
                rows.append(cells)
                lines.append(begin)
            # A quoted cell may hold line breaks: the row is named by the line on which it begins.
            begin = reader.line_num + 1
    except csv.Error as error:
        raise DataFileError(path, [errors.not_csv(begin, str(error))]) from error
    if not rows:
        raise DataFileError(path, [errors.empty_file()])
    return Table(path, "", rows, lines)


def read_text(path: Path) -> str:
    """Give the text of a file, without a byte-order mark. Raises `DataFileError`."""
    return _text(path, _content(path))


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        what, remedy = f"cannot be read ({error.strerror})", "Check the path, and that it is a file."
        raise DataFileError(path, [Problem(0, "", None, what, remedy)]) from error
    if size > MOST_BYTES:
        raise DataFileError(path, [Problem(0, "", None, "far larger than such a file can be", _AGAIN)])
    return content


def read_utf8(path: Path) -> bytes:
    """Give the content of a text file as UTF-8 without a byte-order mark. Raises `DataFileError`."""
    return utf8_of(path, _content(path))


def utf8_of(path: Path, content: bytes) -> bytes:
    """Give content that was read from a file in the same way."""
    # Nearly all of it is plain, and need not be decoded.
    if content.isascii() and b"\x00" not in content:
        return content
    return _text(path, content).encode("utf-8")


def _text(path: Path, content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content:
        place = max(content.find(b"\x00"), 0)
        line = content.count(b"\n", 0, place) + 1
        utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
        raise DataFileError(path, [errors.not_utf8(line, content[place], utf16=utf16)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataFileError(path, [errors.not_utf8(line, content[error.start], utf16=False)]) from error
