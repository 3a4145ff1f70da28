"""A study of many worlds must see the figures that a build reads from the files of the same world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from smq.panel import read_panel
from smq.reference import load_spells
from smq.simulation.panel import panel_of, spells_of
from smq.simulation.world import simulate

if TYPE_CHECKING:
    from pathlib import Path

KEY = ["indicator", "unit", "period"]


def test_the_panel_without_files_is_the_one_that_is_read_from_them(demo: Path) -> None:
    direct, read = panel_of(simulate(100, 11)), read_panel(demo / "panel.parquet")
    read = read[read["indicator"].isin(direct["indicator"]) & read["value"].notna()]
    both = direct.merge(read, on=KEY, suffixes=("", "_read"))
    # A thousandth of the waits is marked and not given; everything else is there, and nothing more.
    assert len(both) == len(read)
    assert len(both) >= 0.998 * len(direct)
    assert (both["period_length"] == both["period_length_read"]).all()
    spread = both.groupby("indicator")["value"].transform("std")
    assert (np.abs(both["value"] - both["value_read"]) <= 0.02 * spread).all()


def test_the_spells_without_a_file_are_the_ones_that_are_read(demo: Path) -> None:
    direct, read = spells_of(simulate(100, 11)), load_spells(demo / "spells.csv", code_pattern="ZZ[0-9]{4}")
    for column in ("ods_code", "entered_on", "exited_on", "ended", "re_entered"):
        assert direct[column].tolist() == read[column].tolist() or direct[column].equals(
            read[column].astype(direct[column].dtype)
        )
