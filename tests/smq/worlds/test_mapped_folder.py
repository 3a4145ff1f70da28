"""Files of one folder must become one panel: nothing twice, nothing lost without a word, conflicts named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import yaml

from smq.config import load_study
from smq.readers.errors import DataConflictError
from smq.worlds.mapped_folder import read_folder
from smq.worlds.organisations import Choice
from tests.smq.indicator_cases import PROJECT

if TYPE_CHECKING:
    from smq.worlds.tidy_folder import TidyData

WAITS = {"trust": "code", "period": "when", "numerator": "over", "denominator": "all"}
SHARE = {"trust": "code", "period": "when", "value": "share"}


class Folder:
    """A data folder with its mapping."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mappings: dict[str, list[dict[str, object]]] = {"files": []}

    def add(self, file: str, content: str, columns: dict[str, str] = WAITS, **keys: object) -> None:
        """Add a file and its mapping."""
        (self.path / file).write_text(content, encoding="utf-8")
        entry = {
            "file": file,
            "indicator": "ae_4h",
            "origin": "official statistics",
            "columns": columns,
            **keys,
        }
        self.mappings["files"].append(entry)

    def lists(self, kind: str, file: str, content: str, **keys: object) -> None:
        """Add a list and its mapping."""
        (self.path / file).write_text(content, encoding="utf-8")
        self.mappings.setdefault(kind, []).append({"file": file, **keys})

    def read(self, *choices: Choice) -> TidyData:
        """Read the folder."""
        (self.path / "mappings.yaml").write_text(yaml.safe_dump(self.mappings), encoding="utf-8")
        study = load_study(PROJECT / "config/study.yaml")
        return read_folder(self.path, self.path / "mappings.yaml", study, choices)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


HEADER = "code,when,over,all\n"
OLD = HEADER + "RDD,2016-04-01,9,100\nRDD,2016-05-01,5,50\nRDD,2016-06-01,7,70\n"
NEW = HEADER + "RDD,2016-04-01,10,100\nRDD,2016-05-01,5,50\nRDD,2016-06-01,*,70\nRXQ,2016-04-01,1,10\n"


def test_the_newest_publication_is_used_and_the_other_value_kept(folder: Folder) -> None:
    folder.add("old.csv", OLD, published="2017-01-31")
    folder.add("new.csv", NEW, published="2018-01-31")
    made = folder.read()
    assert made.panel[["unit", "numerator", "source"]].to_numpy().tolist() == [
        ["RDD", 10, "new.csv"],
        ["RDD", 5, "new.csv"],
        # A row without a value never displaces one with a value.
        ["RDD", 7, "old.csv"],
        ["RXQ", 1, "new.csv"],
    ]
    assert made.panel["published"].dt.year.tolist() == [2018, 2018, 2017, 2018]
    assert made.differences.drop(columns="period").to_numpy().tolist() == [
        ["RDD", "ae_4h", "numerator", 10, "new.csv", 9, "old.csv", "the newest publication is used"]
    ]
    assert made.agreement.to_numpy().tolist() == [
        ["ae_4h", "new.csv", "old.csv", 2, 1, 1],
        ["ae_4h", "old.csv", "new.csv", 1, 1, 0],
    ]


@pytest.mark.parametrize("days", [(None, None), ("2017-01-31", None), ("2017-01-31", "2017-01-31")])
def test_the_same_figures_twice_are_refused_unless_one_is_newer(
    folder: Folder, days: tuple[str | None, str | None]
) -> None:
    folder.add("a.csv", OLD, published=days[0])
    folder.add("b.csv", NEW, published=days[1])
    with pytest.raises(DataConflictError) as caught:
        folder.read()
    message = str(caught.value)
    assert message.startswith("a.csv and b.csv: 3 trust-months of ae_4h are in more than one file")
    assert "the first of them RDD in April 2016" in message
    assert "on which (different) days the files were published" in message


def test_of_equal_figures_the_one_with_its_counts_is_used(folder: Folder) -> None:
    share = "code,when,share\nRDD,2016-04-01,9.1\nRDD,2016-05-01,12\n"
    folder.add("counts.csv", HEADER + "RDD,2016-04-01,91,1001\nRDD,2016-05-01,5,50\n", published="2017-01-31")
    folder.add("share.csv", share, SHARE, decimals=1, published="2018-01-31")
    made = folder.read()
    # 91 / 1001 = 9.0909 %, which is 9.1 to one decimal; 5 / 50 = 10 %, which is not 12.
    assert made.panel["source"].tolist() == ["counts.csv", "share.csv"]
    assert made.differences[["quantity", "value_used", "value_other"]].to_numpy().tolist() == [
        ["value", 12, 10]
    ]
    assert made.agreement[["shared", "equal"]].to_numpy().tolist() == [[1, 1], [1, 0]]


def test_what_was_compiled_from_others_is_read_only_without_them(folder: Folder) -> None:
    folder.add("whole.csv", NEW, stands_in_for=["a.csv"])
    folder.add("a.csv", OLD)
    made = folder.read()
    assert set(made.panel["source"]) == {"a.csv"}
    assert made.unread == ("whole.csv",)
    (folder.path / "a.csv").unlink()
    made = folder.read()
    assert (set(made.panel["source"]), made.unread) == ({"whole.csv"}, ())


def test_a_row_that_another_mapping_reads_is_not_left_out(folder: Folder) -> None:
    content = "code,when,over,all,kind\nRDD,2016-04-01,1,10,1\nRDD,2016-04-01,2,10,2\nRDD,2016-04-01,3,10,3\n"
    folder.add("a.csv", content, where={"kind": "1"})
    folder.add("a.csv", content, where={"kind": "2"}, indicator="ae_4h_type2")
    made = folder.read()
    assert made.panel["numerator"].tolist() == [1, 2]
    assert made.dropped[["file", "row", "code", "reason"]].to_numpy().tolist() == [
        ["a.csv", 4, "RDD", "kind is not 1"]
    ]


def test_two_codes_of_one_unit_at_a_time_are_refused(folder: Folder) -> None:
    folder.add("a.csv", HEADER + "RJF,2018-06-01,1,10\nRTG,2018-06-01,1,10\n")
    with pytest.raises(
        DataConflictError, match=r"a\.csv: RJF and RTG both give ae_4h of unit RTG for June 2018"
    ):
        folder.read(Choice(code="RJF", unit="RTG", reason="for the test"))


def test_a_folder_without_lists_describes_no_organisation(folder: Folder) -> None:
    folder.add("a.csv", OLD, source="Waits in\n  A&E", licence="OGL")
    made = folder.read()
    assert made.organisations.empty
    assert made.sources.to_numpy().tolist() == [["a.csv", "a.csv", "Waits in A&E", "OGL"]]
    assert made.units["reason"].tolist() == ["the code is a unit of its own"]


def test_organisations_are_described_by_the_lists_and_then_by_the_figures(folder: Folder) -> None:
    rows = "RJF,Burton NHS Foundation Trust,2018-06-01,1,10\nRTG,Derby,2018-06-01,1,10\n"
    folder.add("a.csv", f"code,name,when,over,all\n{rows}", WAITS | {"name": "name"})
    folder.lists(
        "organisations",
        "list.csv",
        "code,name,region\nRTG,Derby and Burton NHS Trust,Midlands\n",
        columns={"code": "code", "name": "name", "region": "region"},
        every={"type": "acute"},
    )
    folder.lists(
        "successors",
        "s.csv",
        "old,new,day\nRJF,RTG,2018-06-30\n",
        columns={"old": "old", "new": "new", "date": "day"},
    )
    made = folder.read()
    columns = ["code", "name", "type", "region", "succeeded_by", "foundation"]
    assert made.organisations[columns].to_numpy().tolist() == [
        ["RJF", "Burton NHS Foundation Trust", "NHS trust", "", "RTG", "yes"],
        ["RTG", "Derby and Burton NHS Trust", "acute", "Midlands", "", "no"],
    ]
    reasons = dict(zip(made.units["code"], made.units["reason"], strict=True))
    assert reasons["RJF"].endswith("merged into RTG on 2018-06-30, which is another unit")
    assert pd.isna(made.organisations["succeeded_on"]).tolist() == [False, True]
    assert made.sources["file"].tolist() == ["a.csv", "list.csv", "s.csv"]
