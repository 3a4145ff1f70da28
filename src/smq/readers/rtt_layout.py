"""What workbooks of waits from referral to treatment have in common: pathways by week, of three levels.

A table has a row for each organisation and treatment function, and one for all functions; columns for each
week waited (`>0-1`, `>1-2`, ...), an open band (`52 plus`), their total, and those within 18 weeks. Tables of
organisations, of regions and of England hold the same pathways, so each level is checked against the lowest.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smq.readers.reading import NAT, either, is_code, number

if TYPE_CHECKING:
    import pandas as pd

    from smq.readers.gathering import Gathering
    from smq.readers.reading import Header, Table

FUNCTIONS = {
    "100": "general_surgery",
    "101": "urology",
    "110": "trauma_orthopaedics",
    "120": "ent",
    "130": "ophthalmology",
    "140": "oral_surgery",
    "150": "neurosurgery",
    "160": "plastic_surgery",
    "170": "cardiothoracic_surgery",
    "300": "general_medicine",
    "301": "gastroenterology",
    "320": "cardiology",
    "330": "dermatology",
    "340": "thoracic_medicine",
    "400": "neurology",
    "410": "rheumatology",
    "430": "geriatric_medicine",
    "502": "gynaecology",
    "X01": "other",
    "999": "",
}
"""Treatment function (without IP or C_ before it): ending of the indicator; '' for all functions."""
ALL_FUNCTIONS = ""
LIMIT = 18
FUNCTION_CODE, FUNCTION = "Treatment Function Code", "Treatment Function"
TOTAL, WITHIN = "total", "within 18 weeks"
WITHIN_COLUMN, SHARE_COLUMN = "Total within 18 weeks", "% within 18 weeks"
_CODE = re.compile(r"(?:IP|C_)([0-9X][0-9]{2})")
_BAND = re.compile(r">\s*([0-9]+)\s*-\s*([0-9]+)")
_OPEN = re.compile(r"([0-9]+) plus")
_AGAIN = "Take the workbook as it was published."
_SHARE_ROUNDING = 0.0006
"""Shares are printed in full or to three decimal places."""

Figures = dict[str, float]
"""By band of weeks, `TOTAL` and `WITHIN`."""


@dataclass
class Level:
    """Figures of one table by code of the organisation or region ('' for England) and treatment function."""

    table: Table
    names: dict[str, str] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)
    """By code of the organisation."""
    figures: dict[tuple[str, str], Figures] = field(default_factory=dict)


@dataclass(frozen=True)
class _Columns:
    code: int | None
    name: int | None
    region: int | None
    function: int
    total: int
    within: int
    share: int
    bands: dict[str, int]
    inside: tuple[str, ...]
    """Bands of up to 18 weeks."""


def find_columns(
    header: Header, total: str, code: tuple[str, ...] = (), name: tuple[str, ...] = (), region: str = ""
) -> _Columns:
    """Find the columns by their names. Raises `DataFileError` where the weeks have a gap."""
    ends: dict[int, tuple[str, int]] = {}
    opened: dict[int, tuple[str, int]] = {}
    problems = []
    for column, label in enumerate(header.names):
        band, beyond = _BAND.fullmatch(label), _OPEN.fullmatch(label)
        places, week = (ends, int(band[2])) if band else (opened, int(beyond[1]) if beyond else 0)
        if band is None and beyond is None:
            continue
        if week in places:
            what = "the header holds this week twice"
            problems.append(header.table.problem(header.row, label, None, what, _AGAIN))
        elif band and int(band[1]) != week - 1:
            problems.append(header.table.problem(header.row, label, None, "not one week", _AGAIN))
        places[week] = (label, column)
    last = max(ends, default=0)
    if sorted(ends) != list(range(1, last + 1)) or last < LIMIT or last not in opened:
        what = "the weeks do not follow one another from '>0-1' to the open one: a column is missing"
        problems.append(header.table.problem(header.row, "", None, what, _AGAIN))
    header.table.refuse(problems)
    # Other open bands ('52 plus' where the weeks go to 104) repeat part of the weeks.
    bands = {label: column for _, (label, column) in sorted(ends.items())}
    bands[opened[last][0]] = opened[last][1]
    return _Columns(
        header.column(*code) if code else None,
        header.column(*name) if name else None,
        header.column(region) if region else None,
        header.column(FUNCTION_CODE),
        header.column(total),
        header.column(WITHIN_COLUMN),
        header.column(SHARE_COLUMN),
        bands,
        tuple(label for week, (label, _) in ends.items() if week <= LIMIT),
    )


def read_level(
    header: Header, columns: _Columns, into: Gathering
) -> tuple[Level, dict[tuple[str, str], int]]:
    """Read a table; give its figures, and the row of each. Rows that contradict themselves are problems."""
    table = header.table
    level = Level(table)
    rows: dict[tuple[str, str], int] = {}
    into.log.append(header.log)
    for row in range(header.row + 1, len(table.rows)):
        match = _CODE.fullmatch(table.text(row, columns.function))
        code = table.text(row, columns.code) if columns.code is not None else ""
        if match is None and not code and not table.text(row, columns.total):
            texts = [text for column in range(len(table.rows[row])) if (text := table.text(row, column))]
            if texts:
                into.drop(table, row, "", texts[0][:80], "a note, not a row of data")
            continue
        if match is None or match[1] not in FUNCTIONS:
            what = "not a treatment function that is known here"
            text = table.text(row, columns.function)
            into.problems.append(table.problem(row, FUNCTION_CODE, text, what, _AGAIN))
            continue
        key = (code, FUNCTIONS[match[1]])
        if key in rows:
            what = f"a second row for {match[0]} (the first is row {table.lines[rows[key]]})"
            into.problems.append(table.problem(row, FUNCTION_CODE, code, what, "Keep one of the two."))
            continue
        rows[key] = row
        level.figures[key] = _figures(table, row, columns, into)
        level.names[code] = table.text(row, columns.name) if columns.name is not None else "England"
        if columns.region is not None:
            region = table.text(row, columns.region)
            if level.regions.setdefault(code, region) != region:
                what = f"in two regions ({level.regions[code]} above)"
                into.problems.append(table.problem(row, "region", region, what, _AGAIN))
    return level, rows


def _figures(table: Table, row: int, columns: _Columns, into: Gathering) -> Figures:
    places = {TOTAL: columns.total, WITHIN: columns.within, **columns.bands}
    labels = {TOTAL: "total", WITHIN: WITHIN_COLUMN}
    found = {
        name: number(table, row, column, labels.get(name, name), into.problems)[0]
        for name, column in places.items()
    }
    sums = {
        TOTAL: math.fsum(found[band] for band in columns.bands),
        WITHIN: math.fsum(found[band] for band in columns.inside),
    }
    for name, summed in sums.items():
        # A sum with an unknown part is not compared.
        if abs(summed - found[name]) > 1e-6:
            what = f"not the sum of its weeks ({summed:.10g})"
            into.problems.append(table.problem(row, labels[name], f"{found[name]:.10g}", what, _AGAIN))
    share, _ = number(table, row, columns.share, SHARE_COLUMN, into.problems, marks=_SHARE_MARKS)
    if found[TOTAL] and abs(found[WITHIN] / found[TOTAL] - share) > _SHARE_ROUNDING:
        what = f"not those within 18 weeks divided by the total ({found[WITHIN] / found[TOTAL]:.6g})"
        into.problems.append(table.problem(row, SHARE_COLUMN, f"{share:.10g}", what, _AGAIN))
    return found


_SHARE_MARKS = {
    "": "blank",
    "-": "not calculated (-)",
    "N/A": "not applicable (N/A)",
    "#DIV/0!": "no pathways",
}


def add_rows(
    level: Level,
    rows: dict[tuple[str, str], int],
    into: Gathering,
    indicator: str,
    month: pd.Timestamp,
    published: pd.Timestamp = NAT,
    revised: pd.Timestamp = NAT,
) -> None:
    """Add a row of each organisation and function: percentage of pathways within 18 weeks."""
    for (code, function), figures in level.figures.items():
        row = rows[code, function]
        if not is_code(code):
            what = "not a well-formed ODS code"
            into.problems.append(level.table.problem(row, "code", code, what, _AGAIN))
            continue
        whole, within = figures[TOTAL], figures[WITHIN]
        unknown = {"total": math.isnan(whole), "within 18 weeks": math.isnan(within)}
        into.add(
            level.table,
            row,
            code=code,
            name=level.names[code],
            period=month,
            period_length="month",
            indicator="_".join(part for part in (indicator, function) if part),
            numerator=within,
            denominator=whole,
            value=100 * within / whole if whole else math.nan,
            missing=either(
                *(f"{name} not known" for name, missing in unknown.items() if missing),
                "no denominator (0)" if whole == 0 else "",
            ),
            published=published,
            revised=revised,
        )


def check_functions(level: Level, into: Gathering) -> None:
    """Compare the row of all functions of each organisation with the sum of its functions."""
    for code, name in sorted(level.names.items()):
        total = level.figures.get((code, ALL_FUNCTIONS))
        if total is None:
            what = "the row of all treatment functions is missing: rows may be missing too"
            into.problems.append(level.table.problem(None, FUNCTION_CODE, code or name, what, _AGAIN))
            continue
        parts = [figures for (own, function), figures in level.figures.items() if own == code and function]
        _compare(into, f"{level.table.sheet}: {code or name}, all treatment functions", total, parts)


def check_above(upper: Level, lower: list[Level], into: Gathering) -> None:
    """Compare each row of a table of England or of regions with the sum over the organisations."""
    for (code, function), printed in sorted(upper.figures.items()):
        parts = [
            figures
            for level in lower
            for (own, own_function), figures in level.figures.items()
            if own_function == function and (not code or level.regions.get(own) == code)
        ]
        name = f"{upper.table.sheet}: {upper.names[code]}, {function or 'all treatment functions'}"
        _compare(into, name, printed, parts)


def _compare(into: Gathering, name: str, printed: Figures, parts: list[Figures]) -> None:
    """Compare a printed row with rows; the weeks are listed only where they differ, as a problem."""
    for quantity, value in printed.items():
        cells = [figures.get(quantity, math.nan) for figures in parts]
        known = math.fsum(cell for cell in cells if not math.isnan(cell))
        if quantity in (TOTAL, WITHIN) or not math.isclose(value, known, abs_tol=1e-6):
            into.total(name, quantity, value, cells)
