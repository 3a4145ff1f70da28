"""Who enters: the notebook names what is promised in every world, and the groups are those of the record."""

from __future__ import annotations

import csv
import math
from datetime import date
from statistics import mean, stdev
from typing import TYPE_CHECKING

import nbformat
import pandas as pd
import pytest

from smq.checking.check_results import read_table
from smq.config import load_study
from smq.entry import balance, entrants
from smq.entry.balance import Measure, pair_of, spread_of
from smq.panel import read_panel, trust_pattern
from smq.reference import load_spells
from tests.smq.indicator_cases import PROJECT
from tests.smq.test_indicator_notebooks import cells_of, run

if TYPE_CHECKING:
    from pathlib import Path

    from press.record import Result

START = date(2012, 4, 1)


def compare(folder: Path, spells: Path | None = None) -> entrants.Comparison:
    panel = read_panel(folder / "panel.parquet")
    return entrants.compare(
        panel,
        load_spells(spells or folder / "spells.csv", code_pattern=trust_pattern(panel)),
        read_table(folder / "organisations.csv"),
        read_table(folder / "units.csv"),
        load_study(PROJECT / "config/study.yaml"),
        START,
    )


def named(monkeypatch: pytest.MonkeyPatch, folder: Path, tidy: Path) -> dict[str, Result]:
    tables = {name: tidy / f"{name}.csv" for name in ("spells", "organisations", "units")}
    panel = tidy / "panel.parquet"
    return run(monkeypatch, folder, "compare_characteristics", panel=panel, **tables)


def test_the_demo_names_every_result_and_all_as_simulated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, demo: Path
) -> None:
    found = named(monkeypatch, tmp_path / "run", demo)
    assert set(found) == set(entrants.NAMES)
    assert {result.origin for result in found.values() if result.kind != "absent"} == {"simulated"}
    absent = {name for name, result in found.items() if result.kind == "absent"}
    # Loans and staff are known from 2017 on, and but four acute trusts first enter after that.
    later = {name for name in entrants.NAMES if name.startswith(tuple(entrants.LATER))}
    # Each trust of the list has figures, and none is linked to another.
    assert absent - later == {"earlier_ratings", "linked", "not_compared"}
    apart, by_chance = (found[f"region_{part}"].value for part in ("distance", "chance"))
    assert isinstance(apart, float)
    assert isinstance(by_chance, float)
    assert str(found["region_word"].value).startswith("more unevenly" if apart > by_chance else "no more")
    assert found["ae_4h_difference"].interval is not None
    assert found["pool"].value == "non-specialist acute trusts"
    # The simulated list: 19 spells of 18 trusts.
    assert found["smq_trusts"].value == 18


def test_the_public_world_compares_the_trusts_that_have_figures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, public: Path
) -> None:
    found = named(monkeypatch, tmp_path / "run", public)
    assert set(found) == set(entrants.NAMES)
    assert {result.origin for result in found.values() if result.kind != "absent"} == {"official statistics"}
    absent = {name for name, result in found.items() if result.kind == "absent"}
    # No public file says what trusts do, or counts their staff.
    assert absent == {
        *("type_distance", "type_chance", "type_word", "earlier_ratings"),
        *(f"staff_fte_{part}" for part in ("smq", "never", "difference", "day")),
    }
    # 38 trusts of the list, four of them (ambulance, mental health) without figures; SHMI 33, survey 32.
    assert found["smq_trusts"].value == 38
    assert [row[1] for row in found["not_compared"].rows] == ["RRU", "RYD", "TAH", "RYC"]
    assert found["smq_compared"].value == found["shmi_smq"].denominator == 33
    assert found["survey_work_smq"].denominator == 32
    assert found["pool"].value == "non-specialist acute trusts"


def test_the_shmi_of_both_groups_is_that_of_the_file_by_another_way(public: Path, real_data: Path) -> None:
    path = real_data / "ebmgt-shmi-staff-survey" / "shmi_staff_survey_acute_trusts_2012_2019.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        values = {
            line["ods_code"]: float(line["shmi"])
            for line in csv.DictReader(stream)
            if line["year"] == "2012" and line["shmi"]
        }
    with (PROJECT / "data/reference/smq_spells.csv").open(encoding="utf-8", newline="") as stream:
        regime = {line["ods_code"] for line in csv.DictReader(stream)}
    comparison = compare(public)
    linked = set(comparison.tables["linked"]["code"])
    smq = [value for trust, value in values.items() if trust in regime]
    never = [value for trust, value in values.items() if trust not in regime | linked]
    spread = math.sqrt((stdev(smq) ** 2 + stdev(never) ** 2) / 2)
    pair = comparison.pairs["shmi"]
    assert (pair.smq.known, pair.never.known) == (len(smq), len(never))
    assert pair.smq.level == pytest.approx(mean(smq))
    assert pair.difference.value == pytest.approx((mean(smq) - mean(never)) / spread)


def test_loans_are_named_for_trusts_that_entered_after_them(public: Path) -> None:
    comparison = compare(public)
    later = comparison.tables["later"]
    first = later[(later["when"] == "end of March 2017") & (later["who"] == entrants.AFTER_SNAPSHOT)]
    # First entries from April 2017 on of acute trusts: R1F, RNQ, REF, RM1, RXW.
    assert first["smq_known"].tolist() == [5, 5]
    assert comparison.later["loans"].smq.known == 5


def test_a_list_that_begins_with_the_baseline_year_is_refused(demo: Path) -> None:
    panel = read_panel(demo / "panel.parquet")
    spells = load_spells(demo / "spells.csv", code_pattern=trust_pattern(panel))
    study = load_study(PROJECT / "config/study.yaml")
    tables = [read_table(demo / f"{name}.csv") for name in ("organisations", "units")]
    with pytest.raises(Exception, match="Choose a year that is over before that day"):
        entrants.compare(panel, spells, tables[0], tables[1], study, date(2013, 4, 1))


def test_small_groups_and_missing_values_are_said_not_compared() -> None:
    measure = Measure("beds", "Beds available overnight", "mean", "number", ".0f", "2012", "nothing there")
    groups = pd.Series(["smq"] * 6 + ["never"] * 7, index=[f"R{number:02d}" for number in range(13)])
    values = pd.Series(range(13), index=groups.index, dtype=float)
    full = pair_of(measure, values, groups)
    assert isinstance(full, balance.Pair)
    assert full.word == "lower"
    short = pair_of(measure, values.drop(["R00", "R12"]), groups)
    assert isinstance(short, balance.Pair)
    assert (short.smq.known, short.smq.missing, short.never.known, short.never.missing) == (5, 1, 6, 1)
    assert pair_of(measure, values.drop(["R00", "R01"]), groups) == (
        "beds available overnight (2012): known for 4 trusts of the regime and 7 others; a comparison needs "
        "at least 5 of each"
    )
    assert pair_of(measure, values.iloc[:0], groups) == "nothing there"
    assert (
        pair_of(measure, values * 0, groups)
        == "beds available overnight (2012): no trust differs from any other"
    )
    same = spread_of(measure, values.astype("str") * 0, groups)
    assert same == "beds available overnight: the groups share too few categories"


@pytest.mark.parametrize("name", ["compare_characteristics", "describe_ratings"])
def test_a_notebook_is_clean(name: str) -> None:
    notebook = cells_of(name)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.cells[0].source.startswith("# ")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in code) == 1
