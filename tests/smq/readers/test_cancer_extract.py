"""One of several 62-day standards is read; types of cancer are added, and their total is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from smq.readers.cancer_extract import COLUMNS, STANDARD, read_cancer_extract
from tests.smq.readers.csv_cases import Lines, figures, refusal, write_csv

GOOD: Lines = [
    list(COLUMNS),
    ["2019-04", "RAA", STANDARD, 60.5, 50, 10.5],
    ["2019-04", "RAA", "62-DAY (SCREENING)", 9, 9, 0],
    ["2019-04", "RAA", "31-DAY FIRST TREATMENT", 9, 8, 1],
    ["2019-04", "RBB", STANDARD, 0, 0, 0],
]
EXPECTED = ["RAA", "2019-04", 50, 60.5, pytest.approx(100 * 50 / 60.5)]
TYPES: Lines = [
    ["YEAR", "MONTH", "ORG CODE", "STANDARD", "CANCER TYPE", "TOTAL", "WITHIN STANDARD", "BREACHES"],
    ["2019-20", "APR", "RAA", STANDARD, "Breast", 40.5, 35, 5.5],
    ["2019-20", "APR", "RAA", STANDARD, "Lung", 20, 15, 5],
    ["2019-20", "APR", "RAA", STANDARD, "ALL CANCERS", 60.5, 50, 10.5],
]


@pytest.mark.parametrize("period", ["2019-04", "April 2019", "Apr-19", "2019-APR", "30/04/2019"])
def test_the_standard_of_urgent_referrals_is_read_alone(tmp_path: Path, period: str) -> None:
    lines = [GOOD[0], *([period, *cells[1:]] for cells in GOOD[1:])]
    reading = read_cancer_extract(write_csv(tmp_path / "c.csv", lines))
    assert figures(reading)[0] == EXPECTED
    assert reading.rows["missing"].tolist() == ["", "nobody treated (0)"]


@pytest.mark.parametrize("whole", [True, False])
def test_types_of_cancer_are_added_and_their_total_is_not(tmp_path: Path, whole: bool) -> None:
    reading = read_cancer_extract(write_csv(tmp_path / "c.csv", TYPES if whole else TYPES[:3]))
    assert figures(reading) == [EXPECTED]
    assert len(reading.dropped) == whole


@pytest.mark.parametrize(
    ("at", "column", "value", "said"),
    [
        (1, 3, 61, "those within the standard and the breaches do not sum to it"),
        (1, 0, "2019", "not a month"),
        (1, 1, "all", "not a well-formed ODS code"),
        (1, 4, "x", "value 'x': not a number"),
        (1, 2, "62-DAY (GP)", "several standards that may be the one of 62 days"),
        (0, 2, "TARGET", "no row holds the column names"),
        (0, 5, "x", "column 'BREACHES': there is no such column"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, at: int, column: int, value: object, said: str) -> None:
    lines = [list(cells) for cells in GOOD]
    lines[at][column] = value
    assert said in refusal(read_cancer_extract, write_csv(tmp_path / "c.csv", lines))


def test_a_file_of_another_standard_is_refused(tmp_path: Path) -> None:
    lines = [GOOD[0], ["2023-10", "RAA", "62-DAY COMBINED", 1, 1, 0]]
    assert "no standard of 62 days from urgent GP referral" in refusal(
        read_cancer_extract, write_csv(tmp_path / "c.csv", lines)
    )
