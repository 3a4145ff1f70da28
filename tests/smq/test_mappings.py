"""A mapping that cannot be meant must be refused before a file is read by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from smq.mappings import load_mappings
from smq.readers.errors import MappingError

GOOD = """
files:
  - file: a/b.csv
    indicator: ae_4h
    columns: {trust: code, month: month, numerator: over, denominator: all}
    origin: official statistics
"""


def test_the_mapping_of_the_project_is_valid() -> None:
    mapping = load_mappings(Path(__file__).parents[2] / "config" / "mappings.yaml").files[0]
    assert mapping.file == "ae-panel/ae_monthly_trust_panel.csv"
    assert mapping.columns.numerator == "over_4h"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("a/b.csv", "../b.csv", "inside the data folder"),
        ("a/b.csv", "/etc/passwd", "inside the data folder"),
        ("origin: official statistics", "origin: real", "files.0.origin"),
        ("numerator: over, ", "", "files.0.columns.numerator: Field required"),
        ("origin:", "orgin: x\n    origin:", "files.0.orgin"),
        ("origin:", "date_format: '%Y'\n    origin:", "a year and a month"),
        ("origin:", "date_format: '%Q'\n    origin:", "not a date format"),
        ("origin:", "scale: 0\n    origin:", "files.0.scale"),
        ("origin:", "missing: {'0': none}\n    origin:", "a number cannot mark a missing value"),
        ("files:", "files: [", "not readable as YAML"),
        (GOOD, "files: []", "at least 1 item"),
        (GOOD, GOOD + GOOD.replace("files:", ""), "mapped to ae_4h twice"),
    ],
)
def test_a_wrong_mapping_names_file_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "mappings.yaml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        load_mappings(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="no such file"):
        load_mappings(tmp_path / "mappings.yaml")
