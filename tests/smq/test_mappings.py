"""A mapping that cannot be meant must be refused before a file is read by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from smq.mappings import Columns, confidential_files, data_files, load_mappings, present
from smq.readers.errors import MappingError

GOOD = """
files:
  - file: a/b.csv
    indicator: ae_4h
    columns: {trust: code, month: month, numerator: over, denominator: all}
    origin: official statistics
"""


TWIN = GOOD.replace("files:", "").replace("a/b.csv", "c.csv").lstrip("\n")


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
        ("numerator: over, ", "", "files.0.columns: Value error, numerator is needed; or give the column"),
        ("origin:", "orgin: x\n    origin:", "files.0.orgin"),
        ("origin:", "date_format: '%Y'\n    origin:", "a year and a month"),
        ("origin:", "date_format: '%Q'\n    origin:", "not a date format"),
        ("origin:", "scale: 0\n    origin:", "files.0.scale"),
        ("origin:", "missing: {'0': none}\n    origin:", "a number cannot mark a missing value"),
        ("origin:", "date_format: financial quarter\n    origin:", "does not fit the period length 'month'"),
        ("origin:", "period_length: week\n    origin:", "files.0.period_length"),
        ("origin:", "period_length: quarter\n    shift_months: 1\n    origin:", "moved by 3, 6, 9"),
        ("origin:", "complement: true\n    origin:", "complement: needs the column 'value'"),
        ("origin:", "decimals: 2\n    origin:", "decimals: needs the column 'value'"),
        ("origin:", "leave_out: [{where: {code: ''}}]\n    origin:", "files.0.leave_out.0.reason"),
        ("origin:", "leave_out: [{where: {}, reason: x}]\n    origin:", "files.0.leave_out.0.where"),
        ("origin:", "stands_in_for: [c.csv]\n    origin:", "a/b.csv stands in for c.csv, which no other"),
        ("origin:", "stands_in_for: [../c.csv]\n    origin:", "inside the data folder"),
        (
            GOOD,
            GOOD + TWIN.replace("origin:", "period_length: year\n    origin:"),
            "by year, another file by month",
        ),
        ("origin:", "published: soon\n    origin:", "files.0.published"),
        ("files:", "successors: [{file: ../x}]\nfiles:", "successors.0.file"),
        (
            "files:",
            "organisations: [{file: x.csv, columns: {name: n}}]\nfiles:",
            "organisations.0.columns.code",
        ),
        ("files:", "challenged: {columns: {since: x}}\nfiles:", "challenged.columns.since"),
        ("files:", "challenged: {file: ../x.csv}\nfiles:", "challenged.file"),
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


def test_the_column_of_the_period_may_be_called_month_or_period() -> None:
    columns = {"trust": "c", "numerator": "n", "denominator": "d"}
    for key in ("month", "period"):
        assert Columns.model_validate(columns | {key: "when"}).period == "when"


def test_words_that_yaml_reads_as_numbers_or_days_are_text(tmp_path: Path) -> None:
    path = tmp_path / "mappings.yaml"
    where = "where: {type: 1, day: 2016-04-01, other: [2, x]}"
    path.write_text(GOOD.replace("origin:", f"{where}\n    origin:"), encoding="utf-8")
    assert load_mappings(path).files[0].where == {"type": "1", "day": "2016-04-01", "other": ("2", "x")}


def test_a_file_is_stood_in_for_only_by_one_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "mappings.yaml"
    second = GOOD.replace("files:", "").replace("a/b.csv", "whole.csv")
    path.write_text(
        GOOD + second.replace("origin:", "stands_in_for: [a/b.csv]\n    origin:"), encoding="utf-8"
    )
    declared = load_mappings(path).files
    assert present(tmp_path, declared) == []
    (tmp_path / "whole.csv").touch()
    assert [mapping.file for mapping in present(tmp_path, declared)] == ["whole.csv"]
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.csv").touch()
    assert [mapping.file for mapping in present(tmp_path, declared)] == ["a/b.csv"]
    # What is there decides which are read, so a build depends on all of them.
    assert data_files(str(tmp_path), path) == sorted(
        str(tmp_path / name) for name in ("a/b.csv", "mappings.yaml", "whole.csv")
    )


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="no such file"):
        load_mappings(tmp_path / "mappings.yaml")


def test_on_and_off_are_names_of_columns_although_yaml_reads_them_as_true_and_false(tmp_path: Path) -> None:
    path = tmp_path / "mappings.yaml"
    entry = "challenged: {file: list.csv, columns: {trust: code, on: Since, off: off}, date_format: '%Y'}\n"
    path.write_text(entry + GOOD, encoding="utf-8")
    columns = load_mappings(path).challenged.columns
    assert columns.model_dump() == {"trust": "code", "on": "Since", "off": "off"}
    assert load_mappings(path).challenged.date_format == "%Y"


def test_the_confidential_list_is_watched_apart_from_the_other_files(tmp_path: Path) -> None:
    path = tmp_path / "mappings.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert confidential_files(str(tmp_path), path) == []
    (tmp_path / "challenged.csv").touch()
    assert confidential_files(str(tmp_path), path) == [str(tmp_path / "challenged.csv")]
    assert data_files(str(tmp_path), path) == [str(path)]
    path.write_text(GOOD + "challenged: {file: list.csv}\n", encoding="utf-8")
    assert confidential_files(str(tmp_path), path) == []
    assert confidential_files("demo", path) == confidential_files("public", path) == []
