"""Staff are split by nationality: a row lost or doubled would change the size of a trust unseen."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from smq.readers.errors import DataFileError
from smq.readers.staff_in_post import read_staff_in_post
from tests.smq.readers.ae_cases import Rows, write


def staff() -> Rows:
    return [
        ["Month", "Organisation code", "Organisation name", "Staff group", "Nationality", "FTE"],
        ["2017-SEP", "RDD", "Basildon and Thurrock", "HCHS doctors", "British", 20.38767],
        ["2017-SEP", "RDD", "Basildon and Thurrock", "HCHS doctors", "Indian", 0.2],
        ["2017-SEP", "RDD", "Basildon and Thurrock", "Managers", "Unknown", 10.90667],
        ["2018-JUN", "RDD", "Basildon and Thurrock", "Managers", "Unknown", 9],
        ["2018-JUN", "TAJ", "Black Country Partnership", "Support to ST&T staff", "British", "*"],
        ["2018-JUN", "TAJ", "Black Country Partnership", "Support to ST&T staff", "Irish", 3],
    ]


def test_nationalities_and_groups_are_added_up(tmp_path: Path) -> None:
    rows = read_staff_in_post(write(tmp_path / "staff.xlsx", {"Notes": [["x"]], "Data": staff()})).rows
    found = rows.set_index(["code", "period", "indicator"])["value"]
    first, second = pd.Timestamp(2017, 9, 1), pd.Timestamp(2018, 6, 1)
    assert found["RDD", first, "staff_fte_doctors"] == pytest.approx(20.58767)
    assert found["RDD", first, "staff_fte"] == pytest.approx(31.49434)
    assert found["RDD", second, "staff_fte"] == 9.0


def test_a_sum_with_a_suppressed_part_is_unknown(tmp_path: Path) -> None:
    rows = read_staff_in_post(write(tmp_path / "staff.xlsx", {"Data": staff()})).rows
    trust = rows[rows["code"] == "TAJ"]
    assert trust["value"].isna().all()
    assert set(trust["missing"]) == {"suppressed (*)"}


@pytest.mark.parametrize(
    ("line", "column", "value", "said"),
    [
        (1, 0, "2017-09", "row 2, column 'Month', value '2017-09': not a month such as 2017-SEP"),
        (1, 1, "R", "not a well-formed ODS code"),
        (1, 3, "Doctors", "column 'Staff group', value 'Doctors': not a staff group that is known here"),
        (1, 4, None, "column 'Nationality', value '': blank"),
        (2, 4, "British", "a second row for HCHS doctors, British in 2017-SEP (the first is row 2)"),
        (1, 5, "many", "column 'FTE', value 'many': not a number"),
        (1, 5, -1, "a negative number"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, line: int, column: int, value: object, said: str) -> None:
    rows = staff()
    rows[line][column] = value
    with pytest.raises(DataFileError) as caught:
        read_staff_in_post(write(tmp_path / "staff.xlsx", {"Data": rows}))
    assert said in str(caught.value)


def test_the_published_workbook_equals_the_converted_file(raw_samples: Path, real_data: Path) -> None:
    reading = read_staff_in_post(raw_samples / "hchs-staff-by-organisation-nationality-2017-09-2018-06.xlsx")
    everyone = reading.rows[reading.rows["indicator"] == "staff_fte"]
    assert everyone.groupby("period")["value"].sum().round().tolist() == [1052963, 1061617]
    assert everyone["code"].nunique() == 438
    groups = reading.rows[reading.rows["indicator"] != "staff_fte"]
    converted = pd.read_csv(
        real_data / "hchs-staff-fte-2017-2018/hchs_fte_by_org_staff_group.csv",
        dtype={"ods_code": str},
        parse_dates=["month"],
    )
    assert len(groups) == len(converted) == 7272
    assert groups["indicator"].nunique() == converted["staff_group"].nunique() == 13
    # The converted file is rounded to three decimals in each of up to 13 groups.
    ours = groups.groupby(["code", "period"])["value"].sum()
    theirs = converted.groupby(["ods_code", "month"])["fte"].sum()
    assert ours.index.tolist() == theirs.index.tolist()
    assert abs(ours.to_numpy() - theirs.to_numpy()).max() < 13 * 0.0005
    doctors = groups[groups["indicator"] == "staff_fte_doctors"].merge(
        converted[converted["staff_group"] == "HCHS doctors"],
        left_on=["code", "period"],
        right_on=["ods_code", "month"],
    )
    assert len(doctors) == (groups["indicator"] == "staff_fte_doctors").sum()
    assert (doctors["value"] - doctors["fte"]).abs().max() < 0.00051
