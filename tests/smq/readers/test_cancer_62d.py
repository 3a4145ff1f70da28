"""Three parts stand one under another with totals: one read for another would double patients."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from smq.readers.cancer_62d import read_cancer_62d
from smq.readers.errors import DataFileError
from tests.smq.readers.ae_cases import Rows, write

SHEET = "62-DAY (ALL CANCER)"
HEADER = [
    *["ONS AREA ID (1)", "ODS CODE (2)", "ACCOUNTABLE PROVIDER", "CARE SETTING (3)", "CANCER TYPE", "TOTAL"],
    *["WITHIN 62 DAYS", "AFTER 62 DAYS", None, None, "WITHIN 31 DAYS", "32 TO 38 DAYS", "39 TO 48 DAYS"],
    *["49 TO 62 DAYS", "63 TO 76 DAYS", "77 TO 90 DAYS", "91 TO 104 DAYS ", "AFTER 104 DAYS"],
]
BANDS = {
    "ADMITTED": {
        "RYR": [73, 23.5, 33.5, 88, 7.5, 12, 6, 3.5],
        "RYJ": [35, 20.5, 29.5, 57, 4.5, 9.5, 7.5, 6.5],
    },
    "NON-ADMITTED": {"RYR": [11, 12, 13, 14, 1, 2, 3, 4.5]},
}


def cancer() -> Rows:
    """Give the sheet of a quarter with two providers."""
    rows: Rows = [
        ["62-DAY (URGENT GP REFERRAL TO TREATMENT) WAIT FOR FIRST TREATMENT: ALL CANCERS"],
        ["Q1 2015-2016 (April, May, June)"],
        ["Footnotes: below"],
        [],
    ]
    both = {code: list(bands) for code, bands in BANDS["ADMITTED"].items()}
    for code, bands in BANDS["NON-ADMITTED"].items():
        both[code] = [a + b for a, b in zip(both[code], bands, strict=True)]
    for setting, providers in {**BANDS, "ALL CARE": both}.items():
        total = [sum(column) for column in zip(*providers.values(), strict=True)]
        rows += [
            [f"PART: {setting} CARE"],
            [*[None] * 5, "NUMBER OF PEOPLE RECEIVING FIRST TREATMENT FOR CANCER"],
            list(HEADER),
            *(row("E1", code, f"PROVIDER {code}", setting, bands) for code, bands in providers.items()),
            [],
            row(None, None, "ALL ENGLISH PROVIDERS", setting, total),
            [],
        ]
    return [*rows, ["SOURCE: CANCER WAITING TIMES DATABASE"], ["(1) - ONS AREA ID is a code"]]


def row(area: str | None, code: str | None, name: str, setting: str, bands: list[float]) -> list[object]:
    within, after = sum(bands[:4]), sum(bands[4:])
    total = within + after
    return [area, code, name, setting, "ALL CANCERS", total, within, after, within / total, None, *bands]


def test_parts_are_kept_apart_and_halves_survive(tmp_path: Path) -> None:
    reading = read_cancer_62d(write(tmp_path / "cancer.xlsx", {"Frontpage": [["x"]], SHEET: cancer()}))
    rows: Any = reading.rows.set_index(["code", "indicator"])
    assert rows.loc[("RYR", "cancer_62d_admitted"), ["numerator", "denominator"]].tolist() == [218.0, 247.0]
    assert rows.loc[("RYR", "cancer_62d"), ["numerator", "denominator"]].tolist() == [268.0, 307.5]
    assert rows.loc[("RYR", "cancer_62d"), "value"] == pytest.approx(100 * 268 / 307.5)
    assert len(rows) == 5
    assert rows["period"].unique().tolist() == [pd.Timestamp(2015, 4, 1)]
    assert len(reading.totals) == 33
    assert (reading.totals["difference"] == 0).all()


@pytest.mark.parametrize(
    ("line", "column", "value", "said"),
    [
        (1, 0, "Q1 2015-2017", "the quarter is not named above the table"),
        (7, 5, 250, "row 8, column 'TOTAL', value '250': not the sum of its parts (247)"),
        (7, 1, "ryr", "not a well-formed ODS code"),
        (7, 3, "ANYWHERE", "column 'CARE SETTING', value 'ANYWHERE': not a care setting"),
        (
            10,
            5,
            418,
            "the total '62-DAY (ALL CANCER): admitted, all cancers' is not the sum of its rows (417)",
        ),
        (10, 2, "PROVIDERS", "row 11, column 'ODS CODE', value '': not a well-formed ODS code"),
        (0, 0, "62-DAY WAIT FROM SCREENING SERVICE REFERRAL", "this is another table"),
        (7, 4, "BREAST", "value 'BREAST': not a type that this sheet has"),
        (6, 11, "33 TO 38 DAYS", "the bands of days do not follow one another"),
        (6, 5, "ALL", "2 headers, where the three parts of the sheet have one each"),
    ],
)
def test_a_sheet_that_contradicts_itself_is_refused(
    tmp_path: Path, line: int, column: int, value: object, said: str
) -> None:
    rows = cancer()
    rows[line][column] = value
    with pytest.raises(DataFileError) as caught:
        read_cancer_62d(write(tmp_path / "cancer.xlsx", {SHEET: rows}))
    assert said in str(caught.value)


def test_a_part_without_its_total_is_refused(tmp_path: Path) -> None:
    rows = cancer()
    rows[10] = []
    with pytest.raises(DataFileError, match="the total 'ALL ENGLISH PROVIDERS' of admitted is missing"):
        read_cancer_62d(write(tmp_path / "cancer.xlsx", {SHEET: rows}))


def test_a_formula_without_a_stored_value_is_refused(tmp_path: Path) -> None:
    rows = cancer()
    rows[7][5] = "=SUM(K8:R8)"
    with pytest.raises(DataFileError, match="a formula that was never calculated"):
        read_cancer_62d(write(tmp_path / "cancer.xlsx", {SHEET: rows}))


@pytest.mark.parametrize(
    ("quarter", "start", "providers", "rows", "within", "after"),
    [("q1", "2015-04-01", 168, 488, 27713, 6093), ("q2", "2015-07-01", 166, 486, 29296, 6397)],
)
def test_the_published_quarters_make_england(
    raw_samples: Path, quarter: str, start: str, providers: int, rows: int, within: float, after: float
) -> None:
    reading = read_cancer_62d(raw_samples / f"cancer-waiting-times-provider-2015-16-{quarter}.xlsx")
    assert len(reading.rows) == rows
    assert len(reading.totals) == 33
    assert (reading.totals["difference"] == 0).all()
    care = reading.rows[reading.rows["indicator"] == "cancer_62d"]
    assert care["code"].nunique() == len(care) == providers
    assert care["numerator"].sum() == within
    assert (care["denominator"] - care["numerator"]).sum() == after
    assert care["period"].unique().tolist() == [pd.Timestamp(start)]


def test_the_quarters_equal_the_converted_file(raw_samples: Path, real_data: Path) -> None:
    converted = pd.read_csv(
        real_data / "cancer-62day-2015-16-q1q2/cancer_62day_all_cancers_by_provider.csv",
        dtype={"ods_code": str},
    )
    # Six more rows than the workbooks have providers: the totals of England.
    totals = converted["provider"].eq("ALL ENGLISH PROVIDERS")
    assert (len(converted), int(totals.sum())) == (980, 6)
    converted = converted[~totals]
    indicators = {
        "ADMITTED": "cancer_62d_admitted",
        "NON-ADMITTED": "cancer_62d_non_admitted",
        "ALL CARE": "cancer_62d",
    }
    converted = converted.assign(indicator=converted["care_setting"].map(indicators))
    for quarter in ("q1", "q2"):
        ours = read_cancer_62d(raw_samples / f"cancer-waiting-times-provider-2015-16-{quarter}.xlsx").rows
        theirs = converted[converted["quarter"] == f"2015-16 {quarter.upper()}"]
        both = ours.merge(theirs, left_on=["code", "indicator"], right_on=["ods_code", "indicator"])
        assert len(both) == len(ours) == len(theirs)
        assert (both["numerator"] == both["within_62_days"]).all()
        assert (both["denominator"] == both["total"]).all()
