"""Small panels made by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

PANEL = [
    "unit",
    "period",
    "period_length",
    "indicator",
    "numerator",
    "denominator",
    "value",
    "origin",
    "published",
    "source",
]


def ae_row(unit: str, period: pd.Timestamp | str, numerator: float, denominator: float) -> dict[str, Any]:
    """A month of waits at one unit."""
    return {
        "unit": unit,
        "period": pd.Timestamp(period).as_unit("ms"),
        "period_length": "month",
        "indicator": "ae_4h",
        "numerator": numerator,
        "denominator": denominator,
        "value": 100 * numerator / denominator if denominator else math.nan,
        "origin": "official statistics",
        "published": pd.NaT,
        "source": "hand",
    }


def series(unit: str, start: str, denominators: Sequence[float], numerators: Sequence[float]) -> pd.DataFrame:
    """Months of one unit, one after another."""
    periods = pd.date_range(start, periods=len(denominators), freq="MS", unit="ms")
    rows = [
        ae_row(unit, period, part, whole)
        for period, part, whole in zip(periods, numerators, denominators, strict=True)
    ]
    return of(rows)


def of(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Give rows as a panel with its types."""
    panel = pd.DataFrame(rows, columns=PANEL)
    return panel.astype({"period": "datetime64[ms]", "published": "datetime64[ms]"})


def months(panel: pd.DataFrame) -> int:
    """Count the months of a panel."""
    return int(panel["period"].nunique())


def number(panel: pd.DataFrame, at: int, column: str) -> float:
    """Give one figure of the panel."""
    return float(panel[column].to_numpy()[at])


def month_of(panel: pd.DataFrame, at: int) -> str:
    """Give the month of a row as `2015-09`."""
    return str(panel["period"].dt.strftime("%Y-%m").iloc[at])
