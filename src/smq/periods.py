"""Which period a text in a data file means: the first day of a month, quarter or year.

Formats are those of `datetime.strptime`, and two that it lacks: "financial quarter" (2015-16 Q1 is April to
June 2015) and "financial year" (2015-16 begins in April 2015).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Literal

Length = Literal["month", "quarter", "year", "snapshot"]

FINANCIAL_QUARTER, FINANCIAL_YEAR = "financial quarter", "financial year"
_FINANCIAL = {
    FINANCIAL_QUARTER: re.compile(r"([0-9]{4})[-/]([0-9]{2}) ?Q([1-4])"),
    FINANCIAL_YEAR: re.compile(r"([0-9]{4})[-/]([0-9]{2})"),
}


def first_day(text: str, date_format: str, length: Length, shift_months: int = 0) -> date | None:
    """Give the first day of the period that `text` names, moved by `shift_months`; None where it names none.

    Any day stands for its month; where the period is a quarter, for its quarter of the calendar. A year
    begins in the month that is named. Years beyond those that a date can have name none.
    """
    try:
        named = _named(text, date_format)
        month = 3 * ((named.month - 1) // 3) if length == "quarter" else named.month - 1
        counted = 12 * named.year + month + shift_months
        return date(counted // 12, counted % 12 + 1, 1)
    except ValueError:
        return None


def fault_of(date_format: str, length: Length) -> str | None:
    """Say what is wrong with a format for periods of this length, or give None."""
    if date_format in _FINANCIAL:
        fits = length == ("quarter" if date_format == FINANCIAL_QUARTER else "year")
        return None if fits else f"'{date_format}' does not fit the period length '{length}'"
    example = date(2016, 4, 1)
    try:
        read = datetime.strptime(example.strftime(date_format), date_format).replace(tzinfo=UTC)
    except ValueError as error:
        return f"not a date format ({error})"
    if length == "year":
        return None if read.year == example.year else "the format must hold a year, for example %Y"
    if (read.year, read.month) != (example.year, example.month):
        return "the format must hold a year and a month, for example %Y-%m-%d or %b-%y"
    return None


def _named(text: str, date_format: str) -> date:
    pattern = _FINANCIAL.get(date_format)
    if pattern is None:
        return datetime.strptime(text, date_format).replace(tzinfo=UTC).date()
    match = pattern.fullmatch(text)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        raise ValueError(text)
    year, quarter = int(match[1]), int(match[3]) if pattern.groups == 3 else 1
    return date(year + quarter // 4, 3 * (quarter % 4) + 1, 1)
