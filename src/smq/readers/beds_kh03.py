"""Beds available and occupied overnight, by provider and quarter: the KH03 workbook.

Layout: sheet 'NHS Trust by Sector'. Title, Source and Status ('Published 18 November 2010 and revised 24
May 2012') stand in rows 1 to 3; group headers (Available, Occupied, % Occupied) above the header row (Year,
Period, SHA Code, Org Code, Org Name; then in each group Total, General & Acute, Learning Disabilities,
Maternity, Mental Illness). England's row follows, without a code, between blank rows. Figures are averages
a day. 'SHA by Sector' has the same columns by region, 'Occupied by Specialty' the occupied beds by
specialty, and 'Data quality' names those who sent nothing.

Traps: Period is the last month of the quarter ('June' of '2010-11' is April to June 2010). Primary care
trusts stand among the rows. Shares are #DIV/0! where there are no beds. An organisation that sent nothing
has no row.

Verified on: the workbook of April to June 2010 (290 organisations): England is the sum of the rows in all
ten columns (144,454.87 available and 122,551.23 occupied), the regions too; the sectors make the total, and
the shares follow, in every row; in the sheet by specialty England is the sum of its rows.
"""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path

import pandas as pd

from smq.readers.errors import DataFileError
from smq.readers.gathering import Gathering
from smq.readers.reading import (
    DIVISION,
    MARKS,
    NAT,
    Header,
    StatisticReading,
    Table,
    as_text,
    dates_in,
    either,
    find_header,
    is_code,
    labelled,
    normal,
    number,
)
from smq.readers.workbook import find_sheet, read_workbook

VERIFIED = "verified on real files"

SHEET = "NHS Trust by Sector"
REGIONS = "SHA by Sector"
SPECIALTIES = "Occupied by Specialty"
QUALITY = "Data quality"
SECTORS = ("Total", "General & Acute", "Learning Disabilities", "Maternity", "Mental Illness")
ENGLAND = "england"
_QUARTERS = {"june": (0, 4), "september": (0, 7), "december": (0, 10), "march": (1, 1)}
_YEAR = re.compile(r"(20[0-9]{2})[-/](?:20)?([0-9]{2})")
_AGAIN = "Take the workbook as it was published."
_ROUNDED = 1e-3

Figures = dict[tuple[str, str], float]
"""By group ('Available', 'Occupied') and sector."""


def read_beds_kh03(path: Path, source: str = "") -> StatisticReading:
    """Read one quarterly workbook.

    Indicators: `beds_available` (numerator and value: beds) and `beds_occupancy` (occupied, available,
    percentage), and both for each sector, for example `beds_available_maternity`. Raises `DataFileError`.
    """
    table = find_sheet(path, [SHEET])
    header = find_header(table, ("Year", "Period", "Org Code", "Org Name", "General & Acute"))
    into = Gathering(path, source or path.name)
    into.log.append(header.log)
    published, revised = _status(table, header.row)
    rows: dict[str, tuple[str, Figures]] = {}
    england: Figures | None = None
    columns = {name: header.column(name) for name in ("Year", "Period", "Org Code", "Org Name")}
    region_column = header.find("SHA Code", "Region Code")
    for row in range(header.row + 1, len(table.rows)):
        if table.is_blank(row):
            continue
        code, name = table.text(row, columns["Org Code"]), table.text(row, columns["Org Name"])
        if not code and not table.text(row, columns["Year"]) and normal(name) != ENGLAND:
            texts = [text for column in range(len(table.rows[row])) if (text := table.text(row, column))]
            into.drop(table, row, "", texts[0][:80], "a note, not a row of data")
            continue
        figures, missing = _figures(table, header, row, into)
        if normal(name) == ENGLAND:
            england = figures
            into.drop(table, row, code, name, "a total, compared with the sum of its rows")
            continue
        quarter = _quarter(table, row, columns, into)
        if not is_code(code):
            into.problems.append(table.problem(row, "Org Code", code, "not a well-formed ODS code", _AGAIN))
        elif quarter is not None:
            common = {"code": code, "name": name, "period": quarter, "period_length": "quarter"}
            common |= {"published": published, "revised": revised}
            _add(into, table, row, common, figures, missing)
            rows[code] = (table.text(row, region_column) if region_column is not None else "", figures)
    if into.problems:
        # Wrong totals that follow from a wrong row would hide it.
        return into.reading()
    if england is None:
        what = "the row of England is missing: rows may be missing too"
        into.problems.append(table.problem(None, "", None, what, _AGAIN))
    else:
        for (group, sector), printed in england.items():
            parts = [figures[group, sector] for _, figures in rows.values()]
            into.total("England", f"{group}, {sector}", printed, parts)
    _check_other_sheets(path, rows, into)
    return into.reading()


def _add(
    into: Gathering,
    table: Table,
    row: int,
    common: dict[str, object],
    figures: Figures,
    missing: dict[tuple[str, str], str],
) -> None:
    for sector in SECTORS:
        available, occupied = figures["Available", sector], figures["Occupied", sector]
        ending = "" if sector == "Total" else "_" + normal(sector).replace(" & ", "_").replace(" ", "_")
        into.add(
            table,
            row,
            **common,
            indicator=f"beds_available{ending}",
            numerator=available,
            denominator=math.nan,
            value=available,
            missing=missing["Available", sector],
        )
        into.add(
            table,
            row,
            **common,
            indicator=f"beds_occupancy{ending}",
            numerator=occupied,
            denominator=available,
            value=100 * occupied / available if available else math.nan,
            missing=either(
                missing["Available", sector],
                missing["Occupied", sector],
                "no denominator (0)" if available == 0 else "",
            ),
        )


def _figures(
    table: Table, header: Header, row: int, into: Gathering
) -> tuple[Figures, dict[tuple[str, str], str]]:
    """Give beds available and occupied by sector; refuse a row that contradicts itself."""
    figures: Figures = {}
    missing: dict[tuple[str, str], str] = {}
    for group in ("Available", "Occupied"):
        for sector in SECTORS:
            column = header.column(sector, group=(group,))
            found = number(table, row, column, f"{group}, {sector}", into.problems)
            figures[group, sector], missing[group, sector] = found
        total, parts = figures[group, "Total"], [figures[group, sector] for sector in SECTORS[1:]]
        whole = all(part.is_integer() for part in (total, *parts))
        # Figures that were rounded to whole beds may miss their sum by two.
        if abs(math.fsum(parts) - total) > (2.5 if whole else _ROUNDED):
            what = f"not the sum of its sectors ({math.fsum(parts):.10g})"
            problem = table.problem(row, f"{group}, Total", f"{total:.10g}", what, _AGAIN)
            into.problems.append(problem)
    for sector in SECTORS:
        column = header.column(sector, group=("% Occupied",))
        share, _ = number(table, row, column, f"% Occupied, {sector}", into.problems, marks=MARKS | DIVISION)
        available, occupied = figures["Available", sector], figures["Occupied", sector]
        if available and abs(occupied / available - share) > _ROUNDED:
            what = f"not occupied divided by available beds ({occupied / available:.10g})"
            problem = table.problem(row, f"% Occupied, {sector}", f"{share:.10g}", what, _AGAIN)
            into.problems.append(problem)
    return figures, missing


def _quarter(table: Table, row: int, columns: dict[str, int], into: Gathering) -> pd.Timestamp | None:
    year, last = table.text(row, columns["Year"]), table.text(row, columns["Period"])
    match, quarter = _YEAR.fullmatch(year), _QUARTERS.get(normal(last))
    if match is None or quarter is None or int(match[2]) != (int(match[1]) + 1) % 100:
        what = "not a year and the last month of a quarter, such as 2010-11 and June"
        into.problems.append(table.problem(row, "Period", f"{year} {last}", what, _AGAIN))
        return None
    return pd.Timestamp(year=int(match[1]) + quarter[0], month=quarter[1], day=1).as_unit("s")


def _status(table: Table, end: int) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Give the days of publication and of the last revision, as far as the sheet has them."""
    labels = labelled(table, end)
    status = as_text(labels.get("status", labels.get("published")))
    before, _, after = status.casefold().partition("revised")
    revised = dates_in(after) or dates_in(labels.get("revised"))
    return (dates_in(before) or [NAT])[0], (revised or [NAT])[-1]


def _check_other_sheets(path: Path, rows: dict[str, tuple[str, Figures]], into: Gathering) -> None:
    """Compare the totals of the regions and of the specialties; say who sent nothing."""
    sheets = {normal(name): table for name, table in read_workbook(path).items()}
    regions, specialties = sheets.get(normal(REGIONS)), sheets.get(normal(SPECIALTIES))
    if regions is not None:
        _check_regions(regions, rows, into)
    if specialties is not None:
        _check_specialties(specialties, into)
    quality = sheets.get(normal(QUALITY))
    if quality is not None:
        texts = [" ".join(as_text(cell) for cell in cells if as_text(cell)) for cells in quality.rows]
        begin = next((n for n, text in enumerate(texts) if "did not supply data" in text), None)
        if begin is not None:
            names = itertools.takewhile(bool, itertools.dropwhile(lambda text: not text, texts[begin + 1 :]))
            into.log.append(f"sheet '{QUALITY}': sent nothing: {'; '.join(names)}")


def _check_regions(table: Table, rows: dict[str, tuple[str, Figures]], into: Gathering) -> None:
    header = find_header(table, ("SHA Code", "SHA Name", "General & Acute"))
    into.log.append(header.log)
    code_column, name_column = header.column("SHA Code"), header.column("SHA Name")
    for row in range(header.row + 1, len(table.rows)):
        code, name = table.text(row, code_column), table.text(row, name_column)
        if code or normal(name) == ENGLAND:
            figures, _ = _figures(table, header, row, into)
            for (group, sector), printed in figures.items():
                parts = [part[group, sector] for region, part in rows.values() if code in ("", region)]
                into.total(f"{REGIONS}: {name}", f"{group}, {sector}", printed, parts)


def _check_specialties(table: Table, into: Gathering) -> None:
    header = find_header(table, ("Org Code", "Org Name"))
    into.log.append(header.log)
    name_column = header.column("Org Name")
    places = [column for column, name in enumerate(header.names) if name and column > name_column]
    england = [
        row
        for row in range(header.row + 1, len(table.rows))
        if normal(table.text(row, name_column)) == ENGLAND
    ]
    if len(england) != 1:
        what = f"{len(england)} rows of England, where there should be one"
        raise DataFileError(table.file, [table.problem(None, "", None, what, _AGAIN)])
    others = [
        row
        for row in range(header.row + 1, len(table.rows))
        if table.text(row, header.column("Org Code")) and row != england[0]
    ]
    for column in places:
        name = table.text(header.row, column)
        printed, _ = number(table, england[0], column, name, into.problems)
        parts = [number(table, row, column, name, into.problems)[0] for row in others]
        into.total(f"{SPECIALTIES}: England", name, printed, parts)
