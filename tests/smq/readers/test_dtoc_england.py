"""Four sheets of one series with like columns: beds read as days, or a reason in another type, add up too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlrd

from smq.readers.dtoc_england import REASONS, read_dtoc_england
from smq.readers.errors import DataFileError
from tests.smq.readers.ae_cases import Rows, write

BODIES = ["NHS", "Social Care", "Both"]
MONTHS = {("2010-11", "December"): 31, ("2010-11", "January"): 31, ("2010-11", "February"): 28}
LABELS = [f"{letter}) Reason {letter}" for letter in REASONS.values()]
SHEETS = ("Delayed Days by type", "Delayed Days by responsible org", "Delayed Days by reason", "Delayed Days")


def days(month: int, of_type: int, reason: int, body: int) -> int:
    """Give a number of its own for each cell of the crossed sheet. Acute care has no reason O."""
    return 0 if of_type == 0 and reason == 10 else 1000 * (month + 1) + 100 * of_type + 7 * reason + body


def dtoc() -> dict[str, Rows]:
    """Give the four sheets of three months."""
    above: Rows = [
        [],
        [None, "Title:", "Delayed Transfer of Care, NHS Organisations, England"],
        [None, "Period:", "December 2010 - February 2011"],
        [None, "Published:", "9th April 2020"],
        [None, "Revised:", "10th September 2020"],
        [],
    ]
    groups: list[object] = [None, None, None, "Delayed Days"]
    crossed: list[list[object]] = [
        [None, "Provider Level Data", None],
        [None] * 3,
        [None, "Year", "Period Name"],
    ]
    for of_type, name in enumerate(["Acute", "Non-Acute"]):
        for reason, label in enumerate(LABELS[: 10 + of_type]):
            crossed[0] += [name if reason == 0 else None, None, None]
            crossed[1] += [label, None, None]
            crossed[2] += BODIES
    crossed[0].append("Total")
    sheets: dict[str, Rows] = {
        SHEETS[0]: [
            [*groups, None, None, None, "DTOC Beds"],
            [
                None,
                "Year",
                "Period",
                *["Acute", "Non-Acute", "Total"],
                None,
                *["Acute", "Non-Acute", "Total"],
            ],
        ],
        SHEETS[1]: [
            [*groups, None, None, None, None, "DTOC Beds"],
            [None, "Year", "Period", *BODIES, "Total", None, *BODIES, "Total"],
        ],
        SHEETS[2]: [[None, "Provider Level Data"], [None, "Year", "Period", *LABELS, "Total"]],
        SHEETS[3]: [list(row) for row in crossed],
    }
    for n, ((year, month), length) in enumerate(MONTHS.items()):
        cells = {(t, r, b): days(n, t, r, b) for t in (0, 1) for r in range(11) for b in (0, 1, 2)}
        by_type, by_body, by_reason = (
            [sum(value for key, value in cells.items() if key[place] == part) for part in range(size)]
            for place, size in ((0, 2), (2, 3), (1, 11))
        )
        whole = sum(by_type)
        labels: list[object] = [None, year, month]
        for sheet, parts in zip(SHEETS[:2], (by_type, by_body), strict=True):
            beds = [part / length for part in (*parts, whole)]
            sheets[sheet].append([*labels, *parts, whole, None, *beds])
        sheets[SHEETS[2]].append([*labels, *by_reason, whole])
        details = [value for key, value in cells.items() if key[:2] != (0, 10)]
        sheets[SHEETS[3]].append([*labels, *details, whole])
    return {name: [*map(list, above), *rows, [], [None, "Notes:"]] for name, rows in sheets.items()}


def test_days_beds_and_parts_are_told_apart(tmp_path: Path) -> None:
    reading = read_dtoc_england(write(tmp_path / "dtoc.xlsx", dtoc()))
    rows: Any = reading.rows.set_index(["period", "indicator"])
    january = pd.Timestamp(2011, 1, 1)
    acute = sum(2000 + 7 * reason + body for reason in range(10) for body in range(3))
    assert rows.loc[(january, "dtoc_days_england_acute"), "value"] == acute
    assert rows.loc[(january, "dtoc_beds_england_acute"), "value"] == pytest.approx(acute / 31)
    assert rows.loc[(january, "dtoc_days_england_other"), "value"] == sum(2170 + body for body in range(3))
    assert set(reading.rows["code"]) == {"ENG"}
    assert rows["published"].unique().tolist() == [pd.Timestamp(2020, 4, 9)]
    # Days: the total, 2 types, 3 bodies, 11 reasons; beds: the total, 2 types, 3 bodies.
    assert len(rows) == 3 * (17 + 6)
    assert len(reading.totals) == 3 * 4
    assert (reading.totals["difference"] == 0).all()


@pytest.mark.parametrize(
    ("sheet", "line", "column", "value", "said"),
    [
        (SHEETS[2], 8, 3, 1, "the total 'Delayed Days by reason: December 2010' is not the sum of its rows"),
        (SHEETS[0], 8, 7, 1.0, "not the days divided by those of the month"),
        (SHEETS[0], 8, 1, "2010-12", "not a financial year and a month, such as 2010-11 and August"),
        (SHEETS[0], 8, 2, "Smarch", "not a financial year and a month"),
        (SHEETS[0], 9, 2, "December", "a second row for December (the first is row 9)"),
        (SHEETS[1], 8, 2, "March", "the months of the sheets 'Delayed Days by responsible org' and"),
        (SHEETS[2], 7, 3, "Z) Reason", "column 'A) ...': there is no such column"),
        (SHEETS[3], 8, 3, "Both", "two columns for the same type, reason and responsible body"),
        (SHEETS[3], 9, 3, 5, "is not the sum of its rows"),
    ],
)
def test_a_workbook_that_contradicts_itself_is_refused(
    tmp_path: Path, sheet: str, line: int, column: int, value: object, said: str
) -> None:
    sheets = dtoc()
    sheets[sheet][line][column] = value
    with pytest.raises(DataFileError) as caught:
        read_dtoc_england(write(tmp_path / "dtoc.xlsx", sheets))
    assert said in str(caught.value)


def test_parts_that_moved_between_types_are_found(tmp_path: Path) -> None:
    """Totals cannot tell: the sum of the month stays what it was."""
    sheets = dtoc()
    row = sheets[SHEETS[3]][9]
    row[3], row[40] = row[40], row[3]
    with pytest.raises(DataFileError, match="by type: December 2010, acute' is not the sum"):
        read_dtoc_england(write(tmp_path / "dtoc.xlsx", sheets))


def test_the_published_series_adds_up_in_every_month(raw_samples: Path) -> None:
    path = raw_samples / "dtoc-england-timeseries-aug2010-feb2020.xls"
    reading = read_dtoc_england(path)
    assert len(reading.rows) == 115 * 23
    assert len(reading.totals) == 115 * 4
    assert (reading.totals["difference"] == 0).all()
    assert "sheet 'Delayed Days': 1,840 sums equal the figures of the other sheets" in reading.log
    values = reading.rows.set_index(["period", "indicator"])["value"]
    # As printed in the workbook.
    assert values[pd.Timestamp(2010, 8, 1), "dtoc_days_england"] == 109918
    assert values[pd.Timestamp(2020, 2, 1), "dtoc_days_england"] == 155782
    assert values[pd.Timestamp(2011, 1, 1), "dtoc_days_england_social_care"] == 35750
    assert values[pd.Timestamp(2020, 2, 1), "dtoc_days_england_other"] == 2008
    # The column of totals, added up here without the reader.
    column = xlrd.open_workbook(str(path)).sheet_by_name("Delayed Days").col_values(66, 18, 133)
    assert values.xs("dtoc_days_england", level="indicator").sum() == sum(map(float, column))
