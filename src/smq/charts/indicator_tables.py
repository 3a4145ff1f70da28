"""Captions, headings and formats of the tables of an indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from smq.performance.indicator import Description

UNIT_LABELS = {
    "trust_name": "Trust",
    "ods_code": "Code",
    "entered_on": "Entered",
    "around_entry": "Around entry",
    "during": "In the regime",
    "after_exit": "After exit",
    "reason": "Reason",
    "spells": "Spells",
    "trusts": "Trusts",
}


def gap_caption(description: Description) -> str:
    """Caption of the table of gaps around entry."""
    numbers = description.numbers
    return (
        f"{_capital(description.indicator.label)} before and after entry to special measures: mean of "
        f"{numbers['spells_used'].value:,.0f} spells of {numbers['trusts_used'].value:,.0f} trusts, England "
        "and comparators"
    )


def stage_caption(description: Description) -> str:
    """Caption of the table of stages."""
    return f"{_capital(description.indicator.label)} before, in and after special measures, and England"


def units_caption(description: Description) -> str:
    """Caption of the table of spells and what they are used for."""
    return f"How far each spell can be followed in {description.indicator.label}, and why not further"


def excluded_caption(description: Description) -> str:
    """Caption of the table of spells left out."""
    return f"Spells left out of the comparison of {description.indicator.label}, and why"


def reasons_caption(description: Description) -> str:
    """Caption of the counts by reason."""
    return f"Why spells were left out of the comparison of {description.indicator.label}"


def labels(description: Description, table: pd.DataFrame) -> dict[str, str]:
    """Headings of a table of gaps."""
    unit, points = description.indicator.unit, description.indicator.difference_unit
    short = "points" if points == "percentage points" else points
    known = {
        "period": f"{description.scale.length.capitalize()}s from entry",
        "stage": "Stage",
        "spells": "Spells",
        "smq": f"Special measures, {unit}",
        "england": f"England, {unit}",
        "gap": f"Gap, {short}",
        "gap_low": "95% interval from",
        "gap_high": "to",
        "comparators": f"Comparators, {unit}",
        "comparator_gap": f"Their gap, {short}",
    }
    return {str(column): known[str(column)] for column in table.columns}


def formats(description: Description, table: pd.DataFrame) -> dict[str, str]:
    """Formats of the numbers in a table of gaps."""
    level, gap = (description.numbers[name].format for name in ("level_before", "gap_before"))
    known = {"smq": level, "england": level, "comparators": level, "spells": ",d"}
    return {
        str(column): known.get(str(column), gap)
        for column in table.columns
        if column not in ("period", "stage")
    }


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
