"""Rows of accounts are known by their codes alone: a wrong code is a wrong amount with a good name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smq.readers.errors import DataFileError
from smq.readers.tac_accounts import read_tac
from smq.readers.tac_form import read_tac_form
from tests.smq.readers.ae_cases import Rows, damaged, write
from tests.smq.readers.test_tac_form import schedule

HEADER = ["OrganisationName", "WorkSheetName", "TableID", "MainCode", "RowNumber", "SubCode", "Total"]


def accounts() -> Rows:
    """Give the rows of two organisations."""
    return [
        ["Accounts data"],
        [*HEADER],
        ["Fictional NHS Trust", "TAC09 Staff", 2, "A09CY01", 1, "STA0310", 12345],
        ["Fictional NHS Trust", "TAC09 Staff", 2, "A09CY01", 2, "STA0330", 250000],
        ["Invented NHS Trust", "TAC09 Staff", 2, "A09CY01", 1, "STA0310", "-"],
        ["Invented NHS Trust", "TAC09 Staff", 4, "A09CY15", 1, "STA0510", -3],
    ]


def test_rows_have_the_labels_and_units_of_the_form(tmp_path: Path) -> None:
    form = read_tac_form(write(tmp_path / "form.xlsx", {"TAC09 Staff": schedule()}))
    rows = read_tac(write(tmp_path / "tac.xlsx", {"All data": accounts(), "Providers": []}), form).rows
    assert rows["label"].tolist() == [
        "Temporary staff - agency/contract staff",
        "TOTAL GROSS STAFF COSTS",
        "Temporary staff - agency/contract staff",
        "Early retirements",
    ]
    assert rows["unit"].tolist() == ["£000", "£000", "£000", "No."]
    assert rows["value"].fillna(0).tolist() == [12345, 250000, 0, -3]
    assert rows["missing"].tolist() == ["", "", "not submitted or not applicable (-)", ""]


def test_rows_can_be_read_without_a_form(tmp_path: Path) -> None:
    rows = read_tac(write(tmp_path / "tac.xlsx", {"All data": accounts()})).rows
    assert len(rows) == 4
    assert (rows["label"] == "").all()


@pytest.mark.parametrize(
    ("line", "column", "value", "said"),
    [
        (2, 5, "STA0999", "value 'A09CY01 STA0999': the form has no such figure in TAC09 Staff, table 2"),
        (2, 2, 3, "the form has no such figure in TAC09 Staff, table 3"),
        (2, 3, "CY01", "column 'MainCode', value 'CY01': not a code of the form"),
        (2, 6, "much", "column 'Total', value 'much': not a number"),
        (2, 0, None, "column 'OrganisationName', value '': blank"),
        (1, 6, "Amount", "no row holds the column names"),
    ],
)
def test_a_row_that_the_form_does_not_have_is_refused(
    tmp_path: Path, line: int, column: int, value: object, said: str
) -> None:
    form = read_tac_form(write(tmp_path / "form.xlsx", {"TAC09 Staff": schedule()}))
    rows = accounts()
    rows[line][column] = value
    with pytest.raises(DataFileError) as caught:
        read_tac(write(tmp_path / "tac.xlsx", {"All data": rows}), form)
    assert said in str(caught.value)


def test_a_figure_given_twice_is_refused(tmp_path: Path) -> None:
    rows = accounts()
    rows.append([*rows[2][:6], 99])
    with pytest.raises(DataFileError, match=r"a second row for A09CY01 STA0310 \(the first is row 3\)"):
        read_tac(write(tmp_path / "tac.xlsx", {"All data": rows}))


def test_a_heading_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="no row of data was found"):
        read_tac(write(tmp_path / "tac.xlsx", {"All data": accounts()[:2]}))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_workbook_gives_rows_or_a_named_error(tmp_path: Path, data: st.DataObject) -> None:
    path = write(tmp_path / "damaged.xlsx", {"All data": data.draw(damaged(accounts()))})
    try:
        named = set(read_tac(path).rows["sub_code"])
    except DataFileError as error:
        named = {"STA0310"} if path.name in str(error) else {str(error)}
    assert named <= {"STA0310", "STA0330", "STA0510"}
