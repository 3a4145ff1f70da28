"""Opens workbooks of strangers (.xls, .xlsx) as tables of values, within limits.

Nothing is calculated: formula cells give the value that was stored with them, and one without a stored
value is refused. An archive that would unpack to too much, or that names places outside itself, is refused
before it is opened.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path, PurePosixPath
from typing import Literal

import openpyxl
import xlrd
from openpyxl.cell.read_only import ReadOnlyCell

from smq.errors import quoted
from smq.readers.errors import DataFileError, Problem, SheetProblem
from smq.readers.reading import Cell, Table, normal

MOST_BYTES = 200_000_000
"""Largest file, and most that an archive may unpack to. The largest real one unpacks to 40 MB."""
MOST_RATIO = 200
"""Largest ratio of unpacked to packed size of a member beyond 1 MB; real ones reach 16."""
MOST_MEMBERS = 2_000
MOST_CELLS = 8_000_000
LONGEST_CELL = 32_767
"""What a cell can hold in Excel."""

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CALCULATED = re.compile(rb"<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)<(?:\w+:)?v>[^<]")

_AGAIN = "Take the file as it was published."


def check_archive(path: Path, most: int = MOST_BYTES) -> None:
    """Refuse an archive that is damaged, unpacks to more than `most`, or names places outside itself."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _refused(path, f"not a whole archive ({quoted(str(error))[1:-1]})", _AGAIN) from error
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > most:
        raise _refused(path, "the archive would unpack to far more than a workbook holds", _AGAIN)
    for member in members:
        inside = PurePosixPath(member.filename.replace("\\", "/"))
        if inside.is_absolute() or ".." in inside.parts or ":" in inside.parts[0:1]:
            raise _refused(
                path, f"the archive names a place outside itself ({quoted(member.filename)})", _AGAIN
            )
        if member.file_size > 1_000_000 and member.file_size > MOST_RATIO * max(member.compress_size, 1):
            raise _refused(
                path, f"the archive is a bomb: {quoted(member.filename)} unpacks enormously", _AGAIN
            )
        if member.flag_bits & 0x1:
            raise _refused(path, "the archive is locked by a password", "Save it without a password.")


def sheet_names(path: Path) -> list[str]:
    """Give the names of a workbook's sheets, in its order. Raises `DataFileError`."""
    return list(read_workbook(path, only=()))


def read_workbook(path: Path, only: Iterable[str] | None = None) -> dict[str, Table | None]:
    """Read the sheets named in `only` (all, if None); give the others as None, in the workbook's order.

    Names are compared without regard to case and spaces. The content, not the name, says .xls or .xlsx.
    """
    wanted = None if only is None else {normal(name) for name in only}
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise _refused(
            path, f"cannot be read ({error.strerror})", "Check the path, and that it is a file."
        ) from error
    if size > MOST_BYTES:
        raise _refused(path, "the file is far larger than such a workbook can be", _AGAIN)
    if start.startswith(b"PK"):
        check_archive(path)
        read = _read_xlsx
    elif start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" or start[:1] == b"\x09":
        read = _read_xls
    else:
        raise _refused(path, "not a workbook (.xls or .xlsx)", _AGAIN)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it leaves out; values are not touched by them.
            warnings.simplefilter("ignore")
            return read(path, wanted)
    except DataFileError:
        raise
    # Both libraries let through whatever goes wrong inside them, from KeyError to MemoryError.
    except Exception as error:
        what = f"the workbook is damaged ({type(error).__name__}: {quoted(str(error))[1:-1]})"
        raise _refused(path, what, _AGAIN) from error


def find_sheet(path: Path, names: Sequence[str]) -> Table:
    """Read the sheet that bears one of these names. Raises `DataFileError` where none does."""
    tables = read_workbook(path, names)
    found = [table for table in tables.values() if table is not None]
    if len(found) == 1:
        return found[0]
    if not found:
        there = ", ".join(quoted(name) for name in tables) or "none"
        raise _refused(path, f"there is no sheet {quoted(names[0])}; its sheets: {there}", _AGAIN)
    raise _refused(path, f"several sheets could be {quoted(names[0])}", "Keep one of them.")


def _read_xlsx(path: Path, wanted: set[str] | None) -> dict[str, Table | None]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        tables: dict[str, Table | None] = {}
        for sheet in book.worksheets:
            if wanted is not None and normal(sheet.title) not in wanted:
                tables[sheet.title] = None
                continue
            # The size that the file declares may be wrong; without it every row is read.
            sheet.reset_dimensions()
            tables[sheet.title] = _table(path, sheet.title, sheet.iter_rows(values_only=True))
    finally:
        book.close()
    if any(tables.values()) and _has_uncalculated(path):
        _refuse_uncalculated(path, tables)
    return tables


def _has_uncalculated(path: Path) -> bool:
    """Say whether a formula may lack the stored value behind it. To find out which one takes long."""
    with zipfile.ZipFile(path) as archive:
        return any(
            len(_FORMULA.findall(content)) != len(_CALCULATED.findall(content))
            for content in (
                archive.read(member)
                for member in archive.namelist()
                if member.startswith("xl/worksheets/") and member.endswith(".xml")
            )
        )


def _refuse_uncalculated(path: Path, tables: dict[str, Table | None]) -> None:
    """Refuse formula cells with which no value was stored; the calculated ones are read as their values."""
    suspects: dict[tuple[str, str], Problem] = {}
    for title, cell in _cells(path, tables, data_only=False):
        table = tables[title]
        if cell.data_type == "f" and table is not None and table.cell(cell.row - 1, cell.column - 1) is None:
            what = "a formula that was never calculated"
            remedy = "Open the workbook in a spreadsheet program, save it, and use the saved file."
            problem = SheetProblem(cell.row, cell.column_letter, str(cell.value), what, remedy, title)
            suspects[title, cell.coordinate] = problem
    if not suspects:
        return
    for title, cell in _cells(path, tables, data_only=True):
        # A formula that gave an empty text has no value either, but its type is stored.
        if cell.data_type == "str":
            suspects.pop((title, cell.coordinate), None)
    if suspects:
        raise DataFileError(path, list(suspects.values()))


def _cells(
    path: Path, tables: dict[str, Table | None], *, data_only: bool
) -> Iterator[tuple[str, ReadOnlyCell]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=data_only, keep_links=False)
    try:
        for sheet in book.worksheets:
            if tables.get(sheet.title) is not None:
                sheet.reset_dimensions()
                for cells in sheet.iter_rows():
                    for cell in cells:
                        if isinstance(cell, ReadOnlyCell):
                            yield sheet.title, cell
    finally:
        book.close()


def _read_xls(path: Path, wanted: set[str] | None) -> dict[str, Table | None]:
    # xlrd writes its remarks on odd files to a log, by default the standard output.
    with xlrd.open_workbook(str(path), logfile=io.StringIO(), on_demand=True, ragged_rows=True) as book:
        tables: dict[str, Table | None] = {}
        for name in book.sheet_names():
            if wanted is not None and normal(name) not in wanted:
                tables[name] = None
                continue
            sheet = book.sheet_by_name(name)
            rows = (
                [_xls_value(cell, book.datemode) for cell in sheet.row(row)] for row in range(sheet.nrows)
            )
            tables[name] = _table(path, name, rows)
            book.unload_sheet(name)
        return tables


def _xls_value(cell: xlrd.sheet.Cell, datemode: Literal[0, 1]) -> Cell:
    value = cell.value
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    if isinstance(value, str):
        return value
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(int(value), "#ERROR")
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(value, datemode)
        except (ValueError, OverflowError, xlrd.XLDateError):
            return float(value)
    return bool(value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else float(value)


def _table(path: Path, name: str, rows: Iterable[Iterable[object]]) -> Table:
    kept: list[list[Cell]] = []
    count = 0
    for line, cells in enumerate(rows, 1):
        values = [_value(path, name, line, cell) for cell in cells]
        while values and values[-1] is None:
            values.pop()
        count += len(values) + 1
        if count > MOST_CELLS:
            raise _refused(
                path, f"sheet {quoted(name)} has far more cells than such a workbook holds", _AGAIN
            )
        kept.append(values)
    while kept and not kept[-1]:
        kept.pop()
    return Table(path, name, kept, range(1, len(kept) + 1))


def _value(path: Path, sheet: str, line: int, cell: object) -> Cell:
    if isinstance(cell, str):
        if len(cell) > LONGEST_CELL:
            what = f"a cell of {len(cell):,d} characters"
            raise DataFileError(path, [SheetProblem(line, "", cell, what, _AGAIN, sheet)])
        return cell
    if cell is None or isinstance(cell, bool | int | float | datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - a calendar day has no time zone
    if isinstance(cell, time):
        return cell.isoformat()
    return str(cell)


def _refused(path: Path, what: str, remedy: str) -> DataFileError:
    return DataFileError(path, [Problem(0, "", None, what, remedy)])
