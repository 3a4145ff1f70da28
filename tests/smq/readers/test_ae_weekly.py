"""The weekly report must give the published week to the unit, whatever happened to its columns and rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smq.readers.ae_weekly import read_ae_weekly
from smq.readers.errors import DataFileError
from tests.smq.readers import ae_cases

ON_FILES = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SAMPLE = "ae-weekly-sitrep-by-provider-week-ending-2010-11-07.xls"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("weekly") / "good.xlsx"
    return read_ae_weekly(ae_cases.write(path, sheets(ae_cases.weekly()))).rows


def sheets(rows: ae_cases.Rows) -> dict[str, ae_cases.Rows]:
    return {"Notes": [["A&E Data"]], "A&E Data": rows}


def test_the_first_week_of_the_series_agrees_with_its_own_totals(raw_samples: Path) -> None:
    reading = read_ae_weekly(raw_samples / SAMPLE)
    rows = reading.rows
    england = rows.groupby("indicator")[["denominator", "numerator"]].sum()
    assert england["denominator"].to_dict() == {
        "ae_4h": 391495,
        "ae_4h_type1": 267142,
        "ae_4h_type2": 12806,
        "ae_4h_other": 111547,
    }
    assert england["numerator"].to_dict() == {
        "ae_4h": 11952,
        "ae_4h_type1": 11827,
        "ae_4h_type2": 40,
        "ae_4h_other": 85,
    }
    # The file prints England's share within four hours: 0.969470874468384.
    within = 1 - england["numerator"]["ae_4h"] / england["denominator"]["ae_4h"]
    assert within == pytest.approx(0.969470874468384, abs=1e-12)
    assert (reading.totals["difference"] == 0).all()
    assert set(reading.totals["total"]) == {"England (A&E Data)", "England (Acute mapped)"}
    assert len(reading.totals) == 14
    assert reading.log[0] == "sheet 'A&E Data': header found in row 16"
    assert set(rows["period"]) == {pd.Timestamp(2010, 11, 1)}
    assert set(rows["published"]) == {pd.Timestamp(2010, 12, 10)}
    assert set(rows["revised"]) == {pd.Timestamp(2011, 4, 1)}


def test_an_organisation_that_did_not_submit_is_neither_zero_nor_lost(raw_samples: Path) -> None:
    rows = read_ae_weekly(raw_samples / SAMPLE).rows.set_index(["code", "indicator"])
    absent = rows.loc["Y01256"]
    assert absent["numerator"].isna().all()
    assert set(absent["missing"]) == {"not submitted or not applicable (-)"}
    assert rows["denominator"]["5J9", "ae_4h_type1"] == 0
    assert pd.isna(rows["value"]["5J9", "ae_4h_type1"])
    assert rows["missing"]["5J9", "ae_4h_type1"] == "no attendances (0)"


def test_a_made_week_is_read(tmp_path: Path) -> None:
    reading = read_ae_weekly(ae_cases.write(tmp_path / "week.xlsx", sheets(ae_cases.weekly())))
    rows = reading.rows.set_index(["code", "indicator"])
    assert (rows["numerator"]["RLN", "ae_4h"], rows["denominator"]["RLN", "ae_4h"]) == (125, 2206)
    assert rows["value"]["RLN", "ae_4h"] == pytest.approx(100 * 125 / 2206)
    assert reading.dropped["row"].tolist() == [11, 18, 19]


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        (12, 4, 1232, "the types sum to 2,207, not to this total"),
        (12, 8, 110, "the share within four hours is not that of its counts"),
        (12, 8, 5000, "more waits over four hours than attendances"),
        (10, 4, 3508, "is not the sum of its rows (3,507)"),
        (
            12,
            4,
            "many",
            "sheet 'A&E Data', row 13, column 'attendances ae_4h_type1', value 'many': not a number",
        ),
        (12, 4, -1, "a negative number"),
        (12, 2, "rln", "not a well-formed ODS code"),
        (13, 2, "RLN", "a second row for ae_4h (the first is row 13)"),
        (3, 2, "November 2010", "it does not name its period"),
        (9, 4, "Type 1", "there is no such column under 'A&E attendances'"),
        (10, 2, None, "England's row (code '-') is missing"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, row: int, column: int, value: object, said: str) -> None:
    rows = ae_cases.weekly()
    rows[row][column] = value
    with pytest.raises(DataFileError) as caught:
        read_ae_weekly(ae_cases.write(tmp_path / "week.xlsx", sheets(rows)))
    assert said in str(caught.value)


def test_a_sheet_under_the_name_of_another_is_refused(tmp_path: Path) -> None:
    swapped: dict[str, ae_cases.Rows] = {"A&E Data": [["Notes"]], "Acute mapped": ae_cases.weekly()}
    with pytest.raises(DataFileError, match="no row holds the column names"):
        read_ae_weekly(ae_cases.write(tmp_path / "week.xlsx", swapped))


@ON_FILES
@given(rows=ae_cases.damaged(ae_cases.weekly()))
def test_damage_changes_nothing_or_is_refused(
    good: pd.DataFrame, tmp_path: Path, rows: ae_cases.Rows
) -> None:
    ae_cases.same_or_refused(read_ae_weekly, ae_cases.write(tmp_path / "bad.xlsx", sheets(rows)), good)


@ON_FILES
@given(seed=st.integers(0, 10_000), cut=st.booleans())
def test_bytes_changed_in_a_real_workbook_never_end_in_a_traceback(
    raw_samples: Path, tmp_path: Path, seed: int, cut: bool
) -> None:
    path = tmp_path / "hurt.xls"
    path.write_bytes(ae_cases.hurt((raw_samples / SAMPLE).read_bytes(), seed, cut=cut))
    ae_cases.read_or_refused(read_ae_weekly, path)
