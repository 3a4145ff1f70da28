"""Names without codes, quarters as decimals, survivors alone: each must stay visible and none be guessed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smq.readers.beds_kh03 import read_beds_kh03
from smq.readers.errors import DataFileError
from smq.readers.howsmynhs_beds import read_howsmynhs_beds
from smq.readers.public_names import read_public_names

PINNED = "HowsMyNHS/NHSdata/db750f50b99f0af812ac3696db273746401ec961/Bed_Data/NHSbeds.npy"
CODES = {"barts health nhs trust": "R1H", "isle of wight nhs trust": "R1F"}
NAMES = ["england", "barts health nhs trust", "isle of wight nhs trust", "somewhere nhs trust"]
QUARTERS = [2010.5, 2010.25]
BEDS: list[list[object]] = [[2500, 2400], [1725.5, "-"], [0, 200], [300, 310]]


def saved(folder: Path, names: list[str], quarters: list[float], beds: list[list[object]]) -> Path:
    parts = np.empty(3, dtype=object)
    parts[0], parts[1] = np.array(names, dtype=object), np.array(quarters)
    parts[2] = np.array(beds, dtype=object)
    np.save(folder / "beds.npy", parts, allow_pickle=True)
    return folder / "beds.npy"


def test_a_dash_is_no_row_and_zero_is_one(tmp_path: Path) -> None:
    reading = read_howsmynhs_beds(saved(tmp_path, NAMES, QUARTERS, BEDS), CODES)
    assert reading.rows[["code", "period", "value"]].to_numpy().tolist() == [
        ["R1F", pd.Timestamp(2010, 4, 1), 200.0],
        ["R1F", pd.Timestamp(2010, 7, 1), 0.0],
        ["R1H", pd.Timestamp(2010, 7, 1), 1725.5],
    ]
    assert reading.dropped["reason"].tolist() == [
        "a total, compared with the sum of its rows",
        "1 quarters without a figure (-)",
        "no code is known for this name; 2 quarters with figures",
    ]
    assert reading.totals["summed"].tolist() == [2025.5, 510.0]


@pytest.mark.parametrize(
    ("names", "quarters", "beds", "said"),
    [
        (NAMES, [2010.5, 2010.3], BEDS, "value '2010.3': not a quarter as a decimal year"),
        (NAMES, [2010.5, 2010.5], BEDS, "a quarter stands there twice"),
        (["england"] * 4, QUARTERS, BEDS, "a name stands there twice"),
        (["somewhere", *NAMES[1:]], QUARTERS, BEDS, "England's row is missing"),
        (NAMES, QUARTERS, [*BEDS[:3], ["*", 1]], "value '*': neither a number of beds nor '-'"),
        (NAMES, QUARTERS, [*BEDS[:3], [-1, 1]], "value '-1': neither a number of beds nor '-'"),
        (NAMES, QUARTERS, BEDS[:3], "not 4 rows of 2 figures"),
        (
            NAMES,
            QUARTERS,
            [[2000, 2400], *BEDS[1:]],
            "the total 'England 2010-07' is not the sum of its rows",
        ),
    ],
)
def test_what_cannot_be_is_refused(
    tmp_path: Path, names: list[str], quarters: list[float], beds: list[list[object]], said: str
) -> None:
    with pytest.raises(DataFileError) as caught:
        read_howsmynhs_beds(saved(tmp_path, names, quarters, beds), CODES)
    assert said in str(caught.value)


def test_the_pinned_file_equals_the_converted_one_but_for_older_versions_zeros_and_rounding(
    mirror: Path, real_data: Path, project: Path
) -> None:
    codes = read_public_names(project / "data/reference/public_names.csv")
    reading = read_howsmynhs_beds(mirror / PINNED, codes)
    assert not reading.dropped["reason"].str.startswith("no code").any()
    assert len(reading.rows) == 7205
    converted = pd.read_csv(
        real_data / "howsmynhs-beds/overnight_beds_available_quarterly.csv", parse_dates=["quarter_start"]
    )
    both = reading.rows.merge(
        converted[converted["org_name"] != "england"],
        left_on=["name", "period"],
        right_on=["org_name", "quarter_start"],
        how="outer",
        indicator="side",
    )
    # Older versions of the file, which the converted one merges, held names that the newest has dropped.
    older = both[both["side"] == "right_only"]
    assert len(older) == 634
    assert not older["source_commit"].eq("d62ae45").any()
    # The converted file leaves out zeros.
    ours_alone = both[both["side"] == "left_only"]
    assert len(ours_alone) == 22
    assert (ours_alone["value"] == 0).all()
    # It is rounded to one decimal.
    shared = both[both["side"] == "both"]
    assert (shared["value"] - shared["overnight_beds_available"]).abs().max() < 0.05
    assert int((shared["value"] != shared["overnight_beds_available"]).sum()) == 21
    known = shared.dropna(subset="ods_code")
    differing = known[known["code"] != known["ods_code"]]
    assert differing[["name", "code", "ods_code"]].drop_duplicates().to_numpy().tolist() == []


def test_england_of_the_first_quarter_is_that_of_the_official_workbook(
    mirror: Path, raw_samples: Path, project: Path
) -> None:
    codes = read_public_names(project / "data/reference/public_names.csv")
    totals = read_howsmynhs_beds(mirror / PINNED, codes).totals.set_index("total")
    official = read_beds_kh03(raw_samples / "kh03-overnight-beds-2010-11-q1.xls").totals
    england = official[official["total"].eq("England") & official["quantity"].eq("Available, Total")]
    assert totals.loc["England 2010-04", "printed"] == int(england["printed"].iloc[0]) == 144454
    assert len(totals) == 46
    assert (totals["difference"] > 0).all()
