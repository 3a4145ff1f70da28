"""No trust of the simulated world may be taken for a real one, whatever the size of the world."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smq.panel import TRUST_CODE
from smq.readers.reading import is_code
from smq.reference import REGIME_END
from smq.simulation.record_files import spell_table, successor_table
from smq.simulation.trusts import KINDS, MOST, NEVER, Trusts, code_of, make_trusts
from smq.simulation.world import World, simulate
from smq.worlds.organisations import foundation
from tests.smq.simulation.readings import default_world

NOT_KNOWN = {"ZZ201", "ZZ203", "ZZ888", "ZZ999"}
"""Codes of national data sets for "not known" and the like (NHS Data Dictionary, default codes)."""


@pytest.fixture(scope="module")
def largest() -> Trusts:
    return make_trusts(MOST, 1)


@pytest.mark.parametrize("trusts", [10, 99, 100, 160, 5_000])
def test_codes_are_fictional_and_well_formed(trusts: int) -> None:
    codes = [code_of(place, trusts) for place in range(trusts)]
    assert len(set(codes)) == trusts
    assert codes == sorted(codes)
    assert all(is_code(code) and re.fullmatch(TRUST_CODE["simulated"], code) for code in codes)
    assert not any(re.fullmatch(TRUST_CODE["official statistics"], code) for code in codes)
    assert not NOT_KNOWN & set(codes)


def test_codes_of_sites_that_are_not_known_are_no_codes_of_trusts() -> None:
    assert not any(re.fullmatch(TRUST_CODE["simulated"], code) for code in NOT_KNOWN)


def test_no_code_or_name_is_a_real_one(project: Path, largest: Trusts) -> None:
    codes, names = set(), set()
    for path in sorted((project / "data" / "reference").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                codes |= {row.get("ods_code", "")}
                names |= {row.get("name", "").casefold(), row.get("trust_name", "").casefold()}
    assert {"RDD", "RXQ"} <= codes
    assert len(names) > 100
    assert not codes & set(largest.codes)
    assert not names & {name.casefold() for name in largest.names}
    assert all("(simulated)" in name and name.startswith("Fictional ") for name in largest.names)


def test_no_code_or_name_is_in_the_lists_of_the_organisation_data_service(
    real_data: Path, largest: Trusts
) -> None:
    words = set()
    for folder in ("geographr-ods", "ods-etr-2018", "trust-types-2022", "hf-trust-stp-2017"):
        for path in sorted((real_data / folder).glob("*.csv")):
            table = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
            words |= {word.casefold() for column in table for word in table[column].unique()}
    assert {"rdd", "rxq"} <= words
    assert not words & {word.casefold() for word in (*largest.codes, *largest.names)}


@pytest.mark.parametrize("trusts", [9, 5_001, 0])
def test_a_size_that_no_world_has_is_refused(trusts: int) -> None:
    with pytest.raises(ValueError, match="between 10 and 5,000"):
        make_trusts(trusts, 1)


def test_kinds_have_their_shares(largest: Trusts) -> None:
    for kind, share in KINDS.items():
        assert largest.kinds.count(kind) == pytest.approx(share * MOST, abs=3)


def test_names_tell_foundation_trusts(largest: Trusts) -> None:
    told = [foundation(name) for name in largest.names]
    assert set(told) == {"yes", "no"}
    assert told.count("yes") / MOST == pytest.approx(0.62, abs=0.03)


@pytest.mark.parametrize("trusts", [10, 60, 160])
def test_a_merged_trust_is_taken_over_by_one_that_is_there(trusts: int) -> None:
    world = simulate(trusts, 3)
    for old in np.flatnonzero(world.trusts.dissolved != NEVER):
        new = world.trusts.successors[old]
        assert new >= 0
        assert new != old
        assert world.trusts.dissolved[new] > world.trusts.dissolved[old]
        for figures in world.figures.values():
            if figures.reported.shape[1] == NEVER:
                assert not figures.reported[old, world.trusts.dissolved[old] :].any()
    table = successor_table(world)
    assert len(table) == int((world.trusts.dissolved != NEVER).sum())


def test_no_day_of_the_record_is_that_of_a_real_spell(project: Path) -> None:
    real = pd.read_csv(project / "data" / "reference" / "smq_spells.csv", dtype=str)
    made = spell_table(default_world())
    assert not set(made["entered_on"]) & set(real["entered_on"])
    pairs = set(zip(real["entered_on"], real["exited_on"], strict=True))
    assert not pairs & set(zip(made["entered_on"], made["exited_on"], strict=True))
    assert max(made["entered_on"]) < REGIME_END.isoformat()


def test_the_smallest_world_is_whole() -> None:
    world: World = simulate(10, 1)
    assert len(world.trusts) == 10
    assert world.spells
    assert all(figures.reported.any() for figures in world.figures.values())
