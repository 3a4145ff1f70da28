"""Editions overlap and lag: a wrong period, or a row that contradicts itself, would misdate mortality."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from smq.readers.errors import DataFileError
from smq.readers.shmi_editions import read_shmi_editions

PORTAL = (
    "INDICATOR_CODE,PROVIDER,PROVIDER_NAME,DENOMINATOR,OBSERVED,EXPECTED,VALUE,PO_LL,PO_UL,OD_LL,OD_UL,OD_BANDING\n"
    "I00699,R1F,ISLE OF WIGHT NHS TRUST,19795,932,865.4807,1.0769,0.8982,1.1096,0.8842,1.131,2\n"
    "I00699,R1H,BARTS HEALTH NHS TRUST,160430,3674,4457.5565,0.8242,0.9544,1.0472,0.898,1.1136,3\n"
)
COLLECTION = "mirror/rufuspollock/health-data-uk/6ad80064be1748a8df7b9ecfb27855e2d93063fd/data/shmi.csv"


def portal(folder: Path, content: str = PORTAL, name: str = "shmi-2013-july.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode("cp1252"))
    return path


def test_an_edition_covers_the_year_that_ended_six_months_before(tmp_path: Path) -> None:
    rows = read_shmi_editions(portal(tmp_path)).rows
    shmi = rows[rows["indicator"] == "shmi"]
    assert shmi["period"].unique().tolist() == [pd.Timestamp(2012, 1, 1)]
    assert shmi["published"].unique().tolist() == [pd.Timestamp(2013, 7, 1)]
    assert shmi[["code", "numerator", "denominator", "value"]].to_numpy().tolist() == [
        ["R1F", 932.0, 865.4807, 1.0769],
        ["R1H", 3674.0, 4457.5565, 0.8242],
    ]


def test_a_file_that_does_not_tell_its_edition_is_refused_unless_told(tmp_path: Path) -> None:
    path = portal(tmp_path, name="shmi.csv")
    with pytest.raises(DataFileError, match="does not say of which edition") as caught:
        read_shmi_editions(path)
    assert "shmi-2013-july.csv" in str(caught.value)
    rows = read_shmi_editions(path, edition=date(2011, 10, 27)).rows
    assert rows["period"].unique().tolist() == [pd.Timestamp(2010, 4, 1)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "1.0769",
            "1.7069",
            "column 'VALUE', value '1.7069': not observed deaths divided by expected deaths",
        ),
        ("1.131,2", "1.131,1", "column 'OD_BANDING', value '1': does not fit the value 1.0769"),
        ("1.1136,3", "1.1136,4", "value '4': does not fit"),
        ("R1F", "R1f", "not a well-formed ODS code"),
        ("I00699,R1F", "I00700,R1F", "column 'INDICATOR_CODE', value 'I00700': not the SHMI"),
        ("932", "many", "column 'OBSERVED', value 'many': not a number"),
        (",1.131,2", ",1.131", "the row has 11 cells, the header 12"),
        ("EXPECTED", "FORECAST", "no row holds the column names"),
        ("R1H,BARTS", "R1F,BARTS", "a second row for shmi (the first is row 2)"),
    ],
)
def test_rows_that_contradict_themselves_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(DataFileError) as caught:
        read_shmi_editions(portal(tmp_path, PORTAL.replace(old, new)))
    assert said in str(caught.value)


def test_a_suppressed_value_is_missing_and_not_zero(tmp_path: Path) -> None:
    content = PORTAL.replace("19795,932,865.4807,1.0769,0.8982,1.1096,0.8842,1.131,2", "*,*,*,*,*,*,*,*,*")
    rows = read_shmi_editions(portal(tmp_path, content)).rows
    gone = rows[rows["code"] == "R1F"]
    assert gone["value"].isna().all()
    assert set(gone["missing"]) == {"suppressed (*)"}


def test_the_published_edition_is_read_whole(raw_samples: Path) -> None:
    reading = read_shmi_editions(raw_samples / "shmi-indicator-portal-2013-july.csv")
    shmi = reading.rows[reading.rows["indicator"] == "shmi"]
    assert len(shmi) == 142
    assert reading.dropped["name"].tolist() == [
        "Copyright © 2013, Health and Social Care Information Centre. All Rights Reserved"
    ]
    assert (reading.rows["missing"] == "").all()


def test_the_collection_holds_eleven_editions_and_the_published_one_unchanged(
    raw_samples: Path, mirror: Path, real_data: Path
) -> None:
    rows = read_shmi_editions(mirror.parent / COLLECTION).rows
    shmi = rows[rows["indicator"] == "shmi"]
    assert len(shmi) == 1576
    assert shmi["code"].nunique() == 149
    per_edition = shmi.groupby("published").size()
    assert per_edition.tolist() == [147, 147, 147, 143, 142, 142, 142, 142, 142, 141, 141]
    assert (per_edition.index[0], per_edition.index[-1]) == (
        pd.Timestamp(2011, 10, 1),
        pd.Timestamp(2014, 4, 1),
    )
    edition = read_shmi_editions(raw_samples / "shmi-indicator-portal-2013-july.csv").rows
    compared = ["code", "period", "indicator", "numerator", "denominator", "value"]
    same = rows[rows["published"] == pd.Timestamp(2013, 7, 1)].reset_index(drop=True)
    pd.testing.assert_frame_equal(same[compared], edition[compared])
    converted = pd.read_csv(real_data / "health-data-uk-shmi/shmi.csv", parse_dates=["DATE"])
    both = shmi.merge(converted, left_on=["code", "published"], right_on=["PROVIDER", "DATE"])
    assert len(both) == len(shmi) == len(converted)
    assert (both["value"] == both["VALUE"]).all()
    assert (both["numerator"] == both["OBSERVED"]).all()
    assert (both["denominator"] == both["EXPECTED"]).all()
