"""The notebook `check_data` must name exactly what is promised, in every world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smq.checking.check_results import NAMES
from tests.smq.test_indicator_notebooks import run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from press.record import Result


def check(monkeypatch: pytest.MonkeyPatch, folder: Path, tidy: Path) -> dict[str, Result]:
    tables = ("units", "differences", "agreement", "dropped", "totals", "sources", "spells")
    return run(
        monkeypatch,
        folder,
        "check_data",
        panel=tidy / "panel.parquet",
        missing=tidy / "missing_values.csv",
        **{name: tidy / f"{name}.csv" for name in tables},
    )


def test_the_demo_names_every_result_and_what_it_lacks_as_absent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, demo: Path
) -> None:
    results = check(monkeypatch, tmp_path / "run", demo)
    assert set(results) == set(NAMES)
    assert {result.origin for result in results.values() if result.kind != "absent"} == {"simulated"}
    absent = {name for name, result in results.items() if result.kind == "absent"}
    assert {"agreement_share", "survivors_before", "pilot_trusts", "england_printed"} <= absent
    assert results["rows"].kind == "number"
    assert "Simulated" not in results["coverage"].caption


def test_the_public_world_shows_what_its_sources_are_known_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, public: Path
) -> None:
    results = check(monkeypatch, tmp_path / "run", public)
    assert set(results) == set(NAMES)
    assert not [name for name, result in results.items() if result.kind == "absent"]
    # The README of the two sources: all but Royal Free in March 2019 agree, 99.98%.
    assert (results["agreement_shared"].value, results["agreement_equal"].value) == (4568, 4567)
    assert results["agreement_share"].display == "99.98"
    assert results["pilot_trusts"].value == 14
    # In December 2021 every name is in the file: what is left of the difference to England is nothing.
    assert results["england_last_month"].value == "December 2021"
    assert results["england_rest"].value == 0
    assert results["months_lost_list"].value == (
        "September 2019, October 2019, November 2019 and November 2021"
    )
    before, after = (float(results[name].display) for name in ("survivors_before", "survivors_after"))
    assert before < 65 < 85 < after


def test_a_folder_of_real_files_shows_what_its_sources_are_known_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, real: Path
) -> None:
    results = check(monkeypatch, tmp_path / "run", real)
    assert set(results) == set(NAMES)
    assert not [name for name, result in results.items() if result.kind == "absent"]
    # The README of the two A&E sources: 5,198 shared trust-months, 99.98% the same to the unit.
    assert (results["agreement_shared"].value, results["agreement_equal"].value) == (5198, 5197)
    assert results["agreement_share"].display == "99.98"
    # The same README: 14 pilot trusts; November 2021 is missing, February 2019 is in the second source.
    assert results["pilot_trusts"].value == 14
    assert results["months_lost_list"].value == "November 2021"
    # 57% of England's attendances in 2011-12.
    assert (results["survivors_first_year"].value, results["survivors_first_share"].display) == (
        "2011-12",
        "57",
    )
    assert (results["england_last_month"].value, results["england_rest"].value) == ("December 2021", 0)
    # Readers of the report are told titles, not names of files.
    assert not [cell for row in results["agreement"].rows for cell in row if ".csv" in cell]
    shares = {row[0]: row[-1] for row in results["survivors"].rows}
    published = {"2012-13": "64", "2013-14": "68", "2014-15": "74", "2015-16": "78", "2016-17": "91"}
    assert shares.items() >= published.items()
