"""Shares by period must be of the same spells where they are compared; who has no chart must be listed."""

from __future__ import annotations

import pandas as pd
import pytest

from smq.control_charts import spc_tables
from tests.smq.spc_cases import described, spells


def counted(*rows: tuple[int, int, int, int, int, int]) -> pd.DataFrame:
    """Spells of (months before, of these concern, months during, concern, months after, concern)."""
    lines = []
    for row in rows:
        line: dict[str, int] = {}
        for period, months, concern in zip(("before", "during", "after"), row[::2], row[1::2], strict=True):
            line |= {period: months, f"{period}_concern": concern, f"{period}_improvement": months - concern}
        lines.append(line)
    return pd.DataFrame(lines)


def test_the_same_spells_stand_in_all_three_rows_that_are_compared() -> None:
    # The second never left, the third lacks a month after exit: only the first has all three periods.
    table = counted((12, 6, 20, 5, 12, 3), (12, 12, 30, 30, 0, 0), (12, 0, 10, 0, 11, 0))
    found = spc_tables.period_table(table, table)
    same = found[found["counted"] == "Same spells"]
    assert same["spells"].tolist() == [1, 1, 1]
    assert same["months"].tolist() == [12, 20, 12]
    assert same["concern"].tolist() == [50, 25, 25]
    everything = found[found["counted"] == "All spells"]
    assert everything["spells"].tolist() == [3, 3, 2]
    assert everything["concern"].tolist() == pytest.approx([50, 100 * 35 / 60, 100 * 3 / 23])


def test_a_spell_must_have_all_periods_in_both_series() -> None:
    table, gaps = counted((12, 6, 20, 5, 12, 3)), counted((11, 6, 20, 5, 12, 3))
    found = spc_tables.period_table(table, gaps)
    assert found["spells"].tolist() == [0, 0, 0, 1, 1, 1]
    assert found["gap_concern"].tolist()[:3] == pytest.approx([float("nan")] * 3, nan_ok=True)


def test_shares_by_hand() -> None:
    periods = described().tables["period_table"]
    # RAA has all three periods, RBB was still in: 12 of 24 months before, 4 of 40 inside.
    assert periods["spells"].tolist() == [1, 1, 1, 2, 2, 1]
    assert periods["months"].tolist() == [12, 13, 12, 24, 40, 12]
    assert periods["concern"].tolist() == pytest.approx([0, 100 / 13, 0, 50, 10, 0])


def test_a_trust_without_a_chart_is_listed_once_with_the_reason() -> None:
    entries = spells(
        ("RXX", "2014-01-01", "2014-06-01"), ("RXX", "2015-01-01", ""), ("RYY", "2013-01-01", "")
    )
    months = pd.Series({"RAA": 48, "RYY": 11, "RWW": 20})
    found = spc_tables.not_charted(entries, months, ["RAA"], "waits")
    assert found[["trust", "entered", "months", "reason"]].to_numpy().tolist() == [
        ["Trust RYY", "January 2013", 11, "fewer than 12 months of figures"],
        ["Trust RXX", "January 2014", 0, "no monthly figures on waits"],
    ]
    enough = spc_tables.not_charted(spells(("RWW", "2013-01-01", "")), months, [], "waits")
    assert enough["reason"].tolist() == ["no figure of England in the same months"]
