"""A small panel of monthly waits and the spells of its trusts, for the tests of control charts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from smq.control_charts.spc_results import Description, describe
from smq.panel import arrange
from tests.smq import panels
from tests.smq.indicator_cases import PROJECT, study

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smq.config import Study

START = "2012-01-01"
CALM = [10.0, 12.0] * 24
"""Four years from January 2012; mean 11, moving ranges 2: limits 5.68 and 16.32."""
RAA = [*CALM[:30], 30.0, *CALM[31:]]
"""Special in July 2014 alone."""
RBB = [*([20.0, 22.0] * 12), *([4.0, 6.0] * 12)]
"""Two years high and two low."""


def waits(shares: Mapping[str, Sequence[float]], start: str = START) -> pd.DataFrame:
    """Months of waits in per cent of a thousand attendances by trust."""
    parts = [
        panels.series(code, start, [1000.0] * len(values), [10 * value for value in values])
        for code, values in shares.items()
    ]
    return arrange(pd.concat(parts, ignore_index=True))


def spells(*entries: tuple[str, str, str]) -> pd.DataFrame:
    """Spells of (code, day of entry, day of exit or nothing)."""
    return pd.DataFrame(
        {
            "trust_name": [f"Trust {code} NHS Trust" for code, _, _ in entries],
            "ods_code": [code for code, _, _ in entries],
            "trust_type": "acute",
            "entered_on": pd.to_datetime([entry for _, entry, _ in entries]),
            "exited_on": pd.to_datetime([leaving or "NaT" for _, _, leaving in entries]),
        }
    )


ENTRIES = spells(("RAA", "2013-07-16", "2014-07-09"), ("RBB", "2013-10-25", ""), ("RXX", "2013-10-25", ""))


@cache
def whole_study() -> Study:
    """The study of the project."""
    return study()


def described(trust: str = "", indicator: str = "ae_4h", **shares: Sequence[float]) -> Description:
    """Describe the two trusts in the regime and one that never was."""
    table = waits({"RAA": RAA, "RBB": RBB, "RZZ": CALM} | shares)
    found = describe(table, ENTRIES, whole_study(), indicator, trust)
    assert isinstance(found, Description)
    return found


__all__ = ["CALM", "ENTRIES", "PROJECT", "RAA", "RBB", "described", "spells", "waits", "whole_study"]
