"""The figures published with the list of spells, at all six cut-offs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smq import reference
from smq.spells import cutoffs

if TYPE_CHECKING:
    import pandas as pd

SPELLS = Path(__file__).parents[3] / "data" / "reference" / "smq_spells.csv"

# Cut-off, spells, trusts, exits, open; out by 12 months and %, by 18, by 24 and %, of eligible; by 36 and %;
# Kaplan-Meier median; still in at 24 months; mean of completed.
PUBLISHED = [
    ("31 May 2017", 35, 33, 19, 16, 5, 14.3, 7, 11, 31.4, 52.4, 15, 42.9, 24.7, 0.532, 23.5),
    ("30 September 2018", 39, 35, 24, 15, 5, 12.8, 8, 12, 30.8, 41.4, 19, 48.7, 28.0, 0.628, 25.1),
    ("31 December 2019", 40, 36, 30, 10, 5, 12.5, 8, 12, 30.0, 32.4, 22, 55.0, 28.7, 0.677, 27.2),
    ("31 December 2020", 42, 38, 33, 9, 5, 11.9, 8, 13, 31.0, 32.5, 24, 57.1, 29.8, 0.667, 28.1),
    ("13 July 2021", 42, 38, 33, 9, 5, 11.9, 8, 13, 31.0, 32.5, 24, 57.1, 29.8, 0.669, 28.1),
    ("31 December 2020", 38, 38, 33, 5, 5, 13.2, 8, 13, 34.2, 36.1, 24, 63.2, 28.0, 0.629, 28.1),
]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    spells = reference.load_spells(SPELLS)
    return cutoffs.by_cutoff(spells, cutoffs.CUTOFFS, date(2020, 12, 31))


@pytest.mark.parametrize("place", range(len(PUBLISHED)), ids=[f"{row[0]}, {row[1]}" for row in PUBLISHED])
def test_every_figure_published_with_the_list_comes_out(table: pd.DataFrame, place: int) -> None:
    row = table.iloc[place]
    found = (
        *(row[name] for name in ("cutoff", "spells", "trusts", "exits", "not_left", "within_12m")),
        round(row["share_12m"], 1),
        row["within_18m"],
        row["within_24m"],
        round(row["share_24m"], 1),
        round(row["all_exits_24m"], 1),
        row["within_36m"],
        round(row["share_36m"], 1),
        round(row["median_months"], 1),
        round(row["still_in_24m"] / 100, 3),
        round(row["mean_completed_months"], 1),
    )
    assert found == PUBLISHED[place]


def test_the_last_row_says_that_it_counts_first_spells(table: pd.DataFrame) -> None:
    assert table["counted"].tolist() == ["all spells"] * 5 + ["first spells"]


def test_what_an_early_cutoff_cannot_know_is_empty() -> None:
    spells = reference.load_spells(SPELLS)
    early = cutoffs.by_cutoff(spells, [date(2013, 12, 31)], date(2013, 12, 31))
    assert early[["all_exits_24m", "median_months", "mean_completed_months"]].isna().all(axis=None)
