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

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from smq.readers.column_gathering import AGAIN, ColumnGathering, Dates, either_mark, where_none
from smq.readers.text_columns import Floats, TextColumns, Words, is_header_again, read_text_columns

if TYPE_CHECKING:
    from smq.readers.reading import Header, StatisticReading

VERIFIED = "verified on real files"

COLUMNS = (
    "Period",
    "Org Code",
    "Parent Org",
    "Org name",
    "A&E attendances Type 1",
    "A&E attendances Type 2",
    "A&E attendances Other A&E Department",
    "A&E attendances Booked Appointments Type 1",
    "A&E attendances Booked Appointments Type 2",
    "A&E attendances Booked Appointments Other Department",
    "Attendances over 4hrs Type 1",
    "Attendances over 4hrs Type 2",
    "Attendances over 4hrs Other Department",
    "Attendances over 4hrs Booked Appointments Type 1",
    "Attendances over 4hrs Booked Appointments Type 2",
    "Attendances over 4hrs Booked Appointments Other Department",
    "Patients who have waited 4-12 hs from DTA to admission",
    "Patients who have waited 12+ hrs from DTA to admission",
    "Emergency admissions via A&E - Type 1",
    "Emergency admissions via A&E - Type 2",
    "Emergency admissions via A&E - Other A&E department",
    "Other emergency admissions",
)
"""As of September 2024."""
TYPES = {"ae_4h_type1": "Type 1", "ae_4h_type2": "Type 2", "ae_4h_other": "Other"}

Figures = tuple[Floats, Words]
"""Numbers by row, and the meanings of their missing marks."""


def read_ae_csv(path: Path, source: str = "") -> StatisticReading:
    """Read one file: `ae_4h` and the three types, in per cent over four hours. Raises `DataFileError`."""
    found = ColumnGathering(path, source or path.name)
    columns = read_text_columns(path, ("Period", "Org Code", "Org name"), _needed)
    header = columns.header
    found.log.append(header.log)
    places, code, name = _columns(header), header.column("Org Code"), header.column("Org name")
    columns = found.leave_out(columns, is_header_again(columns, code), "the header again", code, name)
    columns, totals = found.parted(columns, code, name, label="Org Code")
    month = found.months(columns, header.column("Period"), label="Period")
    figures = {place: columns.numbers(place, found.problems) for group in places.values() for place in group}
    if len(totals) != 1:
        what = "a second row of totals" if len(totals) else "the row 'Total' is missing"
        line = totals.lines[-1] if len(totals) else 0
        found.problem(line, "Org Code", None, what)
    for place, (numbers, _) in figures.items():
        printed, marks = totals.numbers(place, found.problems)
        if len(totals) == 1 and not marks[0]:
            found.total("Total", header.names[place], float(printed[0]), numbers)
    waits = {
        indicator: (_sum(figures, places["over", indicator]), _sum(figures, places["attendances", indicator]))
        for indicator in TYPES
    }
    waits["ae_4h"] = (
        _whole([over for over, _ in waits.values()]),
        _whole([seen for _, seen in waits.values()]),
    )
    texts = {"code": columns.text(code), "name": columns.text(name)}
    for indicator, (over, attendances) in waits.items():
        _add(found, columns, indicator, over, attendances, month, texts)
    return found.reading()


def _needed(header: Header) -> Iterable[int]:
    places = [header.column(name) for name in ("Period", "Org Code", "Org name")]
    return [*places, *(place for group in _columns(header).values() for place in group)]


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


def _sum(figures: dict[int, Figures], places: list[int]) -> Figures:
    return _whole([figures[place] for place in places])


def _whole(parts: list[Figures]) -> Figures:
    # A sum with an unknown part is unknown.
    return np.sum([numbers for numbers, _ in parts], axis=0), either_mark(*(marks for _, marks in parts))


def _add(
    found: ColumnGathering,
    columns: TextColumns,
    indicator: str,
    over: Figures,
    attendances: Figures,
    month: Dates,
    texts: dict[str, Words],
) -> None:
    waited, seen = over[0], attendances[0]
    what = "more waits over four hours than attendances"
    columns.report(waited > seen, indicator, waited, what, AGAIN, found.problems)
    none = where_none(seen == 0, "no attendances (0)")
    missing = either_mark(over[1], attendances[1], none)
    found.frame(
        {
            **texts,
            "period": month,
            "period_length": "month",
            "indicator": indicator,
            "numerator": waited,
            "denominator": seen,
            "value": 100 * np.divide(waited, seen, out=np.full(len(seen), np.nan), where=seen > 0),
            "missing": missing,
        },
        columns.lines,
    )
