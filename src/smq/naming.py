"""How trusts, days and lists are written in labels and prose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_LEGAL_FORM = re.compile(r" (NHS Foundation Trust|NHS Trust)$")
_HOSPITALS = re.compile(r"( University| Teaching)? Hospitals?( University)?$")


def short_name(name: str) -> str:
    """Shorten the name of a trust for a label: without its legal form, "The" and "Hospitals" at its end."""
    short = _LEGAL_FORM.sub("", " ".join(name.split())).removeprefix("The ")
    return _HOSPITALS.sub("", short) or short


def long_date(day: date) -> str:
    """Write a day as prose does: 31 December 2020."""
    return f"{day.day} {day:%B %Y}"


def listed(items: Sequence[str]) -> str:
    """Join one item or more as in a sentence: "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
