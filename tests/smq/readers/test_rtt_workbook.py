"""Sixty columns that move with the era: weeks read one column off still make a plausible percentage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlrd

from smq.readers.errors import DataFileError
from smq.readers.rtt_workbook import read_rtt_workbook
from tests.smq.readers.ae_cases import Rows, write
from tests.smq.readers.rtt_cases import DTA_TOTAL, rtt


def read(tmp_path: Path, sheets: dict[str, Rows]) -> Any:
    return read_rtt_workbook(write(tmp_path / "rtt.xlsx", sheets)).rows.set_index(["code", "indicator"])


@pytest.mark.parametrize(
    ("kind", "prefix", "last"),
    [("Commissioner", "IP", 52), ("Provider", "IP", 52), ("Provider", "C_", 52), ("Provider", "C_", 104)],
)
def test_each_era_gives_the_same_pathways(tmp_path: Path, kind: str, prefix: str, last: int) -> None:
    rows = read(tmp_path, {**rtt(kind, prefix, last), "Notes": [["Notes:"]], "Guidance": []})
    # 40 + 6 within 18 weeks, 2 beyond, 1 in the open week; 'Other' has 70 + 20, 5 and 1.
    assert rows.loc[("RXP", "rtt_18w_general_surgery"), ["numerator", "denominator"]].tolist() == [46.0, 49.0]
    assert rows.loc[("RXP", "rtt_18w"), ["numerator", "denominator"]].tolist() == [136.0, 145.0]
    assert rows.loc[("RXP", "rtt_18w"), "value"] == pytest.approx(100 * 136 / 145)
    assert len(rows) == 9
    assert rows["period"].unique().tolist() == [pd.Timestamp(2015, 4, 1)]
    assert rows["published"].unique().tolist() == [pd.Timestamp(2015, 6, 11)]
    assert rows["revised"].unique().tolist() == [pd.Timestamp(2016, 1, 14)]


def test_pathways_with_a_decision_to_admit_are_kept_apart(tmp_path: Path) -> None:
    sheets = rtt(prefix="C_") | rtt(prefix="C_", total=DTA_TOTAL, ending=" with DTA")
    rows = read(tmp_path, sheets)
    assert len(rows) == 18
    assert (
        rows.loc[("RJ1", "rtt_18w_dta"), "denominator"] == rows.loc[("RJ1", "rtt_18w"), "denominator"] == 188
    )


def test_independent_providers_are_part_of_england(tmp_path: Path) -> None:
    sheets = rtt()
    header, own = sheets["Provider"][:7], sheets["Provider"][7:]
    sheets["Provider"], sheets["IS Provider"] = [*header, *own[:6]], [*header, *own[6:]]
    assert len(read(tmp_path, sheets)) == 9
    del sheets["IS Provider"]
    with pytest.raises(DataFileError, match="the total 'National: England, all treatment functions' is not"):
        read(tmp_path, sheets)


def test_a_further_total_of_long_waits_is_not_counted_twice(tmp_path: Path) -> None:
    sheets = rtt(last=104)
    for rows in sheets.values():
        rows[6].append("52 plus")
        for row in rows[7:]:
            row.append(1)
    assert read(tmp_path, sheets).loc[("RXP", "rtt_18w"), "denominator"] == 145


def test_no_pathways_give_no_percentage(tmp_path: Path) -> None:
    sheets = rtt()
    sheets["Provider"].append([None, "Y56", "RT1", "A trust", "IP999", "Total", *[0] * 55, "-", "-", "-"])
    row = read(tmp_path, sheets).loc[("RT1", "rtt_18w")]
    assert pd.isna(row["value"])
    assert (row["denominator"], row["missing"]) == (0.0, "no denominator (0)")


@pytest.mark.parametrize(
    ("sheet", "line", "column", "value", "said"),
    [
        ("Provider", 7, 6, 41, "row 8, column 'total', value '49': not the sum of its weeks (50)"),
        ("Provider", 7, 24, 5, "not the sum of its weeks"),
        ("Provider", 7, 61, 0.5, "not those within 18 weeks divided by the total"),
        ("Provider", 7, 2, "rxp", "not a well-formed ODS code"),
        ("Provider", 7, 4, "IP777", "value 'IP777': not a treatment function that is known here"),
        ("Provider", 8, 4, "IP100", "a second row for IP100 (the first is row 8)"),
        ("Provider", 9, 1, "Y56", "in two regions (Y54 above)"),
        ("Provider", 6, 20, ">13-15", "not one week"),
        ("Provider", 6, 20, ">13-14", "the header holds this week twice"),
        ("Provider", 6, 6, "weeks", "the weeks do not follow one another"),
        ("Provider", 2, 2, "2015", "not a month such as April 2015"),
        ("National", 2, 2, "May 2015", "the sheets name different months"),
        ("Region", 7, 5, 80, "not the sum of its weeks"),
    ],
)
def test_a_workbook_that_contradicts_itself_is_refused(
    tmp_path: Path, sheet: str, line: int, column: int, value: object, said: str
) -> None:
    sheets = rtt()
    sheets[sheet][line][column] = value
    with pytest.raises(DataFileError) as caught:
        read(tmp_path, sheets)
    assert said in str(caught.value)


def test_a_missing_total_of_an_organisation_is_refused(tmp_path: Path) -> None:
    sheets = rtt()
    del sheets["Provider"][9]
    with pytest.raises(DataFileError, match="value 'RXP': the row of all treatment functions is missing"):
        read(tmp_path, sheets)


def test_completed_pathways_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="no row holds the column names"):
        read(tmp_path, rtt(total="Total number of completed pathways (all)"))


def test_a_workbook_without_organisations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="there is no sheet 'Provider' or 'Commissioner'"):
        read(tmp_path, {"National": [["x"]]})


def test_the_published_month_makes_england(raw_samples: Path) -> None:
    path = raw_samples / "rtt-incomplete-commissioner-2015-04.xls"
    reading = read_rtt_workbook(path)
    assert len(reading.rows) == 4200
    assert (reading.totals["difference"] == 0).all()
    # England (40 totals), four regions (160) and 210 organisations (420).
    assert len(reading.totals) == 620
    rows = reading.rows[reading.rows["indicator"] == "rtt_18w"]
    # As printed in the row 'Total' of the sheet 'National'.
    assert rows[["numerator", "denominator"]].sum().tolist() == [2821088.0, 3022512.0]
    assert rows["code"].nunique() == len(rows) == 210
    # Cells of the row of Darlington, read here without the reader.
    sheet = xlrd.open_workbook(str(path)).sheet_by_name("Commissioner")
    found = [
        n for n in range(sheet.nrows) if sheet.cell_value(n, 2) == "00C" and sheet.cell_value(n, 4) == "IP999"
    ]
    own = rows[rows["code"] == "00C"].iloc[0]
    assert [own["denominator"], own["numerator"]] == sheet.row_values(found[0], 59, 61)
    assert own["value"] == pytest.approx(100 * sheet.cell_value(found[0], 61))
    assert any("RF4 Barking" in line for line in reading.log)
