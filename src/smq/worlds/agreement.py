"""Figures of several sources put together: which one is used, what the others say, how often they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smq import panel as tidy
from smq.readers.errors import DataConflictError
from smq.worlds.tidy_folder import AGREEMENT_COLUMNS, DIFFERENCE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_COMPARED = ("numerator", "denominator", "value")


def check_once(rows: pd.DataFrame) -> None:
    """Refuse rows in which two codes of one source are one unit at a time. Raises `DataConflictError`."""
    doubled = rows[rows.duplicated([*tidy.KEY, "source"], keep=False)].sort_values([*tidy.KEY, "code"])
    if doubled.empty:
        return
    first = doubled.iloc[0]
    same = doubled[(doubled[tidy.KEY] == first[tidy.KEY]).all(axis="columns")]
    raise DataConflictError(
        f"{first['source']}: {' and '.join(same['code'])} both give {first['indicator']} of unit "
        f"{first['unit']} for {first['period']:%B %Y}, one of {len(doubled):,d} such rows. "
        "Correct the choices in config/organisations.yaml: only one code can be a unit at a time."
    )


def choose(rows: pd.DataFrame, why: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Give one row for each key, the values of others that differ, and how often two sources agree.

    `rows` has the columns of the panel and `rank`; the lowest rank is used. A row without a value never
    displaces one with a value, and of two that give the same value, one that holds the counts behind it is
    used. `rounding`, where there is such a column, is the most by which rounding can have moved a value.
    `why` gives, by indicator, the reason that stands beside a difference.
    """
    given = rows if "rounding" in rows else rows.assign(rounding=0.0)
    used, others = _split(given)
    pairs = used.merge(others, on=tidy.KEY, suffixes=("_used", "_other"), validate="one_to_many")
    differs = {quantity: _differs(pairs, quantity) for quantity in _COMPARED}
    # A ratio that differs because its counts do is no difference of its own.
    differs["value"] &= ~(differs["numerator"] | differs["denominator"])
    found = []
    for quantity, where in differs.items():
        part = pairs[where]
        names = {f"{quantity}_used": "value_used", f"{quantity}_other": "value_other"}
        kept = part.drop(columns=["value_used", "value_other"]) if quantity != "value" else part
        found.append(kept.rename(columns=names).assign(quantity=quantity))
    differences = pd.concat(found, ignore_index=True)
    differences["reason"] = differences["indicator"].map(why)
    pairs["different"] = differs["numerator"] | differs["denominator"] | differs["value"]
    agreement = (
        pairs.groupby(["indicator", "source_used", "source_other"], sort=True)["different"]
        .agg(shared="size", different="sum")
        .reset_index()
    )
    agreement["equal"] = agreement["shared"] - agreement["different"]
    key = ["indicator", "unit", "period", "quantity"]
    return (
        used,
        differences.sort_values(key, ignore_index=True)[DIFFERENCE_COLUMNS],
        agreement[AGREEMENT_COLUMNS],
    )


def joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put tables of the same columns below each other; those without a row keep their columns."""
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else tables[0]


def _split(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the row that is used of each key, and the others."""
    ordered = rows.assign(unknown=rows["value"].isna()).sort_values([*tidy.KEY, "unknown", "rank"])
    lead = ordered.groupby(tidy.KEY)[["value", "rounding"]].transform("first")
    apart = _apart(ordered["value"], lead["value"], ordered["rounding"] + lead["rounding"])
    bare = ordered["numerator"].isna() | ordered["denominator"].isna()
    ordered = ordered.assign(apart=apart, bare=bare)
    ordered = ordered.sort_values([*tidy.KEY, "unknown", "apart", "bare", "rank"])
    first = ~ordered.duplicated(tidy.KEY)
    return ordered[first], ordered[~first]


def _differs(pairs: pd.DataFrame, quantity: str) -> pd.Series[bool]:
    one, other = pairs[f"{quantity}_used"], pairs[f"{quantity}_other"]
    if quantity != "value":
        return (one != other) & one.notna() & other.notna()
    return _apart(one, other, pairs["rounding_used"] + pairs["rounding_other"])


def _apart(one: pd.Series[float], other: pd.Series[float], slack: pd.Series[float]) -> pd.Series[bool]:
    # Rounded figures are no exact numbers in the machine: the slack itself is not compared to the last digit.
    return (one - other).abs() > slack * (1 + 1e-6)
