"""NHS staff survey: the detailed spreadsheets by section.

Layout: sheet 'Notes', and one sheet a section. Above the table: the number of each question ('Q10'), its
topic, its parts ('a) How many hours ...'), the answers, and in the header row '%' for each answer and 'n'
for the base of the part. Labels stand left of the questions. 'ALL TRUSTS' is the first row; rows of trusts
have their code left of their name.

Traps: results are unweighted: trusts are not to be compared by them. 'ALL TRUSTS' is a mean of means, and
no sum; its base is larger than those of the groups below it together, by about 1%. Answers of fewer than 11
people are blank. From 2018 on themes replace key findings, so that series break.

Verified on: one section of 2018 (health and well-being), an extract without rows of trusts: 'ALL TRUSTS'
and nine groups of staff by religion; the answers to each part make 100% in every row. Rows of trusts are
read as the notes in the workbook describe them, which no file here confirms.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from smq.readers.errors import DataFileError
from smq.readers.gathering import Gathering
from smq.readers.reading import StatisticReading, Table, as_text, either, normal, number
from smq.readers.workbook import read_workbook

VERIFIED = "verified on a real file without rows of trusts"

MARKS = {
    "": "fewer than 11 answers (blank)",
    "*": "suppressed (*)",
    "-": "not given (-)",
    "N/A": "not applicable (N/A)",
}
ALL_TRUSTS = "all trusts"
ENGLAND = "ENG"
"""Stands as the code of 'ALL TRUSTS', which is no organisation."""
NAMED = {("unwell as a result of work related stress", "yes"): "survey_stress"}
"""(words of the question, answer): indicators with a name; the others are called survey_q11a_no."""
_NUMBER = re.compile(r"Q[0-9]{1,2}", re.IGNORECASE)
_PART = re.compile(r"([a-z])\)\s")
_YEAR = re.compile(r"\bNHS Staff Survey (20[0-9]{2})\b", re.IGNORECASE)
_TRUST = re.compile(r"[A-Z0-9]{3}")
_AGAIN = "Take the workbook as it was published."
UNGROUPED = "some staff answered this question and not the one that forms the groups (inferred)"
MOST_UNGROUPED = 0.03
"""Largest part of a base that may be in no group; it is 0.9 to 1.4% in the verified file."""
_WHOLE = 0.05
"""Most that the answers to a part may differ from 100%."""


@dataclass(frozen=True)
class _Part:
    """One part of a question: the columns of its answers, and that of its base."""

    key: str
    text: str
    answers: tuple[tuple[int, str], ...]
    base: int


def read_staff_survey(path: Path, source: str = "") -> StatisticReading:
    """Read one section. Values are percentages of answers, denominators the number of answers to the part.

    Indicators: `survey_<question>_<answer>`, for example `survey_q11a_no`, and `survey_stress`.
    Raises `DataFileError`.
    """
    sheets = [table for table in read_workbook(path).values() if table is not None]
    tables = [table for table in sheets if _units(table) is not None]
    if len(tables) != 1:
        what = f"{len(tables)} sheets with percentages and bases, where one section has one"
        raise DataFileError(path, [sheets[0].problem(None, "", None, what, _AGAIN)] if sheets else [])
    table = tables[0]
    units = _units(table) or 0
    parts = _parts(table, units)
    into = Gathering(path, source or path.name)
    into.log.append(f"sheet '{table.sheet}': header found in row {table.lines[units]}")
    year = _year(table, units)
    first = min(part.answers[0][0] for part in parts)
    england: int | None = None
    groups: list[int] = []
    for row in range(units + 1, len(table.rows)):
        labels = [text for column in range(first) if (text := table.text(row, column))]
        if not labels:
            if not table.is_blank(row):
                what = "figures without the name of a trust or group"
                into.problems.append(table.problem(row, "", None, what, _AGAIN))
            continue
        codes = [text for text in labels if _TRUST.fullmatch(text)]
        code = codes[0] if codes else ""
        name = next((text for text in labels if text != code), "")
        if ALL_TRUSTS in map(normal, labels):
            england, code = row, ENGLAND
        _check_row(table, row, parts, into)
        if code:
            _add(table, row, parts, code, name, year, into)
        elif "nhs" in normal(name).split():
            what = "a trust without its code, left of its name"
            into.problems.append(table.problem(row, "", name, what, _AGAIN))
        else:
            groups.append(row)
            into.drop(table, row, "", name, "a group of staff or of trusts, not an organisation")
    if england is not None and groups and not into.problems:
        _compare_bases(table, england, groups, parts, into)
    return into.reading()


def _units(table: Table) -> int | None:
    """Find the row that holds '%' for each answer and 'n' for each base."""
    for row, cells in enumerate(table.rows):
        texts = [as_text(cell) for cell in cells if as_text(cell)]
        if texts and set(texts) == {"%", "n"}:
            return row
    return None


def _parts(table: Table, units: int) -> list[_Part]:
    """Give the parts of the questions, from the rows above the units."""
    width = len(table.rows[units])
    questions = _row_with(table, units, _NUMBER.fullmatch)
    texts = _row_with(table, units, _PART.match)
    parts: list[_Part] = []
    question, letter, text = "", "", ""
    answers: list[tuple[int, str]] = []
    for column in range(width):
        unit = table.text(units, column)
        question = table.text(questions, column) or question
        if table.text(texts, column):
            text = table.text(texts, column)
            match = _PART.match(text + " ")
            letter = match[1] if match else ""
            if answers:
                raise _unclear(table, texts, column, "the part before it has no base")
        if unit == "%":
            answers.append((column, table.text(units - 1, column)))
        elif unit == "n":
            if not answers or not question:
                raise _unclear(table, units, column, "a base without answers or question")
            parts.append(_Part(f"{question.lower()}{letter}", text, tuple(answers), column))
            answers = []
    if answers or len({part.key for part in parts}) < len(parts):
        raise _unclear(table, texts, width - 1, "a question that stands twice, or whose base is missing")
    return parts


def _row_with(table: Table, end: int, fits: object) -> int:
    for row in range(end):
        if any(callable(fits) and fits(as_text(cell)) for cell in table.rows[row]):
            return row
    what = "the numbers or the parts of the questions are not found above the table"
    raise DataFileError(table.file, [table.problem(None, "", None, what, _AGAIN)])


def _unclear(table: Table, row: int, column: int, what: str) -> DataFileError:
    return DataFileError(table.file, [table.problem(row, table.text(row, column), None, what, _AGAIN)])


def _year(table: Table, end: int) -> pd.Timestamp:
    for row in range(end):
        for cell in table.rows[row]:
            match = _YEAR.search(as_text(cell))
            if match:
                return pd.Timestamp(year=int(match[1]), month=1, day=1).as_unit("s")
    what = "the year is not named above the table (as in 'NHS Staff Survey 2018')"
    raise DataFileError(table.file, [table.problem(None, "", None, what, _AGAIN)])


def _add(
    table: Table, row: int, parts: list[_Part], code: str, name: str, year: pd.Timestamp, into: Gathering
) -> None:
    for part in parts:
        base, no_base = number(table, row, part.base, f"{part.key}, base", into.problems, marks=MARKS)
        for column, answer in part.answers:
            value, missing = number(table, row, column, f"{part.key}, {answer}", into.problems, marks=MARKS)
            into.add(
                table,
                row,
                code=code,
                name=name,
                period=year,
                period_length="year",
                indicator=_indicator(part, answer),
                numerator=math.nan,
                denominator=base,
                value=value,
                missing=either(missing, no_base),
            )


def _indicator(part: _Part, answer: str) -> str:
    for (words, wanted), indicator in NAMED.items():
        if words in normal(part.text) and normal(answer) == wanted:
            return indicator
    return "_".join(["survey", part.key, *re.findall(r"[a-z0-9]+", answer.casefold())])


def _check_row(table: Table, row: int, parts: list[_Part], into: Gathering) -> None:
    """Refuse a row in which the answers to a part do not make 100%; one with a blank is not compared."""
    for part in parts:
        shares = [table.cell(row, column) for column, _ in part.answers]
        known = [float(share) for share in shares if isinstance(share, int | float)]
        if len(known) == len(shares) and abs(math.fsum(known) - 100) > _WHOLE:
            what = f"the answers make {math.fsum(known):.6g}%, not 100%"
            into.problems.append(table.problem(row, part.key, None, what, _AGAIN))


def _compare_bases(
    table: Table, england: int, groups: list[int], parts: list[_Part], into: Gathering
) -> None:
    for part in parts:
        name = f"{part.key}, base"
        printed, _ = number(table, england, part.base, name, into.problems, marks=MARKS)
        bases = [number(table, row, part.base, name, into.problems, marks=MARKS)[0] for row in groups]
        summed = math.fsum(base for base in bases if not math.isnan(base))
        explanation = UNGROUPED if 0 < printed - summed <= MOST_UNGROUPED * printed else ""
        into.total("ALL TRUSTS", name, printed, bases, explanation)
