"""What the sheets of the quarterly cancer workbook have in common: one or three parts with totals.

A sheet is about one standard (14, 31 or 62 days). Each of its parts has a header, rows of providers, and the
totals 'ALL ENGLISH PROVIDERS'. Columns: ODS code, provider, mostly care setting, a type (of cancer, of
treatment or of referral), TOTAL, WITHIN and AFTER the limit, a percentage, and bands of days.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from smq.errors import quoted
from smq.readers.errors import DataFileError
from smq.readers.reading import Header, Table, either, find_header, is_code, normal, number

if TYPE_CHECKING:
    from smq.readers.errors import Problem
    from smq.readers.gathering import Gathering

Figures = dict[str, float]
"""By name of the column: TOTAL, WITHIN and AFTER the limit, and the bands."""
Kind = tuple[str, str]
"""Care setting and type, as endings of the indicator."""

SETTINGS = {"admitted": "admitted", "non-admitted": "non_admitted", "all care": ""}
"""Care setting in the file: ending of the indicator. A sheet without care settings has all care."""
TOTAL_ROW = "all english providers"
_QUARTER = re.compile(r"\bQ([1-4])\s+(20[0-9]{2})-(20)?([0-9]{2})\b", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\s*\([0-9]\)$")
_BAND = re.compile(r"(?:within (?P<within>[0-9]+)|(?:in )?(?P<low>[0-9]+) to (?P<high>[0-9]+)"
                   r"|after (?P<after>[0-9]+)) days")  # fmt: skip
_AGAIN = "Take the workbook as it was published."
_EQUAL = 1e-6


@dataclass(frozen=True)
class Standard:
    """One sheet of the workbook and what it measures."""

    sheet: str
    title: str
    """Words above the table that tell this sheet from one of the same layout."""
    indicator: str
    days: int
    types: Mapping[str, str]
    """Type in the file (lower case): ending of the indicator, or '' for the whole."""
    settings: bool = True

    @property
    def figures(self) -> tuple[str, str, str]:
        """Give the columns of the total, of those within the limit, and of those after it."""
        return "TOTAL", f"WITHIN {self.days} DAYS", f"AFTER {self.days} DAYS"

    def named(self, kind: Kind) -> str:
        """Give the indicator of a care setting and a type."""
        setting, ending = kind
        return "_".join(part for part in (self.indicator, ending, setting) if part)


@dataclass
class Sheet:
    """What was found in one sheet."""

    standard: Standard
    quarter: pd.Timestamp
    rows: dict[Kind, dict[str, Figures]] = field(default_factory=dict)
    """By kind and code of the provider."""
    totals: dict[Kind, Figures] = field(default_factory=dict)
    """As printed."""

    def parts(self, kind: Kind, quantity: str) -> list[float]:
        """Give the figures of the rows that a total is about: with type '' all of its care setting."""
        setting, ending = kind
        return [
            figures[quantity]
            for (row_setting, row_ending), providers in self.rows.items()
            if row_setting == setting and ending in ("", row_ending)
            for figures in providers.values()
        ]


@dataclass(frozen=True)
class _Columns:
    code: int
    name: int
    setting: int | None
    kind: int
    figures: dict[str, int]
    bands: dict[str, int]
    within: tuple[str, ...]
    """Bands that make the column WITHIN; the others make AFTER."""


def read_sheet(table: Table, standard: Standard, into: Gathering) -> Sheet:
    """Read a sheet, add its rows, and compare its totals with them. Raises `DataFileError`."""
    headers = _headers(table, standard)
    above = [
        table.text(row, column) for row in range(headers[0].row) for column in range(len(table.rows[row]))
    ]
    if not any(normal(standard.title) in normal(text) for text in above):
        what = f"the title does not hold the words {quoted(standard.title)}: this is another table"
        raise DataFileError(table.file, [table.problem(None, "", None, what, _AGAIN)])
    sheet = Sheet(standard, _quarter(table, above))
    problems = len(into.problems)
    for header, following in zip(headers, [*headers[1:], None], strict=True):
        into.log.append(header.log)
        _read_part(table, header, following.row if following else len(table.rows), sheet, into)
    # Wrong totals that follow from a wrong row would hide it.
    if len(into.problems) == problems:
        _check_totals(table, sheet, into)
        _check_settings(table, sheet, into)
    return sheet


def _headers(table: Table, standard: Standard) -> list[Header]:
    """Find the header of each part."""
    count = len(SETTINGS) if standard.settings else 1
    found = [find_header(table, standard.figures, unique=False)]
    while len(found) <= count:
        try:
            found.append(find_header(table, standard.figures, start=found[-1].row + 1, unique=False))
        except DataFileError:
            break
    if len(found) != count:
        one = "three parts of the sheet have one each" if count > 1 else "sheet has one"
        noun = "header" if len(found) == 1 else "headers"
        what = f"{len(found)} {noun}, where the {one}"
        raise DataFileError(table.file, [table.problem(found[-1].row, "", None, what, _AGAIN)])
    return [replace(h, names=tuple(_FOOTNOTE.sub("", name) for name in h.names)) for h in found]


def _quarter(table: Table, above: list[str]) -> pd.Timestamp:
    """Give the first day of the quarter that is named above the first part."""
    for text in above:
        match = _QUARTER.search(text)
        if match and int(match[4]) == (int(match[2]) + 1) % 100:
            quarter = int(match[1])
            year, month = (int(match[2]), 1 + 3 * quarter) if quarter < 4 else (int(match[2]) + 1, 1)
            return pd.Timestamp(year=year, month=month, day=1).as_unit("s")
    what = "the quarter is not named above the table (as in 'Q1 2015-2016')"
    raise DataFileError(table.file, [table.problem(None, "", None, what, _AGAIN)])


def _columns(header: Header, standard: Standard) -> _Columns:
    total, within, after = standard.figures
    # The band within a limit of 14 or 31 days bears the name of the sum, of which it is the only part.
    places = [column for column, name in enumerate(header.names) if name == normal(within)]
    figures = {total: header.column(total), within: places[0], after: header.column(after)}
    bands: dict[tuple[int, float], tuple[str, int]] = {}
    problems: list[Problem] = []
    for column, name in enumerate(header.names):
        match = _BAND.fullmatch(name)
        if match is None or column in figures.values():
            continue
        low = int(match["low"]) if match["low"] else int(match["after"]) + 1 if match["after"] else 0
        high = int(match["high"] or match["within"] or 0) or math.inf
        if (low, high) in bands:
            what = "the header holds this name twice"
            problems.append(header.table.problem(header.row, name, None, what, _AGAIN))
        bands[low, high] = (f"{name.upper()} (BAND)" if name == normal(within) else name.upper(), column)
    ends = sorted(bands)
    if not ends or [low for low, _ in ends] != [0, *(high + 1 for _, high in ends[:-1])]:
        what = "the bands of days do not follow one another: a column is missing or misnamed"
        problems.append(header.table.problem(header.row, "", None, what, _AGAIN))
    header.table.refuse(problems)
    return _Columns(
        header.column("ODS CODE"),
        header.column("ACCOUNTABLE PROVIDER", "PROVIDER"),
        header.column("CARE SETTING") if standard.settings else None,
        header.column("CANCER TYPE", "TREATMENT TYPE", "SUSPECTED TYPE OF CANCER", "REFERRAL REASON"),
        figures,
        dict(bands.values()),
        tuple(name for (_, high), (name, _) in bands.items() if high <= standard.days),
    )


def _read_part(table: Table, header: Header, end: int, sheet: Sheet, into: Gathering) -> None:
    standard = sheet.standard
    columns = _columns(header, standard)
    total, within, _ = standard.figures
    for row in range(header.row + 1, end):
        code, name = table.text(row, columns.code), table.text(row, columns.name)
        printed = normal(table.text(row, columns.figures[total]))
        labels = [columns.kind] if columns.setting is None else [columns.setting]
        if (not printed and not any(table.text(row, column) for column in labels)) or printed.startswith(
            "number of"
        ):
            _note(table, row, into)
            continue
        kind = _kind(table, row, columns, standard, into)
        found = {
            column: number(table, row, place, column, into.problems)
            for column, place in {**columns.figures, **columns.bands}.items()
        }
        figures = {column: value for column, (value, _) in found.items()}
        if kind is None:
            continue
        if normal(name) == TOTAL_ROW:
            if kind in sheet.totals:
                into.problems.append(table.problem(row, "", name, "a second total", _AGAIN))
            sheet.totals[kind] = figures
            into.drop(table, row, code, name, "a total, compared with the sum of its rows")
        elif not is_code(code):
            into.problems.append(table.problem(row, "ODS CODE", code, "not a well-formed ODS code", _AGAIN))
        else:
            _check_row(table, row, figures, columns, standard, into)
            sheet.rows.setdefault(kind, {})[code] = figures
            whole = figures[total]
            into.add(
                table,
                row,
                code=code,
                name=name,
                period=sheet.quarter,
                period_length="quarter",
                indicator=standard.named(kind),
                numerator=figures[within],
                denominator=whole,
                value=100 * figures[within] / whole if whole else math.nan,
                missing=either(found[total][1], found[within][1], "no denominator (0)" if whole == 0 else ""),
            )


def _kind(table: Table, row: int, columns: _Columns, standard: Standard, into: Gathering) -> Kind | None:
    """Give care setting and type of a row, or None where one of them is not known here."""
    found = len(into.problems)
    setting = "all care" if columns.setting is None else normal(table.text(row, columns.setting))
    if setting not in SETTINGS and columns.setting is not None:
        what = "not a care setting (admitted, non-admitted or all care)"
        text = table.text(row, columns.setting)
        into.problems.append(table.problem(row, "CARE SETTING", text, what, _AGAIN))
    ending = normal(table.text(row, columns.kind))
    if ending not in standard.types:
        what = "not a type that this sheet has"
        text = table.text(row, columns.kind)
        into.problems.append(table.problem(row, "TYPE", text, what, _AGAIN))
    return None if len(into.problems) > found else (SETTINGS[setting], standard.types[ending])


def _note(table: Table, row: int, into: Gathering) -> None:
    """Note a row with text but no figures: part titles, group headers, footnotes."""
    texts = [text for column in range(len(table.rows[row])) if (text := table.text(row, column))]
    if texts:
        into.drop(table, row, "", texts[0][:80], "a note or a title, not a row of data")


def _check_row(
    table: Table, row: int, figures: Figures, columns: _Columns, standard: Standard, into: Gathering
) -> None:
    """Refuse a row whose parts do not make its totals. Sums with a missing part are not compared."""
    total, within, after = standard.figures
    sums = {
        total: figures[within] + figures[after],
        within: math.fsum(figures[band] for band in columns.within),
        after: math.fsum(figures[band] for band in columns.bands if band not in columns.within),
    }
    for column, summed in sums.items():
        if abs(summed - figures[column]) > _EQUAL:
            what = f"not the sum of its parts ({summed:.10g})"
            into.problems.append(table.problem(row, column, f"{figures[column]:.10g}", what, _AGAIN))


def _check_totals(table: Table, sheet: Sheet, into: Gathering) -> None:
    standard = sheet.standard
    settings = SETTINGS if standard.settings else {"all care": ""}
    for setting, ending in settings.items():
        kinds = {kind for kind in sheet.rows if kind[0] == ending}
        if kinds - sheet.totals.keys() or not any(kind[0] == ending for kind in sheet.totals):
            what = f"the total 'ALL ENGLISH PROVIDERS' of {setting} is missing: rows may be missing too"
            into.problems.append(table.problem(None, "", None, what, _AGAIN))
        for kind, printed in sheet.totals.items():
            if kind[0] == ending:
                labels = [label for label, part in standard.types.items() if part == kind[1]]
                name = f"{standard.sheet}: {f'{setting}, ' if standard.settings else ''}{labels[0]}"
                for quantity, value in printed.items():
                    parts, why = sheet.parts(kind, quantity), _misprinted(sheet, kind, quantity)
                    into.total(name, quantity.lower(), value, parts, why)


def _misprinted(sheet: Sheet, kind: Kind, quantity: str) -> str:
    """Say why the printed total of one type may differ from its rows, as far as the sheet itself shows it.

    Where a sheet also prints the total of all types, and that is the sum of all rows, a band of a single type
    that differs is a misprint. Totals themselves are never excused.
    """
    whole = sheet.totals.get((kind[0], ""))
    if kind[1] == "" or whole is None or quantity in sheet.standard.figures:
        return ""
    summed = math.fsum(sheet.parts((kind[0], ""), quantity))
    together = math.fsum(
        figures[quantity]
        for (setting, ending), figures in sheet.totals.items()
        if setting == kind[0] and ending
    )
    if abs(summed - whole[quantity]) > _EQUAL or abs(together - whole[quantity]) <= _EQUAL:
        return ""
    return (
        f"misprinted in the file: its own total of all types in this band, {whole[quantity]:.10g}, "
        f"is the sum of all rows; the totals printed for the types make {together:.10g}"
    )


def _check_settings(table: Table, sheet: Sheet, into: Gathering) -> None:
    """Refuse providers whose admitted and non-admitted care do not make all care."""
    if not sheet.standard.settings:
        return
    total, within, _ = sheet.standard.figures
    for ending in sorted({ending for _, ending in sheet.rows}):
        admitted, other, all_care = (sheet.rows.get((setting, ending), {}) for setting in SETTINGS.values())
        for code in sorted({*admitted, *other, *all_care}):
            for quantity in (total, within):
                parts = math.fsum(rows[code][quantity] for rows in (admitted, other) if code in rows)
                whole = all_care[code][quantity] if code in all_care else 0.0
                if abs(parts - whole) > _EQUAL:
                    what = f"all care ({whole:.10g}) is not admitted and non-admitted ({parts:.10g})"
                    into.problems.append(table.problem(None, "ODS CODE", code, what, _AGAIN))
                    break
