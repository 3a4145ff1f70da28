"""The panel file must be the same bytes for the same rows, and refuse rows that break its schema."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pandera.errors
import pyarrow.parquet as parquet
import pytest

from smq.panel import COLUMNS, arrange, is_trust, read_panel, to_parquet, trust_pattern
from smq.readers.errors import DataFolderError


def panel(**changes: object) -> pd.DataFrame:
    columns = {
        "unit": ["RXQ", "RDD", "RDD"],
        "period": pd.to_datetime(["2016-04-01", "2016-05-01", "2016-04-01"]),
        "period_length": "month",
        "indicator": "ae_4h",
        "numerator": [1.0, None, 10.0],
        "denominator": [10.0, 120.0, 100.0],
        "value": [10.0, None, 10.0],
        "origin": "official statistics",
        "published": pd.NaT,
        "source": "test",
    }
    return pd.DataFrame(columns | changes)


def test_rows_in_another_order_give_the_same_bytes() -> None:
    rows = panel()
    assert to_parquet(rows) == to_parquet(rows.iloc[[2, 0, 1]])


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "panel.parquet"
    path.write_bytes(to_parquet(panel()))
    read = read_panel(path)
    pd.testing.assert_frame_equal(read, arrange(panel()))
    assert list(read.columns) == COLUMNS
    assert read["unit"].tolist() == ["RDD", "RDD", "RXQ"]
    assert parquet.read_schema(path).metadata is None


@pytest.mark.parametrize(
    "changes",
    [
        {"period": pd.to_datetime(["2016-04-02", "2016-05-01", "2016-04-01"])},
        {"unit": ["RXQ", "RDD", "rdd"]},
        {"unit": ["RXQ", "RDD", "RDD\n"]},
        {"numerator": [-1.0, 1.0, 1.0]},
        {"origin": "made up"},
        {"period": pd.to_datetime(["2016-04-01", "2016-04-01", "2016-04-01"])},
        # A quarter that begins in May; months and years of one indicator; no source.
        {"period_length": "quarter"},
        {"period_length": ["month", "month", "year"]},
        {"source": ""},
    ],
)
def test_rows_that_break_the_schema_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(pandera.errors.SchemaError):
        arrange(panel(**changes))


def test_a_code_is_a_trust_only_in_its_own_kind_of_world() -> None:
    codes = ["RDD", "TAH", "ZZ01"]
    months = pd.to_datetime(["2016-04-01"] * 3)
    assert is_trust(panel(unit=codes, period=months)).tolist() == [True, True, False]
    fictional = panel(unit=codes, period=months, origin="simulated")
    assert is_trust(fictional).tolist() == [False, False, True]
    # Three digits stand for sites that are not known, in real data sets.
    codes = ["ZZ01", "ZZ0160", "ZZ203", "ZZ1", "RDD"]
    found = [re.fullmatch(trust_pattern(fictional), code) is not None for code in codes]
    assert found == [True, True, False, False, False]


def test_a_panel_of_an_earlier_form_says_how_to_make_one(tmp_path: Path) -> None:
    path = tmp_path / "panel.parquet"
    panel().rename(columns={"unit": "trust"}).to_parquet(path)
    with pytest.raises(DataFolderError, match=r"no column unit\. Make it with"):
        read_panel(path)


def test_a_panel_that_cannot_be_read_says_how_to_make_one(tmp_path: Path) -> None:
    (tmp_path / "panel.parquet").write_text("not parquet", encoding="utf-8")
    for path in (tmp_path / "panel.parquet", tmp_path / "none.parquet"):
        with pytest.raises(DataFolderError, match=r"smq\.worlds\.prepare"):
            read_panel(path)
