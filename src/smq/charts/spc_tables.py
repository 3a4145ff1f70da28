"""Headings, formats, captions and notes of the tables of control charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smq.control_charts.spc_tables import ALL, SAME
from smq.control_charts.spc_trusts import AROUND
from smq.control_charts.spc_words import value_format

if TYPE_CHECKING:
    from smq.control_charts.spc_results import Description

_SHARES = {
    "concern": "Concern",
    "improvement": "Improvement",
    "gap_concern": "Against England: concern",
    "gap_improvement": "Against England: improvement",
}


def labels(description: Description) -> dict[str, dict[str, str]]:
    """Headings of the tables, by table."""
    unit = description.indicator.unit
    return {
        "overview_table": {
            "trust": "Trust",
            "spell": "Spell",
            "mean": f"Mean, {unit}",
            "lower": f"Lower limit, {unit}",
            "upper": f"Upper limit, {unit}",
            "last_point": "Last month",
            "target": "Target",
            "before": f"{AROUND} months before",
            "during": "In the spell",
            "after": f"{AROUND} months after",
        },
        "period_table": {"counted": "Counted", "period": "Period", "spells": "Spells", "months": "Months"}
        | {name: f"{label}, %" for name, label in _SHARES.items()},
        "rules_table": {"rule": "Rule"} | {name: f"{label}, months" for name, label in _SHARES.items()},
        "not_charted": {
            "trust": "Trust",
            "type": "Type",
            "entered": "First entered",
            "months": "Months of figures",
            "reason": "Why it has no chart",
        },
    }


def formats(description: Description) -> dict[str, dict[str, str]]:
    """Formats of the numbers in the tables, by table."""
    form = value_format(description.indicator)
    return {
        "overview_table": dict.fromkeys(("mean", "lower", "upper"), form),
        "period_table": dict.fromkeys(("spells", "months"), ",d") | dict.fromkeys(_SHARES, ".0f"),
        "rules_table": dict.fromkeys(_SHARES, ",d"),
        "not_charted": {"months": ",d"},
    }


def captions(description: Description) -> dict[str, str]:
    """Captions of the tables, by table."""
    label = description.indicator.label
    return {
        "overview_table": f"Control charts of {label} by spell in special measures: special cause concern / "
        "improvement of the months with a figure",
        "period_table": f"Special causes in {label} before, in and after spells in special measures, "
        "in per cent of months",
        "rules_table": f"Special causes in {label} by the rule that labels them: months of all trusts "
        "ever in special measures",
        "not_charted": f"Trusts ever in special measures without a control chart of {label}",
    }


def notes(description: Description) -> dict[str, tuple[str, ...]]:
    """Notes under the tables, by table."""
    return {
        "overview_table": (
            "Last three columns: 1 / 5 of 12 says that of 12 months with a figure, 1 is special cause "
            "concern and 5 are improvement; an en dash, that no month has a figure or the spell had not "
            "ended.",
            *description.notes,
        ),
        "period_table": (
            f"{SAME}: those with each of the {AROUND} months before entry, months inside, and each of the "
            f"{AROUND} months after exit, so that the three rows are of the same trusts. {ALL}: whichever "
            "have months then, so that the three rows are of different trusts and cannot be compared.",
            description.caution,
        ),
        "rules_table": ("A month has one label: the first rule of the table that holds.",),
        "not_charted": (),
    }
