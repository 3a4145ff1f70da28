"""Days of all reasons, authorities and bodies are added; what is blank is not none."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from smq.readers.dtoc_extract import COLUMNS, read_dtoc_extract
from tests.smq.readers.csv_cases import Lines, figures, refusal, write_csv


def row(
    code: str, authority: str, reason: str, days: tuple[object, ...], month: str = "OCTOBER"
) -> list[object]:
    texts = [
        "2016-17",
        month,
        "Q82",
        "Region",
        code,
        f"Trust {code}",
        authority,
        "An authority",
        "Acute",
        reason,
    ]
    nhs, social, both = days
    return [*texts, 1, nhs, 2, social, 3, both]


ABOVE: Lines = [["Delayed transfers"], [], ["Provider and authority"]]
ROWS: Lines = [
    row("RAA", "817", "A_COMPLETION_ASSESSMENT", (31, 5, 1)),
    row("RAA", "817", "I_HOUSING", (6, 0, 0)),
    row("RAA", "818", "I_HOUSING", (0, 7, 0)),
    row("RBB", "817", "I_HOUSING", (0, 0, 0)),
]
GOOD: Lines = [*ABOVE, list(COLUMNS), *ROWS]


@pytest.mark.parametrize("above", [ABOVE, [], [["x"]] * 9])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_days_are_added_wherever_the_header_stands(tmp_path: Path, above: Lines, newline: str) -> None:
    path = write_csv(tmp_path / "dtoc.csv", [*above, *GOOD[3:]], newline=newline)
    reading = read_dtoc_extract(path)
    # 31 + 5 + 1 + 6 + 7 days; the patients (A SUM) are not counted.
    assert reading.rows["numerator"].tolist() == [50, 0]
    assert reading.rows["value"].tolist() == [50, 0]
    assert set(reading.rows["period"]) == {pd.Timestamp(2016, 10, 1)}
    assert reading.rows["denominator"].isna().all()
    assert reading.log[0] == f"header found in row {len(above) + 1}"


def test_january_belongs_to_the_second_calendar_year(tmp_path: Path) -> None:
    rows = [row("RAA", "817", "I_HOUSING", (1, 2, 3), "JANUARY")]
    assert figures(read_dtoc_extract(write_csv(tmp_path / "d.csv", [*GOOD[:4], *rows])))[0][:3] == [
        "RAA",
        "2017-01",
        6,
    ]


def test_a_sum_with_an_empty_cell_is_unknown(tmp_path: Path) -> None:
    rows = [
        *ROWS[:2],
        row("RAA", "818", "I_HOUSING", ("", 7, 0)),
        row("RBB", "817", "I_HOUSING", ("*", 1, 0)),
    ]
    found = read_dtoc_extract(write_csv(tmp_path / "d.csv", [*GOOD[:4], *rows])).rows
    assert found["value"].isna().all()
    assert found["missing"].tolist() == ["blank", "suppressed (*)"]


def test_a_row_of_england_is_compared_and_left_out(tmp_path: Path) -> None:
    england = row("-", "", "", (37, 12, 1))
    reading = read_dtoc_extract(write_csv(tmp_path / "d.csv", [*GOOD, england]))
    assert reading.totals["summed"].tolist() == [37, 12, 1]
    assert reading.dropped[["row", "code"]].to_numpy().tolist() == [[9, "-"]]
    wrong = write_csv(tmp_path / "e.csv", [*GOOD, row("-", "", "", (38, 12, 1))])
    assert "the total 'Total 2016-10' is not the sum of its rows (37)" in refusal(read_dtoc_extract, wrong)


@pytest.mark.parametrize(
    ("at", "value", "said"),
    [
        (0, "2016-18", "value '2016-18\\nOCTOBER': not a month"),
        (1, "OCT-OBER", "not a month"),
        (4, "Trust", "not a well-formed ODS code"),
        (11, "6 days", "line 5, column 'nhs b sum', value '6 days': not a number"),
        (11, -6, "a negative number"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, at: int, value: object, said: str) -> None:
    rows = [list(cells) for cells in ROWS]
    rows[0][at] = value
    assert said in refusal(read_dtoc_extract, write_csv(tmp_path / "d.csv", [*GOOD[:4], *rows]))


def test_the_same_row_twice_is_not_added_twice(tmp_path: Path) -> None:
    said = "a second row for this provider, local authority, type of care and reason"
    assert said in refusal(read_dtoc_extract, write_csv(tmp_path / "d.csv", [*GOOD, ROWS[0]]))
