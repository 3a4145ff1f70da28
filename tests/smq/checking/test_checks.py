"""The report quotes these results: each must be there or absent, and say what the tables say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from smq.checking.check_results import NAMES, Checks, Inputs, read_table
from smq.checking.checks import check_data
from smq.config import load_study
from smq.readers.errors import DataFolderError
from smq.worlds.tidy_folder import DIFFERENCE_COLUMNS, MISSING_COLUMNS, TidyData
from tests.smq.checking.test_coverage import england, pilot_panel
from tests.smq.indicator_cases import PROJECT
from tests.smq.panels import series

if TYPE_CHECKING:
    from pathlib import Path


def inputs(panel: pd.DataFrame, **tables: pd.DataFrame) -> Inputs:
    """A world whose tables are empty but for those given."""
    empty = TidyData(panel=panel, units=_units(panel), missing=pd.DataFrame(columns=MISSING_COLUMNS))
    given = {
        "units": empty.units,
        "differences": empty.differences,
        "agreement": empty.agreement,
        "dropped": empty.dropped,
        "totals": empty.totals,
        "missing": empty.missing,
        "sources": empty.sources,
        "spells": pd.DataFrame({"ods_code": ["RNO"], "entered_on": ["2019-06-01"]}),
    }
    return Inputs(panel=panel, **(given | tables))


def _units(panel: pd.DataFrame) -> pd.DataFrame:
    codes = sorted(panel["unit"].unique())
    units = pd.DataFrame({"code": codes, "name": codes, "unit": codes})
    return units.assign(first_period="", last_period="", reason="the code is a unit of its own")


def checked(panel: pd.DataFrame, **tables: pd.DataFrame) -> Checks:
    return check_data(inputs(panel, **tables), load_study(PROJECT / "config/study.yaml"))


def names_of(found: Checks) -> list[str]:
    return sorted([*found.numbers, *found.texts, *found.tables, *found.absent, "coverage"])


def test_every_result_is_there_or_absent_with_a_reason() -> None:
    bare = checked(series("RAA", "2015-01-01", [100] * 5, [1] * 5))
    assert names_of(bare) == sorted(NAMES)
    assert all(bare.absent.values())
    full = checked(
        pilot_panel(),
        totals=pd.concat([england("2019-04", 4000, 330, 300), england("2019-05", 4000, 1230, 200)]),
    )
    assert names_of(full) == sorted(NAMES)
    assert bare.absent["england_printed"].startswith("no data file prints totals of England")
    assert full.numbers["england_printed"].value == pytest.approx(30.75)
    assert full.numbers["england_rest"].value == 30
    assert full.numbers["pilot_trusts"].value == 2


def test_agreement_counts_waits_alone_and_quotes_the_share() -> None:
    agreement = pd.DataFrame(
        [("ae_4h", "a", "b", 4568, 4567, 1), ("shmi", "c", "d", 142, 142, 0)],
        columns=["indicator", "source_used", "source_other", "shared", "equal", "different"],
    )
    found = checked(series("RAA", "2015-01-01", [100] * 5, [1] * 5), agreement=agreement)
    assert found.numbers["agreement_equal"].value == 4567
    assert found.numbers["agreement_equal"].denominator == 4568
    assert f"{found.numbers['agreement_share'].value:.2f}" == "99.98"
    assert len(found.tables["agreement"].data) == 2


def test_what_was_left_out_and_what_totals_said_is_counted() -> None:
    dropped = pd.DataFrame(
        {
            "file": ["a", "a"],
            "row": [1, 2],
            "code": ["", ""],
            "name": ["x", "England"],
            "reason": ["no code is known for this name; 3 months with figures", "England's total"],
        }
    )
    found = checked(
        series("RAA", "2019-01-01", [100] * 5, [1] * 5), dropped=dropped, totals=england("2019-01", 100, 1, 1)
    )
    assert found.numbers["dropped_rows"].value == 2
    assert found.numbers["unmatched_names"].value == 1
    assert (found.numbers["totals_equal"].value, found.numbers["totals_explained"].value) == (1, 1)


def test_tables_give_titles_of_sources_and_not_their_ids() -> None:
    sources = pd.DataFrame(
        [
            ("a", "waits.csv", "Waits in A&E", ""),
            ("b", "b.csv", "", ""),
            ("c", "more waits.csv", "Waits in A&E", ""),
        ],
        columns=["source", "file", "title", "licence"],
    )
    differences = pd.DataFrame(
        [("RAA", "2019-03-01", "ae_4h", "numerator", 30, "a", 29, "b", "the newest is used")],
        columns=DIFFERENCE_COLUMNS,
    )
    agreement = pd.DataFrame(
        [("ae_4h", "a", "b", 2, 2, 0)],
        columns=["indicator", "source_used", "source_other", "shared", "equal", "different"],
    )
    dropped = pd.DataFrame(
        [("waits.csv", 2, "", "x", "no code is known for this name")] * 2
        + [("more waits.csv", 2, "RAA", "x", "a total, compared with the sum of its rows")]
        + [("waits.csv", 9, "RAA", "x", "a total, compared with the sum of its rows")]
        + [("other.csv", 3, "", "y", "a total, compared with the sum of its rows")],
        columns=["file", "row", "code", "name", "reason"],
    )
    found = checked(
        series("RAA", "2015-01-01", [100] * 5, [1] * 5),
        sources=sources,
        agreement=agreement,
        dropped=dropped,
        differences=differences,
    )
    apart = found.tables["differences"]
    assert apart.data[["period", "source_used"]].to_numpy().tolist() == [["March 2019", "Waits in A&E"]]
    assert apart.notes == ("The newest is used.",)
    shown = found.tables["agreement"].data.iloc[0]
    # A source without a title, and a file that no source names, keep their own name.
    assert (shown["source_used"], shown["source_other"]) == ("Waits in A&E", "b")
    # Files of one source are counted together.
    assert found.tables["dropped"].data.to_numpy().tolist() == [
        ["Waits in A&E", "a total, compared with the sum of its rows", 2],
        ["Waits in A&E", "no code is known for this name", 2],
        ["other.csv", "a total, compared with the sum of its rows", 1],
    ]
    # Two rows of one name are one name.
    assert found.numbers["unmatched_names"].value == 1


def test_codes_that_were_decided_about_are_listed() -> None:
    panel = series("RAA", "2015-01-01", [100] * 5, [1] * 5)
    units = pd.DataFrame(
        {
            "code": ["RAA", "5QT"],
            "name": ["A", "B"],
            "unit": ["RAA", "RAA"],
            "reason": ["the code is a unit of its own; merged into RZZ", "the same hospital"],
        }
    )
    found = checked(panel, units=units)
    assert found.numbers["codes_decided"].value == 1
    assert found.tables["decided_codes"].data["code"].tolist() == ["5QT"]


def test_one_simulated_row_makes_all_of_it_simulated() -> None:
    panel = series("RAA", "2015-01-01", [100] * 5, [1] * 5)
    assert checked(panel).origin == "official statistics"
    mixed = panel.copy()
    mixed.loc[2, "origin"] = "simulated"
    assert checked(mixed).origin == "simulated"


def test_a_table_that_is_no_table_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    for name in ("empty.csv", "missing.csv"):
        with pytest.raises(DataFolderError, match=name):
            read_table(tmp_path / name)


def test_marks_and_names_that_look_like_missing_values_stay_text(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("code,name,printed\nNA,N/A,\n-,NULL,3\n", encoding="utf-8")
    table = read_table(tmp_path / "t.csv")
    assert table["code"].tolist() == ["NA", "-"]
    assert table["name"].tolist() == ["N/A", "NULL"]
    assert table["printed"].tolist()[1] == 3.0
