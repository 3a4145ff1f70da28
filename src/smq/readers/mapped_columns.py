"""Reads a mapped CSV file a column at a time: the quick way to what `smq.readers.mapped_csv` gives.

It gives the same rows, or None where anything in the file is out of order, or has to be compared with totals.
The file is then read row by row, which names each problem by its line.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as arrow
from pyarrow import compute

from smq.periods import first_day
from smq.readers.csv_table import MOST_BYTES
from smq.readers.reading import DROPPED_COLUMNS, Header, Table, frame, is_code
from smq.readers.text_columns import Flags, Floats, Integers, Words, flags, parse_numbers, parsed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from smq.mapping_parts import Words as Wanted
    from smq.mappings import FileMapping

FIRST_YEAR, LAST_YEAR = 1990, 2100
TOTAL_WORDS = {"TOTAL", "ENG", "ENGLAND"}
QUANTITIES = ("numerator", "denominator", "value")


@dataclass(frozen=True)
class MappedColumns:
    """What one mapping of one file gave."""

    rows: pd.DataFrame
    """Columns code, name, period, numerator, denominator, value and published; sorted by code and period."""
    marks: Counter[tuple[str, str]]
    """Cells with a missing mark, by column and mark."""
    dropped: pd.DataFrame
    """Columns `DROPPED_COLUMNS`."""
    lines: Integers
    """Lines of the file that gave figures."""


@dataclass(frozen=True)
class _Columns:
    """Columns of the file by name, trimmed; `lines` of the rows."""

    lines: Integers
    texts: Mapping[str, Any]

    def words(self, column: str | None) -> Words:
        codes, words = np.zeros(len(self.lines), dtype=np.int32), [""]
        if column is not None:
            encoded = self.texts[column].dictionary_encode()
            codes, words = encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary.to_pylist()
        found: Words = pd.Categorical.from_codes(codes, categories=pd.Index(words, dtype="str"))
        return found

    def where(self, mask: Flags) -> _Columns:
        if mask.all():
            return self
        chosen = arrow.array(mask)
        return _Columns(self.lines[mask], {name: text.filter(chosen) for name, text in self.texts.items()})


class _OutOfOrderError(Exception):
    """Something has to be named by its line."""


def read_mapped_columns(path: Path, mapping: FileMapping, wanted: Mapping[str, str]) -> MappedColumns | None:
    """Read one file through its mapping; `wanted` are the columns that are needed. None: read it by row."""
    if mapping.totals is not None or any(rule.in_totals for rule in mapping.leave_out):
        return None
    columns = _open(path, set(wanted.values()))
    if columns is None:
        return None
    try:
        return _read(columns, mapping)
    except _OutOfOrderError:
        return None


def _open(path: Path, wanted: set[str]) -> _Columns | None:
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
        content.decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    end = content.find(b"\n") + 1
    if not end or b"\x00" in content:
        return None
    names = [name.strip() for name in next(csv.reader([content[:end].decode("utf-8").rstrip("\r\n")]), [])]
    if any(names.count(column) != 1 for column in wanted):
        return None
    header = Header(Table(path, "", [names], [1]), 0, tuple(names), ())
    places = {names.index(column): column for column in wanted}
    found = parsed(content, end, header, sorted(places))
    if found is None:
        return None
    texts = {
        column: compute.utf8_trim_whitespace(found.columns[place].combine_chunks())
        for place, column in places.items()
    }
    blank = np.ones(len(found), dtype=bool)
    for text in texts.values():
        blank &= compute.equal(text, "").to_numpy(zero_copy_only=False)
    return None if blank.any() else _Columns(found.lines, texts)


def _read(columns: _Columns, mapping: FileMapping) -> MappedColumns:
    dropped: list[pd.DataFrame] = []
    for column, words in mapping.where.items():
        met = _meets(columns, {column: words})
        reason = mapping.others or f"{column} is not {' or '.join(_words(words))}"
        columns = _left(columns, ~met, reason, mapping, dropped)
    for rule in mapping.leave_out:
        columns = _left(columns, _meets(columns, rule.where), rule.reason, mapping, dropped)
    if not len(columns.lines):
        raise _OutOfOrderError
    code = columns.words(mapping.columns.trust)
    if not all(is_code(word) and word.upper() not in TOTAL_WORDS for word in code.categories):
        raise _OutOfOrderError
    period = _days(columns.words(mapping.columns.period), mapping)
    part = columns.words(mapping.sum_over)
    marks: Counter[tuple[str, str]] = Counter()
    counted = dict.fromkeys(filter(None, (getattr(mapping.columns, role) for role in QUANTITIES)))
    numbers = {column: _numbers(columns.texts[column], column, mapping, marks) for column in counted}
    _check(numbers, mapping)
    table = pd.DataFrame(
        {
            "code": code,
            "name": columns.words(mapping.columns.name),
            "period": period,
            "published": _published(columns, mapping),
            "part": part,
            **{role: numbers.get(getattr(mapping.columns, role) or "", np.nan) for role in QUANTITIES},
        }
    )
    if table.duplicated(["code", "period", "part"]).any():
        raise _OutOfOrderError
    whole = frame([], DROPPED_COLUMNS) if not dropped else pd.concat(dropped, ignore_index=True)
    return MappedColumns(
        _rows(table, mapping),
        marks,
        whole.astype(DROPPED_COLUMNS).sort_values("row", kind="stable", ignore_index=True),
        columns.lines,
    )


def _words(wanted: Wanted) -> tuple[str, ...]:
    return (wanted,) if isinstance(wanted, str) else wanted


def _meets(columns: _Columns, where: Mapping[str, Wanted]) -> Flags:
    met = np.ones(len(columns.lines), dtype=bool)
    for column, wanted in where.items():
        words = columns.words(column)
        met &= flags(words, np.isin(np.asarray(words.categories, dtype=object), _words(wanted)))
    return met


def _left(
    columns: _Columns, mask: Flags, reason: str, mapping: FileMapping, dropped: list[pd.DataFrame]
) -> _Columns:
    if not mask.any():
        return columns
    left = columns.where(mask)
    dropped.append(
        pd.DataFrame(
            {
                "file": mapping.file,
                "row": left.lines,
                "code": left.words(mapping.columns.trust).astype(object),
                "name": left.words(mapping.columns.name).astype(object),
                "reason": reason,
            }
        )
    )
    return columns.where(~mask)


def _days(words: Words, mapping: FileMapping) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    form = (mapping.date_format, mapping.period_length, mapping.shift_months)
    found: list[date | None] = [first_day(word, *form) for word in words.categories]
    if any(day is None or not FIRST_YEAR <= day.year <= LAST_YEAR for day in found):
        raise _OutOfOrderError
    chosen: np.ndarray[Any, np.dtype[np.datetime64]] = np.array(found, dtype="datetime64[ms]")[words.codes]
    return chosen


def _published(columns: _Columns, mapping: FileMapping) -> Any:  # noqa: ANN401 - a day, or one for each row
    column = mapping.columns.published
    if column is None:
        return pd.NaT if mapping.published is None else pd.Timestamp(mapping.published)
    words = columns.words(column)
    days = pd.to_datetime(pd.Series(words.categories), format="%Y-%m-%d", errors="coerce")
    if not days.dt.year.between(FIRST_YEAR, LAST_YEAR).all():
        raise _OutOfOrderError
    return days.to_numpy()[words.codes]


def _numbers(text: Any, column: str, mapping: FileMapping, marks: Counter[tuple[str, str]]) -> Floats:  # noqa: ANN401
    marked = compute.is_in(text, value_set=arrow.array(sorted(mapping.missing), type=arrow.string()))
    values, known = parse_numbers(text)
    missing = marked.to_numpy(zero_copy_only=False)
    if not (known | missing).all() or (values[~missing] < 0).any():
        raise _OutOfOrderError
    for found in compute.value_counts(text.filter(marked)).to_pylist():
        marks[column, found["values"]] += found["counts"]
    return np.where(missing, np.nan, np.abs(values))


def _check(numbers: Mapping[str, Floats], mapping: FileMapping) -> None:
    names = mapping.columns
    part, whole = numbers.get(names.numerator or ""), numbers.get(names.denominator or "")
    if mapping.proportion and part is not None and whole is not None and (part > whole).any():
        raise _OutOfOrderError
    if mapping.complement and (numbers[names.value or ""] > 1).any():
        raise _OutOfOrderError


def _rows(table: pd.DataFrame, mapping: FileMapping) -> pd.DataFrame:
    """Add up the parts of each code and period, and work out the value."""
    key = ["code", "period"]
    table["code"] = table["code"].cat.reorder_categories(sorted(table["code"].cat.categories))
    ordered = table.sort_values(key, kind="stable", ignore_index=True)
    first = ~ordered.duplicated(key)
    if not first.all():
        ordered = _added(ordered, first.to_numpy())
    if mapping.columns.value is not None:
        given = ordered["value"]
        value = mapping.factor * (1 - given if mapping.complement else given)
    else:
        value = (
            mapping.factor * ordered["numerator"] / ordered["denominator"].where(ordered["denominator"] > 0)
        )
    return ordered.drop(columns="part").assign(value=value)


def _added(ordered: pd.DataFrame, first: Flags) -> pd.DataFrame:
    begins = np.flatnonzero(first)
    last = np.append(begins[1:], len(ordered)) - 1
    made = ordered.loc[last].reset_index(drop=True)
    for role in QUANTITIES:
        parts = ordered[role].to_numpy()
        whole = np.nan_to_num(parts)
        # Sums of whole numbers are exact in any order; others are left to the exact sum by row.
        if (whole != np.floor(whole)).any():
            raise _OutOfOrderError
        made[role] = np.add.reduceat(parts, begins)
    days = ordered["published"].to_numpy()
    made["published"] = np.maximum.reduceat(days, begins) if len(begins) else days
    return made
