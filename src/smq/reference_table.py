"""Read a CSV file of reference facts: texts, their values by rules, and every problem found.

A rule turns the text of a cell into its value, or raises ValueError with advice. What is wrong with a file is
gathered, so that it can be reported all at once.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from smq.errors import Problem, ReferenceFileError, ReferenceFormatError

if TYPE_CHECKING:
    from pathlib import Path

DATE_FORMS = {
    "day": r"\d{4}-\d{2}-\d{2}",
    "month": r"\d{4}-\d{2}",
    "year": r"\d{4}",
    "report year": r"\d{4}/\d{2}",
}
"""Precisions of a date, and how a date of each is written (regular expressions)."""

Value = str | date | float | None
Rule = Callable[[str], Value]
"""Turns the text of a cell into its value, or raises ValueError with advice."""


@dataclass(frozen=True)
class Row:
    """One row of a file: the line it begins on, its texts, and their values by the rules."""

    line: int
    texts: dict[str, str]
    parsed: dict[str, Value]

    def problem(self, column: str, advice: str) -> Problem:
        """Give a problem with a cell of this row."""
        return Problem(self.line, column, self.texts[column], advice)

    def day(self, column: str) -> date | None:
        """Value of a date column."""
        value = self.parsed[column]
        return value if isinstance(value, date) else None


def read_rows(path: Path, rules: Mapping[str, Rule]) -> tuple[list[Row], list[Problem]]:
    """Read the rows of a file and apply the rules to their cells; a column without a rule is kept as text."""
    rows, problems = [], []
    heading: list[str] | None = None
    for line, cells in _lines(path):
        if heading is None:
            heading = [cell.strip() for cell in cells]
            _check_heading(path, heading, rules)
        elif len(cells) != len(heading):
            advice = (
                f"{len(cells)} cells under a heading of {len(heading)}. "
                "Look for a comma that needs quotation marks."
            )
            problems.append(Problem(line, "", "", advice))
        else:
            texts = dict(zip(heading, (cell.strip() for cell in cells), strict=True))
            parsed: dict[str, Value] = {}
            for column, text in texts.items():
                try:
                    parsed[column] = rules.get(column, any_text)(text)
                except ValueError as advice:
                    parsed[column] = None
                    problems.append(Problem(line, column, text, str(advice)))
            rows.append(Row(line, texts, parsed))
    if not rows and not problems:
        raise ReferenceFormatError.empty(path, rules)
    return rows, problems


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Give each record that is not blank, with the line on which it begins."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ReferenceFormatError.missing(path) from None
    except OSError as error:
        raise ReferenceFormatError.unreadable(path, error.strerror or type(error).__name__) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReferenceFormatError.not_utf8(path, content[: error.start].count(b"\n") + 1) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records, begins = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise ReferenceFormatError.not_csv(path, begins, str(error)) from error
    return records


def _check_heading(path: Path, heading: list[str], rules: Mapping[str, Rule]) -> None:
    doubled = sorted(name for name, count in Counter(heading).items() if count > 1)
    if doubled:
        raise ReferenceFormatError.doubled_columns(path, doubled)
    missing = [name for name in rules if name not in heading]
    if missing:
        raise ReferenceFormatError.missing_columns(path, missing, heading)


def as_table(
    path: Path, rows: list[Row], problems: list[Problem], *, dates: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Make a table of the values. Raises `ReferenceFileError` if there are problems."""
    if problems:
        raise ReferenceFileError(path, problems)
    table = pd.DataFrame([row.parsed for row in rows])
    for column in dates:
        table[column] = pd.to_datetime(table[column]).astype("datetime64[ms]")
    for column in table.columns.intersection(["value", "amount_gbp"]):
        table[column] = table[column].astype(float)
    return table


def any_text(text: str) -> str:
    """Accept any text."""
    return text


def filled(text: str) -> str:
    """Accept text that is not empty."""
    if not text:
        raise ValueError("is empty: fill it in.")
    return text


def a_day(text: str) -> date:
    """Read a day, written like 2013-07-16."""
    if re.fullmatch(DATE_FORMS["day"], text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError("is no day of the calendar: correct it.") from None
    raise ValueError("is no date: write it as year-month-day, like 2013-07-16.")


def number(text: str) -> float:
    """Read a number without sign or separators."""
    if not re.fullmatch(r"\d+(\.\d+)?", text, flags=re.ASCII):
        raise ValueError("is no number: write digits and at most one point, like 1300 or 20.5.")
    return float(text)


def one_of(words: tuple[str, ...]) -> Rule:
    """Give the rule that a text is one of `words`."""

    def rule(text: str) -> Value:
        if text not in words:
            raise ValueError(f"is not one of the words known here: write {', '.join(words)}.")
        return text

    return rule


def matching(pattern: str, advice: str) -> Rule:
    """Give the rule that a text matches `pattern` in full; otherwise `advice` is given."""

    def rule(text: str) -> Value:
        if not re.fullmatch(pattern, text, flags=re.ASCII):
            raise ValueError(advice)
        return text

    return rule


def code(pattern: str) -> Rule:
    """Give the rule that a text is the code of a trust."""
    return matching(pattern, f"is no code of a trust: it must match {pattern} (capital letters and digits).")


def blank_or(rule: Rule) -> Rule:
    """Give the rule that a text is empty (then None) or follows `rule`."""

    def blank_or(text: str) -> Value:
        return rule(text) if text else None

    return blank_or
