"""Small A&E workbooks in the layouts of several eras, and damage done to them, for several tests."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
from hypothesis import strategies as st

from smq.readers.errors import DataFileError

if TYPE_CHECKING:
    import pandas as pd

    from smq.readers.reading import StatisticReading

Rows = list[list[object]]
KEY = ["code", "period", "indicator"]

TYPES = [
    "Type 1 Departments - Major A&E",
    "Type 2 Departments - Single Specialty",
    "Type 3 Departments - Other A&E/Minor Injury Unit",
]
OVER = "A&E attendances > 4 hours from arrival to admission, transfer or discharge"
WITHIN = "A&E attendances less than 4 hours from arrival to admission, transfer or discharge"

PROVIDERS = {
    "RLN": ("City Hospitals Sunderland NHS Foundation Trust", (1231, 532, 443), (101, 0, 24)),
    "RXP": ("County Durham And Darlington NHS Foundation Trust", (2276, 0, 172), (50, 0, 0)),
    "5J9": ("Darlington Primary Care Trust", (0, 0, 2056), (0, 0, 1)),
}


def labels(period: str) -> Rows:
    """Give the rows above a table: labels with what they mean beside them."""
    return [
        [],
        [None, "Title:", "A&E activity statistics"],
        [],
        [None, "Period:", period],
        [None, "Published:", "10th December 2010"],
        [None, "Revised:", "1st April 2011"],
        [],
        [None, "Provider Level Data"],
    ]


def weekly() -> Rows:
    """Give sheet `A&E Data` of a weekly workbook."""
    england = [sum(values[1][n] for values in PROVIDERS.values()) for n in range(3)]
    england_over = [sum(values[2][n] for values in PROVIDERS.values()) for n in range(3)]
    rows: Rows = [
        *labels("Week Ending 07/11/2010"),
        [None, None, None, None, "A&E attendances", None, None, None, OVER],
        [
            None,
            "SHA",
            "Code",
            "Name",
            *TYPES,
            "Total attendances",
            *TYPES,
            "Percentage in 4 hours or less (all)",
        ],
        [None, "-", "-", "England", *england, sum(england), *england_over, _share(england_over, england)],
        [],
    ]
    for code, (name, attended, waited) in PROVIDERS.items():
        rows.append([None, "Q30", code, name, *attended, sum(attended), *waited, _share(waited, attended)])
    rows.append([None, "CWiC", "Y01256", "Liverpool Street NHS WiC", *["-"] * 7, "N/A"])
    return [*rows, [], [None, "Notes:"], [None, "A hash (-) denotes an organisation did not submit"]]


def monthly_2015(period: str = "June 2015") -> Rows:
    """Give the table of a monthly workbook of 2015: waits by type, and their total."""
    rows: Rows = [
        *labels(period),
        [None, None, None, None, "A&E attendances", None, None, None, OVER],
        [None, "Code", "Region", "Name", *TYPES, "Total attendances", *TYPES, "Total Attendances > 4 hours"],
        *_body(lambda attended, waited: [*attended, sum(attended), *waited, sum(waited)]),
    ]
    return [*rows, [], [None, "Notes:"]]


def monthly_within(period: str = "June 2019") -> Rows:
    """Give a table that states the attendances within four hours and not those over."""
    return [
        *labels(period),
        [None, None, None, None, "A&E attendances", None, None, None, WITHIN],
        [None, "Code", "Region", "Name", *TYPES, "Total attendances", *TYPES, "Total Attendances < 4 hours"],
        *_body(
            lambda attended, waited: [
                *attended,
                sum(attended),
                *[a - w for a, w in zip(attended, waited, strict=True)],
                sum(attended) - sum(waited),
            ]
        ),
    ]


def write(path: Path, sheets: dict[str, Rows]) -> Path:
    """Write a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@st.composite
def damaged(draw: st.DrawFn, rows: Rows) -> Rows:
    """Damage a table as files get damaged: columns, rows, cells and places."""
    rows = [list(row) for row in rows]
    width = max(map(len, rows))
    for row in rows:
        row += [None] * (width - len(row))
    column, line = draw(st.integers(0, width - 1)), draw(st.integers(0, len(rows) - 1))
    kind = draw(
        st.sampled_from(
            [
                "drop column",
                "double column",
                "shuffle",
                "move",
                "drop row",
                "double row",
                "ragged",
                "huge",
                "cell",
            ]
        )
    )
    match kind:
        case "drop column":
            return [row[:column] + row[column + 1 :] for row in rows]
        case "double column":
            return [[*row[:column], row[column], *row[column:]] for row in rows]
        case "shuffle":
            order = draw(st.permutations(range(width)))
            return [[row[place] for place in order] for row in rows]
        case "move":
            blank: Rows = [[None] * width for _ in range(draw(st.integers(1, 40)))]
            return blank + rows
        case "drop row":
            return rows[:line] + rows[line + 1 :]
        case "double row":
            return [*rows[:line], rows[line], *rows[line:]]
        case "ragged":
            rows[line] = rows[line][:column]
        case "huge":
            rows[line][column] = "9" * 32_000
        case _:
            rows[line][column] = draw(
                st.sampled_from([None, "x", "=1+1", -1, 1e300, "7", True, "-", "#DIV/0!"])
            )
    return rows


def same_or_refused(read: Callable[[Path], StatisticReading], path: Path, expected: pd.DataFrame) -> None:
    """Assert that damage changed no number, or was refused by a message that names the file.

    A cell that was made blank may be read as missing, and a row that added nothing to England may be gone:
    no total tells of these.
    """
    try:
        rows = read(path).rows
    except DataFileError as error:
        message = str(error)
    else:
        both = expected.merge(rows, on=KEY, how="outer", suffixes=("", "_read"), indicator=True)
        assert not (both["_merge"] == "right_only").any()
        assert not ((both["_merge"] == "left_only") & (both["denominator"] > 0)).any()
        for name in ("numerator", "denominator", "value"):
            read_there = both[f"{name}_read"].notna()
            assert (both[name] == both[f"{name}_read"])[read_there].all()
            assert (both["missing_read"] != "")[
                (both["_merge"] == "both") & ~read_there & both[name].notna()
            ].all()
        return
    assert path.name in message
    assert len(message) < 5000


def hurt(content: bytes, seed: int, *, cut: bool) -> bytes:
    """Cut a file somewhere, or change twenty of its bytes."""
    chance = random.Random(seed)  # noqa: S311 - no secret depends on it
    if cut:
        return content[: chance.randrange(len(content))]
    changed = bytearray(content)
    for _ in range(20):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def read_or_refused(read: Callable[[Path], StatisticReading], path: Path) -> None:
    """Assert that nothing but the named error comes out of a reader."""
    message = path.name
    try:
        read(path)
    except DataFileError as error:
        message = str(error)
    assert path.name in message


def _body(values: Callable[[Sequence[int], Sequence[int]], list[int]]) -> Rows:
    attended = [sum(provider[1][n] for provider in PROVIDERS.values()) for n in range(3)]
    waited = [sum(provider[2][n] for provider in PROVIDERS.values()) for n in range(3)]
    rows: Rows = [[None, "-", "-", "England", *values(attended, waited)], []]
    for code, (name, own_attended, own_waited) in PROVIDERS.items():
        rows.append([None, code, "Y54", name, *values(own_attended, own_waited)])
    return rows


def _share(waited: Sequence[int], attended: Sequence[int]) -> float:
    return 1 - sum(waited) / sum(attended)
