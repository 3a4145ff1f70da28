"""Friends and family test: what patients answered, by trust and month (CSV, or a workbook's sheet of trusts).

Layout: `Yearnumber` (`2019_20`) and `Periodname` (`AUGUST`) or one column `Period`; `Org code` (or `Trust
Code`), `Org name` (or `Trust Name`), a column for each answer, `Total Responses`, `Total Eligible`.
Answers to March 2020 (would you recommend us?): Extremely Likely, Likely, Neither Likely nor Unlikely,
Unlikely, Extremely Unlikely, Don't Know; from April 2020 (how was your experience?) Very Good, Good,
Neither Good nor Poor, Poor, Very Poor, Don't Know; also written `1 Very Good SUM`.

Traps: the question changed in April 2020: two series, which are never joined. `*` is suppressed, where
fewer than five answered. The share is of all who answered, those who did not know among them. Trusts
without an answer have no row. Response rates changed their base several times and are not read.

Verified on: nothing real: no file was at hand. Columns are those of the public description of the
statistic's own pipeline; the test before April 2020 is tested on files made after its wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from smq.readers.column_gathering import AGAIN, ColumnGathering, either_mark, where_none
from smq.readers.errors import DataFileError
from smq.readers.text_columns import read_text_columns

if TYPE_CHECKING:
    from smq.readers.reading import Header, StatisticReading

VERIFIED = "layout only"

COLUMNS = (
    "Yearnumber",
    "Periodname",
    "Org code",
    "Org name",
    "1 Very Good SUM",
    "2 Good SUM",
    "3 Neither Good nor Poor SUM",
    "4 Poor SUM",
    "5 Very Poor SUM",
    "6 Dont Know SUM",
    "Total Responses",
    "Total Eligible",
)
"""From April 2020 on."""
ANSWERS = {
    "fft_positive": ("very good", "good", "neither good nor poor", "poor", "very poor", "dont know"),
    "fft_recommend": (
        "extremely likely",
        "likely",
        "neither likely nor unlikely",
        "unlikely",
        "extremely unlikely",
        "dont know",
    ),
}
"""By series; the first two of each are the good ones."""
CODE, NAME = ("Org code", "Trust Code"), ("Org name", "Trust Name")
TOTAL = "Total Responses"
_YEAR, _MONTH, _PERIOD = ("Yearnumber", "Year"), ("Periodname", "Period Name"), ("Period",)
_ANSWER = re.compile(r"(?:[1-6] )?(.+?)(?: sum)?")


def read_friends_and_family(path: Path, source: str = "") -> StatisticReading:
    """Read one file: `fft_positive`, or `fft_recommend` to March 2020, in per cent of all who answered.

    Numerator: the two good answers; denominator: all answers. Raises `DataFileError`.
    """
    into = ColumnGathering(path, source or path.name)
    columns = read_text_columns(path, (CODE[0], TOTAL), _needed, (CODE[1], TOTAL))
    header = columns.header
    into.log.append(header.log)
    code, name, whole = header.column(*CODE), header.column(*NAME), header.column(TOTAL)
    indicator, places = _answers(header)
    columns = into.rows_of_data(columns, code, name, (whole,))
    columns, totals = into.parted(columns, code, name)
    year = header.find(*_YEAR)
    months = partial(into.months, place=header.column(*(_MONTH if year is not None else _PERIOD)), year=year)
    answers = [columns.numbers(place, into.problems) for place in places]
    everyone, marks = columns.numbers(whole, into.problems)
    summed = np.sum([numbers for numbers, _ in answers], axis=0)
    what = "not the sum of the answers"
    columns.report(np.abs(summed - everyone) > 1e-6, TOTAL, everyone, what, AGAIN, into.problems)
    printed = {
        header.names[place]: (numbers, place) for (numbers, _), place in zip(answers, places, strict=True)
    }
    into.compare(columns, totals, printed | {TOTAL: (everyone, whole)}, months)
    good = answers[0][0] + answers[1][0]
    none = where_none(everyone == 0, "nobody answered (0)")
    into.frame(
        {
            "code": columns.text(code),
            "name": columns.text(name),
            "period": months(columns),
            "period_length": "month",
            "indicator": indicator,
            "numerator": good,
            "denominator": everyone,
            "value": 100 * np.divide(good, everyone, out=np.full(len(good), np.nan), where=everyone > 0),
            "missing": either_mark(answers[0][1], answers[1][1], marks, none),
        },
        columns.lines,
    )
    return into.reading()


def _needed(header: Header) -> Iterable[int]:
    names = (_YEAR, _MONTH, _PERIOD)
    found = [place for group in names if (place := header.find(*group)) is not None]
    return [*found, header.column(*CODE), header.column(*NAME), header.column(TOTAL), *_answers(header)[1]]


def _answers(header: Header) -> tuple[str, list[int]]:
    """Give the series, and the columns of its answers. Raises `DataFileError` where one is missing."""
    plain = [
        match[1].replace("'", "").replace("’", "")
        for name in header.names
        if (match := _ANSWER.fullmatch(name or " "))
    ]
    for indicator, answers in ANSWERS.items():
        if answers[0] not in plain:
            continue
        lacking = [answer for answer in answers if plain.count(answer) != 1]
        if lacking:
            problems = [
                header.table.problem(header.row, answer, None, "not one column of this answer", AGAIN)
                for answer in lacking
            ]
            raise DataFileError(header.table.file, problems)
        return indicator, [plain.index(answer) for answer in answers]
    what = "no column 'Very Good' (from April 2020 on) or 'Extremely Likely' (before)"
    raise DataFileError(header.table.file, [header.table.problem(header.row, "", None, what, AGAIN)])
