"""The same table gives the same figures, whatever file it is published in; what is no table is refused."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smq.readers.cancer_extract import read_cancer_extract
from smq.readers.cqc_ratings import read_cqc_ratings
from smq.readers.dtoc_extract import read_dtoc_extract
from smq.readers.errors import DataFileError
from smq.readers.friends_and_family import read_friends_and_family
from smq.readers.rtt_extract import read_rtt_extract
from smq.readers.sickness_absence import read_sickness_absence
from smq.readers.tac_agency import read_tac_agency
from tests.smq.readers import (
    test_cancer_extract,
    test_cqc_ratings,
    test_dtoc_extract,
    test_friends_and_family,
    test_rtt_extract,
    test_sickness_absence,
    test_tac_agency,
)
from tests.smq.readers.ae_cases import Rows, hurt, write
from tests.smq.readers.csv_cases import figures, refusal
from tests.smq.readers.wrappings import HEAD, TAIL, cell, sheet, wrap, write_ods

READERS: dict[str, tuple[Callable[[Path], Any], str, Rows]] = {
    "rtt": (read_rtt_extract, "Extract", test_rtt_extract.GOOD),
    "cancer": (read_cancer_extract, "Data", test_cancer_extract.GOOD),
    "dtoc": (read_dtoc_extract, "Extract", test_dtoc_extract.GOOD),
    "sickness": (read_sickness_absence, "Rates", test_sickness_absence.GOOD),
    "friends and family": (read_friends_and_family, "Trusts", test_friends_and_family.GOOD),
    "accounts 2019-20": (
        partial(read_tac_agency, names=test_tac_agency.NAMES),
        "All data",
        test_tac_agency.GOOD,
    ),
    "ratings": (read_cqc_ratings, "Providers", test_cqc_ratings.GOOD),
}
RATINGS = READERS["ratings"]


@pytest.mark.parametrize("kind", ["zip", "xlsx", "ods"])
@pytest.mark.parametrize("name", READERS)
def test_each_wrapping_gives_the_same_rows(tmp_path: Path, name: str, kind: str) -> None:
    read, title, rows = READERS[name]
    expected = read(wrap(tmp_path, name, "csv", title, rows)).rows.drop(columns="source")
    found = read(wrap(tmp_path, name, kind, title, rows)).rows.drop(columns="source")
    pd.testing.assert_frame_equal(found, expected)


def test_days_of_a_workbook_are_days(tmp_path: Path) -> None:
    days = [date(2014, 4, 30), date(2014, 5, 31), date(2014, 4, 30)]
    later = [list(cells) for cells in test_sickness_absence.LATER]
    rows = [later[0], *([day, *cells[1:]] for day, cells in zip(days, later[1:], strict=True))]
    for path in (write(tmp_path / "s.xlsx", {"a": rows}), write_ods(tmp_path / "s.ods", {"a": rows})):
        assert figures(read_sickness_absence(path))[:2] == test_sickness_absence.EXPECTED


def test_the_sheet_of_providers_is_read_and_not_that_of_locations(tmp_path: Path) -> None:
    """Both have the same columns; a location may bear the code of its provider."""
    locations = [RATINGS[2][0], [*RATINGS[2][1][:5], "Outstanding", "30/06/2022"]]
    path = write_ods(
        tmp_path / "30_June_2022_Latest_ratings.ods", {"Locations": locations, "Providers": RATINGS[2]}
    )
    rows = read_cqc_ratings(path).rows
    assert rows[["code", "domain", "rating"]].to_numpy().tolist() == test_cqc_ratings.EXPECTED


def test_rows_and_cells_that_are_repeated_are_there_so_often(tmp_path: Path) -> None:
    columns = test_friends_and_family.GOOD[0]
    head = "<table:table-row>" + "".join(map(cell, columns)) + "</table:table-row>"
    ten = '<table:table-cell office:value-type="float" office:value="10" table:number-columns-repeated="5"/>'
    texts = "".join(map(cell, ["2020_21", "JANUARY", "RAA", "Trust RAA"]))
    row = f"<table:table-row>{texts}{ten}{cell(0)}{cell(50)}{cell(100)}</table:table-row>"
    path = tmp_path / "f.ods"
    blank = '<table:table-row table:number-rows-repeated="3"/>'
    write_ods(path, {}, f'{HEAD}<table:table table:name="a">{blank}{head}{row}</table:table>{TAIL}')
    reading = read_friends_and_family(path)
    assert figures(reading) == [["RAA", "2021-01", 20, 50, 40.0]]
    assert "row 4" in reading.log[0]
    twice = row.replace("<table:table-row>", '<table:table-row table:number-rows-repeated="2">')
    write_ods(path, {}, f'{HEAD}<table:table table:name="a">{blank}{head}{twice}</table:table>{TAIL}')
    assert "a second row for fft_positive (the first is row 5)" in refusal(read_friends_and_family, path)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_fault_in_a_sheet_is_named_by_sheet_and_row(tmp_path: Path, kind: str) -> None:
    rows: Rows = [["a title"], [], *[list(cells) for cells in test_sickness_absence.GOOD]]
    rows[4][6] = "many"
    said = refusal(read_sickness_absence, wrap(tmp_path, "s", kind, "Rates", rows))
    assert f"s.{kind}" in said
    assert "sheet 'Rates', row 5, column 'fte days sick', value 'many': not a number" in said


def zipped(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "a,b\n1,2\n")
    return path


def test_what_holds_no_one_table_is_refused(tmp_path: Path) -> None:
    rows = test_sickness_absence.GOOD
    several = write(tmp_path / "a.xlsx", {"one": rows, "two": rows})
    assert "several sheets hold the names of the columns: 'one', 'two'" in refusal(
        read_sickness_absence, several
    )
    for path in (write(tmp_path / "b.xlsx", {"x": [["y"]]}), write_ods(tmp_path / "b.ods", {"x": [["y"]]})):
        assert "no sheet holds the names of the columns" in refusal(read_sickness_absence, path)
        assert "there is no sheet 'Providers'" in refusal(read_cqc_ratings, path)
    for names in ((), ("a.csv", "b.csv")):
        path = zipped(tmp_path / "c.zip", *names)
        assert f"the archive holds {len(names)} CSV files" in refusal(read_sickness_absence, path)
    assert "names a place outside itself" in refusal(read_rtt_extract, zipped(tmp_path / "d.zip", "../a.csv"))


TABLE = HEAD + '<table:table table:name="a">'
BOMBS = {
    "a document type": HEAD.replace("\n", '\n<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]>') + TAIL,
    "far more cells": f'{TABLE}<table:table-row table:number-rows-repeated="999999999">'
    f"{cell('x')}</table:table-row></table:table>{TAIL}",
    "repeated '-1' times": f'{TABLE}<table:table-row table:number-rows-repeated="-1"/></table:table>{TAIL}',
    "a cell of 40,000 characters": HEAD + sheet("a", [["x" * 40_000]]) + TAIL,
    "the spreadsheet is damaged": HEAD + sheet("a", [["x"]]),
}


@pytest.mark.parametrize("what", BOMBS)
def test_a_hostile_spreadsheet_is_refused(tmp_path: Path, what: str) -> None:
    assert what in refusal(read_sickness_absence, write_ods(tmp_path / "x.ods", {}, BOMBS[what]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), cut=st.booleans(), kind=st.sampled_from(["ods", "zip"]))
def test_changed_or_lost_bytes_give_the_same_rows_or_a_named_error(
    tmp_path: Path, seed: int, cut: bool, kind: str
) -> None:
    read, title, rows = RATINGS
    path = wrap(tmp_path, "ratings", kind, title, rows)
    path.write_bytes(hurt(path.read_bytes(), seed, cut=cut))
    try:
        found, said = read(path).rows[["code", "domain", "rating"]].to_numpy().tolist(), path.name
    except DataFileError as error:
        found, said = test_cqc_ratings.EXPECTED, str(error)
    assert found == test_cqc_ratings.EXPECTED
    assert path.name in said
