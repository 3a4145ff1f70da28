"""The quick way through a mapped file must give what the way by row gives, or leave the file to it."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smq.mappings import Columns, FileMapping
from smq.readers import mapped_csv
from smq.readers.errors import DataFileError

CELLS = st.sampled_from(["0", "1", "10", "2.5", "1,234", "-", "*", "", "-1", "x", " 7 ", "1e3", "N/A"])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["RDD", "RXQ", "Y02584", "TAH", "rdd", "ENG", ""]),
        st.sampled_from(["2016-04-01", "2016-05-17", "2016-13-01", "1066-10-14"]),
        CELLS,
        CELLS,
        st.sampled_from(["1", "2"]),
        st.sampled_from(["A trust", 'One "quoted"', "Two, with a comma", "In two\nlines", ""]),
    ),
    max_size=5,
)
HEADER = ["code", "month", "over", "all", "kind", "name"]
MAPPING = FileMapping(
    file="ae.csv",
    indicator="ae_4h",
    columns=Columns(trust="code", name="name", period="month", numerator="over", denominator="all"),
    origin="official statistics",
)
KINDS: tuple[dict[str, object], ...] = (
    {},
    {"proportion": False},
    {"sum_over": "kind"},
    {"where": {"kind": "1"}, "others": "another kind"},
    {"leave_out": [{"where": {"code": ""}, "reason": "no code"}], "shift_months": -3},
    {"columns": {"trust": "code", "period": "month", "value": "all"}, "decimals": 1, "scale": 100},
    {"period_length": "quarter", "proportion": False},
)


def outcome(path: Path, mapping: FileMapping) -> object:
    try:
        reading = mapped_csv.read_mapped_csv(path, mapping)
    except DataFileError as error:
        return str(error)
    return reading


@pytest.mark.parametrize("kind", range(len(KINDS)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, newline=st.sampled_from(["\n", "\r\n"]))
def test_both_ways_give_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: int, rows: list[tuple[str, ...]], newline: str
) -> None:
    mapping = FileMapping.model_validate(MAPPING.model_dump() | KINDS[kind])
    path = tmp_path / "ae.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator=newline).writerows([HEADER, *rows])
    quick = outcome(path, mapping)
    with monkeypatch.context() as patch:
        patch.setattr(mapped_csv, "read_mapped_columns", lambda *_: None)
        by_row = outcome(path, mapping)
    if isinstance(quick, str) or isinstance(by_row, str):
        assert quick == by_row
        return
    assert isinstance(quick, mapped_csv.Reading)
    assert isinstance(by_row, mapped_csv.Reading)
    for name in ("rows", "missing", "totals", "dropped"):
        pd.testing.assert_frame_equal(getattr(quick, name), getattr(by_row, name), check_exact=True)
    assert quick.used == by_row.used


def test_a_plain_file_takes_the_quick_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ae.csv"
    path.write_text("code,month,over,all,name\nRDD,2016-04-01,10,*,A trust\n", encoding="utf-8")
    monkeypatch.setattr(mapped_csv, "read_mapped_table", None)
    reading = mapped_csv.read_mapped_csv(path, MAPPING)
    assert reading.rows["numerator"].tolist() == [10]
    assert reading.missing[["mark", "rows"]].to_numpy().tolist() == [["*", 1]]
