"""Load the reference facts (`data/reference`) and check them.

A file is read as UTF-8 CSV, with or without a byte-order mark. What is wrong with it is reported all at
once: `ReferenceFileError` lists line, column, value and advice of each problem. A column that the rules do
not know is kept as text. `data/reference/README.md` says what each column means.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from smq.errors import Problem, ReferenceFileError, ReferenceFormatError

if TYPE_CHECKING:
    from pathlib import Path

TRUST_CODE = r"[RT][A-Z0-9]{2}"
"""ODS code of an NHS trust or care trust."""
REGIME_END = date(2021, 7, 13)
"""Day on which the Recovery Support Programme replaced special measures."""

CONFIDENCE = ("high", "medium", "low")
ENDED = ("left", "merged", "open")
RE_ENTERED = ("no", "yes", "re-entry")
RATINGS = ("Outstanding", "Good", "Requires improvement", "Inadequate")
TRUST_TYPES = ("acute", "ambulance", "combined", "community", "mental health")
QUALIFIERS = ("exact", "about", "nearly", "over", "up to")

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


def load_spells(path: Path, *, code_pattern: str = TRUST_CODE, regime_end: date = REGIME_END) -> pd.DataFrame:
    """Read the spells in special measures, in the order of the file.

    Returns one row per spell; `entered_on` and `exited_on` are datetime64[ms], the latter NaT where no exit
    is known. `ended` is how the spell stood on `regime_end`: left, merged or open; a spell whose exit is
    known to be later is open. `code_pattern` is the regular expression that a code must match in full:
    fictional trusts have their own.

    Raises `ReferenceFormatError` and `ReferenceFileError`.
    """
    rules: dict[str, Rule] = {
        "trust_name": _filled,
        "ods_code": _code(code_pattern),
        "trust_type": _one_of(TRUST_TYPES),
        "entered_on": _day,
        "exited_on": _blank_or(_day),
        "ended": _one_of(ENDED),
        "re_entered": _one_of(RE_ENTERED),
        "source": _filled,
        "confidence": _one_of(CONFIDENCE),
        "note": _any,
    }
    rows, problems = _read(path, rules)
    for row in rows:
        problems += _spell_problems(row, regime_end)
    problems += _re_entry_problems(rows)
    return _table(path, rows, problems, dates=("entered_on", "exited_on"))


def load_ratings(
    path: Path, *, spells: pd.DataFrame | None = None, code_pattern: str = TRUST_CODE
) -> pd.DataFrame:
    """Read the CQC ratings at entry and at exit; a rating that is not known is empty.

    With `spells`, every row must belong to one of them (same code, same day of entry).
    """
    rating = _blank_or(_one_of(RATINGS))
    rules: dict[str, Rule] = {
        "ods_code": _code(code_pattern),
        "entered_on": _day,
        "cqc_report_on": _blank_or(_day),
        **dict.fromkeys(("overall", "safe", "effective", "caring", "responsive", "well_led"), rating),
        "overall_at_exit": rating,
        "source": _filled,
    }
    rows, problems = _read(path, rules)
    keys = [(row.texts["ods_code"], row.day("entered_on")) for row in rows]
    times = Counter(keys)
    for row, key in zip(rows, keys, strict=True):
        if times[key] > 1:
            problems.append(row.problem("ods_code", "has more than one row for this entry: keep one."))
    if spells is not None:
        known = {
            (code, day.date()) for code, day in zip(spells["ods_code"], spells["entered_on"], strict=True)
        }
        for row, key in zip(rows, keys, strict=True):
            if key[1] is not None and key not in known:
                problems.append(
                    row.problem(
                        "entered_on",
                        f"is no day on which {key[0]} entered: use the day given in the list of spells.",
                    )
                )
    return _table(path, rows, problems, dates=("entered_on", "cqc_report_on"))


def load_counts(path: Path) -> pd.DataFrame:
    """Read the published counts C1 to C12, one row a quantity; `value` is a float."""
    rules: dict[str, Rule] = {
        "id": _matching(r"C\d+", "is no id of a published count: write C and a number."),
        "date": _filled,
        "date_precision": _one_of(tuple(_DATE_FORMS)),
        "statement": _filled,
        "quantity": _filled,
        "qualifier": _one_of(QUALIFIERS),
        "value": _number,
        "unit": _filled,
        "source": _filled,
    }
    rows, problems = _read(path, rules)
    for row in rows:
        form = _DATE_FORMS.get(row.texts["date_precision"], ".*")
        if not re.fullmatch(form, row.texts["date"]):
            problems.append(row.problem("date", "does not fit date_precision: correct one of the two."))
    return _table(path, rows, problems)


def load_costs(path: Path) -> pd.DataFrame:
    """Read the published costs M1 to M6: an amount in pounds of the day, or another value with its unit."""
    rules: dict[str, Rule] = {
        "id": _matching(r"M\d+", "is no id of a published cost: write M and a number."),
        "period": _matching(r"\d{4}/\d{2}", "is no financial year: write it like 2013/14."),
        "body": _any,
        "item": _filled,
        "qualifier": _one_of(QUALIFIERS),
        "amount_gbp": _blank_or(_number),
        "value": _blank_or(_number),
        "unit": _any,
        "source": _filled,
    }
    rows, problems = _read(path, rules)
    for row in rows:
        if bool(row.texts["amount_gbp"]) == bool(row.texts["value"]):
            problems.append(
                row.problem("amount_gbp", "and value: fill one of the two columns, not both or none.")
            )
        if bool(row.texts["value"]) != bool(row.texts["unit"]):
            problems.append(row.problem("unit", "and value belong together: fill both, or none."))
    return _table(path, rows, problems)


def load_results(path: Path) -> pd.DataFrame:
    """Read the results R1 to R9 of the published evaluation: a value with its unit, or a direction."""
    rules: dict[str, Rule] = {
        "id": _matching(r"R\d+", "is no id of a published result: write R and a number."),
        "result": _filled,
        "quantity": _filled,
        "value": _blank_or(_number),
        "unit": _any,
        "direction": _blank_or(_one_of(("better", "worse", "no different"))),
        "source": _filled,
    }
    rows, problems = _read(path, rules)
    for row in rows:
        if bool(row.texts["value"]) == bool(row.texts["direction"]):
            problems.append(row.problem("value", "and direction: fill one of the two columns."))
    return _table(path, rows, problems)


def _spell_problems(row: Row, regime_end: date) -> list[Problem]:
    entered, exited, ended = row.day("entered_on"), row.day("exited_on"), row.texts["ended"]
    if entered is None:
        return []
    if entered > regime_end:
        return [row.problem("entered_on", f"is after the regime ended ({regime_end}): not a spell of it.")]
    if exited is None:
        if row.texts["exited_on"] == "" and ended in ("left", "merged"):
            return [row.problem("ended", "needs a date in exited_on: add it, or write 'open'.")]
        return []
    if exited <= entered:
        return [
            row.problem("exited_on", f"is not after entered_on ({entered}): correct one of the two dates.")
        ]
    if exited > regime_end and ended in ("left", "merged"):
        return [
            row.problem("ended", f"does not fit an exit on {exited}, after the regime ended: write 'open'.")
        ]
    if exited <= regime_end and ended == "open":
        return [
            row.problem(
                "ended", f"does not fit an exit on {exited}: write 'left' or 'merged', or take the date out."
            )
        ]
    return []


def _re_entry_problems(rows: list[Row]) -> list[Problem]:
    """Check the spells of each trust against one another: order, overlap, and the word in `re_entered`."""
    problems = []
    by_trust: defaultdict[str, list[tuple[date, Row]]] = defaultdict(list)
    for row in rows:
        entered = row.day("entered_on")
        if entered is not None:
            by_trust[row.texts["ods_code"]].append((entered, row))
    for dated in by_trust.values():
        spells = [row for _, row in sorted(dated, key=lambda pair: (pair[0], pair[1].line))]
        for place, row in enumerate(spells):
            expected = "re-entry" if place else "yes" if len(spells) > 1 else "no"
            if row.texts["re_entered"] in RE_ENTERED and row.texts["re_entered"] != expected:
                problems.append(
                    row.problem(
                        "re_entered",
                        f"does not fit: this is spell {place + 1} of {len(spells)} of the trust in the file. "
                        f"Write '{expected}', or correct the spells.",
                    )
                )
        for earlier, later in pairwise(spells):
            out, back = earlier.day("exited_on"), later.day("entered_on")
            if earlier.texts["ended"] == "merged":
                advice = (
                    f"comes after the trust ended by merger (line {earlier.line}): correct one of the two."
                )
                problems.append(later.problem("entered_on", advice))
            elif out is None or (back is not None and back < out):
                advice = (
                    f"comes before the spell on line {earlier.line} had ended: a re-entry follows an exit."
                )
                problems.append(later.problem("entered_on", advice))
    return problems


def _read(path: Path, rules: Mapping[str, Rule]) -> tuple[list[Row], list[Problem]]:
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
                    parsed[column] = rules.get(column, _any)(text)
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


def _table(
    path: Path, rows: list[Row], problems: list[Problem], *, dates: tuple[str, ...] = ()
) -> pd.DataFrame:
    if problems:
        raise ReferenceFileError(path, problems)
    table = pd.DataFrame([row.parsed for row in rows])
    for column in dates:
        table[column] = pd.to_datetime(table[column]).astype("datetime64[ms]")
    for column in table.columns.intersection(["value", "amount_gbp"]):
        table[column] = table[column].astype(float)
    return table


_DATE_FORMS = {
    "day": r"\d{4}-\d{2}-\d{2}",
    "month": r"\d{4}-\d{2}",
    "year": r"\d{4}",
    "report year": r"\d{4}/\d{2}",
}


def _any(text: str) -> str:
    return text


def _filled(text: str) -> str:
    if not text:
        raise ValueError("is empty: fill it in.")
    return text


def _day(text: str) -> date:
    if re.fullmatch(_DATE_FORMS["day"], text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError("is no day of the calendar: correct it.") from None
    raise ValueError("is no date: write it as year-month-day, like 2013-07-16.")


def _number(text: str) -> float:
    if not re.fullmatch(r"\d+(\.\d+)?", text, flags=re.ASCII):
        raise ValueError("is no number: write digits and at most one point, like 1300 or 20.5.")
    return float(text)


def _one_of(words: tuple[str, ...]) -> Rule:
    def rule(text: str) -> Value:
        if text not in words:
            raise ValueError(f"is not one of the words known here: write {', '.join(words)}.")
        return text

    return rule


def _matching(pattern: str, advice: str) -> Rule:
    def rule(text: str) -> Value:
        if not re.fullmatch(pattern, text, flags=re.ASCII):
            raise ValueError(advice)
        return text

    return rule


def _code(pattern: str) -> Rule:
    return _matching(pattern, f"is no code of a trust: it must match {pattern} (capital letters and digits).")


def _blank_or(rule: Rule) -> Rule:
    def blank_or(text: str) -> Value:
        return rule(text) if text else None

    return blank_or
