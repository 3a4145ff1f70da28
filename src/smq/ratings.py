"""CQC ratings of the trusts at entry to the regime and at exit. Pure functions on tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smq.reference import RATINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

QUESTIONS = {
    "overall": "Overall",
    "safe": "Safe",
    "effective": "Effective",
    "caring": "Caring",
    "responsive": "Responsive",
    "well_led": "Well led",
}
"""Columns of the ratings, the overall rating and the five key questions, and how they are written."""
NOT_KNOWN = "Not known"


def of_spells(ratings: pd.DataFrame, observed: pd.DataFrame) -> pd.DataFrame:
    """Give the ratings of the observed spells, in their order, with `status`; empty where none is known."""
    keys = ["ods_code", "entered_on"]
    return observed[[*keys, "status"]].merge(ratings, on=keys, how="left", validate="one_to_one")


def at_entry(rated: pd.DataFrame) -> pd.DataFrame:
    """Count the spells by rating at entry: a row a question; `question`, then a column for each rating."""
    rows = [{"question": label, **_counts(rated[column])} for column, label in QUESTIONS.items()]
    return pd.DataFrame(rows)


def at_exit(rated: pd.DataFrame) -> dict[str, int]:
    """Count the spells that led to an exit by the overall rating then, with the key `Not known`."""
    return _counts(rated.loc[rated["status"] == "left", "overall_at_exit"])


def _counts(column: pd.Series[str], words: Sequence[str] = RATINGS) -> dict[str, int]:
    counts = {word: int((column == word).sum()) for word in words}
    return {**counts, NOT_KNOWN: int(column.isna().sum())}
