"""The same figures under the names of each era; headers and rows that stand there again change nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from smq.readers.sickness_absence import COLUMNS, LATER_COLUMNS, read_sickness_absence
from tests.smq.readers.csv_cases import Lines, figures, refusal, write_csv

ROWS: Lines = [
    ["2014-APR", "Q71", "London", "RAA", "Trust RAA", "Acute", 450, "10,000.5", 4.5],
    ["2014-MAY", "Q71", "London", "RAA", "Trust RAA", "Acute", 0, 10000, 0],
    ["2014-APR", "Q71", "London", "RBB", "Trust RBB", "Acute", "*", 10000, "*"],
]
GOOD: Lines = [list(COLUMNS), *ROWS]
DAYS = ["30/04/2014", "31/05/2014", "30/04/2014"]
LATER: Lines = [list(LATER_COLUMNS), *([day, *cells[1:]] for day, cells in zip(DAYS, ROWS, strict=True))]
EXPECTED = [
    ["RAA", "2014-04", 450, 10000.5, pytest.approx(100 * 450 / 10000.5)],
    ["RAA", "2014-05", 0, 10000, 0],
]


@pytest.mark.parametrize(
    "lines",
    [
        GOOD,
        LATER,
        [*GOOD[:2], GOOD[0], *GOOD[2:], GOOD[0]],
        [*GOOD, GOOD[1], GOOD[1]],
        [[*cells, "Sort_Date" if place == 0 else "201404"] for place, cells in enumerate(GOOD)],
        [[*cells, "Staff group" if place == 0 else "All staff groups"] for place, cells in enumerate(GOOD)],
    ],
    ids=["to 2020", "later", "header again", "row again", "sort date", "staff group"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_each_form_gives_the_same_figures(tmp_path: Path, lines: Lines, encoding: str) -> None:
    reading = read_sickness_absence(write_csv(tmp_path / "s.csv", lines, encoding))
    assert figures(reading)[:2] == EXPECTED
    assert reading.rows["missing"].tolist() == ["", "", "suppressed (*)"]


def test_groups_of_staff_are_parts_of_all(tmp_path: Path) -> None:
    lines = [
        [*cells, "Staff group" if place == 0 else "All staff groups"] for place, cells in enumerate(GOOD)
    ]
    lines.append([*GOOD[1][:6], 100, 2000, 5, "Nurses"])
    reading = read_sickness_absence(write_csv(tmp_path / "s.csv", lines))
    assert figures(reading)[:2] == EXPECTED
    assert reading.dropped["reason"].tolist() == ["a group of staff, a part of all"]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (0, "2014-04-31", "not a month"),
        (3, "R A", "not a well-formed ODS code"),
        (6, 4500, "not the days lost divided by the days available"),
        (6, 45000, "more days than there were"),
        (7, "n/k", "value 'n/k': not a number"),
        (8, 5.4, "not the days lost divided by the days available"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, column: int, value: object, said: str) -> None:
    lines = [list(cells) for cells in GOOD]
    lines[1][column] = value
    assert said in refusal(read_sickness_absence, write_csv(tmp_path / "s.csv", lines))


def test_two_values_of_one_month_in_one_file_are_refused(tmp_path: Path) -> None:
    other = [*GOOD[1][:6], 460, "10,000.5", 4.6]
    said = "a second row for sickness (the first is row 2)"
    assert said in refusal(read_sickness_absence, write_csv(tmp_path / "s.csv", [*GOOD, other]))
