"""Two sources of one figure must give one row, and keep what the other says; nothing is ever made up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from smq.readers.errors import DataConflictError, DataFolderError
from smq.readers.reading import (
    DROPPED_COLUMNS,
    ROW_COLUMNS,
    TOTALS_COLUMNS,
    StatisticReading,
    frame,
)
from smq.worlds.organisations import SUCCESSOR_COLUMNS, Choice
from smq.worlds.pinned import pinned_files
from smq.worlds.public import assemble

if TYPE_CHECKING:
    from smq.worlds.tidy_folder import TidyData

NO_SUCCESSORS = pd.DataFrame(columns=SUCCESSOR_COLUMNS).astype({"date": "datetime64[s]"})
NO_REGIONS = pd.DataFrame(columns=["code", "name", "region", "status"], dtype="str")


def reading(*rows: dict[str, object]) -> StatisticReading:
    blank = {"name": "", "period_length": "month", "indicator": "ae_4h", "missing": "", "source": "a file"}
    full = [{**blank, "published": pd.NaT, "revised": pd.NaT, **row} for row in rows]
    return StatisticReading(
        frame(full, ROW_COLUMNS), frame([], DROPPED_COLUMNS), frame([], TOTALS_COLUMNS), ()
    )


def waits(code: str, period: str, over: float, of: float, **more: object) -> dict[str, object]:
    return {
        "code": code,
        "period": pd.Timestamp(period),
        "numerator": over,
        "denominator": of,
        "value": 100 * over / of,
        **more,
    }


def put_together(*choices: Choice, **readings: StatisticReading) -> TidyData:
    return assemble(readings, choices, NO_SUCCESSORS, NO_REGIONS)


def test_the_newer_publication_wins_and_the_other_value_is_kept() -> None:
    made = put_together(
        ae_attendances=reading(waits("RAL", "2019-03-01", 30, 100), waits("RDD", "2019-03-01", 5, 50)),
        ae_long=reading(
            waits("RAL", "2019-03-01", 29, 100),
            waits("RDD", "2019-03-01", 5, 50),
            waits("RDD", "2010-11-01", 1, 50),
        ),
    )
    assert made.panel[["unit", "numerator", "source"]].to_numpy().tolist() == [
        ["RAL", 30, "ae_attendances"],
        ["RDD", 1, "ae_long"],
        ["RDD", 5, "ae_attendances"],
    ]
    # The percentage differs because the count does: one line, not two.
    assert made.differences.drop(columns=["period", "reason"]).to_numpy().tolist() == [
        ["RAL", "ae_4h", "numerator", 30, "ae_attendances", 29, "ae_long"]
    ]
    assert "newest publication wins" in made.differences["reason"][0]
    assert made.agreement.to_numpy().tolist() == [["ae_4h", "ae_attendances", "ae_long", 2, 1, 1]]
    assert set(made.panel["origin"]) == {"official statistics"}


def test_a_missing_value_never_displaces_a_known_one() -> None:
    nothing = float("nan")
    made = put_together(
        ae_attendances=reading(waits("RAL", "2019-03-01", nothing, 100, missing="not published (-)")),
        ae_long=reading(waits("RAL", "2019-03-01", 29, 100)),
    )
    assert made.panel["source"].tolist() == ["ae_long"]
    assert made.differences.empty
    assert made.missing.to_numpy().tolist() == [["ae_4h", "value", "-", "not published", 1]]


def test_only_editions_of_a_calendar_year_stand_beside_the_yearly_figures() -> None:
    def shmi(period: str, value: float, **more: object) -> dict[str, object]:
        common = {"code": "RDD", "period": pd.Timestamp(period), "period_length": "year", "indicator": "shmi"}
        return {**common, "value": value, **more}

    made = put_together(
        shmi_editions=reading(
            shmi("2012-01-01", 1.1, numerator=11, denominator=10, published=pd.Timestamp("2013-07-01")),
            shmi("2012-04-01", 1.2, numerator=12, denominator=10, published=pd.Timestamp("2013-10-01")),
        ),
        shmi_staff_survey=reading(shmi("2012-01-01", 1.1), shmi("2013-01-01", 1.0)),
    )
    assert made.panel[["indicator", "value", "source"]].to_numpy().tolist() == [
        ["shmi", 1.1, "shmi_editions"],
        ["shmi", 1.0, "shmi_staff_survey"],
        ["shmi_rolling", 1.1, "shmi_editions"],
        ["shmi_rolling", 1.2, "shmi_editions"],
    ]
    # The deaths behind the ratio are in one source only: that is no difference.
    assert made.differences.empty
    assert made.agreement[["shared", "equal"]].to_numpy().tolist() == [[1, 1]]
    assert made.panel["published"].notna().tolist() == [True, False, True, True]


def test_a_balance_of_the_last_day_stands_in_its_month() -> None:
    row = {
        "code": "RDD",
        "period": pd.Timestamp("2018-03-31"),
        "period_length": "snapshot",
        "indicator": "loans_closing",
        "numerator": 5.0,
        "value": 5.0,
    }
    panel = put_together(loans_2018=reading(row)).panel
    assert panel["period"].tolist() == [pd.Timestamp("2018-03-01")]


def test_two_codes_of_one_unit_at_a_time_are_refused() -> None:
    choice = Choice(code="RJF", unit="RTG", reason="for the test")
    with pytest.raises(DataConflictError, match=r"RJF and RTG both give ae_4h of unit RTG for June 2018"):
        put_together(
            choice,
            ae_long=reading(waits("RJF", "2018-06-01", 1, 10), waits("RTG", "2018-06-01", 1, 10)),
        )


def test_files_that_are_missing_or_changed_say_what_to_run(tmp_path: Path) -> None:
    sources = tmp_path / "sources.yaml"
    # SHA-256 of no bytes at all.
    digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    sources.write_text(
        "".join(f"- {{id: {name}, sha256: {digest}, layout: {name}.csv}}\n" for name in "abc"),
        encoding="utf-8",
    )
    (tmp_path / "b.csv").write_text("changed", encoding="utf-8")
    (tmp_path / "c.csv").touch()
    with pytest.raises(DataFolderError) as caught:
        pinned_files(tmp_path, sources)
    assert str(caught.value).splitlines() == [
        f"{tmp_path}: not there: a.",
        f"{tmp_path}: not the files that {sources} pins: b.",
        "Run: press fetch",
    ]
