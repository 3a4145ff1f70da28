"""Thousands read as pounds, a dash read as unknown, or one kind of loans read for another would mislead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from smq.readers.errors import DataFileError
from smq.readers.loans import read_loans
from tests.smq.readers.ae_cases import Rows, write

FOLDER = "mirror/BBC-Data-Unit/hospital-loans/d6002c7c0c595857c4691def9bb051affcf3f324"
WORKBOOKS = {2017: "NHS debt 2016_17.xlsx", 2018: "NHS debt 2017_18_.xlsx", 2019: "NHS debt 2018_19.xlsx"}


def loans() -> Rows:
    """Give the loans of two trusts, in thousands of pounds."""
    return [
        [
            *["Trust Name", "Org Code", "Loan type", "Loan amount", "Term (yy/mm)"],
            *["Opening balance @01/04/2017", "Drawn in Year 2017/18", "Repaid in Year 2017-18"],
            *["Closing balance @ 31/03/2018", " "],
        ],
        ["Alder Hey Childrens NHS Foundation Trust", "RBS", "Revenue", 8000, "3/0", 8000, "-", "-", 8000],
        ["Avon and Wiltshire Partnership NHS Trust", "RVN", "Revenue", 1500, "3/0", "-", 1500, "-", 1500],
        ["Avon and Wiltshire Partnership NHS Trust", "RVN", "Revenue", 12248, "5/0", 5899, 6349, 48, 12200],
    ]


def totals() -> Rows:
    """Give the totals of the same trusts, in pounds."""
    return [
        ["Year", "Org code", "Org name", "SUM of Closing balance"],
        ["2017/18", "RVN", "Avon and Wiltshire Partnership NHS Trust", 13700000],
        ["2017/18", "RBS", "Alder Hey Childrens NHS Foundation Trust", 8000000],
        [None, None, None, 21700000],
    ]


def workbook(folder: Path, lines: Rows, sums: Rows) -> Path:
    return write(folder / "loans.xlsx", {"IRSL (TOTAL)": sums, "ALL DATA": lines, "Pivot Table 1": []})


def test_thousands_become_pounds_and_a_proven_dash_is_nil(tmp_path: Path) -> None:
    reading = read_loans(workbook(tmp_path, loans(), totals()))
    rows: Any = reading.rows.set_index(["code", "indicator"])
    assert rows.loc[("RVN", "loans_closing"), "value"] == 13_700_000
    assert rows.loc[("RVN", "loans_drawn"), "value"] == 7_849_000
    assert rows.loc[("RBS", "loans_drawn"), ["value", "missing"]].tolist() == [0.0, ""]
    assert rows.loc[("RVN", "loans_count"), "value"] == 2
    assert rows.loc[("RVN", "loans_closing"), "period"] == pd.Timestamp(2018, 3, 31)
    assert rows.loc[("RVN", "loans_drawn"), "period"] == pd.Timestamp(2017, 4, 1)
    assert reading.totals["printed"].tolist() == [21_700_000, 21_700_000]
    assert "4 cells '-' read as nil: the balance of every row proves it" in reading.log


@pytest.mark.parametrize(
    ("line", "column", "value", "said"),
    [
        (3, 8, 12248, "row 4, column 'Closing balance', value '£12,248,000': not opening + drawn - repaid"),
        (3, 7, None, "row 4, column 'Closing balance', value '£12,200,000': not opening + drawn - repaid"),
        (3, 2, "Capital", "column 'Loan type', value 'Capital': not a revenue loan"),
        (3, 1, None, "not a well-formed ODS code"),
        (0, 3, "Loan amount (£)", "pounds or thousands of pounds?"),
        (0, 8, "Closing balance", "the header does not name 31 March of the year"),
        (0, 6, "Drawn", "0 columns have a name that begins so"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, line: int, column: int, value: object, said: str) -> None:
    rows = loans()
    rows[line][column] = value
    with pytest.raises(DataFileError) as caught:
        read_loans(workbook(tmp_path, rows, totals()))
    assert said in str(caught.value)


def test_a_lost_loan_is_found_by_the_totals(tmp_path: Path) -> None:
    with pytest.raises(DataFileError) as caught:
        read_loans(workbook(tmp_path, loans()[:-1], totals()))
    assert "the total 'IRSL (TOTAL): avon and wiltshire partnership nhs trust'" in str(caught.value)
    assert "value '13700000'" in str(caught.value)
    assert "not the sum of its rows (1,500,000)" in str(caught.value)


@pytest.mark.parametrize(
    ("year", "trusts", "lines", "opening", "closing"),
    [
        (2017, 96, 401, 2_061_814_000, 4_723_027_000),
        (2018, 103, 993, 4_723_027_000, 7_353_708_000),
        (2019, 111, 1707, 7_353_708_000, 10_144_201_000),
    ],
)
def test_the_three_years_chain_and_equal_the_converted_file(
    mirror: Path, real_data: Path, year: int, trusts: int, lines: int, opening: float, closing: float
) -> None:
    reading = read_loans(mirror.parent / FOLDER / WORKBOOKS[year])
    rows = reading.rows
    sums = rows.groupby("indicator")["value"].sum()
    assert sums["loans_opening"] == opening
    assert sums["loans_closing"] == closing
    assert sums["loans_count"] == lines
    converted = pd.read_csv(real_data / "dhsc-loans-2016-19/interim_revenue_support_loans_by_trust.csv")
    converted = converted[converted["balance_date"] == f"{year}-03-31"].set_index("ods_code").sort_index()
    assert len(converted) == trusts
    names = {"loans_count": "loans"} | {
        f"loans_{figure}": f"{figure}_gbp" for figure in ("opening", "drawn", "repaid", "closing")
    }
    if year == 2019:
        names["loans_interest"] = "interest_gbp"
    for indicator, column in names.items():
        ours = rows[rows["indicator"] == indicator].set_index("code")["value"]
        assert ours.index.tolist() == converted.index.tolist()
        assert (ours == converted[column]).all()


def test_each_total_that_differs_is_explained_to_the_pound(mirror: Path) -> None:
    differing = {
        year: (totals := read_loans(mirror.parent / FOLDER / name).totals)[totals["difference"] != 0]
        for year, name in WORKBOOKS.items()
    }
    assert {year: len(found) for year, found in differing.items()} == {2017: 40, 2018: 0, 2019: 1}
    # Two sheets of 2016-17 add 19 trusts' loans in the normal course of business.
    whole = differing[2017][differing[2017]["total"].str.endswith(": all")]
    assert whole["printed"].tolist() == [4_904_929_000] * 2
    assert whole["difference"].tolist() == [181_902_000] * 2
    parts = differing[2017][~differing[2017]["total"].str.endswith(": all")]
    assert parts["difference"].sum() == 2 * 181_902_000
    # The last sum of 2018-19 counts interim capital support twice.
    assert differing[2019]["printed"].tolist() == [14_771_854_000]
    assert differing[2019]["difference"].tolist() == [793_073_000]
    assert "capital counts twice" in differing[2019]["explanation"].iloc[0]
