"""Two groups of columns bear the same names: available beds read as occupied ones would look plausible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from smq.readers.beds_kh03 import read_beds_kh03
from smq.readers.errors import DataFileError
from tests.smq.readers.ae_cases import Rows, write

SHEET = "NHS Trust by Sector"
SECTORS = ["Total ", "General & Acute", "Learning Disabilities", "Maternity", "Mental Illness"]
BEDS = {
    "RE9": ("South Tyneside NHS Foundation Trust", [331.75, 2.0, 33.0, 5.0], [331.5, 1.0, 10.5, 4.0]),
    "RLN": (
        "City Hospitals Sunderland NHS Foundation Trust",
        [869.0, 3.0, 24.0, 6.0],
        [698.5, 2.0, 21.75, 3.0],
    ),
    "5KG": ("South Tyneside PCT", [8.0, 7.0, 1.0, 2.0], [3.0, 2.5, 0.5, 1.0]),
}


def kh03() -> Rows:
    """Give the sheet of a quarter with three organisations."""
    england = [[sum(part) for part in zip(*(beds[n] for beds in BEDS.values()), strict=True)] for n in (1, 2)]
    rows: Rows = [
        ["Title:", "Average daily number of available and occupied beds"],
        ["Source:", "Department of Health form KH03"],
        ["Status:", "Published 18 November 2010 and revised 24 May 2012"],
        [],
        [*[None] * 5, "Available", *[None] * 5, "Occupied", *[None] * 5, "% Occupied"],
        ["Year", "Period", "SHA Code", "Org Code", "Org Name", *SECTORS, None, *SECTORS, None, *SECTORS],
        [],
        beds_row(None, None, "England", england[0], england[1]),
        [],
    ]
    return [*rows, *(beds_row("Q30", code, name, *beds) for code, (name, *beds) in BEDS.items())]


def beds_row(
    region: str | None, code: str | None, name: str, available: list[float], occupied: list[float]
) -> list[object]:
    both = [[sum(available), *available], [sum(occupied), *occupied]]
    shares = ["#DIV/0!" if whole == 0 else part / whole for whole, part in zip(*both, strict=True)]
    return ["2010-11", "June", region, code, name, *both[0], None, *both[1], None, *shares]


def test_available_and_occupied_beds_are_told_apart(tmp_path: Path) -> None:
    reading = read_beds_kh03(write(tmp_path / "kh03.xlsx", {SHEET: kh03()}))
    rows: Any = reading.rows.set_index(["code", "indicator"])
    occupancy = rows.loc[("RE9", "beds_occupancy_maternity")]
    assert occupancy[["numerator", "denominator"]].tolist() == [10.5, 33.0]
    assert occupancy["value"] == pytest.approx(100 * 10.5 / 33)
    assert rows.loc[("RE9", "beds_available"), "value"] == 371.75
    assert occupancy["period"] == pd.Timestamp(2010, 4, 1)
    assert (occupancy["published"], occupancy["revised"]) == (
        pd.Timestamp(2010, 11, 18),
        pd.Timestamp(2012, 5, 24),
    )
    assert len(rows) == 30
    assert (reading.totals["difference"] == 0).all()


def test_no_beds_give_no_occupancy(tmp_path: Path) -> None:
    rows = kh03()
    rows[9] = beds_row("Q30", "RE9", "Trust", [331.75, 0.0, 33.0, 5.0], [331.5, 0.0, 10.5, 4.0])
    rows[7] = beds_row(None, None, "England", [1208.75, 10.0, 58.0, 13.0], [1033.0, 4.5, 32.75, 8.0])
    read: Any = read_beds_kh03(write(tmp_path / "kh03.xlsx", {SHEET: rows})).rows.set_index(
        ["code", "indicator"]
    )
    none = read.loc[("RE9", "beds_occupancy_learning_disabilities")]
    assert pd.isna(none["value"])
    assert none["missing"] == "no denominator (0)"
    assert read.loc[("RE9", "beds_available_learning_disabilities"), "value"] == 0.0


@pytest.mark.parametrize(
    ("line", "column", "value", "said"),
    [
        (9, 5, 372, "row 10, column 'Available, Total', value '372': not the sum of its sectors (371.75)"),
        (9, 17, 0.5, "column '% Occupied, Total', value '0.5': not occupied divided by available beds"),
        (9, 1, "May", "column 'Period', value '2010-11 May': not a year and the last month of a quarter"),
        (9, 3, "re9", "not a well-formed ODS code"),
        (9, 3, "RLN", "a second row for beds_available"),
        (7, 4, "All", "row 8, column 'Org Code', value '': not a well-formed ODS code"),
        (5, 8, "Births", "column 'Maternity': there is no such column under 'Available'"),
    ],
)
def test_a_sheet_that_contradicts_itself_is_refused(
    tmp_path: Path, line: int, column: int, value: object, said: str
) -> None:
    rows = kh03()
    rows[line][column] = value
    with pytest.raises(DataFileError) as caught:
        read_beds_kh03(write(tmp_path / "kh03.xlsx", {SHEET: rows}))
    assert said in str(caught.value)


def test_a_lost_row_is_found_by_the_total_of_england(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="the total 'England' is not the sum of its rows"):
        read_beds_kh03(write(tmp_path / "kh03.xlsx", {SHEET: kh03()[:-1]}))


def test_the_published_quarter_makes_england_its_regions_and_its_specialties(raw_samples: Path) -> None:
    reading = read_beds_kh03(raw_samples / "kh03-overnight-beds-2010-11-q1.xls")
    assert len(reading.rows) == 2900
    beds = reading.rows[reading.rows["indicator"] == "beds_occupancy"]
    assert beds["code"].nunique() == len(beds) == 290
    assert beds["denominator"].sum() == pytest.approx(144454.87362632863, abs=1e-6)
    assert beds["numerator"].sum() == pytest.approx(122551.2264835274, abs=1e-6)
    assert 100 * beds["numerator"].sum() / beds["denominator"].sum() == pytest.approx(84.83703139053591)
    # England 10, England and ten regions 110, specialties 70.
    assert len(reading.totals) == 190
    assert (reading.totals["difference"] == 0).all()
    assert any("The Rotherham NHS Foundation Trust" in line for line in reading.log)
