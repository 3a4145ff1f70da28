"""The CSV era: booked appointments count, the total row does not, and damage is seen."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smq.readers.ae_csv import read_ae_csv
from smq.readers.errors import DataFileError
from tests.smq.readers import ae_cases

ON_FILES = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ATTENDED = ["A&E attendances Type 1", "A&E attendances Type 2", "A&E attendances Other A&E Department"]
WAITED = [
    "Attendances over 4hrs Type 1",
    "Attendances over 4hrs Type 2",
    "Attendances over 4hrs Other Department",
]
BOOKED = [
    "A&E attendances Booked Appointments Type 1",
    "A&E attendances Booked Appointments Type 2",
    "A&E attendances Booked Appointments Other Department",
    "Attendances over 4hrs Booked Appointments Type 1",
    "Attendances over 4hrs Booked Appointments Type 2",
    "Attendances over 4hrs Booked Appointments Other Department",
]
MONTH = "MSitAE-SEPTEMBER-2024"
GOOD: list[list[object]] = [
    ["Period", "Org Code", "Parent Org", "Org name", *ATTENDED, *WAITED, *BOOKED, "", "a"],
    [MONTH, "RAS", "LONDON", "HILLINGDON", 6077, 0, 6253, 3644, 0, 177, 10, 0, 5, 2, 0, 1, "", ""],
    [MONTH, "RW1", "SOUTH EAST", "SOUTHERN HEALTH", 0, 0, 2834, 0, 0, 50, 0, 0, 0, 0, 0, 0, "", ""],
    ["Total", "Total ", "Total", "Total", 6077, 0, 9087, 3644, 0, 227, 10, 0, 5, 2, 0, 1, "", ""],
]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return read_ae_csv(write(tmp_path_factory.mktemp("csv") / "good.csv", GOOD)).rows


def write(path: Path, rows: list[list[object]], encoding: str = "utf-8", newline: str = "\n") -> Path:
    text = io.StringIO()
    csv.writer(text, lineterminator=newline).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def test_september_2024_agrees_with_its_total_row(raw_samples: Path) -> None:
    reading = read_ae_csv(raw_samples / "ae-monthly-2024-09.csv")
    all_types = reading.rows[reading.rows["indicator"] == "ae_4h"]
    # The printed total row: 1,335,923 + 47,946 + 757,108 and, booked, 28,559 + 588 + 44,093.
    assert all_types["denominator"].sum() == 2_214_217
    assert all_types["numerator"].sum() == 541162 + 2160 + 19757 + 7360 + 13 + 436
    assert (reading.totals["difference"] == 0).all()
    assert len(reading.totals) == 12
    assert len(all_types) == 197
    assert set(all_types["period"]) == {pd.Timestamp(2024, 9, 1)}
    assert reading.dropped[["row", "code"]].to_numpy().tolist() == [[199, "Total"]]


def test_booked_appointments_count(tmp_path: Path) -> None:
    rows = read_ae_csv(write(tmp_path / "ae.csv", GOOD)).rows.set_index(["code", "indicator"])
    assert rows["denominator"]["RAS", "ae_4h_type1"] == 6087
    assert rows["numerator"]["RAS", "ae_4h"] == 3644 + 177 + 3
    assert rows["missing"]["RW1", "ae_4h_type1"] == "no attendances (0)"


def test_the_names_used_before_september_2020_are_known(tmp_path: Path) -> None:
    old = [[cell for place, cell in enumerate(row) if not 10 <= place <= 15] for row in GOOD]
    old[0][4:7] = [f"Number of {name}" for name in ATTENDED]
    old[0][7:10] = [f"Number of {name[0].lower()}{name[1:]}" for name in WAITED]
    rows = read_ae_csv(write(tmp_path / "ae.csv", old)).rows.set_index(["code", "indicator"])
    assert rows["denominator"]["RAS", "ae_4h_type1"] == 6077


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        (1, 4, 6078, "the total 'Total' is not the sum of its rows (6,078)"),
        (1, 4, "6O77", "line 2, column 'a&e attendances type 1', value '6O77': not a number"),
        (1, 0, "September", "line 2, column 'Period', value 'September': not a month"),
        (1, 1, "ras", "not a well-formed ODS code"),
        (2, 1, "RAS", "a second row for ae_4h_type1 (the first is row 2)"),
        (3, 1, "RZZ", "the row 'Total' is missing"),
        (0, 4, "Type 1", "there is no such column"),
        (0, 10, "Booked", "there is no such column"),
        (1, 7, 7000, "more waits over four hours than attendances"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, row: int, column: int, value: object, said: str) -> None:
    rows = [list(cells) for cells in GOOD]
    rows[row][column] = value
    if said == "the row 'Total' is missing":
        rows[row][0] = MONTH
    with pytest.raises(DataFileError) as caught:
        read_ae_csv(write(tmp_path / "ae.csv", rows))
    assert said in str(caught.value)


@ON_FILES
@given(
    rows=ae_cases.damaged(GOOD),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_damage_changes_nothing_or_is_refused(
    good: pd.DataFrame, tmp_path: Path, rows: list[list[object]], encoding: str, newline: str
) -> None:
    bad = write(tmp_path / "bad.csv", rows, encoding, newline)
    ae_cases.same_or_refused(read_ae_csv, bad, good)
