"""Cancer waiting times by provider and month: the later extracts (`Data-Extract-Provider.xlsx`, or CSV).

Layout: a row for each organisation, standard, type of cancer and kind of treatment: `PERIOD` (`2019-04`, or
the financial year `2019-20` beside `MONTH`, `APR`), `ORG CODE`, `STANDARD`, in later years `CANCER TYPE`,
`STAGE/ROUTE` and `TREATMENT MODALITY`, `TOTAL TREATED` (from 2022 `TOTAL`), `WITHIN STANDARD`, `BREACHES`.

Traps: the three 62-day standards (urgent GP referral, screening, upgrade by a consultant) are apart until
September 2023 and one `62-day Combined` after: the first is read alone, the last is another series. Rows by
type of cancer are added; a row for all types is compared with their sum. Halves are patients shared by two
providers. No names of organisations. A provider without a row is missing, not zero.

Verified on: nothing real: no extract was at hand. All variants are tested on files made after their
published column names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from smq.readers.column_gathering import AGAIN, ColumnGathering, added, either_mark, where_none
from smq.readers.errors import DataFileError
from smq.readers.named_months import month_of
from smq.readers.text_columns import TextColumns, flags, read_text_columns

if TYPE_CHECKING:
    from smq.readers.reading import Header, StatisticReading

VERIFIED = "layout only"

COLUMNS = ("PERIOD", "ORG CODE", "STANDARD", "TOTAL TREATED", "WITHIN STANDARD", "BREACHES")
STANDARD = "62-DAY (URGENT GP REFERRAL)"
INDICATOR = "cancer_62d"
_TOTALS = ("TOTAL TREATED", "TOTAL")
_PARTS = ("CANCER TYPE", "STAGE/ROUTE", "TREATMENT MODALITY")
_ALL_TYPES = re.compile(r"all cancers?|all types|all cancer types", re.IGNORECASE)
_62_DAYS = re.compile(r"62", re.IGNORECASE)
_NOT_GP = re.compile(r"screening|upgrade|combined|breast symptom", re.IGNORECASE)


def read_cancer_extract(path: Path, source: str = "") -> StatisticReading:
    """Read one extract: `cancer_62d`, the percentage treated within 62 days of urgent referral.

    Numerator: patients within the standard; denominator: all who were treated. Raises `DataFileError`.
    """
    into = ColumnGathering(path, source or path.name)
    columns = read_text_columns(path, ("ORG CODE", "STANDARD", "WITHIN STANDARD"), _needed)
    header = columns.header
    into.log.append(header.log)
    code, total = header.column("ORG CODE"), header.column(*_TOTALS)
    columns = into.rows_of_data(columns, code, None, (total,))
    columns = _standard(columns, into)
    columns, totals = into.parted(columns, code, None)
    places = {
        "total": total,
        "within": header.column("WITHIN STANDARD"),
        "breaches": header.column("BREACHES"),
    }
    whole_types = _all_types(columns)
    figures = {name: columns.numbers(place, into.problems) for name, place in places.items()}
    sums = figures["within"][0] + figures["breaches"][0]
    what = "those within the standard and the breaches do not sum to it"
    columns.report(
        np.abs(sums - figures["total"][0]) > 1e-6,
        header.names[total],
        figures["total"][0],
        what,
        AGAIN,
        into.problems,
    )
    parts = ~whole_types if whole_types.any() and not whole_types.all() else np.ones(len(columns), dtype=bool)
    printed = {name: (figures[name][0][parts], places[name]) for name in places}
    into.compare(columns.where(parts), totals, printed, lambda rows: _months(rows, into))
    month = _months(columns, into)
    codes = columns.text(code)
    chosen = {
        name: (numbers[parts], marks[parts])
        for name, (numbers, marks) in figures.items()
        if name != "breaches"
    }
    made = added(codes[parts], month[parts], columns.lines[parts], chosen)
    if not parts.all():
        for name in ("total", "within"):
            numbers = figures[name][0]
            into.total("all types of cancer", name, float(np.nansum(numbers[~parts])), numbers[parts])
        into.leave_out(columns, ~parts, "all types of cancer, compared with the sum of the types", code, None)
    over, under = made.sums["total"], made.sums["within"]
    none = where_none(over == 0, "nobody treated (0)")
    into.frame(
        {
            "code": made.code.astype(object),
            "period": made.month,
            "period_length": "month",
            "indicator": INDICATOR,
            "numerator": under,
            "denominator": over,
            "value": 100 * np.divide(under, over, out=np.full(len(over), np.nan), where=over > 0),
            "missing": either_mark(made.missing["total"], made.missing["within"], none),
        },
        made.line,
    )
    return into.reading()


def _needed(header: Header) -> Iterable[int]:
    wanted = (
        "PERIOD",
        "MONTH",
        "YEAR",
        "ORG CODE",
        "STANDARD",
        *_PARTS,
        *_TOTALS,
        "WITHIN STANDARD",
        "BREACHES",
    )
    return [place for name in wanted if (place := header.find(name)) is not None]


def _standard(columns: TextColumns, into: ColumnGathering) -> TextColumns:
    """Give the rows of the standard that is read. Raises `DataFileError` where it is not there once."""
    place = columns.header.column("STANDARD")
    texts = columns.text(place)
    meant = [text for text in texts.categories if _62_DAYS.search(text) and not _NOT_GP.search(text)]
    if len(meant) != 1:
        what = "no standard of 62 days from urgent GP referral"
        if meant:
            what = f"several standards that may be the one of 62 days: {', '.join(meant)}"
        raise DataFileError(columns.file, [columns.header.table.problem(None, "STANDARD", None, what, AGAIN)])
    chosen = flags(texts, np.array([text == meant[0] for text in texts.categories], dtype=bool))
    into.log.append(f"standard read: {meant[0]}; {int((~chosen).sum()):,d} rows of others were not")
    return columns.where(chosen)


def _all_types(columns: TextColumns) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    place = columns.header.find("CANCER TYPE")
    if place is None:
        return np.zeros(len(columns), dtype=bool)
    texts = columns.text(place)
    return flags(texts, np.array([bool(_ALL_TYPES.fullmatch(text)) for text in texts.categories], dtype=bool))


def _months(columns: TextColumns, into: ColumnGathering) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    header = columns.header
    month = header.find("MONTH")
    if month is None:
        return into.months(columns, header.column("PERIOD"))
    if all(month_of(text) for text in columns.text(month).categories):
        return into.months(columns, month)
    return into.months(columns, month, header.column("YEAR", "PERIOD"))
