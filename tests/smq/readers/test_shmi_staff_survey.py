"""Shares become percentages, NA stays unknown, and a year is the calendar year that SHMI covers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from smq.readers.errors import DataFileError
from smq.readers.shmi_editions import read_shmi_editions
from smq.readers.shmi_staff_survey import read_shmi_staff_survey

YEARLY = (
    "mirror/ebmgt/NHS-wellbeing/a164806e0be85275387b10fbcce5f5de7064d118/files/data (csv and rda)/"
    "data.NHS.2012_2019.csv"
)
CONTENT = (
    '"Code","Year.Index","SHMI.before","SHMI.Index","Name","X","Responses","RecommendWork.Index.dichot",'
    '"RecommendCare.Index.dichot","WorkStress.Index"\n'
    '"R1F",2012,NA,1.0769,"Isle of Wight NHS Trust",NA,NA,NA,NA,NA\n'
    '"R1F",2013,1.0769,1.099,"Isle of Wight NHS Trust",NA,NA,NA,NA,NA\n'
    '"RA2",2012,NA,0.9537,NA,NA,320,0.57,0.54,0.4\n'
)


def yearly(folder: Path, content: str = CONTENT) -> Path:
    path = folder / "yearly.csv"
    path.write_text(content, encoding="utf-8")
    return path


def test_shares_become_percentages_and_the_unknown_is_not_zero(tmp_path: Path) -> None:
    rows: Any = read_shmi_staff_survey(yearly(tmp_path)).rows.set_index(["code", "period", "indicator"])
    first = pd.Timestamp(2012, 1, 1)
    assert rows.loc[("RA2", first, "survey_work"), "value"] == 57.0
    assert rows.loc[("RA2", first, "survey_care"), "value"] == 54.0
    assert rows.loc[("RA2", first, "survey_stress"), "denominator"] == 320.0
    assert rows.loc[("RA2", first, "shmi"), ["name", "value"]].tolist() == ["", 0.9537]
    unknown = rows.loc[("R1F", first, "survey_stress")]
    assert pd.isna(unknown["value"])
    assert unknown["missing"] == "not given (NA)"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2013,1.0769", "2013,1.0796", "differs from SHMI.Index of R1F in 2012 (1.0769)"),
        ("0.57", "57", "column 'RecommendWork.Index.dichot', value '57': a share above 1"),
        ('"RA2",2012', '"RA2",12', "column 'Year.Index', value '12': not a year"),
        ('"RA2"', '"ra2"', "not a well-formed ODS code"),
        ('"RA2"', '"R1F"', "a second row for shmi (the first is row 2)"),
        (",0.4", "", "the row has 9 cells, the header 10"),
        ("0.9537", "n.a.", "value 'n.a.': not a number"),
        ('"WorkStress.Index"', '"Stress"', "no row holds the column names"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(DataFileError) as caught:
        read_shmi_staff_survey(yearly(tmp_path, CONTENT.replace(old, new)))
    assert said in str(caught.value)


def test_the_pinned_file_equals_the_converted_one(mirror: Path, real_data: Path) -> None:
    rows = read_shmi_staff_survey(mirror.parent / YEARLY).rows
    converted = pd.read_csv(
        real_data / "ebmgt-shmi-staff-survey/shmi_staff_survey_acute_trusts_2012_2019.csv"
    )
    assert len(converted) == 1084
    for indicator, column, scale in (
        ("shmi", "shmi", 1),
        ("survey_work", "recommend_work_share", 100),
        ("survey_care", "recommend_care_share", 100),
        ("survey_stress", "work_stress_share", 100),
    ):
        ours = rows[rows["indicator"] == indicator].assign(year=lambda part: part["period"].dt.year)
        both = ours.merge(converted, left_on=["code", "year"], right_on=["ods_code", "year"])
        assert len(both) == 1084
        assert (both["value"].isna() == both[column].isna()).all()
        assert (both["value"] - scale * both[column]).abs().max() < 1e-9
    known = rows.dropna(subset="value").groupby("indicator").size()
    assert known.to_dict() == {"shmi": 1084, "survey_care": 1072, "survey_stress": 1071, "survey_work": 1072}
    trusts = rows[rows["indicator"] == "shmi"].groupby("period").size()
    assert trusts.tolist() == [142, 141, 137, 136, 135, 134, 131, 128]


def test_shmi_of_2012_is_the_edition_of_july_2013(mirror: Path, raw_samples: Path) -> None:
    yearly_rows = read_shmi_staff_survey(mirror.parent / YEARLY).rows
    edition = read_shmi_editions(raw_samples / "shmi-indicator-portal-2013-july.csv").rows
    both = yearly_rows.merge(edition, on=["code", "period", "indicator"])
    assert len(both) == 142
    assert (both["value_x"] == both["value_y"]).all()
