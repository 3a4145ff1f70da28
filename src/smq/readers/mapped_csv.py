"""Reads any CSV file with a row for each provider and month, through a declared mapping of its columns.

Everything that is wrong in the file is found in one pass and reported together (`DataFileError`).
Well-formed codes that are not those of trusts (practices, walk-in centres, independent providers) are kept.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pandas as pd

from smq import panel as tidy
from smq.readers import errors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from smq.mappings import FileMapping
    from smq.readers.errors import Problem

FIRST_YEAR, LAST_YEAR = 1990, 2100
_CODE = re.compile(r"[A-Z0-9]{3,8}")
_NUMBER = re.compile(r"(-?)((?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?)")
_TOTAL_WORDS = {"TOTAL", "ENG", "ENGLAND"}


@dataclass(frozen=True)
class Reading:
    """What one file gave: rows of the panel, and a count of the missing marks and dropped totals."""

    panel: pd.DataFrame
    missing: pd.DataFrame
    """Columns indicator, column, mark, meaning, rows: so that `-`, `*`, `N/A` and blank stay apart."""
    totals_dropped: int


@dataclass(frozen=True)
class _Row:
    line: int
    code: str
    month: date
    numerator: float | None
    denominator: float | None


@dataclass
class _File:
    """State of reading one file."""

    mapping: FileMapping
    problems: list[Problem] = field(default_factory=list)
    marks: Counter[tuple[str, str]] = field(default_factory=Counter)
    months: dict[str, date | None] = field(default_factory=dict)


def read_mapped_csv(path: Path, mapping: FileMapping) -> Reading:
    """Read one file. Raises `DataFileError`, which lists up to ten problems and counts all of them."""
    state = _File(mapping)
    lines = _lines(path)
    header_line, header = lines[0]
    places = _places(path, mapping, header_line, header)
    rows: list[_Row] = []
    totals: list[_Row] = []
    for line, cells in lines[1:]:
        if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
            state.problems.append(errors.ragged_row(line, len(cells), len(header)))
            continue
        code, month, numerator, denominator = (cells[place].strip() for place in places)
        is_total = mapping.totals is not None and code in mapping.totals.codes
        row = _row(state, line, code, month, numerator, denominator, is_total=is_total)
        if row is not None:
            (totals if is_total else rows).append(row)
    if len(lines) == 1:
        state.problems.append(errors.no_rows(header_line))
    _check_doubled(state, rows)
    if mapping.totals is not None and mapping.totals.check:
        _check_totals(state, rows, totals)
    if state.problems:
        raise errors.DataFileError(path, state.problems)
    return Reading(_panel(mapping, rows), _missing(state), len(totals))


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Give (line number, cells) of each row that is not blank, the header first."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
        raise errors.DataFileError(
            path, [errors.not_utf8(line, content[error.start], utf16=utf16)]
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
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
    return lines


def _places(path: Path, mapping: FileMapping, line: int, header: Sequence[str]) -> tuple[int, ...]:
    names = [name.strip() for name in header]
    problems = []
    places = []
    for role, column in mapping.columns.model_dump().items():
        count = names.count(column)
        if count == 0:
            problems.append(errors.missing_column(line, column, role, names))
        elif count > 1:
            problems.append(errors.doubled_column(line, column))
        else:
            places.append(names.index(column))
    if problems:
        raise errors.DataFileError(path, problems)
    return tuple(places)


def _row(
    state: _File, line: int, code: str, month: str, numerator: str, denominator: str, *, is_total: bool
) -> _Row | None:
    columns = state.mapping.columns
    found = len(state.problems)
    if not is_total:
        if code.upper() in _TOTAL_WORDS:
            state.problems.append(errors.undeclared_total(line, columns.trust, code))
        elif not _CODE.fullmatch(code):
            state.problems.append(errors.malformed_code(line, columns.trust, code))
    first = _month(state, line, month)
    part = _number(state, line, columns.numerator, numerator)
    whole = _number(state, line, columns.denominator, denominator)
    if state.mapping.proportion and part is not None and whole is not None and part > whole:
        state.problems.append(
            errors.numerator_above(line, columns.numerator, numerator, columns.denominator, denominator)
        )
    if first is None or len(state.problems) > found:
        return None
    return _Row(line, code, first, part, whole)


def _month(state: _File, line: int, text: str) -> date | None:
    mapping = state.mapping
    if text not in state.months:
        try:
            read = datetime.strptime(text, mapping.date_format).replace(tzinfo=UTC)
            state.months[text] = date(read.year, read.month, 1)
        except ValueError:
            state.months[text] = None
    month = state.months[text]
    if month is None:
        state.problems.append(errors.unparsable_month(line, mapping.columns.month, text, mapping.date_format))
    elif not FIRST_YEAR <= month.year <= LAST_YEAR:
        state.problems.append(errors.unlikely_year(line, mapping.columns.month, text, FIRST_YEAR, LAST_YEAR))
    return month


def _number(state: _File, line: int, column: str, text: str) -> float | None:
    if text in state.mapping.missing:
        state.marks[column, text] += 1
        return None
    match = _NUMBER.fullmatch(text)
    value = float(match[2].replace(",", "")) if match else math.nan
    if match is None or not math.isfinite(value):
        state.problems.append(errors.not_a_number(line, column, text))
        return None
    if match[1] and value:
        state.problems.append(errors.negative_number(line, column, text))
        return None
    return value


def _check_doubled(state: _File, rows: list[_Row]) -> None:
    first: dict[tuple[str, date], int] = {}
    for row in rows:
        earlier = first.setdefault((row.code, row.month), row.line)
        if earlier != row.line:
            state.problems.append(
                errors.doubled_month(
                    row.line, state.mapping.columns.trust, row.code, f"{row.month:%B %Y}", earlier
                )
            )


def _check_totals(state: _File, rows: list[_Row], totals: list[_Row]) -> None:
    """Compare each total with the sum of its month; where parts are missing, it may be larger."""
    columns = state.mapping.columns
    for total in totals:
        parts = [row for row in rows if row.month == total.month]
        for column, value, values in (
            (columns.numerator, total.numerator, [row.numerator for row in parts]),
            (columns.denominator, total.denominator, [row.denominator for row in parts]),
        ):
            known = math.fsum(part for part in values if part is not None)
            complete = None not in values
            if value is None or math.isclose(value, known, rel_tol=1e-9) or (value > known and not complete):
                continue
            state.problems.append(
                errors.wrong_total(total.line, column, f"{value:.10g}", f"{total.month:%B %Y}", known)
            )


def _panel(mapping: FileMapping, rows: list[_Row]) -> pd.DataFrame:
    numerator = pd.Series([row.numerator for row in rows], dtype="float64")
    denominator = pd.Series([row.denominator for row in rows], dtype="float64")
    return tidy.arrange(
        pd.DataFrame(
            {
                "unit": [row.code for row in rows],
                "period": pd.to_datetime([row.month for row in rows]),
                "period_length": "month",
                "indicator": mapping.indicator,
                "numerator": numerator,
                "denominator": denominator,
                # Nobody seen is not "nobody waited": without a denominator there is no value.
                "value": mapping.scale * numerator / denominator.where(denominator > 0),
                "origin": mapping.origin,
                "published": pd.NaT,
                "source": mapping.file,
            }
        )
    )


def _missing(state: _File) -> pd.DataFrame:
    counted = sorted(state.marks.items())
    return pd.DataFrame(
        [
            (state.mapping.indicator, column, mark, state.mapping.missing[mark], count)
            for (column, mark), count in counted
        ],
        columns=["indicator", "column", "mark", "meaning", "rows"],
    )
