"""Opens large CSV files of strangers as columns of text, checked and converted a column at a time.

A loop over cells is too slow for statistics that are published by provider, commissioner and week. The header
is found by its text, below lines of front matter too, and pyarrow parses what follows. A file that is
irregular in any way (ragged rows, blank lines, cells of several lines) is parsed row by row instead, so that
each problem is named by its line. Bytes, line ends and limits: as of `csv_table`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as arrow
from pyarrow import compute
from pyarrow import csv as arrow_csv

from smq.readers import errors
from smq.readers.csv_table import LONGEST_CELL
from smq.readers.errors import DataFileError, Problem
from smq.readers.reading import MARKS, Header, Table, find_header, normal
from smq.readers.wrapped_csv import FRONT_MATTER, read_wrapped

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Integers = np.ndarray[Any, np.dtype[np.int64]]
Words: TypeAlias = "pd.Categorical[Any]"
"""Texts by row; each distinct text is a category."""

NUMBER = r"^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?$"
_ODD_QUOTE = re.compile(rb'[^,\n"]"[^,\r\n"]')
_BLOCK = 1 << 23
_BLANK = pd.CategoricalDtype(pd.Index([""], dtype=object))


@dataclass(frozen=True)
class TextColumns:
    """Columns of one file. `lines[i]` is the line of the file on which row i begins, from 1."""

    header: Header
    lines: Integers
    columns: dict[int, Any] = field(repr=False)
    """Text (pyarrow) by place in the header, as it stands in the file; or whole numbers."""
    _known: dict[int, Words] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        """Give the number of rows."""
        return len(self.lines)

    @property
    def file(self) -> Path:
        """The file."""
        return self.header.table.file

    def text(self, place: int) -> Words:
        """Give a column as text, spaces collapsed; a category for each distinct text, none is missing."""
        if place in self._known:
            return self._known[place]
        column = self.columns[place].combine_chunks()
        encoded = compute.dictionary_encode(compute.cast(column, arrow.string()))
        texts = [" ".join(text.replace("\xa0", " ").split()) for text in encoded.dictionary.to_pylist()]
        kept = sorted(set(texts))
        place_of = {text: number for number, text in enumerate(kept)}
        codes = np.array([place_of[text] for text in texts], dtype=np.int32)
        indices = encoded.indices.to_numpy(zero_copy_only=False)
        chosen = codes[indices] if len(codes) else np.empty(0, dtype=np.int32)
        found: Words = pd.Categorical.from_codes(chosen, categories=pd.Index(kept, dtype=object))
        self._known[place] = found
        return found

    def where(self, mask: Flags) -> TextColumns:
        """Give the rows for which `mask` holds."""
        if mask.all():
            return self
        chosen = arrow.array(mask)
        columns = {place: column.filter(chosen) for place, column in self.columns.items()}
        known = {place: words[mask].remove_unused_categories() for place, words in self._known.items()}
        return replace(self, lines=self.lines[mask], columns=columns, _known=known)

    def numbers(
        self,
        place: int,
        problems: list[Problem],
        *,
        marks: Mapping[str, str] = MARKS,
        negative: bool = False,
        name: str = "",
    ) -> tuple[Floats, Words]:
        """Give a column as numbers (NaN where one is missing), and what its missing marks mean (else '').

        Anything else than a number or a mark is added to `problems`, as by `smq.readers.reading.number`.
        """
        texts = self.columns[place].combine_chunks()
        if texts.type != arrow.int64():
            texts = compute.utf8_trim_whitespace(texts)
        values, known = parse_numbers(texts)
        label = name or self.header.names[place]
        below = known & (values < 0)
        if not negative and below.any():
            remedy = "Correct the count; leave the cell blank if it is not known."
            self.report(below, label, texts, "a negative number", remedy, problems)
        others = np.flatnonzero(~known)
        if not len(others):
            return values, no_words(len(values))
        words = texts.take(arrow.array(others)).to_pylist()
        meanings = ["", *sorted({marks.get(word, "not a number") for word in words})]
        place_of = {word: meanings.index(marks.get(word, "not a number")) for word in set(words)}
        codes = np.zeros(len(values), dtype=np.int32)
        codes[others] = [place_of[word] for word in words]
        wrong = np.zeros(len(values), dtype=bool)
        wrong[[row for row, word in zip(others, words, strict=True) if word not in marks]] = True
        remedy = "Correct the cell, or give the file as it was published."
        self.report(wrong, label, texts, "not a number", remedy, problems)
        found: Words = pd.Categorical.from_codes(codes, categories=pd.Index(meanings, dtype=object))
        return values, found

    def report(
        self,
        wrong: Flags,
        column: str,
        values: Words | arrow.Array,
        what: str,
        remedy: str,
        problems: list[Problem],
    ) -> None:
        """Add a problem for each row for which `wrong` holds; `values` are those of the column."""
        for row in np.flatnonzero(wrong):
            value = values[row]
            said = f"{value:.10g}" if isinstance(value, float) else str(value)
            problems.append(self.header.table.problem_at(int(self.lines[row]), column, said, what, remedy))


def read_text_columns(
    path: Path,
    wanted: Sequence[str],
    needed: Callable[[Header], Iterable[int]] | None = None,
    *others: Sequence[str],
    counts: Callable[[Header], Iterable[int]] = lambda _: (),
    sheet: str = "",
) -> TextColumns:
    """Read the columns of a table whose header holds the names `wanted`, or else those of one of `others`.

    The file is CSV, an archive with one CSV file, or a workbook (`smq.readers.wrapped_csv`) with the table in
    `sheet`, or in the only sheet that has these names.
    `needed` says which columns are read (all, without it), `counts` which of them are likely to hold whole
    numbers alone: these need no look at each text then. Rows in which all of these are blank are left out.
    Raises `DataFileError`.
    """
    alternatives = (wanted, *others)
    wrapped = read_wrapped(path, lambda rows: _fitting(rows, alternatives) is not None, sheet)
    content = wrapped.content
    header, offset = _header(path, content, alternatives, wrapped.sheet)
    # A column without a name is read too where it is asked for: cells beyond the names are no data.
    places = sorted(set(range(len(header.names)) if needed is None else needed(header)))
    found = parsed(content, offset, header, places, frozenset(counts(header)))
    if found is None:
        found = parsed(content, offset, header, places)
    if found is None:
        found = _row_by_row(content, offset, header, places)
    blank = np.ones(len(found), dtype=bool)
    for column in found.columns.values():
        if not blank.any() or column.type == arrow.int64():
            blank[:] = False
            break
        blank &= compute.equal(compute.utf8_trim_whitespace(column), "").to_numpy()
    kept = found.where(~blank)
    if not len(kept):
        raise DataFileError(path, [errors.no_rows(header.table.lines[header.row])])
    return kept


def no_words(rows: int) -> Words:
    """Give so many blank texts."""
    blank: Words = pd.Categorical.from_codes(np.zeros(rows, dtype=np.int8), dtype=_BLANK)
    return blank


def parse_numbers(texts: arrow.Array) -> tuple[Floats, Flags]:
    """Give texts (pyarrow) as numbers, and whether each is one (1234, 1,234, 12.5, -3)."""
    if texts.type == arrow.int64():
        counts = texts.to_numpy(zero_copy_only=False)
        return counts.astype(np.float64), np.abs(counts) <= 1e15
    try:
        whole = compute.cast(texts, arrow.int64()).to_numpy(zero_copy_only=False)
    except arrow.ArrowInvalid:
        pass
    else:
        # Hexadecimal numbers would pass as whole ones.
        if not compute.any(compute.match_substring(texts, "x", ignore_case=True)).as_py():
            small = np.abs(whole) <= 1e15
            return np.where(small, whole.astype(np.float64), np.nan), small
    fits = compute.match_substring_regex(texts, NUMBER)
    plain = compute.if_else(fits, texts, arrow.scalar(None, arrow.string()))
    if compute.any(compute.match_substring(plain, ",")).as_py():
        plain = compute.replace_substring(plain, ",", "")
    values = compute.cast(plain, arrow.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
    known = fits.to_numpy(zero_copy_only=False).astype(bool) & (np.abs(values) <= 1e15)
    return np.where(known, values, np.nan), known


def _fitting(rows: Iterable[Sequence[str]], wanted: Sequence[Sequence[str]]) -> Sequence[str] | None:
    """Give the names that stand together in one of the rows."""
    keys = [({*map(normal, names)}, names) for names in wanted]
    held = ({normal(cell) for cell in row} for row in rows)
    return next((names for row in held for key, names in keys if key <= row), None)


def _header(
    path: Path, content: bytes, wanted: Sequence[Sequence[str]], sheet: str = ""
) -> tuple[Header, int]:
    """Find the header; give it, and the byte after it."""
    begin = 0
    lines = []
    # A line of front matter that breaks the CSV format must not hide the header.
    for raw in islice(io.BytesIO(content), FRONT_MATTER):
        begin += len(raw)
        lines.append((raw.decode("utf-8").rstrip("\r\n"), begin))
    if not content or content.isspace():
        raise DataFileError(path, [errors.empty_file()])
    if len(lines) == 1 and b"\r" in content:
        # Line ends of old Macintosh files.
        return _header(path, content.replace(b"\r", b"\n"), wanted, sheet)
    rows = [next(csv.reader([line]), []) for line, _ in lines]
    table = Table(path, sheet, rows, range(1, len(rows) + 1))
    header = find_header(table, _fitting(rows, wanted) or wanted[0], unique=False)
    return header, lines[header.row][1]


def parsed(
    content: bytes,
    offset: int,
    header: Header,
    places: Sequence[int],
    counts: frozenset[int] = frozenset(),
) -> TextColumns | None:
    """Let pyarrow parse the rows; None where they are irregular."""
    body = memoryview(content)[offset:]
    last = _end(content)
    odd = b'"' in content and _ODD_QUOTE.search(content, offset)
    if last <= offset or odd or (b"\r" in content and content.count(b"\r") != content.count(b"\r\n")):
        return None
    # With as many rows as lines, no line was blank and no cell held a line break.
    expected = content.count(b"\n", offset, last) + 1
    # Hexadecimal numbers would pass as whole ones.
    if counts and (b"0x" in content or b"0X" in content):
        return None
    names = [str(place) for place in range(len(header.names))]
    types = {name: arrow.int64() if int(name) in counts else arrow.string() for name in names}
    try:
        table = arrow_csv.read_csv(
            arrow.py_buffer(body[: last - offset]),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=_BLOCK),
            parse_options=arrow_csv.ParseOptions(ignore_empty_lines=True),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=[str(place) for place in places],
                column_types=types,
                null_values=[],
                strings_can_be_null=False,
            ),
        )
    except (arrow.ArrowInvalid, arrow.ArrowCapacityError):
        return None
    longest = max(
        (
            compute.max(compute.utf8_length(column)).as_py() or 0
            for column in table.columns
            if column.type == arrow.string()
        ),
        default=0,
    )
    if table.num_rows != expected or longest > LONGEST_CELL:
        return None
    lines = header.table.lines[header.row] + 1 + np.arange(expected, dtype=np.int64)
    return TextColumns(header, lines, {place: table[str(place)] for place in places})


def _end(content: bytes) -> int:
    """Give the place after the last byte that is no space, without a copy of the content."""
    end = len(content)
    while end:
        tail = content[max(end - 4096, 0) : end]
        if kept := len(tail.rstrip()):
            return end - len(tail) + kept
        end -= len(tail)
    return 0


def _row_by_row(content: bytes, offset: int, header: Header, places: Sequence[int]) -> TextColumns:
    """Parse with the standard library; refuse rows of another length than the header."""
    path, first = header.table.file, header.table.lines[header.row]
    text = content[offset:].decode("utf-8")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    width = len(header.names)
    least = max(places, default=-1) + 1
    begin = 1
    try:
        for cells in reader:
            filled = [cell for cell in cells if cell.strip()]
            if filled and max(map(len, filled)) > LONGEST_CELL:
                again = "Take the file as it was published."
                what = f"a cell of {max(map(len, filled)):,d} characters"
                problems.append(Problem(first + begin, "", max(filled, key=len), what, again))
            # A line under the table is a note, and its one cell is no ragged row.
            elif (len(cells) < least and len(filled) > 1) or any(cell.strip() for cell in cells[width:]):
                problems.append(errors.ragged_row(first + begin, len(cells), width))
            elif filled:
                rows.append([*cells, *[""] * (width - len(cells))])
                lines.append(first + begin)
            begin = reader.line_num + 1
    except csv.Error as error:
        problems.append(errors.not_csv(first + begin, str(error)))
    if problems:
        raise DataFileError(path, problems)
    columns = {
        place: arrow.chunked_array([arrow.array([row[place] for row in rows], type=arrow.string())])
        for place in places
    }
    return TextColumns(header, np.array(lines, dtype=np.int64), columns)


def is_header_again(columns: TextColumns, place: int) -> Flags:
    """Say of each row whether the header stands in it again, by one of its columns."""
    texts = columns.text(place)
    again = np.array([normal(text) == columns.header.names[place] for text in texts.categories], dtype=bool)
    return flags(texts, again)


def flags(texts: Words, by_category: Flags) -> Flags:
    """Give what holds for each distinct text, by row."""
    chosen: Flags = by_category[texts.codes] if len(by_category) else np.zeros(len(texts), dtype=bool)
    return chosen
