"""Interim revenue support loans of the health department, by trust: the workbooks of three years.

Layout: a row for each loan in sheet 'Data' (2016-17), 'ALL DATA' (2017-18) or 'Interim revenue support
loans' (2018-19): name, code, type, amount, term, opening balance, drawn, repaid, closing balance (with its
day in the header), and from 2018-19 the interest. Other sheets hold totals by trust, and other kinds of
loans.

Traps: figures are in thousands of pounds until 2017-18 and in pounds after, which only the later header
says ('Loan amount (£)'); the totals change their unit on their own. '-' is how the first two workbooks
write nothing owed, which the balances prove row by row; a blank would be unknown. Names differ for one
code. A trust without a row had no such loan. 'IRSL (TOTAL)' of 2016-17 adds revenue loans in the normal
course of business; the last sum of 'Summary' of 2018-19 counts the interim capital support twice.

Verified on: the three workbooks (401, 993 and 1,707 loans of 96, 103 and 111 codes): opening + drawn -
repaid = closing in every row; the closing totals £4,723,027,000 and £7,353,708,000 are the opening totals
of the year after, and the last is £10,144,201,000; the totals by trust agree, but for the two above, each
explained to the pound.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from smq.readers import errors
from smq.readers.errors import DataFileError
from smq.readers.gathering import Gathering
from smq.readers.reading import (
    MARKS,
    Header,
    StatisticReading,
    Table,
    dates_in,
    either,
    find_header,
    is_code,
    normal,
    number,
)
from smq.readers.workbook import read_workbook

VERIFIED = "verified on real files"

SHEETS = ("Data", "ALL DATA", "Interim revenue support loans")
FIGURES = {
    "opening": ("opening balance",),
    "drawn": ("drawn in year",),
    "repaid": ("repaid in",),
    "closing": ("closing balance", "sum of closing balance"),
    "interest": ("interest paid",),
}
"""Figure: how the name of its column begins; the names go on with dates and years."""
REVENUE = ("rev", "revenue")
TOTALS = {
    "IRSL(USE)": ("sum of sum of closing balance", "closing"),
    "IRSL (TOTAL)": ("sum of closing balance", "closing"),
    "IRSL(with normal cours of busis": ("sum of closing balance", "closing"),
    "INTEREST IRSL": ("sum of interest paid", "interest"),
    "All loans": ("interim revenue support", "closing"),
}
"""Sheets with a total for each name: how the name of the column begins, and what it sums up."""
NORMAL_COURSE = ("Normal course of business to ad", "Normal course of business")
CAPITAL = "Interim capital support"
SUMMARY = "Summary"
NIL = "nil (-)"
_NIL_MARKS = MARKS | {"-": NIL}
_ENOUGH_FOR_POUNDS = 10_000_000
"""The largest loan of any year is above this in pounds, and far below it in thousands of pounds."""
_AGAIN = "Correct the row, or take the workbook as it was published."


@dataclass
class _Trust:
    """Sums of the loans of one code."""

    row: int
    names: Counter[str] = field(default_factory=Counter)
    figures: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    missing: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def read_loans(path: Path, source: str = "") -> StatisticReading:
    """Read the workbook of one financial year; loans are added up by code, in pounds.

    Indicators: `loans_opening` and `loans_closing` (balances on one day), `loans_count` (loans listed for the
    closing day), `loans_drawn`, `loans_repaid` and, where given, `loans_interest` (in the year).
    Raises `DataFileError`.
    """
    sheets = read_workbook(path)
    table = _loan_sheet(path, sheets)
    header = find_header(table, ("Loan type",))
    into = Gathering(path, source or path.name)
    into.log.append(header.log)
    closing = _closing_day(table, header)
    columns = _columns(header)
    unit = _unit(table, header, columns["closing"])
    into.log.append(f"figures in {'pounds' if unit == 1 else 'thousands of pounds'}")
    trusts, by_name = _read_rows(table, header, columns, unit, into)
    for code, trust in trusts.items():
        _add(table, code, trust, closing, into)
    # Wrong totals that follow from a wrong row would hide it.
    if not into.problems:
        _compare_totals(sheets, by_name, unit, into)
    return into.reading()


def _loan_sheet(path: Path, sheets: Mapping[str, Table | None]) -> Table:
    wanted = {normal(name) for name in SHEETS}
    found = [table for name, table in sheets.items() if table is not None and normal(name) in wanted]
    if len(found) == 1:
        return found[0]
    there = ", ".join(repr(name) for name in sheets)
    what = (
        f"{len(found)} sheets are called 'Data', 'ALL DATA' or 'Interim revenue support loans' (of {there})"
    )
    raise DataFileError(path, [errors.Problem(0, "", None, what, "Take the workbook as it was published.")])


def starting(header: Header, *beginnings: str, optional: bool = False) -> int | None:
    """Give the only column whose name begins so."""
    found = [column for column, name in enumerate(header.names) if name.startswith(beginnings)]
    if len(found) == 1 or (optional and not found):
        return found[0] if found else None
    what = f"{len(found)} columns have a name that begins so, where there should be one"
    raise DataFileError(
        header.table.file, [header.table.problem(header.row, beginnings[0], None, what, _AGAIN)]
    )


def _columns(header: Header) -> dict[str, int]:
    found = {
        figure: starting(header, *names, optional=figure == "interest") for figure, names in FIGURES.items()
    }
    return {figure: column for figure, column in found.items() if column is not None}


def _closing_day(table: Table, header: Header) -> pd.Timestamp:
    column = _columns(header)["closing"]
    days = dates_in(table.text(header.row, column).replace("@", " "))
    if len(days) != 1 or (days[0].month, days[0].day) != (3, 31):
        what = "the header does not name 31 March of the year"
        raise DataFileError(
            table.file,
            [table.problem(header.row, "Closing balance", table.text(header.row, column), what, _AGAIN)],
        )
    return days[0]


def _unit(table: Table, header: Header, closing: int) -> int:
    """Give 1 for pounds and 1,000 for thousands of pounds; refuse figures that do not fit the header."""
    amount = starting(header, "loan amount")
    said = amount is not None and "£" in table.text(header.row, amount)
    cells = (table.cell(row, closing) for row in range(header.row + 1, len(table.rows)))
    largest = max((cell for cell in cells if isinstance(cell, int | float)), default=0)
    if said != (largest > _ENOUGH_FOR_POUNDS):
        what = f"the largest closing balance is {largest:,.10g}: pounds or thousands of pounds?"
        remedy = "Write '(£)' behind 'Loan amount' in the header if the figures are in pounds."
        raise DataFileError(table.file, [table.problem(header.row, "Loan amount", None, what, remedy)])
    return 1 if said else 1000


def _read_rows(
    table: Table, header: Header, columns: Mapping[str, int], unit: int, into: Gathering
) -> tuple[dict[str, _Trust], dict[str, dict[str, float]]]:
    code_column = header.column("Code", "Org Code")
    name_column = header.column("Org Name", "Trust Name")
    type_column = header.column("Loan type")
    trusts: dict[str, _Trust] = {}
    by_name: dict[str, dict[str, float]] = {"closing": defaultdict(float), "interest": defaultdict(float)}
    nils = 0
    for row in range(header.row + 1, len(table.rows)):
        if table.is_blank(row):
            continue
        code, name = table.text(row, code_column), table.text(row, name_column)
        if not is_code(code):
            into.problems.append(table.problem(row, "Org Code", code, "not a well-formed ODS code", _AGAIN))
            continue
        if normal(table.text(row, type_column)) not in REVENUE:
            what = "not a revenue loan"
            into.problems.append(table.problem(row, "Loan type", table.text(row, type_column), what, _AGAIN))
        trust = trusts.setdefault(code, _Trust(row))
        trust.names[name] += 1
        figures: dict[str, float] = {}
        for figure, column in columns.items():
            value, missing = number(table, row, column, figure, into.problems, marks=_NIL_MARKS)
            if missing == NIL:
                value, missing, nils = 0.0, "", nils + 1
            figures[figure] = value * unit
            trust.figures[figure].append(value * unit)
            trust.missing[figure].append(missing)
        _check_balance(table, row, figures, into)
        for figure, sums in by_name.items():
            sums[normal(name)] += figures.get(figure, 0.0)
    for code, trust in sorted(trusts.items()):
        if len(trust.names) > 1:
            into.log.append(f"{code} has several names: {'; '.join(sorted(trust.names))}")
    if nils:
        into.log.append(f"{nils:,d} cells '-' read as nil: the balance of every row proves it")
    return trusts, by_name


def _check_balance(table: Table, row: int, figures: Mapping[str, float], into: Gathering) -> None:
    """Refuse a row that does not balance. One with a blank figure cannot be checked, and is refused too."""
    should = figures["opening"] + figures["drawn"] - figures["repaid"]
    if not abs(should - figures["closing"]) < 1:
        what = f"not opening + drawn - repaid (£{should:,.10g})"
        into.problems.append(
            table.problem(row, "Closing balance", f"£{figures['closing']:,.10g}", what, _AGAIN)
        )


def _add(table: Table, code: str, trust: _Trust, closing: pd.Timestamp, into: Gathering) -> None:
    opening = pd.Timestamp(year=closing.year - 1, month=4, day=1).as_unit("s")
    values = {figure: math.fsum(parts) for figure, parts in trust.figures.items()}
    for figure, value in {**values, "count": float(trust.names.total())}.items():
        at_the_end = figure in ("closing", "count")
        into.add(
            table,
            trust.row,
            code=code,
            name=trust.names.most_common(1)[0][0],
            period=closing if at_the_end else opening,
            period_length="snapshot" if at_the_end or figure == "opening" else "year",
            indicator=f"loans_{figure}",
            numerator=value,
            denominator=math.nan,
            value=value,
            missing=either(*trust.missing.get(figure, ())),
        )


def _compare_totals(
    sheets: Mapping[str, Table | None], by_name: Mapping[str, Mapping[str, float]], unit: int, into: Gathering
) -> None:
    """Compare the sheets of totals by trust, and the last sums of 'Summary', with the loans."""
    tables = {normal(name): table for name, table in sheets.items() if table is not None and table.rows}
    business = _other_loans(tables, NORMAL_COURSE, unit, into)
    for sheet, (value, figure) in TOTALS.items():
        table = tables.get(normal(sheet))
        if table is not None:
            header = find_header(table, ("Org Name",) if sheet.startswith("IRSL") else ("Trust Name",))
            _compare_trusts(header, starting(header, value) or 0, figure, by_name[figure], business, into)
    summary = tables.get(normal(SUMMARY))
    if summary is not None:
        capital = _other_loans(tables, (CAPITAL,), unit, into)
        parts = [math.fsum(kind.values()) for kind in (by_name["closing"], business["all"], capital["all"])]
        _compare_summary(summary, parts, into)


def _other_loans(
    tables: Mapping[str, Table], names: Sequence[str], unit: int, into: Gathering
) -> dict[str, dict[str, float]]:
    """Give closing balances of another kind of loans by name: "all" of them, and the "revenue" loans."""
    sums: dict[str, dict[str, float]] = {"all": defaultdict(float), "revenue": defaultdict(float)}
    for table in (tables[normal(name)] for name in names if normal(name) in tables):
        header = find_header(table, ("Trust Name", "Loan type"))
        closing, name_column, type_column = (
            starting(header, "closing balance") or 0,
            header.column("Trust Name"),
            header.column("Loan type"),
        )
        for row in range(header.row + 1, len(table.rows)):
            name = normal(table.text(row, name_column))
            value, missing = number(table, row, closing, "closing", into.problems, marks=_NIL_MARKS)
            sums["all"][name] += 0.0 if missing else value * unit
            if normal(table.text(row, type_column)) in REVENUE and not missing:
                sums["revenue"][name] += value * unit
    return sums


def _compare_trusts(
    header: Header,
    value_column: int,
    figure: str,
    loans: Mapping[str, float],
    business: Mapping[str, Mapping[str, float]],
    into: Gathering,
) -> None:
    table, name_column = header.table, header.column("Org Name", "Trust Name")
    cells: dict[str, float] = defaultdict(float)
    ends: list[float] = []
    for row in range(header.row + 1, len(table.rows)):
        name = normal(table.text(row, name_column))
        value, missing = number(table, row, value_column, figure, into.problems)
        if not missing and name not in ("", "grand total"):
            cells[name] += value
        elif not missing:
            ends.append(value)
    unit = 1 if figure == "interest" or max(cells.values(), default=0) > _ENOUGH_FOR_POUNDS else 1000
    also = {name: loan for name, loan in business["revenue"].items() if loan}
    whole = any(abs(cells[name] * unit - loans.get(name, 0.0) - also[name]) < 1 for name in also)
    explanation = "adds revenue loans in the normal course of business" if whole and also else ""
    for name in sorted({*cells, *loans}):
        printed, summed = cells.get(name, 0.0) * unit, loans.get(name, 0.0)
        if abs(printed - summed) >= 1:
            explained = abs(printed - summed - also.get(name, 0.0)) < 1
            into.total(f"{table.sheet}: {name}", figure, printed, [summed], explanation if explained else "")
    for printed in [math.fsum(cells.values()), *ends]:
        more = printed * unit - math.fsum(loans.values())
        explained = abs(more - math.fsum(also.values())) < 1
        why = explanation if explained else ""
        into.total(f"{table.sheet}: all", figure, printed * unit, loans.values(), why)


def _compare_summary(table: Table, parts: Sequence[float], into: Gathering) -> None:
    """Compare the last sums of 2018-19: interim capital support, and all three kinds of loans together."""
    for row in range(len(table.rows)):
        name = normal(table.text(row, 0))
        if name == "grand total" or name.startswith("total interim revenue"):
            printed, _ = number(table, row, 1, "closing", into.problems)
            wanted = parts[2:] if name == "grand total" else parts
            twice = abs(printed - math.fsum(wanted) - parts[2]) < 1 and wanted is parts
            why = "the sum in the workbook includes a row that is itself a sum: capital counts twice"
            into.total(f"{table.sheet}: {name}", "closing", printed, wanted, why if twice else "")
