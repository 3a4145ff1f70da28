"""Structural damage gives the same rows or a named error, never a traceback of a library."""

from __future__ import annotations

import csv
import functools
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smq.readers.beds_kh03 import read_beds_kh03
from smq.readers.cancer_62d import read_cancer_62d
from smq.readers.cancer_standards import read_cancer_standards
from smq.readers.dtoc_england import read_dtoc_england
from smq.readers.errors import DataFileError
from smq.readers.loans import read_loans
from smq.readers.reading import StatisticReading
from smq.readers.rtt_dh import read_rtt_dh
from smq.readers.rtt_workbook import read_rtt_workbook
from smq.readers.shmi_editions import read_shmi_editions
from smq.readers.shmi_staff_survey import read_shmi_staff_survey
from smq.readers.staff_in_post import read_staff_in_post
from smq.readers.staff_survey import read_staff_survey
from tests.smq.readers.ae_cases import Rows, damaged, hurt, read_or_refused, write
from tests.smq.readers.rtt_cases import rtt, rtt_dh
from tests.smq.readers.test_beds_kh03 import kh03
from tests.smq.readers.test_cancer_62d import cancer
from tests.smq.readers.test_cancer_standards import BY_TYPE, workbook
from tests.smq.readers.test_dtoc_england import SHEETS, dtoc
from tests.smq.readers.test_loans import loans, totals
from tests.smq.readers.test_shmi_editions import PORTAL
from tests.smq.readers.test_shmi_staff_survey import CONTENT
from tests.smq.readers.test_staff_in_post import staff
from tests.smq.readers.test_staff_survey import survey


def _others(sheets: dict[str, Rows], damaged_one: str) -> dict[str, Rows]:
    return {name: rows for name, rows in sheets.items() if name != damaged_one}


Read = Callable[[Path], StatisticReading]
WITH_TOTALS: dict[str, tuple[Read, str, Rows, dict[str, Rows]]] = {
    "cancer": (read_cancer_62d, "62-DAY (ALL CANCER)", cancer(), {"Frontpage": [["x"]]}),
    "beds": (read_beds_kh03, "NHS Trust by Sector", kh03(), {}),
    "loans": (read_loans, "ALL DATA", loans(), {"IRSL (TOTAL)": totals()}),
    "standards": (read_cancer_standards, BY_TYPE, workbook()[BY_TYPE], _others(workbook(), BY_TYPE)),
    "rtt": (read_rtt_workbook, "Provider", rtt()["Provider"], _others(rtt(), "Provider")),
    "rtt_dh": (read_rtt_dh, "PCT", rtt_dh()["PCT"], _others(rtt_dh(), "PCT")),
    "dtoc": (read_dtoc_england, SHEETS[3], dtoc()[SHEETS[3]], _others(dtoc(), SHEETS[3])),
}
"""Workbooks whose totals tell when a row or a figure is lost."""
WORKBOOKS: dict[str, tuple[Read, str, Rows, dict[str, Rows]]] = {
    **WITH_TOTALS,
    "staff": (read_staff_in_post, "Data", staff(), {"Notes": [["x"]]}),
    "survey": (read_staff_survey, "section", survey(), {"Notes": [["x"]]}),
}
CSV_FILES: dict[str, tuple[Read, str]] = {
    "shmi-2013-july.csv": (read_shmi_editions, PORTAL),
    "yearly.csv": (read_shmi_staff_survey, CONTENT),
}
many = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def moved_columns(draw: st.DrawFn, rows: Rows) -> Rows:
    """Drop, double or shuffle columns, or move the table down: no figure is changed."""
    width = max(map(len, rows))
    rows = [[*row, *[None] * (width - len(row))] for row in rows]
    column = draw(st.integers(0, width - 1))
    match draw(st.sampled_from(["drop", "double", "swap", "move"])):
        case "drop":
            return [row[:column] + row[column + 1 :] for row in rows]
        case "double":
            return [[*row[:column], row[column], *row[column:]] for row in rows]
        case "swap":
            beside = max(column - 1, 0)
            order = [*range(beside), column, *range(beside, column), *range(column + 1, width)]
            return [[row[place] for place in order] for row in rows]
        case _:
            above: Rows = [[None] * width for _ in range(draw(st.integers(1, 40)))]
            return above + rows


@pytest.mark.parametrize("kind", WITH_TOTALS)
@many
@given(data=st.data())
def test_a_damaged_workbook_with_totals(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    read, sheet, rows, others = WITH_TOTALS[kind]
    expected = _expected(kind)
    path = write(tmp_path / "damaged.xlsx", {**others, sheet: data.draw(damaged(rows))})
    same_or_refused(read, path, expected)


@pytest.mark.parametrize("kind", WORKBOOKS)
@many
@given(data=st.data())
def test_a_workbook_whose_columns_or_sheets_moved(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    read, sheet, rows, others = WORKBOOKS[kind]
    expected = _expected(kind)
    sheets = [*others.items(), (sheet, data.draw(moved_columns(rows))), ("empty", [])]
    path = write(tmp_path / "damaged.xlsx", dict(data.draw(st.permutations(sheets))))
    same_or_refused(read, path, expected)


@pytest.mark.parametrize("kind", [kind for kind, (*_, others) in WORKBOOKS.items() if others])
def test_sheets_that_exchanged_their_names(tmp_path: Path, kind: str) -> None:
    read, sheet, rows, others = WORKBOOKS[kind]
    expected = _expected(kind)
    other = next(iter(others))
    path = write(tmp_path / "damaged.xlsx", {**others, sheet: others[other], other: rows})
    same_or_refused(read, path, expected)


@pytest.mark.parametrize("kind", CSV_FILES)
@many
@given(
    data=st.data(),
    bom=st.booleans(),
    encoding=st.sampled_from(["utf-8", "cp1252"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_csv_file_whose_columns_moved_in_any_encoding(
    tmp_path: Path, kind: str, data: st.DataObject, bom: bool, encoding: str, newline: str
) -> None:
    read, content = CSV_FILES[kind]
    expected = _expected(kind)
    rows = data.draw(moved_columns([list(row) for row in csv.reader(io.StringIO(content))]))
    text = io.StringIO()
    csv.writer(text, lineterminator=newline).writerows(rows)
    folder = tmp_path / "damaged"
    folder.mkdir(exist_ok=True)
    mark = b"\xef\xbb\xbf" if bom and encoding == "utf-8" else b""
    (folder / kind).write_bytes(mark + text.getvalue().encode(encoding))
    same_or_refused(read, folder / kind, expected)


@pytest.mark.parametrize("kind", CSV_FILES)
@many
@given(line=st.integers(1, 2), cells=st.integers(0, 9))
def test_a_csv_file_with_a_ragged_row_is_refused(tmp_path: Path, kind: str, line: int, cells: int) -> None:
    read, content = CSV_FILES[kind]
    path = tmp_path / kind
    expected = _expected(kind)
    lines = content.splitlines()
    lines[line] = ",".join(lines[line].split(",")[:cells]) or "x"
    path.write_text("\n".join(lines), encoding="utf-8")
    same_or_refused(read, path, expected)


@pytest.mark.parametrize("kind", CSV_FILES)
def test_a_huge_cell_is_refused_and_cut_in_the_message(tmp_path: Path, kind: str) -> None:
    read, content = CSV_FILES[kind]
    path = tmp_path / kind
    path.write_text(content.replace("R1F", "R" * 1_000_000, 1), encoding="utf-8")
    read_or_refused(read, path)


@pytest.mark.parametrize("kind", WORKBOOKS)
@many
@given(seed=st.integers(0, 10_000), cut=st.booleans())
def test_a_workbook_with_changed_or_lost_bytes(tmp_path: Path, kind: str, seed: int, cut: bool) -> None:
    read, _, _, _ = WORKBOOKS[kind]
    path = tmp_path / "hurt.xlsx"
    path.write_bytes(hurt(_content(kind), seed, cut=cut))
    read_or_refused(read, path)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("kh03-overnight-beds-2010-11-q1.xls", read_beds_kh03),
        ("nhs-staff-survey-2018-health-sheet4-extract.xls", read_staff_survey),
        ("dtoc-england-timeseries-aug2010-feb2020.xls", read_dtoc_england),
    ],
)
def test_a_real_old_workbook_with_changed_or_lost_bytes(
    raw_samples: Path, tmp_path: Path, name: str, read: Read
) -> None:
    content = (raw_samples / name).read_bytes()
    path = tmp_path / "hurt.xls"
    for seed in range(8):
        path.write_bytes(hurt(content, seed, cut=seed % 2 == 0))
        read_or_refused(read, path)


@functools.cache
def _content(kind: str) -> bytes:
    _, sheet, rows, others = WORKBOOKS[kind]
    with tempfile.TemporaryDirectory() as folder:
        return write(Path(folder) / "whole.xlsx", {**others, sheet: rows}).read_bytes()


@functools.cache
def _expected(kind: str) -> pd.DataFrame:
    """Give the rows of the undamaged file."""
    with tempfile.TemporaryDirectory() as folder:
        if kind in CSV_FILES:
            read, content = CSV_FILES[kind]
            path = Path(folder) / kind
            path.write_text(content, encoding="utf-8")
        else:
            read = WORKBOOKS[kind][0]
            path = Path(folder) / "whole.xlsx"
            path.write_bytes(_content(kind))
        return read(path).rows


def same_or_refused(read: Read, path: Path, expected: pd.DataFrame) -> None:
    """Assert that damage changed no row, or was refused by a short message that names the file."""
    compared = ["code", "period", "indicator", "numerator", "denominator", "value", "missing"]
    try:
        rows = read(path).rows
    except DataFileError as error:
        message = str(error)
    else:
        message = path.name
        pd.testing.assert_frame_equal(rows[compared], expected[compared])
    assert path.name in message
    assert len(message) < 5000
