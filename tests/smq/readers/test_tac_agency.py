"""Agency spending is that of the form's codes, for names whose code is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from smq.readers.tac_agency import COLUMNS, read_tac_agency
from smq.readers.tac_form import read_tac_form
from tests.smq.readers.ae_cases import write
from tests.smq.readers.csv_cases import Lines, figures, refusal, write_csv

NAMES = {"fictional trust a": "ZZ01", "fictional trust b": "ZZ02"}


def row(
    name: str, main: str, sub: str, amount: object, table: str = "2", sheet: str = "TAC09 Staff"
) -> list[object]:
    return [name, sheet, table, main, 1, sub, amount]


GOOD: Lines = [
    list(COLUMNS),
    row("Fictional Trust A", "A09CY01", "STA0310", 5000),
    row("Fictional Trust A", "A09CY01", "STA0330", 200000),
    # Bank staff, last year, whole-time equivalents and another schedule.
    row("Fictional Trust A", "A09CY01", "STA0300", 7777),
    row("Fictional Trust A", "A09PY01", "STA0310", 9999),
    row("Fictional Trust A", "A09CY01", "STA0310", 88, table="3"),
    row("Fictional Trust A", "A02CY01", "SCI0240", -1234, sheet="TAC02 SoCI"),
    row("Fictional Trust B", "A09CY01", "STA0330", 1000),
    row("Unheard Trust", "A09CY01", "STA0330", 1000),
]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_five_of_two_hundred_million_are_two_and_a_half_per_cent(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"TAC NHS trusts 2019-20.{suffix}"
    read = read_tac_agency(
        write_csv(path, GOOD) if suffix == "csv" else write(path, {"All data": GOOD}), names=NAMES
    )
    assert figures(read)[0] == ["ZZ01", "2019-04", 5e6, 2e8, 2.5]
    # Nothing stated is not nothing spent.
    assert read.rows["value"].isna().tolist() == [False, True]
    assert read.rows["missing"].tolist() == ["", "STA0310 not stated"]
    assert read.dropped[["row", "name", "reason"]].to_numpy().tolist() == [
        [9, "Unheard Trust", "no code is known for this name"]
    ]


def test_the_codes_are_those_of_the_form(raw_samples: Path) -> None:
    form = read_tac_form(raw_samples / "tac-illustrative-form-2019-20.xlsx")
    ours = form[(form["main_code"] == "A09CY01") & form["sub_code"].isin(["STA0310", "STA0330"])]
    assert set(ours["worksheet"]) == {"TAC09 Staff"}
    assert set(ours["table"]) == {"2"}
    assert ours["label"].tolist() == ["Temporary staff - agency/contract staff", "TOTAL GROSS STAFF COSTS"]
    assert set(ours["unit"]) == {"£000"}


@pytest.mark.parametrize(
    ("lines", "name", "said"),
    [
        ([*GOOD, GOOD[1]], "2019-20", "a second row for A09CY01 STA0310 (the first is row 2)"),
        (GOOD, "2019-21", "its name does not say the financial year"),
        ([GOOD[0], row("X", "A09CY01", "STA0330", 1)], "2019-20", "none of its names has a known code"),
        ([GOOD[0], GOOD[6]], "2019-20", "no row of TAC09 Staff, table 2"),
        (
            [*GOOD[:2], row("Fictional Trust A", "A09CY01", "STA0330", 10)],
            "2019-20",
            "more than the gross staff costs",
        ),
        ([GOOD[0], row("X", "A09CY01", "STA0330", "£1")], "2019-20", "value '£1': not a number"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, lines: Lines, name: str, said: str) -> None:
    path = write_csv(tmp_path / f"TAC {name}.csv", lines)
    assert said in refusal(lambda file: read_tac_agency(file, names=NAMES), path)
