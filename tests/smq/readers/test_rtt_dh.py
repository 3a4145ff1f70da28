"""An older layout with the same columns elsewhere: month and part of the pathways stand only in its title."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from smq.readers.errors import DataFileError
from smq.readers.rtt_dh import read_rtt_dh
from tests.smq.readers.ae_cases import write
from tests.smq.readers.rtt_cases import rtt_dh


def test_the_older_layout_gives_the_pathways_of_its_title(tmp_path: Path) -> None:
    reading = read_rtt_dh(write(tmp_path / "dh.xlsx", {**rtt_dh(), "Guidance": [], "Glossary": []}))
    rows: Any = reading.rows.set_index(["code", "indicator"])
    assert rows.loc[("RLN", "rtt_18w"), ["numerator", "denominator"]].tolist() == [50.0, 60.0]
    assert rows["period"].unique().tolist() == [pd.Timestamp(2009, 12, 1)]
    assert rows["published"].isna().all()
    assert len(rows) == 9
    assert (reading.totals["difference"] == 0).all()


@pytest.mark.parametrize(
    ("sheet", "line", "column", "value", "said"),
    [
        (
            "PCT",
            1,
            0,
            "December 2009 Commissioner returns - RTT times for admitted pathways",
            "no title such as",
        ),
        ("PCT", 1, 0, "18 weeks", "no title such as"),
        (
            "SHA",
            1,
            0,
            "May 2009 Commissioner returns - RTT times for incomplete pathways",
            "another month than",
        ),
        ("PCT", 5, 5, 41, "not the sum of its weeks"),
        ("National", 5, 2, 200, "not the sum of its weeks"),
    ],
)
def test_a_workbook_that_contradicts_itself_is_refused(
    tmp_path: Path, sheet: str, line: int, column: int, value: object, said: str
) -> None:
    sheets = rtt_dh()
    sheets[sheet][line][column] = value
    with pytest.raises(DataFileError) as caught:
        read_rtt_dh(write(tmp_path / "dh.xlsx", sheets))
    assert said in str(caught.value)


def test_a_missing_sheet_is_named(tmp_path: Path) -> None:
    sheets = rtt_dh()
    del sheets["SHA"]
    with pytest.raises(DataFileError, match="the sheets 'National', 'SHA' and 'PCT'"):
        read_rtt_dh(write(tmp_path / "dh.xlsx", sheets))


def test_the_published_month_makes_england(raw_samples: Path) -> None:
    reading = read_rtt_dh(raw_samples / "rtt-dh-2009-10-dh_112606.xls")
    assert len(reading.rows) == 3060
    # England (40 totals), eleven regions (440) and 153 organisations (306).
    assert len(reading.totals) == 786
    assert (reading.totals["difference"] == 0).all()
    rows = reading.rows[reading.rows["indicator"] == "rtt_18w"]
    # As printed in the row 'Total' of the sheet 'National'.
    assert rows[["numerator", "denominator"]].sum().tolist() == [2128078.0, 2365316.0]
    newcastle = rows[rows["code"] == "5D7"].iloc[0]
    # As printed in the row of Newcastle: 6,527 of 7,905.
    assert newcastle[["numerator", "denominator"]].tolist() == [6527.0, 7905.0]
    assert newcastle["value"] == pytest.approx(82.56799493991139)
