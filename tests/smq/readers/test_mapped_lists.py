"""Lists of organisations must be read by their declared columns, or be refused by line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from smq.mappings import OrganisationList, SuccessorList
from smq.readers.errors import DataFileError
from smq.readers.mapped_lists import read_organisation_list, read_successor_list
from smq.worlds.organisations import merge_lists

LIST = OrganisationList.model_validate(
    {
        "file": "list.csv",
        "columns": {"code": "c", "name": "n", "type": "t"},
        "words": {"type": {"Acute hospital": "acute"}},
        "every": {"status": "open"},
    }
)
SUCCESSORS = SuccessorList.model_validate(
    {"file": "s.csv", "columns": {"old": "o", "new": "n", "date": "d"}, "date_format": "%Y%m%d"}
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def test_words_of_a_list_are_put_as_declared_and_others_kept(file: Path) -> None:
    file.write_text("c,n,t\nRXQ,B  Trust,Ambulance\nRDD,A,Acute hospital\n", encoding="utf-8-sig")
    listed = read_organisation_list(file, LIST)
    assert listed[["code", "name", "type", "region", "status"]].to_numpy().tolist() == [
        ["RDD", "A", "acute", "", "open"],
        ["RXQ", "B Trust", "Ambulance", "", "open"],
    ]


def test_the_first_list_that_says_something_counts(file: Path) -> None:
    file.write_text("c,n,t\nRDD,First,\n", encoding="utf-8")
    first = read_organisation_list(file, LIST)
    file.write_text("c,n,t\nRDD,Second,acute\nRXQ,,\n", encoding="utf-8")
    merged = merge_lists([first, read_organisation_list(file, LIST)])
    assert merged[["code", "name", "type"]].to_numpy().tolist() == [
        ["RDD", "First", "acute"],
        ["RXQ", "", ""],
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ("c,n,t\n", "there is a header but no row of data"),
        ("c,n\nRDD,A\n", "column 't': there is no such column (mapped as type)"),
        ("c,n,t\nrdd,A,x\n", "line 2, column 'c', value 'rdd': not a well-formed ODS code"),
        ("c,n,t\nRDD,A,x\nRDD,A,x\n", "line 3, column 'c', value 'RDD': a second row for this code"),
        ("c,n,t\nRDD,A\n", "line 2: the row has 2 cells, the header 3"),
    ],
)
def test_a_bad_list_is_refused_with_its_place(file: Path, content: str, said: str) -> None:
    file.write_text(content, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_organisation_list(file, LIST)
    assert said in str(caught.value)


def test_successions_of_trusts_are_read_and_others_left_out(file: Path) -> None:
    file.write_text("o,n,d\nRJF,RTG,20180630\n03A,X2C4Y,20210401\nRD7,RDU,20141001\n", encoding="utf-8")
    listed = read_successor_list(file, SUCCESSORS)
    assert listed["old_code"].tolist() == ["RD7", "RJF"]
    assert listed["date"].dt.strftime("%Y-%m-%d").tolist() == ["2014-10-01", "2018-06-30"]
    file.write_text("o,n,d\nRJF,,2018\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="2 problems") as caught:
        read_successor_list(file, SUCCESSORS)
    assert "line 2, column 'd', value '2018': not a date of the form %Y%m%d" in str(caught.value)
