"""Collects what a reader of columns finds, and gives it as a `StatisticReading`.

The counterpart of `smq.readers.gathering.Gathering` for files that are read a column at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from smq.readers.errors import DataFileError, Problem
from smq.readers.gathering import Gathering
from smq.readers.named_months import month_of, month_of_financial_year
from smq.readers.reading import DROPPED_COLUMNS, NAT, ROW_COLUMNS, StatisticReading, frame, is_code
from smq.readers.text_columns import (
    Flags,
    Floats,
    Integers,
    TextColumns,
    Words,
    flags,
    is_header_again,
    no_words,
)

TOTAL = re.compile(r"-|total|eng|england|england total|all english providers", re.IGNORECASE)
"""What stands in the place of a code, or of a name without a code, where a row is a total."""
AGAIN = "Take the file as it was published."
A_TOTAL = "a total, compared with the sum of the rows"
A_NOTE = "a note, not a row of data"
HEADER_AGAIN = "the header again"

Dates = np.ndarray[Any, np.dtype[np.datetime64]]


@dataclass(frozen=True)
class Summed:
    """Sums by code and month; those with an unknown part are NaN."""

    code: Words
    month: Dates
    line: Integers
    """Line of the first of the rows that were added."""
    sums: dict[str, Floats]
    missing: dict[str, Words]
    """What the first missing mark among the parts means, '' where all are known."""


@dataclass
class ColumnGathering(Gathering):
    """Collects rows, rows left out, totals and problems of one file that is read as columns."""

    _frames: list[pd.DataFrame] = field(default_factory=list)
    _left: list[pd.DataFrame] = field(default_factory=list)

    def leave_out(
        self, columns: TextColumns, mask: Flags, reason: str, code: int, name: int | None
    ) -> TextColumns:
        """Note the rows for which `mask` holds as left out; give the others."""
        if not mask.any():
            return columns
        left = columns.where(mask)
        self._left.append(
            pd.DataFrame(
                {
                    "file": self.file.name,
                    "row": left.lines,
                    "code": np.asarray(left.text(code), dtype=object),
                    "name": np.asarray(left.text(name), dtype=object) if name is not None else "",
                    "reason": reason,
                }
            )
        )
        return columns.where(~mask)

    def drop_line(self, line: int, name: str, reason: str) -> None:
        """Note one row without a code as left out."""
        row = {"file": self.file.name, "row": line, "code": "", "name": name, "reason": reason}
        self._left.append(pd.DataFrame([row]))

    def rows_of_data(
        self, columns: TextColumns, code: int, name: int | None, figures: tuple[int, ...]
    ) -> TextColumns:
        """Leave out headers that stand in the file again, and notes: rows without a code and figures."""
        columns = self.leave_out(columns, is_header_again(columns, code), HEADER_AGAIN, code, name)
        note = ~_filled(columns, figures[0])
        for place in figures[1:]:
            if not note.any():
                break
            note &= ~_filled(columns, place)
        if note.any():
            codes = columns.text(code)
            formed = np.array([is_code(text) for text in codes.categories], dtype=bool)
            note &= ~flags(codes, formed)
        return self.leave_out(columns, note, A_NOTE, code, name)

    def parted(
        self, columns: TextColumns, code: int, name: int | None, label: str = ""
    ) -> tuple[TextColumns, TextColumns]:
        """Part rows of providers from rows of totals. A code that is none is a problem."""
        codes = columns.text(code)
        total = flags(codes, np.array([bool(TOTAL.fullmatch(text)) for text in codes.categories], dtype=bool))
        unnamed = flags(codes, np.array([not text for text in codes.categories], dtype=bool))
        if name is not None and unnamed.any():
            names = columns.text(name)
            called = np.array([bool(TOTAL.fullmatch(text)) for text in names.categories], dtype=bool)
            total |= unnamed & flags(names, called)
        formed = flags(codes, np.array([is_code(text) for text in codes.categories], dtype=bool))
        columns.report(
            ~formed & ~total,
            label or columns.header.names[code],
            codes,
            "not a well-formed ODS code",
            AGAIN,
            self.problems,
        )
        totals = columns.where(total)
        self.leave_out(columns, total, A_TOTAL, code, name)
        return columns.where(formed & ~total), totals

    def problem(self, line: int, column: str, value: str | None, what: str) -> None:
        """Add a problem of the file as it was published; `line` is 0 for the whole file."""
        self.problems.append(Problem(int(line), column, value, what, AGAIN))

    def months(self, columns: TextColumns, place: int, year: int | None = None, label: str = "") -> Dates:
        """Give the month of each row (NaT, and a problem, where none is named).

        `year` is the column of the financial year, where the other holds the name of the month alone.
        """
        texts = columns.text(place)
        if year is None:
            return self._months(columns, texts, label or columns.header.names[place], month_of)
        years = columns.text(year)
        both = pd.Series(years.astype(object)) + "\n" + pd.Series(texts.astype(object))
        pairs = pd.Categorical(both)
        return self._months(
            columns,
            pairs,
            columns.header.names[place],
            lambda text: month_of_financial_year(*text.split("\n")),
        )

    def _months(
        self, columns: TextColumns, texts: Words, column: str, meaning: Callable[[str], date | None]
    ) -> Dates:
        found = [meaning(text) for text in texts.categories]
        named = np.array([month is not None for month in found], dtype=bool)
        months = np.array([month or "NaT" for month in found], dtype="datetime64[s]")
        columns.report(~flags(texts, named), column, texts, "not a month", AGAIN, self.problems)
        chosen: Dates = months[texts.codes] if len(found) else np.empty(0, dtype="datetime64[s]")
        return chosen

    def compare(
        self,
        columns: TextColumns,
        totals: TextColumns,
        figures: Mapping[str, tuple[Floats, int]],
        months: Callable[[TextColumns], Dates],
    ) -> None:
        """Compare each row of totals with the sum of the rows of its month.

        `figures` gives the numbers of the rows and the column that they stand in.
        """
        if not len(totals):
            return
        of_rows, of_totals = months(columns), months(totals)
        for quantity, (numbers, place) in figures.items():
            printed, marks = totals.numbers(place, self.problems)
            for row, month in enumerate(of_totals):
                if not marks[row]:
                    name = f"Total {np.datetime_as_string(month, unit='M')}"
                    self.total(name, quantity, float(printed[row]), numbers[of_rows == month])

    def frame(self, rows: Mapping[str, Any], lines: Integers) -> None:
        """Add rows: columns of `ROW_COLUMNS` without source, or one value for all of them.

        Blank ones may be left out. A second row of a key is a problem.
        """
        blank = {"name": "", "missing": "", "published": NAT, "revised": NAT}
        table = pd.DataFrame({**blank, **rows}, index=range(len(lines)))
        key = ["code", "period", "indicator"]
        doubled = table.duplicated(key, keep="first").to_numpy()
        if doubled.any():
            first = pd.Series(lines).groupby([table[name].to_numpy() for name in key]).transform("first")
            for row in np.flatnonzero(doubled):
                what = f"a second row for {table['indicator'][row]} (the first is row {first[row]})"
                code = str(table["code"][row])
                self.problems.append(Problem(int(lines[row]), "", code, what, "Keep one of the two."))
        self._frames.append(table.assign(source=self.source))

    def reading(self) -> StatisticReading:
        """Give everything, sorted by code, period and indicator. Raises `DataFileError` for the problems."""
        if not any(map(len, self._frames)) and not self.problems:
            self.problems.append(Problem(0, "", None, "no row of data was found", AGAIN))
        if self.problems:
            raise DataFileError(self.file, self.problems)
        rows = self._frames[0] if len(self._frames) == 1 else pd.concat(self._frames, ignore_index=True)
        rows = rows[list(ROW_COLUMNS)].astype(ROW_COLUMNS)
        dropped = frame([], DROPPED_COLUMNS)
        if self._left:
            left = pd.concat([dropped, *self._left], ignore_index=True).astype(DROPPED_COLUMNS)
            dropped = left.sort_values("row", ignore_index=True)
        return StatisticReading(
            rows.sort_values(["code", "period", "indicator"], ignore_index=True),
            dropped,
            self.total_table(),
            tuple(self.log),
        )


def added(
    code: Words,
    month: Dates,
    lines: Integers,
    figures: Mapping[str, tuple[Floats, Words]],
) -> Summed:
    """Add up the figures of each code and month. A sum with an unknown part is unknown."""
    days, when = np.unique(month, return_inverse=True)
    key = code.codes.astype(np.int64) * max(len(days), 1) + when
    keys, first, group = np.unique(key, return_index=True, return_inverse=True)
    values, missing = {}, {}
    for name, (numbers, marks) in figures.items():
        unknown = np.isnan(numbers)
        sums = np.bincount(group, np.where(unknown, 0.0, numbers), minlength=len(keys))
        known = np.bincount(group, unknown, minlength=len(keys)) == 0
        values[name] = np.where(known, sums, np.nan)
        missing[name] = _first_mark(marks, unknown, group, len(keys))
    return Summed(
        pd.Categorical.from_codes((keys // max(len(days), 1)).astype(np.int32), dtype=code.dtype),
        days[keys % max(len(days), 1)],
        lines[first],
        values,
        missing,
    )


def either_mark(*marks: Words) -> Words:
    """Join the meanings of the marks of several figures in each row: each once, in order."""
    said = [mark for mark in marks if any(mark.categories)]
    if not said:
        return marks[0]
    texts = pd.Series(said[0].astype(object), dtype="str")
    for others in said[1:]:
        other = pd.Series(others.astype(object), dtype="str")
        apart = (texts != "") & (other != "") & (texts != other)
        texts = texts.where(texts != "", other).mask(apart, texts + "; " + other)
    return pd.Categorical(texts)


def where_none(none: Flags, meaning: str) -> Words:
    """Give what it means that there is nobody to be counted, where that is so."""
    if not none.any():
        return no_words(len(none))
    found: Words = pd.Categorical.from_codes(
        none.astype(np.int8), categories=pd.Index(["", meaning], dtype="str")
    )
    return found


def newest_names(code: Words, names: Words) -> dict[str, str]:
    """Give the name of each code in its last row that has one."""
    pairs = pd.DataFrame({"code": code, "name": names}).drop_duplicates(keep="last")
    known = pairs[pairs["name"] != ""].drop_duplicates("code", keep="last")
    return dict(zip(known["code"].astype(str), known["name"].astype(str), strict=True))


def _filled(columns: TextColumns, place: int) -> Flags:
    texts = columns.text(place)
    return flags(texts, np.array([bool(text) for text in texts.categories], dtype=bool))


def _first_mark(marks: Words, unknown: Flags, group: Integers, groups: int) -> Words:
    if not unknown.any():
        return no_words(groups)
    found = np.full(groups, -1, dtype=np.int64)
    rows = np.flatnonzero(unknown)[::-1]
    found[group[rows]] = rows
    texts = np.full(groups, "", dtype=object)
    marked = found >= 0
    texts[marked] = np.asarray(marks, dtype=object)[found[marked]]
    return pd.Categorical(texts)
