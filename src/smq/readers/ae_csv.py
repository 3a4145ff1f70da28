"""A&E monthly figures by provider as CSV, about 2018 on.

Layout: one header row; `Period` (`MSitAE-SEPTEMBER-2024`), `Org Code`, `Parent Org`, `Org name`, attendances
and attendances over four hours for types 1, 2 and other, since 2020 also those of booked appointments, waits
for admission, emergency admissions. The last row has `Total` in place of a code.

Traps: booked appointments stand in columns of their own; the headline counts them, and so do the rows here.
Columns without a name, or with a stray letter, follow on the right. Names of the columns changed in September
2020 (before: `Number of A&E attendances Type 1`, `Number of attendances over 4hrs Type 1`). No date of
publication is in the file.

Verified on: September 2024: the total row equals the sums of 197 providers in every column; with booked
appointments 2,214,217 attendances, 570,888 over four hours.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from smq.readers import ae_layout
from smq.readers.csv_table import read_csv_table
from smq.readers.errors import ragged_row
from smq.readers.reading import Gathering, StatisticReading, either, find_header, is_code, number

if TYPE_CHECKING:
    from smq.readers.reading import Header

VERIFIED = "verified on real files"

TYPES = {"ae_4h_type1": "Type 1", "ae_4h_type2": "Type 2", "ae_4h_other": "Other"}
TOTAL = "total"


def read_ae_csv(path: Path, source: str = "") -> StatisticReading:
    """Read one file: `ae_4h` and the three types, in per cent over four hours. Raises `DataFileError`."""
    found = Gathering(path, source or path.name)
    table = read_csv_table(path)
    header = find_header(table, ("Period", "Org Code", "Org name"))
    found.log.append(header.log)
    columns = _columns(header)
    place_period, place_code = header.column("Period"), header.column("Org Code")
    place_name = header.column("Org name")
    width = max(place for places in columns.values() for place in places) + 1
    sums: dict[int, list[float]] = {place: [] for places in columns.values() for place in places}
    totals: dict[int, tuple[float, str]] = {}
    for row in range(header.row + 1, len(table.rows)):
        cells = table.rows[row]
        named = sum(1 for name in header.names if name)
        if len(cells) < width or any(
            table.text(row, place) for place in range(len(header.names), len(cells))
        ):
            found.problems.append(ragged_row(table.lines[row], len(cells), named))
            continue
        code, name = table.text(row, place_code), table.text(row, place_name)
        values = {place: number(table, row, place, header.names[place], found.problems) for place in sums}
        if code.casefold() == TOTAL:
            if totals:
                found.problems.append(
                    table.problem(row, "Org Code", code, "a second row of totals", ae_layout.AGAIN)
                )
            totals = values
            found.drop(table, row, code, name, "total, compared with the sum of the rows")
            continue
        month = ae_layout.month_in(table.text(row, place_period))
        if pd.isna(month):
            found.problems.append(
                table.problem(row, "Period", table.text(row, place_period), "not a month", ae_layout.AGAIN)
            )
            continue
        if not is_code(code):
            found.problems.append(
                table.problem(row, "Org Code", code, "not a well-formed ODS code", ae_layout.AGAIN)
            )
            continue
        for place, (value, _) in values.items():
            sums[place].append(value)
        _add(found, header, row, columns, values, code, name, month)
    if not totals:
        found.problems.append(
            table.problem(None, "Org Code", None, "the row 'Total' is missing", ae_layout.AGAIN)
        )
    for place, (value, mark) in totals.items():
        if not mark:
            found.total("Total", header.names[place], value, sums[place])
    return found.reading()


def _columns(header: Header) -> dict[tuple[str, str], list[int]]:
    """Give the columns of (attendances or over, indicator): the unbooked, then the booked if there is one."""
    found: dict[tuple[str, str], list[int]] = {}
    for indicator, kind in TYPES.items():
        unit = f"{kind} A&E Department" if kind == "Other" else kind
        booked = (
            f"Booked Appointments {kind} Department" if kind == "Other" else f"Booked Appointments {kind}"
        )
        over_unit = f"{kind} Department" if kind == "Other" else kind
        found["attendances", indicator] = [
            header.column(f"A&E attendances {unit}", f"Number of A&E attendances {unit}")
        ]
        found["over", indicator] = [
            header.column(
                f"Attendances over 4hrs {over_unit}",
                f"Number of attendances over 4hrs {over_unit}",
                f"Number of attendances over 4hrs {unit}",
            )
        ]
        for quantity, prefix in (("attendances", "A&E attendances"), ("over", "Attendances over 4hrs")):
            place = header.find(f"{prefix} {booked}")
            if place is not None:
                found[quantity, indicator].append(place)
    if len({len(places) for places in found.values()}) > 1:
        header.column("A&E attendances Booked Appointments, all types, and those over 4hrs")
    return found


def _add(
    found: Gathering,
    header: Header,
    row: int,
    columns: dict[tuple[str, str], list[int]],
    values: dict[int, tuple[float, str]],
    code: str,
    name: str,
    month: pd.Timestamp,
) -> None:
    parts: dict[str, tuple[float, float, str]] = {}
    for indicator in TYPES:
        over = [values[place] for place in columns["over", indicator]]
        whole = [values[place] for place in columns["attendances", indicator]]
        missing = either(*(mark for _, mark in over + whole))
        parts[indicator] = (sum(part for part, _ in over), sum(part for part, _ in whole), missing)
    parts["ae_4h"] = (
        sum(over for over, _, _ in parts.values()),
        sum(whole for _, whole, _ in parts.values()),
        either(*(mark for _, _, mark in parts.values())),
    )
    for indicator, (over_4h, attendances, missing) in parts.items():
        if not missing and over_4h > attendances:
            what = "more waits over four hours than attendances"
            found.problems.append(
                header.table.problem(row, indicator, f"{over_4h:.10g}", what, ae_layout.AGAIN)
            )
        none_seen = "no attendances (0)" if not missing and attendances == 0 else missing
        found.add(
            header.table,
            row,
            code=code,
            name=name,
            period=month,
            period_length="month",
            indicator=indicator,
            numerator=over_4h,
            denominator=attendances,
            value=math.nan if none_seen else 100 * over_4h / attendances,
            missing=none_seen,
        )
