"""The demonstration world must be reproducible, plainly fictional, and give back its planted effect."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from smq.indicator import Description, describe
from smq.mappings import load_mappings
from smq.panel import TRUST_CODE
from smq.readers.mapped_csv import read_mapped_csv
from smq.reference import load_spells
from smq.simulate import EFFECT_POINTS, MONTHS, SEED, Simulation, planted_change, simulate
from tests.smq.indicator_cases import study


@pytest.fixture(scope="module")
def demo() -> Simulation:
    return simulate()


def described(folder: Path, simulation: Simulation) -> Description:
    for name, content in simulation.files().items():
        (folder / name).write_bytes(content)
    mapping = load_mappings(folder / "mappings.yaml").files[0]
    panel = read_mapped_csv(folder / mapping.file, mapping).panel
    record = load_spells(folder / "spells.csv", code_pattern=TRUST_CODE["simulated"])
    found = describe(panel, record, study(96, 3000), "ae_4h", 24)
    assert isinstance(found, Description)
    return found


def test_the_same_seed_gives_the_same_bytes(demo: Simulation) -> None:
    assert simulate(SEED).files() == demo.files()
    assert simulate(SEED + 1).files()["ae.csv"] != demo.files()["ae.csv"]


def test_no_row_can_be_taken_for_a_real_trust(demo: Simulation) -> None:
    for table, code in ((demo.ae, "trust_code"), (demo.spells, "ods_code")):
        assert table[code].str.fullmatch(r"ZZ[0-9]{2}").all()
        assert table["trust_name"].str.fullmatch(r"Fictional Trust [0-9]{2} \(simulated\)").all()
    assert (demo.ae["origin"] == "simulated").all()


def test_shape(demo: Simulation) -> None:
    assert demo.ae["trust_code"].nunique() == 60
    assert (MONTHS[0], MONTHS[-1], len(MONTHS)) == (
        pd.Timestamp("2010-11-01"),
        pd.Timestamp("2020-12-01"),
        122,
    )
    assert len(demo.spells) == 16
    assert demo.spells["re_entered"].value_counts().to_dict() == {"no": 12, "yes": 2, "re-entry": 2}
    assert demo.spells["ended"].value_counts().to_dict() == {"left": 11, "open": 4, "merged": 1}
    assert set(demo.ae.loc[~demo.ae["over_four_hours"].str.isdigit(), "over_four_hours"]) == {
        "",
        "-",
        "*",
        "N/A",
    }


def test_a_merged_trust_stops_reporting(demo: Simulation) -> None:
    merged = demo.spells[demo.spells["ended"] == "merged"].iloc[0]
    last = demo.ae.loc[demo.ae["trust_code"] == merged["ods_code"], "month"].max()
    assert last < merged["exited_on"] < str(MONTHS[-1])


def test_the_planted_change_by_hand() -> None:
    # Steps 1/12 … 12/12 sum to 6.5; twelve more months at the full effect: 18.5 / 24 of it.
    assert planted_change(24, 3) == pytest.approx(-3 * 18.5 / 24)
    assert planted_change(2, 12) == pytest.approx(-1.5)


@pytest.mark.parametrize("seed", [SEED, 1, 2])
def test_the_planted_effect_is_recovered(tmp_path: Path, seed: int) -> None:
    planted = simulate(seed)
    without = simulate(seed, effect_points=0)
    pd.testing.assert_frame_equal(planted.spells, without.spells)
    with_effect, no_effect = (described(tmp_path, world) for world in (planted, without))
    moved = with_effect.numbers["difference"].value - no_effect.numbers["difference"].value
    assert moved == pytest.approx(planted_change(24), abs=0.15)
    low, high = with_effect.estimates["difference"].interval
    assert low < planted_change(24) < high


def test_trusts_enter_after_a_bad_run(tmp_path: Path, demo: Simulation) -> None:
    found = described(tmp_path, demo)
    table = found.gap_table.set_index("period")["gap"]
    assert table["Months 12 to 1 before"] > table["Months 24 to 13 before"] + 1
    assert found.estimates["gap_before"].interval[0] > 0
    assert EFFECT_POINTS == 3.0
