"""Agency spending as a share of staff costs, by trust and financial year, from the accounts (TAC).

Layout: the rows of `tac_accounts`: sheet `All data` of a workbook, or that sheet as CSV. Worksheet `TAC09
Staff`, table 2, main code `A09CY01` (this year, total): `STA0310` temporary staff, agency or contract,
and `STA0330` total gross staff costs, in thousands of pounds. The financial year stands in the name of
the file (`TAC NHS trusts 2019-20 All data.csv`).

Traps: organisations have names and no codes: codes come from the committed table of public names and from
lists in the folder; a name without a code is listed as left out. Trusts and foundation trusts have a file
each. A trust without a row for agency staff did not state it: it is missing, not zero. Bank staff are no
agency staff. Figures of the year before (`A09PY01`) are not read.

Verified on: nothing real: no published file was at hand. The codes are those of the form of 2019/20
(`tac_form`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from smq.readers.column_gathering import AGAIN, ColumnGathering
from smq.readers.errors import DataFileError, Problem
from smq.readers.named_months import financial_year
from smq.readers.reading import Header, StatisticReading, normal
from smq.readers.tac_accounts import COLUMNS as ACCOUNT_COLUMNS
from smq.readers.tac_accounts import SHEET
from smq.readers.text_columns import flags, read_text_columns

VERIFIED = "layout only"

COLUMNS = tuple(ACCOUNT_COLUMNS.values())
WORKSHEET, TABLE, MAIN_CODE = "TAC09 Staff", "2", "A09CY01"
AGENCY, STAFF_COSTS = "STA0310", "STA0330"
INDICATOR = "agency"
_YEAR = re.compile(r"(20[0-9]{2})[-_/ ]?(?:20)?([0-9]{2})(?![0-9])")
_THOUSANDS = 1000.0

Line = tuple[int, str, str, float]
"""Line of the file, name of the organisation, sub code, amount in thousands of pounds."""


def read_tac_agency(path: Path, source: str = "", names: Mapping[str, str] | None = None) -> StatisticReading:
    """Read one file: `agency`, agency spending in per cent of gross staff costs.

    Numerator and denominator are pounds. `names` gives codes by name, as `normal` writes it. Raises
    `DataFileError`.
    """
    into = ColumnGathering(path, source or path.name)
    period = _year(path)
    found: dict[str, dict[str, tuple[int, float]]] = {}
    called: dict[str, str] = {}
    for line, name, code, amount in _lines(path, into):
        key = normal(name)
        known = found.setdefault(key, {})
        called[key] = name
        if code in known:
            what = f"a second row for {MAIN_CODE} {code} (the first is row {known[code][0]})"
            into.problems.append(Problem(line, "OrganisationName", name, what, "Keep one of the two."))
        known[code] = (line, amount)
    if not found and not into.problems:
        what = f"no row of {WORKSHEET}, table {TABLE}: {MAIN_CODE} with {AGENCY} or {STAFF_COSTS}"
        into.problems.append(Problem(0, "MainCode", None, what, AGAIN))
    records = []
    for name, amounts in sorted(found.items()):
        line = min(line for line, _ in amounts.values())
        if name not in (names or {}):
            into.drop_line(line, called[name], "no code is known for this name")
            continue
        agency, staff = (amounts.get(code, (0, math.nan))[1] for code in (AGENCY, STAFF_COSTS))
        if agency > staff:
            into.problem(line, AGENCY, f"{agency:.10g}", "more than the gross staff costs")
        unknown = [code for code in (AGENCY, STAFF_COSTS) if code not in amounts]
        records.append(
            {
                "line": line,
                "code": (names or {})[name],
                "name": called[name],
                "numerator": _THOUSANDS * agency,
                "denominator": _THOUSANDS * staff,
                "value": 100 * agency / staff if staff > 0 else math.nan,
                "missing": "; ".join(f"{code} not stated" for code in unknown),
            }
        )
    if records:
        table = pd.DataFrame(records)
        rows = {str(name): table[name].to_numpy() for name in table if name != "line"}
        constant = {"period": period, "period_length": "year", "indicator": INDICATOR}
        into.frame(rows | constant, table["line"].to_numpy())
    elif not into.problems:
        what = "none of its names has a known code"
        remedy = "List the organisations with their codes and names under 'organisations' in mappings.yaml."
        into.problems.append(Problem(0, "OrganisationName", None, what, remedy))
    return into.reading()


def _year(path: Path) -> pd.Timestamp:
    for match in _YEAR.finditer(path.stem):
        year = financial_year(f"{match[1]}-{match[2]}")
        if year is not None:
            return pd.Timestamp(year, 4, 1).as_unit("s")
    what, remedy = "its name does not say the financial year", "Name it so, for example 'TAC 2019-20.csv'."
    raise DataFileError(path, [Problem(0, "", path.name, what, remedy)])


def _lines(path: Path, into: ColumnGathering) -> Iterator[Line]:
    columns = read_text_columns(path, COLUMNS, _needed, sheet=SHEET)
    header = columns.header
    into.log.append(header.log)
    place = {name: header.column(column) for name, column in ACCOUNT_COLUMNS.items()}
    for name, wanted in (
        ("main_code", (MAIN_CODE,)),
        ("table", (TABLE,)),
        ("worksheet", (WORKSHEET,)),
        ("sub_code", (AGENCY, STAFF_COSTS)),
    ):
        texts = columns.text(place[name])
        columns = columns.where(flags(texts, np.isin(np.asarray(texts.categories, dtype=object), wanted)))
    amounts, marks = columns.numbers(place["value"], into.problems)
    stated = np.asarray(marks, dtype=object) == ""
    words = (np.asarray(columns.text(place[name]), dtype=object) for name in ("organisation", "sub_code"))
    found = (columns.lines, *words, amounts)
    yield from zip(*(column[stated].tolist() for column in found), strict=True)


def _needed(header: Header) -> Iterable[int]:
    return [header.column(column) for column in COLUMNS]
