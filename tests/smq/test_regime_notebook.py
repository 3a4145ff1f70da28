"""The notebook `describe_regime` must name exactly what is promised, at any cut-off."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from smq.spells.regime_results import NAMES
from tests.smq.test_indicator_notebooks import run

if TYPE_CHECKING:
    from pathlib import Path

    from press.record import Result


@pytest.fixture(scope="module")
def monkeypatch_module() -> object:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def named(
    monkeypatch_module: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Result]:
    return run(monkeypatch_module, tmp_path_factory.mktemp("regime") / "run", "describe_regime")


def test_every_name_is_there_and_none_is_absent_at_the_cutoff_of_the_study(named: dict[str, Result]) -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert set(named) == set(NAMES)
    assert [name for name, result in named.items() if result.kind == "absent"] == []


def test_the_record_is_public_and_the_published_share_is_marked_as_published(
    named: dict[str, Result],
) -> None:
    assert {result.origin for result in named.values()} == {"public record", "published"}
    assert [name for name, result in named.items() if result.origin == "published"] == ["published_24m_share"]


def test_values_published_with_the_list_come_out(named: dict[str, Result]) -> None:
    assert (named["spells"].value, named["trusts"].value, named["exits"].value) == (42, 38, 33)
    assert named["median_months"].display == "29.8"
    assert (named["came_back"].value, named["came_back"].denominator) == (4, 33)
    assert len(named["by_cutoff"].rows) == 6
    assert named["published_24m_share"].display == "15.8"
    assert named["definitions_24m_matching"].value == 0
    assert (named["definitions_apart_from_days"].value, named["definitions"].value) == (52, 260)
    matching = named["definitions_matching"], named["definitions_matching_apart_from_days"]
    assert [result.value for result in matching] == [2, 1]
    assert ("Good", "7") in named["ratings_at_exit"].rows


def test_counts_of_the_comparison_add_up(named: dict[str, Result]) -> None:
    parts = ("counts_agree", "counts_agree_by_definition", "counts_differ")
    assert sum(int(named[part].display) for part in parts) == int(named["counts_compared"].display)
    # All that can be compared, and the published share.
    assert len(named["reconciliation"].rows) == int(named["counts_compared"].display) + 1


def test_an_early_cutoff_names_what_it_cannot_know_as_absent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    early = date(2013, 12, 31)
    named = run(monkeypatch, tmp_path / "run", "describe_regime", cutoff=early, cutoffs=[early])
    assert set(named) == set(NAMES)
    absent = {name for name, result in named.items() if result.kind == "absent"}
    assert {"median_months", "re_entry", "came_back", "first_and_repeat", "still_in_24m"} <= absent
    assert "ratings_at_exit" in absent
    assert all(named[name].reason for name in absent)
