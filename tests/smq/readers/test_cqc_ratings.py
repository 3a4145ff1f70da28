"""Only ratings of trusts as a whole are taken, in the words of the scale."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from smq.readers.cqc_ratings import COLUMNS, read_cqc_ratings
from tests.smq.readers.csv_cases import Lines, refusal, write_csv

TRUST, HOME = "NHS Healthcare Organisation", "Social Care Org"
GOOD: Lines = [
    list(COLUMNS),
    ["RAA", "Trust RAA", TRUST, "Overall", "Overall", "Requires improvement", "30/06/2022"],
    ["RAA", "Trust RAA", TRUST, "Overall", "Well-led", "Inadequate", "30/06/2022"],
    ["RAA", "Trust RAA", TRUST, "Maternity", "Overall", "Good", "30/06/2022"],
    ["1-101", "A home", HOME, "Overall", "Overall", "Good", "30/06/2022"],
]
EXPECTED = [["RAA", "Overall", "Requires improvement"], ["RAA", "Well-led", "Inadequate"]]


@pytest.mark.parametrize("domain", ["Domain", "Key Question"])
@pytest.mark.parametrize("spelling", ["Requires improvement", "Requires Improvement"])
def test_services_and_other_providers_are_left_out(tmp_path: Path, domain: str, spelling: str) -> None:
    lines = [list(cells) for cells in GOOD]
    lines[0][4], lines[1][5] = domain, spelling
    reading = read_cqc_ratings(write_csv(tmp_path / "r.csv", lines, "utf-8-sig"))
    assert reading.rows[["code", "domain", "rating"]].to_numpy().tolist() == EXPECTED
    assert set(reading.rows["published"]) == {pd.Timestamp(2022, 6, 30)}


def test_two_ratings_of_one_day_are_both_kept(tmp_path: Path) -> None:
    lines = [*GOOD, [*GOOD[1][:5], "Good", "30/06/2022"], GOOD[1]]
    rows = read_cqc_ratings(write_csv(tmp_path / "r.csv", lines)).rows
    assert rows.loc[rows["domain"] == "Overall", "rating"].tolist() == ["Good", "Requires improvement"]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (0, "raa", "not a well-formed ODS code"),
        (4, "Kind", "value 'Kind': not one of the questions that are rated"),
        (5, "Excellent", "value 'Excellent': not a rating"),
        (6, "31/06/2022", "value '31/06/2022': not a day"),
        (2, HOME, ""),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, column: int, value: object, said: str) -> None:
    lines = [list(cells) for cells in GOOD[:2]]
    lines[1][column] = value
    assert (said or "no row of a trust as a whole") in refusal(
        read_cqc_ratings, write_csv(tmp_path / "r.csv", lines)
    )
