"""Reads any CSV file with a row for each organisation and period, through a declared mapping of its columns.

Everything that is wrong in the file is found in one pass and reported together (`DataFileError`).
Well-formed codes that are not those of trusts (practices, walk-in centres, independent providers) are kept.
Text that a spreadsheet would calculate is text here.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from smq import panel as tidy
from smq.periods import first_day
from smq.readers import errors
from smq.readers.mapped_columns import (
    FIRST_YEAR,
    LAST_YEAR,
    QUANTITIES,
    TOTAL_WORDS,
    MappedColumns,
    read_mapped_columns,
)
from smq.readers.mapped_table import read_mapped_table
from smq.readers.mapped_totals import compare
from smq.readers.reading import DROPPED_COLUMNS, NAT, TOTALS_COLUMNS, frame, is_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from smq.mapping_parts import Words
    from smq.mappings import FileMapping
    from smq.periods import Length
    from smq.readers.errors import Problem

A_TOTAL = "a total, compared with the sum of its rows"
NOT_COMPARED = "a total, not compared with its rows"
_NUMBER = re.compile(r"(-?)((?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?)", re.ASCII)
ROW_COLUMNS = {
    "code": "str",
    "name": "str",
    "period": "datetime64[ms]",
    "period_length": "str",
    "indicator": "str",
    "numerator": "float64",
    "denominator": "float64",
    "value": "float64",
    "origin": "str",
    "published": "datetime64[ms]",
    "source": "str",
    "rounding": "float64",
}
"""Columns of `Reading.rows`; `rounding` is the most by which rounding in the file can have moved a value."""


@dataclass(frozen=True)
class Reading:
    """What one mapping of one file gave."""

    rows: pd.DataFrame
    """Columns `ROW_COLUMNS`: one row for each code and period."""
    missing: pd.DataFrame
    """Columns indicator, column, mark, meaning, rows: so that `-`, `*`, `N/A` and blank stay apart."""
    totals: pd.DataFrame
    """Totals beside the sums of their rows, as of `smq.readers.reading.TOTALS_COLUMNS`."""
    dropped: pd.DataFrame
    """Rows that were left out, as of `smq.readers.reading.DROPPED_COLUMNS`."""
    lines: np.ndarray[Any, np.dtype[np.int64]]
    """Lines of the file that gave figures."""

    @property
    def used(self) -> frozenset[int]:
        """The same, as a set."""
        return frozenset(self.lines.tolist())

    @property
    def panel(self) -> pd.DataFrame:
        """The rows as a panel, in which each code is a unit of its own."""
        return tidy.arrange(self.rows.rename(columns={"code": "unit"}))


@dataclass(frozen=True)
class Row:
    """One row of the file: `numbers` are by column, None where one is missing."""

    line: int
    code: str
    name: str
    period: date
    part: str
    published: pd.Timestamp
    numbers: Mapping[str, float | None]


@dataclass
class _File:
    """State of reading one file."""

    mapping: FileMapping
    places: dict[str, int]
    problems: list[Problem] = field(default_factory=list)
    marks: Counter[tuple[str, str]] = field(default_factory=Counter)
    periods: dict[str, date | None] = field(default_factory=dict)
    dropped: list[dict[str, object]] = field(default_factory=list)

    @property
    def counted(self) -> tuple[str, ...]:
        """The columns that hold numbers, each once."""
        columns = self.mapping.columns
        return tuple(dict.fromkeys(filter(None, (getattr(columns, role) for role in QUANTITIES))))

    def cell(self, cells: list[str], column: str | None) -> str:
        """Give the text in a column; "" where none is mapped."""
        return cells[self.places[column]] if column is not None else ""


def read_mapped_csv(path: Path, mapping: FileMapping) -> Reading:
    """Read one file. Raises `DataFileError`, which lists up to ten problems and counts all of them."""
    quick = read_mapped_columns(path, mapping, _wanted(mapping))
    if quick is not None:
        return _from_columns(mapping, quick)
    table = read_mapped_table(path)
    state = _File(mapping, table.places(_wanted(mapping)))
    rows: list[Row] = []
    parts_of_totals: list[Row] = []
    totals: list[Row] = []
    for line, cells in table.rows(state.problems):
        code = state.cell(cells, mapping.columns.trust)
        unread = _unread(state, cells)
        if unread:
            _drop(state, line, cells, unread)
            continue
        rule = next((rule for rule in mapping.leave_out if _meets(state, cells, rule.where)), None)
        if rule is not None:
            _drop(state, line, cells, rule.reason)
            if rule.in_totals:
                parts_of_totals += _leniently(state, line, cells)
            continue
        is_total = mapping.totals is not None and code in mapping.totals.codes
        if is_total:
            _drop(state, line, cells, A_TOTAL if mapping.totals and mapping.totals.check else NOT_COMPARED)
        row = _row(state, line, cells, is_total=is_total)
        if row is not None:
            (totals if is_total else rows).append(row)
    _check_doubled(state, rows)
    compared = compare(mapping, state.counted, [*rows, *parts_of_totals], totals, state.problems)
    if not rows and not state.problems:
        state.problems.append(errors.nothing_left(table.header_line))
    if state.problems:
        raise errors.DataFileError(path, state.problems)
    return Reading(
        _figures(mapping, rows),
        _missing(mapping, state.marks),
        compared,
        frame(state.dropped, DROPPED_COLUMNS),
        np.array([row.line for row in rows], dtype=np.int64),
    )


def _from_columns(mapping: FileMapping, quick: MappedColumns) -> Reading:
    rows = quick.rows.assign(**_constant(mapping))[list(ROW_COLUMNS)].astype(ROW_COLUMNS)
    return Reading(
        rows, _missing(mapping, quick.marks), frame([], TOTALS_COLUMNS), quick.dropped, quick.lines
    )


def _wanted(mapping: FileMapping) -> dict[str, str]:
    """Give each column that is needed, by what it is needed for."""
    wanted = {role: column for role, column in mapping.columns.model_dump().items() if column is not None}
    if mapping.sum_over is not None:
        wanted["sum_over"] = mapping.sum_over
    rules = [
        ("where", mapping.where),
        *((f"leave_out.{n}", rule.where) for n, rule in enumerate(mapping.leave_out)),
    ]
    return wanted | {f"{key}.{column}": column for key, where in rules for column in where}


def _words(wanted: Words) -> tuple[str, ...]:
    return (wanted,) if isinstance(wanted, str) else wanted


def _meets(state: _File, cells: list[str], where: Mapping[str, Words]) -> bool:
    return all(state.cell(cells, column) in _words(wanted) for column, wanted in where.items())


def _unread(state: _File, cells: list[str]) -> str:
    """Say why a row is not one of those to be read, or give ""."""
    for column, wanted in state.mapping.where.items():
        if state.cell(cells, column) not in _words(wanted):
            return state.mapping.others or f"{column} is not {' or '.join(_words(wanted))}"
    return ""


def _drop(state: _File, line: int, cells: list[str], reason: str) -> None:
    columns = state.mapping.columns
    code, name = state.cell(cells, columns.trust), state.cell(cells, columns.name)
    state.dropped.append(
        {"file": state.mapping.file, "row": line, "code": code, "name": name, "reason": reason}
    )


def _leniently(state: _File, line: int, cells: list[str]) -> list[Row]:
    """Read a row that only adds to a total: what cannot be read in it is unknown, and no problem."""
    aside = _File(state.mapping, state.places)
    row = _row(aside, line, cells, is_total=True)
    if row is None:
        period = first_day(state.cell(cells, state.mapping.columns.period), *_form(state.mapping))
        if period is None:
            return []
        row = Row(line, "", "", period, "", NAT, dict.fromkeys(state.counted))
    return [row]


def _form(mapping: FileMapping) -> tuple[str, Length, int]:
    return mapping.date_format, mapping.period_length, mapping.shift_months


def _row(state: _File, line: int, cells: list[str], *, is_total: bool) -> Row | None:
    mapping, columns = state.mapping, state.mapping.columns
    found = len(state.problems)
    code = state.cell(cells, columns.trust)
    if not is_total:
        if code.upper() in TOTAL_WORDS:
            state.problems.append(errors.undeclared_total(line, columns.trust, code))
        elif not is_code(code):
            state.problems.append(errors.malformed_code(line, columns.trust, code))
    period = _period(state, line, state.cell(cells, columns.period))
    published = _published(state, line, state.cell(cells, columns.published))
    numbers = {column: _number(state, line, column, state.cell(cells, column)) for column in state.counted}
    _check_numbers(state, line, cells, numbers)
    if period is None or len(state.problems) > found:
        return None
    name, part = state.cell(cells, columns.name), state.cell(cells, mapping.sum_over)
    return Row(line, code, name, period, part, published, numbers)


def _check_numbers(state: _File, line: int, cells: list[str], numbers: Mapping[str, float | None]) -> None:
    columns = state.mapping.columns
    part, whole = (numbers.get(column or "") for column in (columns.numerator, columns.denominator))
    if state.mapping.proportion and part is not None and whole is not None and part > whole:
        texts = [
            (str(column), state.cell(cells, column)) for column in (columns.numerator, columns.denominator)
        ]
        state.problems.append(errors.numerator_above(line, *texts[0], *texts[1]))
    share = numbers.get(columns.value or "")
    if state.mapping.complement and share is not None and share > 1:
        column = str(columns.value)
        state.problems.append(errors.not_a_share(line, column, state.cell(cells, column)))


def _period(state: _File, line: int, text: str) -> date | None:
    mapping = state.mapping
    if text not in state.periods:
        state.periods[text] = first_day(text, *_form(mapping))
    period = state.periods[text]
    if period is None:
        state.problems.append(
            errors.unparsable_period(line, mapping.columns.period, text, mapping.date_format)
        )
    elif not FIRST_YEAR <= period.year <= LAST_YEAR:
        state.problems.append(errors.unlikely_year(line, mapping.columns.period, text, FIRST_YEAR, LAST_YEAR))
    return period


def _published(state: _File, line: int, text: str) -> pd.Timestamp:
    """Give the day on which the row was published, or else the file; NaT where neither is said."""
    column = state.mapping.columns.published
    if column is None:
        return pd.Timestamp(state.mapping.published) if state.mapping.published is not None else NAT
    day: Any = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    if pd.isna(day) or not FIRST_YEAR <= day.year <= LAST_YEAR:
        state.problems.append(errors.unparsable_period(line, column, text, "%Y-%m-%d"))
        return NAT  # type: ignore[no-any-return]
    return day  # type: ignore[no-any-return]


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


def _check_doubled(state: _File, rows: list[Row]) -> None:
    first: dict[tuple[str, date, str], int] = {}
    for row in rows:
        earlier = first.setdefault((row.code, row.period, row.part), row.line)
        if earlier != row.line:
            said = f"{row.period:%B %Y}"
            trust = state.mapping.columns.trust
            state.problems.append(errors.doubled_period(row.line, trust, row.code, said, row.part, earlier))


def _figures(mapping: FileMapping, rows: list[Row]) -> pd.DataFrame:
    """Add up the parts of each code and period, and work out the value."""
    parts: dict[tuple[str, date], list[Row]] = {}
    for row in rows:
        parts.setdefault((row.code, row.period), []).append(row)
    records = []
    for (code, period), together in sorted(parts.items()):
        known = {
            role: _sum(row.numbers[column] for row in together) if column is not None else math.nan
            for role, column in ((role, getattr(mapping.columns, role)) for role in QUANTITIES)
        }
        records.append(
            {
                "code": code,
                "name": together[-1].name,
                "period": period,
                "numerator": known["numerator"],
                "denominator": known["denominator"],
                "value": _value(mapping, known),
                # Two parts may have been published on different days.
                "published": max(row.published for row in together),
            }
        )
    constant = _constant(mapping)
    return frame([record | constant for record in records], ROW_COLUMNS)


def _constant(mapping: FileMapping) -> dict[str, Any]:
    return {
        "period_length": mapping.period_length,
        "indicator": mapping.indicator,
        "origin": mapping.origin,
        "source": mapping.file,
        "rounding": 0.0 if mapping.decimals is None else mapping.factor * 0.5 * 10.0**-mapping.decimals,
    }


def _sum(numbers: Iterable[float | None]) -> float:
    known = list(numbers)
    return math.nan if None in known else math.fsum(number for number in known if number is not None)


def _value(mapping: FileMapping, known: Mapping[str, float]) -> float:
    if mapping.columns.value is not None:
        return mapping.factor * (1 - known["value"] if mapping.complement else known["value"])
    # Nobody seen is not "nobody waited": without a denominator there is no value.
    whole = known["denominator"]
    return mapping.factor * known["numerator"] / whole if whole > 0 else math.nan


def _missing(mapping: FileMapping, marks: Counter[tuple[str, str]]) -> pd.DataFrame:
    counted = sorted(marks.items())
    return pd.DataFrame(
        [
            (mapping.indicator, column, mark, mapping.missing[mark], count)
            for (column, mark), count in counted
        ],
        columns=["indicator", "column", "mark", "meaning", "rows"],
    )
