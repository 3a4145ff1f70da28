"""Answers are known by their place alone: a column lost or moved would give one answer for another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from smq.readers.errors import DataFileError
from smq.readers.staff_survey import read_staff_survey
from tests.smq.readers.ae_cases import Rows, write

STRESS = "b) During the last 12 months have you felt unwell as a result of work related stress?"


def survey() -> Rows:
    """Give a section with two parts, England, two groups and a trust."""
    base = "Base (number of respondents)"
    return [
        ["Data is Unweighted", None, None, "Q11"],
        ["National NHS Staff Survey 2018", None, None, "Health"],
        [None, None, None, "a) Does your organisation act?", None, None, None, STRESS],
        ["Note", None, None, "Yes, definitely", "Yes, to some extent", "No", base, "Yes", "No", base],
        [None, None, None, "%", "%", "%", "n", "%", "%", "n"],
        [None, None, "ALL TRUSTS", 29.5, 59.5, 11, 1000, 40, 60, 990],
        [" ", None, "Christian staff", 30, 60, 10, 600, 39, 61, 590],
        [" ", None, "Other staff", 28, 58, 14, 395, 41, 59, 394],
        [" ", "RDD", "Basildon and Thurrock NHS Trust", 20.5, 69.5, 10, 300, 38.5, 61.5, None],
    ]


def test_trusts_and_england_are_read_and_groups_left_out(tmp_path: Path) -> None:
    reading = read_staff_survey(write(tmp_path / "survey.xlsx", {"Notes": [["x"]], "section": survey()}))
    rows: Any = reading.rows.set_index(["code", "indicator"])
    assert rows.loc[("ENG", "survey_stress"), ["value", "denominator"]].tolist() == [40.0, 990.0]
    assert rows.loc[("RDD", "survey_q11a_no"), ["value", "denominator"]].tolist() == [10.0, 300.0]
    assert rows.loc[("RDD", "survey_stress"), "missing"] == "fewer than 11 answers (blank)"
    assert rows["period"].unique().tolist() == [pd.Timestamp(2018, 1, 1)]
    assert len(rows) == 10
    assert reading.dropped["name"].tolist() == ["Christian staff", "Other staff"]
    assert reading.totals["difference"].tolist() == [5.0, 6.0]


@pytest.mark.parametrize(
    ("line", "column", "value", "said"),
    [
        (5, 3, 39.5, "row 6, column 'q11a': the answers make 110%, not 100%"),
        (8, 1, None, "value 'Basildon and Thurrock NHS Trust': a trust without its code"),
        (1, 0, "Survey", "the year is not named above the table"),
        (0, 3, None, "the numbers or the parts of the questions are not found"),
        (4, 6, None, "the part before it has no base"),
        (2, 7, None, "a question that stands twice"),
        (6, 6, 60, "the total 'ALL TRUSTS' is not the sum of its rows (455)"),
        (6, 6, 6000, "the total 'ALL TRUSTS' is not the sum of its rows (6,395)"),
        (5, 7, "many", "value 'many': not a number"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, line: int, column: int, value: object, said: str) -> None:
    rows = survey()
    rows[line][column] = value
    with pytest.raises(DataFileError) as caught:
        read_staff_survey(write(tmp_path / "survey.xlsx", {"section": rows}))
    assert said in str(caught.value)


def test_the_published_section_is_read_and_its_bases_are_explained(raw_samples: Path) -> None:
    reading = read_staff_survey(raw_samples / "nhs-staff-survey-2018-health-sheet4-extract.xls")
    assert set(reading.rows["code"]) == {"ENG"}
    rows: Any = reading.rows.set_index("indicator")
    assert rows.loc["survey_stress", "value"] == pytest.approx(39.91047187811058)
    assert rows.loc["survey_stress", "denominator"] == 477202
    assert rows.loc["survey_q11a_yes_definitely", "value"] == pytest.approx(29.132094293876884, abs=1e-6)
    assert len(rows) == 25
    assert len(reading.dropped) == 9
    assert reading.totals["printed"].iloc[0] == 458763
    assert reading.totals["summed"].iloc[0] == 453705
    assert (reading.totals["explanation"] != "").all()
