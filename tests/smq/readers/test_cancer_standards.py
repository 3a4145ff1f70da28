"""Thirteen sheets of like layouts: a standard or a cancer read for another would look plausible."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest

from smq.readers.cancer_62d import read_cancer_62d
from smq.readers.cancer_standards import STANDARDS, read_cancer_standards
from smq.readers.errors import DataFileError
from tests.smq.readers.ae_cases import Rows, write
from tests.smq.readers.test_cancer_62d import cancer

if TYPE_CHECKING:
    from smq.readers.reading import StatisticReading

ALL, BY_TYPE = "TWO WEEK WAIT-ALL CANCER", "TWO WEEK WAIT-BY CANCER"
RARER = "31-DAY (RARER CANCERS)"
QUARTER: list[object] = ["Q2 2015-2016 (July, August, September)"]
LUNG, SKIN = "Suspected lung cancer", "Suspected skin cancer"


def referrals(kind: str, rows: list[tuple[str, str, list[int]]]) -> Rows:
    """Give a sheet of two week waits: bands are within 14, 15-16, 17-21, 22-28, after 28 days."""
    header = [None, "ODS CODE (1)", "PROVIDER", "SUSPECTED TYPE OF CANCER (4)", "TOTAL", "WITHIN 14 DAYS"]
    header += [" AFTER 14 DAYS", None, None, "WITHIN 14 DAYS", "IN 15 TO 16 DAYS", "IN 17 TO 21 DAYS"]
    body: Rows = [
        [None, code, "A PROVIDER", of, sum(bands), bands[0], sum(bands[1:]), 0.9, None, *bands]
        for code, of, bands in rows
    ]
    for of in dict.fromkeys(of for _, of, _ in rows):
        bands = [sum(n) for n in zip(*(bands for _, own, bands in rows if own == of), strict=True)]
        total = [sum(bands), bands[0], sum(bands[1:]), 0.9, None, *bands]
        body.append([None, None, "ALL ENGLISH PROVIDERS", of.upper(), *total])
    return [[kind], QUARTER, [*header, "IN 22 TO 28 DAYS", "AFTER 28 DAYS"], *body, [], ["NOTES:"]]


def workbook() -> dict[str, Rows]:
    """Give the sheets of two week waits of two providers."""
    by_type = [
        ("RYR", LUNG, [90, 4, 3, 2, 1]),
        ("RYR", SKIN, [50, 0, 0, 0, 0]),
        ("RXW", LUNG, [30, 1, 1, 1, 2]),
    ]
    whole = [("RYR", "ALL SUSPECTED CANCER", [140, 4, 3, 2, 1])]
    whole.append(("RXW", "ALL SUSPECTED CANCER", [30, 1, 1, 1, 2]))
    return {
        "Frontpage": [["Quarter Two"]],
        BY_TYPE: referrals("TWO WEEK WAIT BY SUSPECTED CANCER", by_type),
        ALL: referrals("ALL CANCERS TWO WEEK WAIT", whole),
    }


def rarer(testicular_after_62: float, all_after_62: float) -> Rows:
    """Give the sheet of rarer cancers with two printed figures after 62 days; 1 and 2 are right."""
    header: list[object] = [
        "ODS CODE (1)",
        "ACCOUNTABLE PROVIDER (2)",
        "CARE SETTING (3)",
        "CANCER TYPE (4)",
        "TOTAL",
    ]
    header += ["WITHIN 31 DAYS", "AFTER 31 DAYS", None, None, "WITHIN 31 DAYS", "32 TO 62 DAYS"]
    providers = [("RYR", "Testicular", 11, 8, 3, 8, 2, 1), ("RYR", "Acute leukaemia", 4, 3, 1, 3, 0, 1)]
    totals = [
        (None, "TESTICULAR", 11, 8, 3, 8, 2, testicular_after_62),
        (None, "ACUTE LEUKAEMIA", 4, 3, 1, 3, 0, 1),
        (None, "ALL RARE CANCERS", 15, 11, 4, 11, 2, all_after_62),
    ]
    rows: Rows = [["31-DAY WAIT FOR FIRST TREATMENT FOR RARER CANCERS"], QUARTER]
    for setting in ("ADMITTED", "NON-ADMITTED", "ALL CARE"):
        rows.append([*header, "AFTER 62 DAYS"])
        for code, of, *figures in [*providers, *totals]:
            name = "A PROVIDER" if code else "ALL ENGLISH PROVIDERS"
            own = [0] * 6 if setting == "NON-ADMITTED" else figures
            rows.append([code, name, setting, of, *own[:3], 0.7, None, *own[3:]])
        rows.append([])
    return rows


def test_a_total_and_its_parts_do_not_mix(tmp_path: Path) -> None:
    reading = read_cancer_standards(write(tmp_path / "cancer.xlsx", workbook()))
    rows: Any = reading.rows.set_index(["code", "indicator"])
    assert rows.loc[("RYR", "cancer_2ww"), ["numerator", "denominator"]].tolist() == [140.0, 150.0]
    assert rows.loc[("RYR", "cancer_2ww_lung"), ["numerator", "denominator"]].tolist() == [90.0, 100.0]
    assert rows.loc[("RXW", "cancer_2ww_lung"), "value"] == pytest.approx(100 * 30 / 35)
    assert len(rows) == 5
    assert rows["period"].unique().tolist() == [pd.Timestamp(2015, 7, 1)]
    assert (reading.totals["difference"] == 0).all()
    assert "sheet '62-DAY (SCREENING)': not in this workbook" in reading.log


def test_types_that_do_not_make_the_whole_are_refused(tmp_path: Path) -> None:
    sheets = workbook()
    one = [
        ("RYR", "ALL SUSPECTED CANCER", [141, 4, 3, 2, 1]),
        ("RXW", "ALL SUSPECTED CANCER", [29, 1, 1, 1, 2]),
    ]
    sheets[ALL] = referrals("ALL CANCERS TWO WEEK WAIT", one)
    with pytest.raises(
        DataFileError, match=r"value 'RXW': all cancers \(34\) is not the sum of the types \(35\)"
    ):
        read_cancer_standards(write(tmp_path / "cancer.xlsx", sheets))


def test_two_columns_of_one_name_that_differ_are_refused(tmp_path: Path) -> None:
    sheets = workbook()
    sheets[ALL][3][9] = 139
    with pytest.raises(
        DataFileError, match=r"'WITHIN 14 DAYS', value '140': not the sum of its parts \(139\)"
    ):
        read_cancer_standards(write(tmp_path / "cancer.xlsx", sheets))


@pytest.mark.parametrize("other", ["62-DAY (SCREENING)", "62-DAY (CONSULTANT UPGRADE)", "62-DAY (BY CANCER)"])
def test_a_sheet_under_the_name_of_another_is_refused(tmp_path: Path, other: str) -> None:
    """Columns and types are the same: only title or types tell."""
    with pytest.raises(DataFileError, match=r"this is another table|not a type that this sheet has"):
        read_cancer_standards(write(tmp_path / "cancer.xlsx", {other: cancer()}))


def test_sheets_of_two_quarters_are_refused(tmp_path: Path) -> None:
    sheets = workbook()
    sheets["62-DAY (ALL CANCER)"] = cancer()
    with pytest.raises(DataFileError, match="the sheets name different quarters"):
        read_cancer_standards(write(tmp_path / "cancer.xlsx", sheets))


def test_a_misprinted_band_is_explained_where_the_sheet_itself_is_right(tmp_path: Path) -> None:
    reading = read_cancer_standards(write(tmp_path / "cancer.xlsx", {RARER: rarer(5, 2)}))
    wrong = reading.totals[reading.totals["difference"] != 0]
    assert wrong["quantity"].tolist() == ["after 62 days", "after 62 days"]
    assert wrong[["printed", "summed"]].to_numpy().tolist() == [[5.0, 1.0], [5.0, 1.0]]
    assert wrong["explanation"].str.contains("its own total of all types in this band, 2,").all()


def test_a_band_that_no_total_contradicts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="'after 62 days', value '5': the total"):
        read_cancer_standards(write(tmp_path / "cancer.xlsx", {RARER: rarer(5, 6)}))


@functools.cache
def published(path: Path) -> StatisticReading:
    """Read a real workbook once for all tests."""
    return read_cancer_standards(path)


@pytest.mark.parametrize(
    ("quarter", "rows", "explained", "seen", "first", "urgent"),
    [("q1", 10341, 14, 419827, 68640, 33806), ("q2", 10421, 0, 438955, 72535, 35693)],
)
def test_all_sheets_of_a_published_quarter_make_their_totals(
    raw_samples: Path, quarter: str, rows: int, explained: int, seen: float, first: float, urgent: float
) -> None:
    path = raw_samples / f"cancer-waiting-times-provider-2015-16-{quarter}.xlsx"
    reading = published(path)
    assert len(reading.rows) == rows
    differing = reading.totals[reading.totals["difference"] != 0]
    assert len(differing) == explained
    assert differing["total"].str.startswith(RARER).all()
    assert (differing["explanation"] != "").all()
    patients = reading.rows.groupby("indicator")["denominator"].sum()
    # As printed in the rows 'ALL ENGLISH PROVIDERS' of the workbook.
    assert patients[["cancer_2ww", "cancer_31d_first", "cancer_62d"]].tolist() == [seen, first, urgent]
    ours = reading.rows[
        reading.rows["indicator"].isin(["cancer_62d", "cancer_62d_admitted", "cancer_62d_non_admitted"])
    ]
    pd.testing.assert_frame_equal(ours.reset_index(drop=True), read_cancer_62d(path).rows)


def test_every_printed_total_of_the_workbook_is_compared(raw_samples: Path) -> None:
    """Totals are counted and added up here with openpyxl alone."""
    path = raw_samples / "cancer-waiting-times-provider-2015-16-q1.xlsx"
    compared = published(path).totals
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    printed, count = 0.0, 0
    for standard in STANDARDS:
        for cells in book[standard.sheet].iter_rows(values_only=True):
            if "ALL ENGLISH PROVIDERS" in cells:
                place = next(n for n, cell in enumerate(cells) if isinstance(cell, int | float))
                count += 1
                printed += float(str(cells[place]))
    own = compared[compared["quantity"].eq("total") & ~compared["total"].str.contains(", against ")]
    assert (len(own), own["printed"].sum()) == (count, printed)
    assert len(book.sheetnames) == len(STANDARDS) + 1
