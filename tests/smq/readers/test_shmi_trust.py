"""An edition is of the twelve months that it names, and a suppressed ratio is not 0."""

from __future__ import annotations

from pathlib import Path

import pytest

from smq.readers.shmi_trust import COLUMNS, read_shmi_trust
from tests.smq.readers.ae_cases import write
from tests.smq.readers.csv_cases import Lines, figures, refusal, write_csv

ROWS: Lines = [
    ["RAA", "Trust RAA", 1.05, 2, 40000, 1050, 1000],
    ["RBB", "Trust RBB", "*", "*", 900, "*", "*"],
]
ABOVE: Lines = [["SHMI"], ["Reporting period: January 2019 - December 2019"], *[[]] * 8]
GOOD: Lines = [list(COLUMNS), *ROWS]
EXPECTED = ["RAA", "2019-01", 1050, 1000, 1.05]


def test_the_months_stand_above_the_header_or_in_the_name(tmp_path: Path) -> None:
    named = tmp_path / "SHMI data at trust level, January 2019 to December 2019.csv"
    paths = [write_csv(named, GOOD), write_csv(tmp_path / "shmi.csv", [*ABOVE, *GOOD])]
    paths.append(write(tmp_path / "shmi.xlsx", {"Data": [*ABOVE, *GOOD]}))
    for path in paths:
        reading = read_shmi_trust(path)
        assert figures(reading)[:2] == [EXPECTED, EXPECTED]
        assert reading.rows["indicator"].tolist() == ["shmi", "shmi_rolling"] * 2
        assert reading.rows["missing"].tolist() == ["", "", *["suppressed (*)"] * 2]


def test_only_a_calendar_year_stands_for_the_year(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "SHMI April 2018 - March 2019.csv", GOOD)
    assert set(read_shmi_trust(path).rows["indicator"]) == {"shmi_rolling"}


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (2, 1.5, "not the observed deaths divided by the expected ones (1.0500)"),
        (0, "raa", "not a well-formed ODS code"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, column: int, value: object, said: str) -> None:
    lines = [list(cells) for cells in GOOD]
    lines[1][column] = value
    assert said in refusal(read_shmi_trust, write_csv(tmp_path / "January 2019 to December 2019.csv", lines))


@pytest.mark.parametrize("name", ["shmi.csv", "January 2019 to January 2020.csv"])
def test_an_edition_of_no_known_months_is_refused(tmp_path: Path, name: str) -> None:
    assert "it does not name the twelve months that it covers" in refusal(
        read_shmi_trust, write_csv(tmp_path / name, GOOD)
    )
