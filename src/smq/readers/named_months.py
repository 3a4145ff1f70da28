"""Which month a text in a national file means: April 2019, 2014-APR, 30/06/2022, 2016-17 with OCTOBER."""

from __future__ import annotations

import re
from datetime import date

_NAMES = [date(2000, month, 1).strftime("%B").lower() for month in range(1, 13)]
_WORD = "|".join([*_NAMES, *(name[:3] for name in _NAMES), "sept"])
_NAME_FIRST = re.compile(rf"(?:[a-z&]+-)?({_WORD})[ -](?:20)?([0-9]{{2}})", re.IGNORECASE)
_YEAR_FIRST = re.compile(rf"(20[0-9]{{2}})[ -]({_WORD})", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/(20[0-9]{2})(?: 00:00(?::00)?)?")
_ISO = re.compile(r"(20[0-9]{2})-([0-9]{2})(?:-([0-9]{2})(?:[ T]00:00:00)?)?")
_FINANCIAL = re.compile(r"(20[0-9]{2})[-/_](?:20)?([0-9]{2})")
_MONTH = re.compile(rf"({_WORD})", re.IGNORECASE)


def month_of(text: str) -> date | None:
    """Give the first day of the month that a text names, or None.

    Forms: RTT-April-2019 and MSitAE-APRIL-2019, April 2019, Apr-19, 2014-APR, 30/06/2022 (any day of the
    month), 2022-06-30, 2022-06.
    """
    if match := _NAME_FIRST.fullmatch(text):
        return date(2000 + int(match[2]), _number(match[1]), 1)
    if match := _YEAR_FIRST.fullmatch(text):
        return date(int(match[1]), _number(match[2]), 1)
    match = _ISO.fullmatch(text)
    day = day_of(f"{text}-01" if match and not match[3] else text)
    return day.replace(day=1) if day else None


def day_of(text: str) -> date | None:
    """Give the day that a text names (30/06/2022, 2022-06-30), or None."""
    match = _DAY.fullmatch(text)
    parts = (match[3], match[2], match[1]) if match else None
    if parts is None and (match := _ISO.fullmatch(text)):
        parts = (match[1], match[2], match[3]) if match[3] else None
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def month_of_financial_year(year: str, name: str) -> date | None:
    """Give the month that a financial year and a month's name mean (2016-17, JANUARY: 2017), or None."""
    first, month = financial_year(year), _MONTH.fullmatch(name)
    if first is None or month is None:
        return None
    number = _number(month[1])
    return date(first + (number < 4), number, 1)


def financial_year(text: str) -> int | None:
    """Give the calendar year in which a financial year (2016-17, 2016/17) begins, or None."""
    match = _FINANCIAL.fullmatch(text)
    return int(match[1]) if match and int(match[2]) == (int(match[1]) + 1) % 100 else None


def _number(name: str) -> int:
    return next(number for number, month in enumerate(_NAMES, 1) if month.startswith(name.lower()[:3]))
