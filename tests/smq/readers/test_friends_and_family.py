"""The two questions of the test are two series."""

from __future__ import annotations

from pathlib import Path

import pytest

from smq.readers.friends_and_family import COLUMNS, read_friends_and_family
from tests.smq.readers.csv_cases import Lines, figures, refusal, write_csv

GOOD: Lines = [
    list(COLUMNS),
    ["2020_21", "JANUARY", "RAA", "Trust RAA", 60, 20, 10, 5, 3, 2, 100, 400],
    ["2020_21", "JANUARY", "RBB", "Trust RBB", "*", "*", "*", "*", "*", "*", 4, 90],
]
BEFORE = [
    "Extremely Likely",
    "Likely",
    "Neither Likely nor Unlikely",
    "Unlikely",
    "Extremely Unlikely",
    "Don't Know",
]
AFTER = ["Very Good", "Good", "Neither good nor poor", "Poor", "Very poor", "Don't Know"]


@pytest.mark.parametrize(
    ("answers", "series"),
    [(BEFORE, "fft_recommend"), (AFTER, "fft_positive"), (COLUMNS[4:10], "fft_positive")],
)
def test_the_good_answers_are_counted_under_the_question_that_was_asked(
    tmp_path: Path, answers: list[str], series: str
) -> None:
    lines: Lines = [["Period", "Trust Code", "Trust Name", *answers, *COLUMNS[10:]]]
    lines += [["January 2021", *cells[2:]] for cells in GOOD[1:]]
    for path in (
        write_csv(tmp_path / "a.csv", lines),
        write_csv(tmp_path / "b.csv", [["Title"], [], *lines]),
    ):
        reading = read_friends_and_family(path)
        assert figures(reading)[0] == ["RAA", "2021-01", 80, 100, 80.0]
        assert set(reading.rows["indicator"]) == {series}
        assert reading.rows["missing"].tolist() == ["", "suppressed (*)"]


def test_the_financial_year_and_the_month_are_put_together(tmp_path: Path) -> None:
    assert figures(read_friends_and_family(write_csv(tmp_path / "f.csv", GOOD)))[0][1] == "2021-01"


@pytest.mark.parametrize(
    ("at", "column", "value", "said"),
    [
        (1, 10, 101, "value '101': not the sum of the answers"),
        (1, 2, "?", "not a well-formed ODS code"),
        (1, 1, "JAN UARY", "not a month"),
        (0, 6, "x", "column 'neither good nor poor': not one column of this answer"),
        (0, 4, "x", "no column 'Very Good'"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, at: int, column: int, value: object, said: str) -> None:
    lines = [list(cells) for cells in GOOD]
    lines[at][column] = value
    assert said in refusal(read_friends_and_family, write_csv(tmp_path / "f.csv", lines))
