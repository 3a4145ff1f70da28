"""What all readers share: marks stay apart, headers are found by text, hostile files are refused unharmed."""

from __future__ import annotations

import math
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smq.readers import reading, workbook
from smq.readers.csv_table import read_csv_table
from smq.readers.errors import DataFileError, Problem
from smq.readers.gathering import Gathering
from smq.readers.public_names import read_public_names
from smq.readers.workbook import check_archive, find_sheet, read_workbook


def table(*rows: list[reading.Cell]) -> reading.Table:
    return reading.Table(Path("figures.xlsx"), "Data", rows, range(1, len(rows) + 1))


def test_marks_blank_and_zero_are_five_different_things() -> None:
    problems: list[Problem] = []
    one = table(["-", "*", "N/A", None, 0])
    read = [reading.number(one, 0, column, "n", problems) for column in range(5)]
    assert problems == []
    assert len({meaning for _, meaning in read}) == 5
    assert [math.isnan(value) for value, _ in read] == [True, True, True, True, False]
    assert read[4] == (0.0, "")


@pytest.mark.parametrize(
    ("cell", "value"), [("1,234", 1234.0), (" 7 ", 7.0), (7, 7.0), (0.5, 0.5), ("7.50", 7.5)]
)
def test_numbers_as_offices_write_them(cell: reading.Cell, value: float) -> None:
    problems: list[Problem] = []
    assert reading.number(table([cell]), 0, 0, "n", problems) == (value, "")
    assert problems == []


@pytest.mark.parametrize(
    "cell",
    ["1e3", "nan", "=1+1", "12,34", True, math.inf, 1e16, "#DIV/0!", -1, "x" * 500, datetime(2020, 1, 1)],  # noqa: DTZ001
)
def test_anything_else_is_named_and_never_zero(cell: reading.Cell) -> None:
    problems: list[Problem] = []
    value, meaning = reading.number(table([cell]), 0, 0, "beds", problems)
    assert math.isnan(value)
    assert meaning
    assert "sheet 'Data', row 1, column 'beds'" in str(problems[0])
    assert len(str(problems[0])) < 250


def test_the_header_is_found_wherever_it_stands() -> None:
    header = reading.find_header(table([], ["Code:"], [" CODE ", "Name\n "], ["RLN", "x"]), ("Code", "Name"))
    assert header.row == 2
    assert header.log == "sheet 'Data': header found in row 3"
    assert header.column("name") == 1


def test_a_second_header_is_refused() -> None:
    with pytest.raises(DataFileError, match=r"row 3: a second header \(the first is in row 1\)"):
        reading.find_header(table(["Code", "Name"], ["RLN", "x"], ["Code", "Name"]), ("Code", "Name"))


def test_a_column_is_told_by_its_group_and_never_guessed() -> None:
    header = reading.find_header(
        table(["", "Available", "", "Occupied"], ["Code", "Total", "Mental", "Total"]), ("Code", "Total")
    )
    assert header.column("Total", group=("Occupied",)) == 3
    assert header.column("Mental", group=("Available",)) == 2
    with pytest.raises(DataFileError, match="the header holds this name twice"):
        header.column("Total")
    with pytest.raises(DataFileError, match="there is no such column under 'Occupied'"):
        header.column("Mental", group=("Occupied",))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("10th December 2010", ["2010-12-10"]),
        ("Published 18 November 2010 and revised 24 May 2012", ["2010-11-18", "2012-05-24"]),
        ("Week Ending 07/11/2010", ["2010-11-07"]),
        ("31 February 2010", []),
        ("soon", []),
    ],
)
def test_days_of_publication(text: str, days: list[str]) -> None:
    assert reading.dates_in(text) == [pd.Timestamp(day) for day in days]


def gathering() -> Gathering:
    return Gathering(Path("figures.xlsx"), "source")


def add(found: Gathering, row: int, code: str) -> None:
    found.add(
        table([""], [""]), row, code=code, name="", period=pd.Timestamp(2020, 1, 1), period_length="month",
        indicator="ae_4h", numerator=1.0, denominator=2.0, value=50.0,
    )  # fmt: skip


def test_a_total_that_differs_needs_a_reason() -> None:
    found = gathering()
    add(found, 0, "RLN")
    found.total("England", "beds", 10.0, [4.0, math.nan, 5.0], "one is missing")
    totals = found.reading().totals
    assert totals[["printed", "summed", "difference"]].to_numpy().tolist() == [[10.0, 9.0, 1.0]]
    found.total("England", "beds", 10.0, [4.0, 5.0])
    with pytest.raises(DataFileError, match="the total 'England' is not the sum of its rows"):
        found.reading()


def test_a_doubled_row_and_an_empty_file_are_refused() -> None:
    found = gathering()
    with pytest.raises(DataFileError, match="no row of data was found"):
        found.reading()
    add(found, 0, "RLN")
    add(found, 1, "RLN")
    with pytest.raises(
        DataFileError, match=r"row 2, value 'RLN': a second row for ae_4h \(the first is row 1\)"
    ):
        found.reading()


def test_readings_have_the_declared_types() -> None:
    found = gathering()
    add(found, 0, "RLN")
    given_reading = found.reading()
    assert {name: str(kind) for name, kind in given_reading.rows.dtypes.items()} == reading.ROW_COLUMNS
    assert list(given_reading.dropped) == list(reading.DROPPED_COLUMNS)
    assert list(given_reading.totals) == list(reading.TOTALS_COLUMNS)


def book(path: Path, value: object) -> Path:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = "Data"
    sheet.append(["Code", value])
    made.save(path)
    return path


def test_a_workbook_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = book(tmp_path / "bomb.xlsx", 1)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"0" * 30_000_000)
    with pytest.raises(DataFileError, match="bomb"):
        read_workbook(path)


def test_an_archive_that_leaves_its_folder_is_refused(tmp_path: Path) -> None:
    for name in ("../../outside.xml", "/etc/outside", "xl\\..\\..\\outside.xml"):
        path = tmp_path / "leaves.xlsx"
        book(path, 1)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(name, b"x")
        with pytest.raises(DataFileError, match="names a place outside itself"):
            check_archive(path)
    assert not (tmp_path.parent / "outside.xml").exists()


def test_a_formula_that_was_never_calculated_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        DataFileError, match=r"row 1, column 'B', value '=SUM\(A1:A9\)': a formula that was never"
    ):
        read_workbook(book(tmp_path / "formula.xlsx", "=SUM(A1:A9)"))


def test_a_formula_gives_the_value_stored_with_it(raw_samples: Path) -> None:
    # Totals of this workbook are formulas; the first of them stands in row 11.
    sheet = find_sheet(
        raw_samples / "cancer-waiting-times-provider-2015-16-q1.xlsx", ("62-DAY (ALL CANCER)",)
    )
    assert not any(isinstance(cell, str) and cell.startswith("=") for row in sheet.rows for cell in row)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a workbook"),
        (b"Code,Name\n", "not a workbook"),
        (b"PK\x03\x04rubbish", "not a whole archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "the workbook is damaged"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "figures.xls"
    path.write_bytes(content)
    with pytest.raises(DataFileError, match=said):
        read_workbook(path)
    with pytest.raises(DataFileError, match="cannot be read"):
        read_workbook(tmp_path)


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="there is no sheet 'A&E Data'; its sheets: 'Data'"):
        find_sheet(book(tmp_path / "figures.xlsx", 1), ("A&E Data",))


def test_more_cells_than_a_workbook_holds_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_CELLS", 2)
    with pytest.raises(DataFileError, match="far more cells"):
        read_workbook(book(tmp_path / "figures.xlsx", 1))


CONTENT = "Code,Name\r\nRLN,Café ‘x’\r\n"


@pytest.mark.parametrize(
    "content",
    [
        CONTENT.encode(),
        CONTENT.encode("utf-8-sig"),
        CONTENT.encode("cp1252"),
        CONTENT.replace("\r", "").encode(),
    ],
)
def test_encodings_and_line_ends_change_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(content)
    assert read_csv_table(path).rows == [["Code", "Name"], ["RLN", "Café ‘x’"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (CONTENT.encode("utf-16"), "UTF-16"),
        (b"a,b\n1,\x00\n", "line 2: not UTF-8 text"),
        (b'a,"b\n1,2\n', "line 1: not readable as CSV"),
        (b"a,b\n" + b"9" * 40_000, "line 2, value '9+…': a cell of 40,000 characters"),
    ],
)
def test_what_is_no_csv_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(content)
    with pytest.raises(DataFileError, match=said):
        read_csv_table(path)


@given(content=st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_named_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    for read in (read_csv_table, read_workbook):
        message = path.name
        try:
            read(path)
        except DataFileError as error:
            message = str(error)
        assert path.name in message


def test_public_names_are_codes_of_trusts_and_no_name_has_two(project: Path) -> None:
    names = read_public_names(project / "data" / "reference" / "public_names.csv")
    assert len(names) == 211
    assert names.pop("england") == "ENG"
    assert all(len(code) == 3 and code[0] in "RT" for code in names.values())
    # Facts from the ODS: a renamed trust keeps its code.
    assert names["kettering general hospital nhs foundation trust"] == "RNQ"
    assert names["southend university hospital nhs foundation trust"] == "RAJ"
    assert names["mid and south essex nhs foundation trust"] == "RAJ"


def test_public_names_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "public_names.csv"
    path.write_text("name,ods_code,note\nA Trust,RAA,\na  trust,RBB,\nB Trust,rb,\n,RCC,\n", encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_public_names(path)
    assert "line 3, column 'name', value 'a trust': a second row for this name" in str(caught.value)
    assert "line 4, column 'ods_code', value 'rb': not a well-formed ODS code" in str(caught.value)
    assert "line 5, column 'name', value '': the name is empty" in str(caught.value)
