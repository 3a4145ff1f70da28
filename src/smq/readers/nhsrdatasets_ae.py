"""A&E attendances and waits over four hours by type, April 2016 to March 2019 (R package NHSRdatasets).

Layout: an .rda file with one data frame, `ae_attendances`: `period` (first day of the month), `org_code`,
`type` (`1` major A&E, `2` single specialty, `other` minor injury units and walk-in centres), `attendances`,
`breaches` (waits over four hours), `admissions` (emergency admissions, not used here).

Traps: no names. Trusts stand beside walk-in centres, practices and independent providers. Codes are those in
force in each month: a merged trust stops and its successor goes on. No month is marked as revised.

Verified on: the file of commit 7fe35a5: 12,765 rows of 274 codes in 36 months; England's attendances and
breaches of the financial year 2016-17 are 23,362,301 and 2,540,440, as published.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from smq.readers import rda
from smq.readers.gathering import Gathering
from smq.readers.reading import StatisticReading, Table, is_code

if TYPE_CHECKING:
    from smq.readers.errors import Problem

VERIFIED = "verified on real files"

COLUMNS = ("period", "org_code", "type", "attendances", "breaches")
INDICATORS = {"1": "ae_4h_type1", "2": "ae_4h_type2", "other": "ae_4h_other"}


def read_nhsrdatasets_ae(path: Path, source: str = "") -> StatisticReading:
    """Read the data frame: a row for each code, month and type, and `ae_4h` for all types together.

    Values are percentages of attendances over four hours. Raises `DataFileError`; rows are counted from 1.
    """
    frame = rda.load_data_frame(path, COLUMNS)
    table = Table(path, "", frame.to_numpy().tolist(), range(1, len(frame) + 1))
    found = Gathering(path, source or path.name)
    found.log.append(f"{len(frame):,d} rows of the data frame read")
    all_types: dict[tuple[str, pd.Timestamp], list[tuple[int, float, float]]] = {}
    for row, (period, code, kind, attendances, breaches) in enumerate(table.rows):
        month, organisation = rda.day(period), rda.text(code)
        problems = _problems(table, row, month, organisation, rda.text(kind), attendances, breaches)
        if problems:
            found.problems += problems
            continue
        part, whole = float(str(breaches)), float(str(attendances))
        all_types.setdefault((organisation, month), []).append((row, part, whole))
        found.add(table, row, **_values(organisation, month, INDICATORS[rda.text(kind)], part, whole))
    for (organisation, month), parts in all_types.items():
        part = math.fsum(over for _, over, _ in parts)
        whole = math.fsum(total for _, _, total in parts)
        found.add(table, parts[0][0], **_values(organisation, month, "ae_4h", part, whole))
    return found.reading()


def _values(code: str, month: pd.Timestamp, indicator: str, part: float, whole: float) -> dict[str, object]:
    return {
        "code": code,
        "name": "",
        "period": month,
        "period_length": "month",
        "indicator": indicator,
        "numerator": part,
        "denominator": whole,
        "value": 100 * part / whole if whole else math.nan,
        "missing": "" if whole else "no attendances (0)",
    }


def _problems(
    table: Table, row: int, month: pd.Timestamp, code: str, kind: str, attendances: object, breaches: object
) -> list[Problem]:
    again = "Fetch the file again ('press fetch')."
    if pd.isna(month) or month.day != 1 or not 2000 <= month.year <= 2100:
        return [table.problem(row, "period", str(month), "not the first day of a month", again)]
    if not is_code(code):
        return [table.problem(row, "org_code", code, "not a well-formed ODS code", again)]
    if kind not in INDICATORS:
        return [table.problem(row, "type", kind, "not a type of department (1, 2, other)", again)]
    problems = []
    for name, value in (("attendances", attendances), ("breaches", breaches)):
        if not isinstance(value, int | float) or not 0 <= value < 1e9:
            problems.append(table.problem(row, name, str(value), "not a count", again))
    if not problems and float(str(breaches)) > float(str(attendances)):
        problems.append(table.problem(row, "breaches", str(breaches), "larger than attendances", again))
    return problems
