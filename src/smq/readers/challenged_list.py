"""Reads the list of challenged providers, which is confidential: no message quotes what stands in it.

Line and column of a problem are given, never the cell, and never a name out of the header, which in a file
without one is a row of the list.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from press.errors import PressError
from smq.readers.errors import DataFileError, Problem
from smq.readers.reading import frame, is_code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

    from smq.challenged_mapping import ChallengedList

CHALLENGED_COLUMNS = ("trust", "on", "off")
_TYPES = {"trust": "str", "on": "datetime64[s]", "off": "datetime64[s]"}
MOST_BYTES = 1_000_000
NONE = frame([], _TYPES)
"""The list of a world that has none."""


def read_challenged(path: Path, mapping: ChallengedList) -> pd.DataFrame:
    """Give the stays on the list by trust and day: columns `CHALLENGED_COLUMNS`, days as datetime64[s].

    `off` is NaT for a stay whose end is not known. Raises `DataFileError`.
    """
    try:
        return _read(path, mapping)
    except PressError:
        raise
    except Exception as error:
        # What else could go wrong here would say on what, and show the chain of what went wrong before.
        what = f"could not be read ({type(error).__name__})"
        raise DataFileError(path, [Problem(0, "", None, what, "Save it anew as CSV in UTF-8.")]) from None


def _read(path: Path, mapping: ChallengedList) -> pd.DataFrame:
    (begin, header), *rows = _rows(path)
    columns = mapping.columns.model_dump()
    places = _places(path, [name.strip() for name in header], begin, columns)
    problems: list[Problem] = []
    stays: list[tuple[int, str, datetime, datetime | None]] = []

    def wrong(line: int, role: str, what: str, remedy: str) -> None:
        problems.append(Problem(line, columns[role], None, what, remedy))

    def day(line: int, role: str, text: str) -> datetime | None:
        try:
            return datetime.strptime(text, mapping.date_format)  # noqa: DTZ007 - a day has no zone
        except ValueError:
            remedy = "Correct it, or 'challenged: date_format' in mappings.yaml."
            wrong(line, role, f"not a date of the form {mapping.date_format}", remedy)
            return None

    for line, cells in rows:
        if len(cells) != len(header):
            remedy = "Look for a comma too many or too few, or for text with a comma that is not in quotes."
            what = f"the row has {len(cells)} cells, the header {len(header)}"
            problems.append(Problem(line, "", None, what, remedy))
            continue
        trust, on, off = (cells[places[role]].strip() for role in CHALLENGED_COLUMNS)
        if not is_code(trust):
            remedy = "A code has 3 to 8 capital letters or digits."
            wrong(line, "trust", "not a well-formed ODS code", remedy)
        began, ended = day(line, "on", on), day(line, "off", off) if off else None
        if began is not None and ended is not None and ended <= began:
            wrong(line, "off", f"not after the day under {columns['on']}", "Correct one of the two.")
        if began is not None:
            stays.append((line, trust, began, ended))
    problems += _overlapping(stays, columns["trust"])
    if problems:
        raise DataFileError(path, problems)
    records = [dict(zip(CHALLENGED_COLUMNS, stay[1:], strict=True)) for stay in stays]
    return frame(records, _TYPES).sort_values(["trust", "on"], ignore_index=True)


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Give the rows that are not blank, each with the line on which it begins; at least one."""
    rows = []
    begin = 1
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((begin, cells))
            begin = reader.line_num + 1
    except csv.Error:
        remedy = "Look for a quotation mark that is never closed."
        raise DataFileError(path, [Problem(begin, "", None, "not readable as CSV", remedy)]) from None
    if not rows:
        remedy = "Supply it again, with a header line, or take it away."
        raise DataFileError(path, [Problem(0, "", None, "the file is empty", remedy)])
    return rows


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        what = f"the file cannot be read ({error.strerror})"
        raise DataFileError(path, [Problem(0, "", None, what, "Check its rights.")]) from None
    if size > MOST_BYTES:
        what = f"the file has {size:,d} bytes, and more than {MOST_BYTES:,d} are not read"
        raise DataFileError(path, [Problem(0, "", None, what, "Give a row for each stay on the list.")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text, line = "", content.count(b"\n", 0, error.start) + 1
    else:
        line = text[: text.find("\0")].count("\n") + 1 if "\0" in text else 0
    if line:
        remedy = "Save the file as 'CSV UTF-8' and build again."
        raise DataFileError(path, [Problem(line, "", None, "not UTF-8 text", remedy)])
    return text


def _places(path: Path, header: list[str], line: int, columns: dict[str, str]) -> dict[str, int]:
    problems = []
    for role, column in columns.items():
        if header.count(column) != 1:
            what = "there is no such column" if column not in header else "the header holds this name twice"
            remedy = f"Correct the header, or 'challenged: columns: {role}' in mappings.yaml."
            problems.append(Problem(line, column, None, what, remedy))
    if problems:
        raise DataFileError(path, problems)
    return {role: header.index(column) for role, column in columns.items()}


def _overlapping(stays: list[tuple[int, str, datetime, datetime | None]], column: str) -> Iterator[Problem]:
    """Find stays that begin while the one before of the same trust goes on."""
    ordered = sorted(stays, key=lambda stay: (stay[1], stay[2], stay[0]))
    for before, after in pairwise(ordered):
        if before[1] == after[1] and (before[3] is None or after[2] < before[3]):
            what = f"the trust is still on the list by line {before[0]}"
            yield Problem(
                after[0], column, None, what, "Keep one of the two rows, or give the first its end."
            )
