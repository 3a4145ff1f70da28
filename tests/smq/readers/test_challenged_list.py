"""The list of challenged providers must be read right, and no message may quote a cell of it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from smq.challenged_mapping import ChallengedColumns, ChallengedList
from smq.readers import challenged_list
from smq.readers.challenged_list import read_challenged
from smq.readers.errors import DataFileError

PLAIN = ChallengedList()
GOOD = "trust,name,on,off\nRXQ,Zyxquorn,2014-05-01,2015-05-01\nRDD,Vexil,2013-11-20,\n"


def read(folder: Path, content: str | bytes, mapping: ChallengedList = PLAIN) -> pd.DataFrame:
    path = folder / "challenged.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_challenged(path, mapping)


def refusal(folder: Path, content: str | bytes, mapping: ChallengedList = PLAIN) -> str:
    with pytest.raises(DataFileError) as caught:
        read(folder, content, mapping)
    # A traceback shows what an error came from: here that would be the message of a library.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


def test_stays_are_read_by_trust_and_day_and_other_columns_are_not(tmp_path: Path) -> None:
    table = read(tmp_path, "\ufeff" + GOOD)
    assert table.to_dict("list") == {
        "trust": ["RDD", "RXQ"],
        "on": [pd.Timestamp("2013-11-20"), pd.Timestamp("2014-05-01")],
        "off": [pd.NaT, pd.Timestamp("2015-05-01")],
    }


def test_columns_and_form_of_dates_are_as_declared(tmp_path: Path) -> None:
    columns = ChallengedColumns(trust="Code", on="Since", off="Until")
    mapping = ChallengedList(columns=columns, date_format="%b %Y")
    table = read(tmp_path, "Until,Code,Since\nMay 2015,RXQ,Apr 2014\n", mapping)
    assert list(table.loc[0]) == ["RXQ", pd.Timestamp("2014-04-01"), pd.Timestamp("2015-05-01")]


def test_a_trust_may_come_back_and_a_list_may_be_empty(tmp_path: Path) -> None:
    again = "trust,on,off\nRXQ,2016-01-01,\nRXQ,2014-01-01,2016-01-01\n"
    assert read(tmp_path, again)["on"].dt.year.tolist() == [2014, 2016]
    nobody = read(tmp_path, "trust,on,off\n")
    assert nobody.empty
    assert list(nobody.dtypes) == list(read(tmp_path, again).dtypes)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD.replace("RXQ", "Zyx Q"), "line 2, column 'trust': not a well-formed ODS code"),
        (GOOD.replace("2014-05-01", "Vexil"), "line 2, column 'on': not a date of the form %Y-%m-%d"),
        (GOOD.replace("2013-11-20", ""), "line 3, column 'on': not a date"),
        (GOOD.replace("2015-05-01", "2014-05-01"), "line 2, column 'off': not after the day under on"),
        (
            GOOD + "RDD,Vexil,2016-01-01,\n",
            "line 4, column 'trust': the trust is still on the list by line 3",
        ),
        (GOOD.replace("Vexil,", "Vexil,Zyxquorn,"), "line 3: the row has 5 cells, the header 4"),
        (GOOD.replace("trust,", ""), "line 1, column 'trust': there is no such column"),
        (GOOD.replace("name", "on"), "line 1, column 'on': the header holds this name twice"),
        # Without a header the first row stands in its place.
        (GOOD.split("\n", 1)[1], "line 1, column 'trust': there is no such column"),
        (GOOD.replace("Vexil", '"Vexil'), "line 3: not readable as CSV"),
        (GOOD.encode().replace(b"Vexil", b"Vex\xffil"), "line 3: not UTF-8 text"),
        (GOOD.replace("Vexil", "Vexil\0"), "line 3: not UTF-8 text"),
        ("", "the file is empty"),
        (GOOD + "x" * 1_000_001, "more than 1,000,000 are not read"),
    ],
)
def test_a_fault_is_named_by_line_and_column_and_never_quoted(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    message = refusal(tmp_path, content)
    assert "challenged.csv: " in message
    assert said in message
    for secret in ("RXQ", "RDD", "Zyx", "Vex", "2014-05", "2015-05", "2013-11", "0xff"):
        assert secret not in message


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="the file cannot be read"):
        read_challenged(tmp_path, PLAIN)


def test_a_fault_that_nobody_thought_of_does_not_speak(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(stays: object, column: str) -> object:
        raise KeyError(stays)

    monkeypatch.setattr(challenged_list, "_overlapping", broken)
    message = refusal(tmp_path, GOOD)
    assert "could not be read (KeyError)" in message
    assert "RXQ" not in message


# Made of signs that no message has by itself.
CELLS = st.text("QXZ-\"', \n\r\0é;", max_size=6)


@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=4))
@example(rows=[["trust", "on", "off"], ["QXZQXZ", "Q-Q", ""]])
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_message_about_any_file_quotes_it(tmp_path: Path, rows: list[list[str]]) -> None:
    for header in ("", "trust,on,off\n"):
        content = header + "\n".join(",".join(row) for row in rows)
        try:
            read(tmp_path, content)
        except DataFileError as error:
            said = str(error).replace(str(tmp_path), "")
            assert not set(said) & set("QXZé"), said
