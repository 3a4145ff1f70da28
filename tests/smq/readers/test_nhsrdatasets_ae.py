"""The R data frame must give the converted table row for row, and damage must not end in a traceback."""

from __future__ import annotations

import bz2
import gzip
import lzma
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smq.readers import rda
from smq.readers.errors import DataFileError
from smq.readers.nhsrdatasets_ae import INDICATORS, read_nhsrdatasets_ae
from tests.smq.readers import ae_cases


@pytest.fixture(scope="session")
def pinned(mirror: Path) -> Path:
    return next(mirror.rglob("ae_attendances.rda"))


def test_the_rows_are_those_of_the_converted_table(pinned: Path, real_data: Path) -> None:
    rows = read_nhsrdatasets_ae(pinned).rows
    by_type = rows[rows["indicator"] != "ae_4h"]
    converted = pd.read_csv(
        real_data / "nhsrdatasets-ae" / "ae_attendances.csv", dtype={"type": str}, parse_dates=["period"]
    )
    assert len(by_type) == len(converted) == 12_765
    converted["indicator"] = converted["type"].map(INDICATORS)
    merged = by_type.merge(
        converted, left_on=["code", "period", "indicator"], right_on=["org_code", "period", "indicator"]
    )
    assert len(merged) == 12_765
    assert (merged["numerator"] == merged["breaches"]).all()
    assert (merged["denominator"] == merged["attendances"]).all()


def test_england_is_as_published(pinned: Path) -> None:
    rows = read_nhsrdatasets_ae(pinned).rows
    year = rows[(rows["indicator"] == "ae_4h") & (rows["period"] < "2017-04-01")]
    assert year["denominator"].sum() == 23_362_301
    assert year["numerator"].sum() == 2_540_440
    assert rows["code"].nunique() == 274
    assert rows["period"].nunique() == 36


def test_codes_are_those_of_the_month(pinned: Path) -> None:
    rows = read_nhsrdatasets_ae(pinned).rows
    last = rows[rows["indicator"] == "ae_4h"].groupby("code")["period"].max()
    # Burton (RJF) was merged into Derby (RTG) on 1 July 2018.
    assert last["RJF"] == pd.Timestamp(2018, 6, 1)
    assert last["RTG"] == pd.Timestamp(2019, 3, 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"period": 17226.0 + 1},
            "column 'period', value '2017-03-02 00:00:00': not the first day of a month",
        ),
        ({"period": np.nan}, "not the first day of a month"),
        ({"org_code": "rf4"}, "not a well-formed ODS code"),
        ({"type": "3"}, "not a type of department"),
        ({"attendances": -1.0}, "not a count"),
        ({"breaches": np.nan}, "column 'breaches', value 'nan': not a count"),
        ({"breaches": 30.0}, "larger than attendances"),
        ({"type": "2"}, "a second row for ae_4h_type2"),
    ],
)
def test_what_is_wrong_is_named(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, object], said: str
) -> None:
    frame = pd.DataFrame(
        {
            "period": [17226.0, 17226.0],
            "org_code": ["RF4", "RF4"],
            "type": ["1", "2"],
            "attendances": [20.0, 8.0],
            "breaches": [2.0, 0.0],
        },
        dtype=object,
    )
    for column, value in change.items():
        frame[column] = pd.Series([value, frame[column][1]], dtype=object)
    monkeypatch.setattr(rda, "load_data_frame", lambda _, columns: frame[list(columns)])
    with pytest.raises(DataFileError) as caught:
        read_nhsrdatasets_ae(Path("ae_attendances.rda"))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not an R data file"),
        (b"RDX3\nX\n", "the file is damaged"),
        (b"\x1f\x8bxxxx", "its compression is damaged"),
        (b"BZhxxxxx", "its compression is damaged"),
        (b"\xfd7zXZ\x00" + b"x" * 60, "its compression is damaged"),
    ],
)
def test_what_is_no_r_data_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "ae_attendances.rda"
    path.write_bytes(content)
    with pytest.raises(DataFileError, match=said):
        read_nhsrdatasets_ae(path)


def test_a_file_that_unpacks_enormously_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rda, "MOST_BYTES", 1_000_000)
    path = tmp_path / "bomb.rda"
    path.write_bytes(bz2.compress(b"RDX3\n" + b"0" * 2_000_000))
    with pytest.raises(DataFileError, match="unpacks to far more"):
        read_nhsrdatasets_ae(path)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), cut=st.booleans())
def test_bytes_changed_in_the_unpacked_file_never_end_in_a_traceback(
    pinned: Path, tmp_path: Path, seed: int, cut: bool
) -> None:
    content = pinned.read_bytes()
    unpack = {b"\x1f\x8b": gzip.decompress, b"BZ": bz2.decompress, b"\xfd7": lzma.decompress}[content[:2]]
    path = tmp_path / "hurt.rda"
    path.write_bytes(ae_cases.hurt(unpack(content), seed, cut=cut))
    ae_cases.read_or_refused(read_nhsrdatasets_ae, path)
