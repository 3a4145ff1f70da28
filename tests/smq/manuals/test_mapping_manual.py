"""The example in the manual must do what the manual says, and no key may lack its meaning."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import yaml

from smq.manuals.mapping_manual import EXAMPLE_FILE, EXAMPLE_MAPPING, own_files
from smq.mappings import Mappings
from smq.readers.mapped_csv import read_mapped_csv


def test_the_example_gives_what_the_manual_says(tmp_path: Path) -> None:
    mapping = Mappings.model_validate(yaml.safe_load(EXAMPLE_MAPPING)).files[0]
    path = tmp_path / "our_extract.csv"
    path.write_text(EXAMPLE_FILE, encoding="utf-8")
    reading = read_mapped_csv(path, mapping)
    rows = reading.rows.set_index("code")
    assert rows["value"]["ZZ01"] == 82.5
    assert pd.isna(rows["value"]["ZZ02"])
    assert rows["period"].unique().tolist() == [pd.Timestamp("2015-04-01")]
    assert reading.missing[["mark", "meaning"]].to_numpy().tolist() == [["*", "suppressed because small"]]
    assert reading.dropped["name"].tolist() == ["A fictional trust", "A private hospital", ""]
    seen = reading.totals.set_index("quantity").loc["Seen"]
    assert (seen["total"], seen["printed"], seen["difference"]) == ("England 2015-04", 552.5, 0)


def test_every_key_has_a_meaning() -> None:
    rows = [line for line in own_files() if line.startswith("| `")]
    assert len(rows) > 30
    assert [row for row in rows if row.endswith("|  |")] == []
