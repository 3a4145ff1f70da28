"""The form says what a code means: agency spending must not be read from the line of the bank."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smq.readers.errors import DataFileError
from smq.readers.tac_form import read_tac_form
from tests.smq.readers.ae_cases import Rows, damaged, write


def schedule() -> Rows:
    """Give a schedule with two tables."""
    return [
        [None, "TAC09 Staff"],
        [*[None] * 6, "Table ID", 2],
        [None, "Note 5.2 Employee Expenses", None, None, "A09CY01", "A09CY01P", "A09PY01", "Maincode"],
        [None, None, None, "Expected sign", "Total\n", "Permanent \n", "Total\n"],
        [*[None] * 4, "2019/20", "2019/20", "2018/19"],
        [*[None] * 4, "£000", "£000", "£000", "Subcode"],
        [None, "Temporary staff - agency/contract staff ", None, "+", 0, None, 0, "STA0310"],
        [None, "TOTAL GROSS STAFF COSTS", None, "+", 0, 0, 0, "STA0330"],
        [None, "of which"],
        [None, "Costs capitalised as part of assets", None, "+", None, None, None, "STC0170"],
        [],
        [*[None] * 5, "Table ID", 4],
        [None, "Note 5.4 Early retirements", None, None, "A09CY14", "A09CY15", "Maincode"],
        [*[None] * 4, "2019/20", "2019/20"],
        [*[None] * 4, "£000", "No.", "Subcode"],
        [None, "Early retirements", "i", "+", None, None, "STA0510"],
    ]


def test_a_line_and_a_column_give_a_figure(tmp_path: Path) -> None:
    book = read_tac_form(write(tmp_path / "form.xlsx", {"Intro": [["x"]], "TAC09 Staff": schedule()}))
    assert len(book) == 3 * 3 + 2
    agency = book[(book["main_code"] == "A09CY01") & (book["sub_code"] == "STA0310")].iloc[0]
    assert agency.to_dict() == {
        "worksheet": "TAC09 Staff",
        "table": "2",
        "title": "Note 5.2 Employee Expenses",
        "main_code": "A09CY01",
        "column": "Total, 2019/20",
        "unit": "£000",
        "sub_code": "STA0310",
        "label": "Temporary staff - agency/contract staff",
        "sign": "+",
    }
    assert book[book["main_code"] == "A09CY15"]["unit"].tolist() == ["No."]


@pytest.mark.parametrize(
    ("line", "column", "value", "said"),
    [
        (7, 7, "STA0310", "value 'A09CY01 STA0310': the form holds this figure twice"),
        (7, 7, "TOTAL", "row 8, column 'Subcode', value 'TOTAL': not a code such as STA0310"),
        (2, 7, "Main", "a table without its number, or without 'Maincode' and 'Subcode' in one column"),
        (1, 7, None, "a table without its number"),
        (12, 6, None, "a table without its number"),
    ],
)
def test_a_form_that_cannot_be_followed_is_refused(
    tmp_path: Path, line: int, column: int, value: object, said: str
) -> None:
    rows = schedule()
    rows[line][column] = value
    with pytest.raises(DataFileError) as caught:
        read_tac_form(write(tmp_path / "form.xlsx", {"TAC09 Staff": rows}))
    assert said in str(caught.value)


@pytest.mark.parametrize("sheets", [{"TAC09 Staff": [["x"]]}, {"Intro": [["x"]]}])
def test_a_workbook_that_is_no_form_is_refused(tmp_path: Path, sheets: dict[str, Rows]) -> None:
    with pytest.raises(DataFileError, match="there is no"):
        read_tac_form(write(tmp_path / "form.xlsx", sheets))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_form_gives_no_figure_another_label(tmp_path: Path, data: st.DataObject) -> None:
    rows = data.draw(damaged(schedule()))
    path = write(tmp_path / "damaged.xlsx", {"TAC09 Staff": rows})
    message = path.name
    labels: set[str] = set()
    try:
        book = read_tac_form(path)
        labels = set(book[book["sub_code"] == "STA0310"]["label"])
    except DataFileError as error:
        message = str(error)
    assert path.name in message
    assert not any(label.startswith(("TOTAL", "Costs", "Early")) for label in labels)


def test_the_published_form_fixes_the_codes(raw_samples: Path) -> None:
    path = raw_samples / "tac-illustrative-form-2019-20.xlsx"
    book = read_tac_form(path)
    assert book["worksheet"].nunique() == 28
    assert len(book[["worksheet", "table"]].drop_duplicates()) == 95
    labels = book.set_index(["main_code", "sub_code"])["label"]
    assert labels["A09CY01", "STA0310"] == "Temporary staff - agency/contract staff"
    assert labels["A09CY01", "STA0300"] == "Temporary staff - external bank"
    assert labels["A09CY01", "STA0330"] == "TOTAL GROSS STAFF COSTS"
    assert labels["A09CY01", "STA0360"] == "TOTAL STAFF COSTS"
    assert labels["A02CY01", "SCI0240"] == "SURPLUS/(DEFICIT) FOR THE YEAR"
    assert labels["A02CY01", "SCI0140A"] == "OPERATING SURPLUS / (DEFICIT)"
    columns = book.set_index(["main_code", "sub_code"])["column"]
    assert columns["A09PY01", "STA0310"] == "Total, 2018/19"
    assert columns["A09CY01P", "STA0310"] == "Permanent, 2019/20"
    # Cells that hold 'Table ID', and codes in the last column of TAC09, counted without the reader.
    form = openpyxl.load_workbook(path, read_only=True, data_only=True)
    cells = [cell for sheet in form for row in sheet.iter_rows(values_only=True) for cell in row]
    assert cells.count("Table ID") == 95
    staff = [cell for row in form["TAC09 Staff"].iter_rows(values_only=True) for cell in row]
    codes = {cell for cell in staff if isinstance(cell, str) and cell[:3] in ("STA", "STC") and len(cell) > 6}
    assert codes == set(book[book["worksheet"] == "TAC09 Staff"]["sub_code"])
