"""What the A&E workbooks of all eras have in common: a table by provider with two header rows.

The upper row groups the columns (attendances; within four hours; over four hours), the lower one names them
by type of department. Rows of providers become rows of the four indicators; England's row becomes totals.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

from smq.readers.errors import DataFileError
from smq.readers.reading import NAT, as_text, either, is_code, number

if TYPE_CHECKING:
    from smq.readers.errors import Problem
    from smq.readers.gathering import Gathering
    from smq.readers.reading import Cell, Header, Table

TYPES = {
    "ae_4h_type1": "Type 1 Departments - Major A&E",
    "ae_4h_type2": "Type 2 Departments - Single Specialty",
    "ae_4h_other": "Type 3 Departments - Other A&E/Minor Injury Unit",
}
ATTENDANCES = ("A&E attendances",)
_TAIL = "4 hours from arrival to admission, transfer or discharge"
OVER = (f"A&E attendances > {_TAIL}", f"A&E attendances greater than {_TAIL}")
WITHIN = (f"A&E attendances < {_TAIL}", f"A&E attendances less than {_TAIL}")
TOTAL_ATTENDANCES = "Total attendances"
ENGLAND = "-"
AGAIN = "Take the file as it was published."

_SHARE_ROUNDING = 0.0006
"""Shares are printed in full or to three decimal places."""
_LEFT = "a working column beside the table, England's row left from an earlier state; not read"
_UNREAD = "not explained; the column is not read"
_WORKING = {
    "total under 4 hour all types": _LEFT,
    "total under 4 hours + booked appointments": _LEFT,
    "over 4 hours all types": _LEFT,
    "over 4 hours + booked": _LEFT,
}
_NO_COUNTS = {"code", "name", "region", "sha", "system"}
_MONTH = re.compile(r"\b([A-Za-z]{3,9})[ -]([0-9]{4})\b")


@dataclass(frozen=True)
class Columns:
    """Places of the columns of a table of providers; those that a layout lacks are None."""

    code: int
    name: int
    attendances: dict[str, int]
    over: dict[str, int]
    within: dict[str, int]
    total_attendances: int
    total_over: int | None
    total_within: int | None
    share: int | None


def find_columns(header: Header, code: str = "Code", name: str = "Name") -> Columns:
    """Find the columns by their names and groups. Raises `DataFileError` where one is missing or doubled."""
    over = {key: header.find(text, group=OVER) for key, text in TYPES.items()}
    within = {key: header.find(text, group=WITHIN) for key, text in TYPES.items()}
    if None in over.values() and None not in within.values():
        over = dict.fromkeys(TYPES)
    else:
        over = {key: header.column(text, group=OVER) for key, text in TYPES.items()}
    return Columns(
        code=header.column(code),
        name=header.column(name),
        attendances={key: header.column(text, group=ATTENDANCES) for key, text in TYPES.items()},
        over={key: place for key, place in over.items() if place is not None},
        within={key: place for key, place in within.items() if place is not None},
        total_attendances=header.column(TOTAL_ATTENDANCES, group=ATTENDANCES),
        total_over=header.find("Total Attendances > 4 hours"),
        total_within=header.find("Total Attendances < 4 hours"),
        share=header.find("Percentage in 4 hours or less (all)"),
    )


def read_providers(
    found: Gathering,
    header: Header,
    columns: Columns,
    period: pd.Timestamp,
    period_length: str,
    published: pd.Timestamp,
    revised: pd.Timestamp,
) -> None:
    """Read the rows below a header into `found`: rows, notes that are left out, England's totals."""
    table = header.table
    counts = {
        **{f"attendances {key}": place for key, place in columns.attendances.items()},
        **{f"over {key}": place for key, place in columns.over.items()},
        **{f"within {key}": place for key, place in columns.within.items()},
        "attendances": columns.total_attendances,
    }
    total_places = {"over": columns.total_over, "within": columns.total_within}
    counts |= {quantity: place for quantity, place in total_places.items() if place is not None}
    england = False
    for row in range(header.row + 1, len(table.rows)):
        code, name = table.text(row, columns.code), table.text(row, columns.name)
        if not any(table.text(row, place) for place in counts.values()):
            if not table.is_blank(row):
                found.drop(table, row, "", "", "a note, no figures")
            continue
        values = {
            quantity: number(table, row, place, quantity, found.problems)
            for quantity, place in counts.items()
        }
        if code == ENGLAND:
            if england:
                found.problems.append(table.problem(row, "Code", code, "a second row of totals", AGAIN))
            england = True
            found.drop(table, row, code, name, "England's total, compared with the sum of the rows")
            continue
        if not is_code(code):
            found.problems.append(table.problem(row, "Code", code, "not a well-formed ODS code", AGAIN))
            continue
        _check_row(found, table, row, columns, values)
        shared = {
            "code": code, "name": name, "period": period, "period_length": period_length,
            "published": published, "revised": revised,
        }  # fmt: skip
        for indicator in ("ae_4h", *TYPES):
            whole = values["attendances" if indicator == "ae_4h" else f"attendances {indicator}"]
            found.add(table, row, **shared, indicator=indicator, **_share(_over(values, indicator), whole))
    if not england:
        found.problems.append(table.problem(None, "Code", None, "England's row (code '-') is missing", AGAIN))
    compare_england(found, header, columns.code, set(counts.values()))


def compare_england(found: Gathering, header: Header, code: int, used: set[int]) -> None:
    """Compare England's row of a sheet with the sum of the rows, in every column of counts.

    In the columns `used`, a difference is a problem; in the others it is noted, since nothing is read there.
    """
    table = header.table
    rows = [row for row in range(header.row + 1, len(table.rows)) if is_code(table.text(row, code))]
    england = [row for row in range(header.row + 1, len(table.rows)) if table.text(row, code) == ENGLAND]
    for place, name in enumerate(header.names):
        if not name or name in _NO_COUNTS or name.startswith(("percentage", "%")):
            continue
        quantity = f"{header.groups[place]}: {name}".removeprefix(": ")
        unread: list[Problem] = []
        parts = [number(table, row, place, quantity, unread)[0] for row in rows]
        for row in england:
            printed, mark = number(table, row, place, quantity, unread)
            if not mark:
                explanation = "" if place in used else _WORKING.get(name, _UNREAD)
                found.total(f"England ({table.sheet})", quantity, printed, parts, explanation)


def month_in(cell: Cell) -> pd.Timestamp:
    """Give the month named in a cell (June 2015, Jun-2015, MSitAE-JUNE-2015, a date), or NaT."""
    if isinstance(cell, datetime):
        return _first(cell)
    match = _MONTH.search(as_text(cell))
    if match:
        for form in ("%B %Y", "%b %Y"):
            try:
                return _first(datetime.strptime(f"{match[1].title()} {match[2]}", form))  # noqa: DTZ007
            except ValueError:
                continue
    missing: pd.Timestamp = NAT
    return missing


def no_period(table: Table, label: str, value: Cell, example: str) -> DataFileError:
    """Say that the file does not name its period."""
    what = "it does not name its period"
    remedy = f"Take the file as it was published, with a cell such as '{example}'."
    return DataFileError(table.file, [table.problem(None, label, as_text(value), what, remedy)])


def _first(moment: datetime) -> pd.Timestamp:
    first: pd.Timestamp = pd.Timestamp(moment.year, moment.month, 1).as_unit("s")
    return first


def _over(values: dict[str, tuple[float, str]], indicator: str) -> tuple[float, str]:
    """Give the waits over four hours, however the layout states them: over, by type, or within four hours."""
    if indicator != "ae_4h":
        if f"over {indicator}" in values:
            return values[f"over {indicator}"]
        whole, within = values[f"attendances {indicator}"], values[f"within {indicator}"]
        return whole[0] - within[0], either(whole[1], within[1])
    if "over" in values:
        return values["over"]
    if "within" in values:
        whole, within = values["attendances"], values["within"]
        return whole[0] - within[0], either(whole[1], within[1])
    parts = [_over(values, key) for key in TYPES]
    # A sum with an unknown part is unknown.
    return sum(part for part, _ in parts), either(*(mark for _, mark in parts))


def _share(over: tuple[float, str], whole: tuple[float, str]) -> dict[str, object]:
    missing = either(over[1], whole[1])
    if not missing and whole[0] == 0:
        missing = "no attendances (0)"
    return {
        "numerator": over[0],
        "denominator": whole[0],
        "value": math.nan if missing else 100 * over[0] / whole[0],
        "missing": missing,
    }


def _check_row(
    found: Gathering, table: Table, row: int, columns: Columns, values: dict[str, tuple[float, str]]
) -> None:
    """Hold the row against itself, so that columns that changed places are found."""
    problems: list[Problem] = found.problems
    before = len(problems)
    for quantity in ("attendances", "over", "within"):
        parts = [values[f"{quantity} {key}"] for key in TYPES if f"{quantity} {key}" in values]
        total = values.get(quantity)
        if total is None or len(parts) < len(TYPES) or total[1] or any(mark for _, mark in parts):
            continue
        if not math.isclose(sum(part for part, _ in parts), total[0], abs_tol=0.5):
            what = f"the types sum to {sum(part for part, _ in parts):,.10g}, not to this total"
            problems.append(table.problem(row, quantity, f"{total[0]:.10g}", what, AGAIN))
    for indicator in ("ae_4h", *TYPES):
        over, mark = _over(values, indicator)
        whole, missing = values["attendances" if indicator == "ae_4h" else f"attendances {indicator}"]
        if not mark and not missing and not 0 <= over <= whole:
            what = "more waits over four hours than attendances, or fewer than none"
            problems.append(table.problem(row, indicator, f"{over:.10g}", what, AGAIN))
    if columns.share is not None and len(problems) == before:
        over, mark = _over(values, "ae_4h")
        whole, missing = values["attendances"]
        marks = {"": "", "-": "-", "N/A": "N/A", "*": "*", "#DIV/0!": "#DIV/0!"}
        share, unknown = number(table, row, columns.share, "share", problems, marks=marks)
        known = not (mark or missing or unknown) and table.text(row, columns.share) not in marks
        if known and whole > 0 and abs(1 - over / whole - share) > _SHARE_ROUNDING:
            what = f"the share within four hours is not that of its counts ({1 - over / whole:.4f})"
            problems.append(
                table.problem(row, "Percentage in 4 hours or less (all)", f"{share:.4f}", what, AGAIN)
            )
