"""Waits from referral to treatment: the full monthly extract (CSV, zipped) by provider and commissioner.

Layout: a row for each provider, commissioner, part of the statistic and treatment function. From October
2017 one header row: `Period` (`RTT-April-2019`), codes and names of provider and commissioner, `RTT Part
Type` (`Part_2`: incomplete pathways), `RTT Part Description`, `Treatment Function Code` (`C_100`; `C_999`
is the total of all functions) and name, weeks `Gt 00 To 01 Weeks SUM 1` to `Gt 51 To 52 Weeks SUM 1`, `Gt
52 Weeks SUM 1`, `Total`, `Patients with unknown clock start date`, `Total All`. From 2021 the weeks go on
to `Gt 104 Weeks SUM 1`. To September 2017 two lines of front matter, `Year` (`2016-17`) and `Period Name`
(`OCTOBER`) in place of `Period`, `RTT Part Name` in place of `RTT Part Type`; codes of functions may be
`IP100`.

Traps: a provider has a row for each commissioner: they are added. In July 2016 the codes of functions stand
in `Treatment Function Name` and the names in `Treatment Function Description`: the column is found by what
it holds. `Total` is blank for incomplete pathways: `Total All` counts them. A blank week is nobody only
where the other weeks make the total; otherwise those within 18 weeks are not known. A provider that sent
nothing has no row: it is missing, not zero. Other parts (completed pathways, new periods) are not read.

Verified on: nothing real: no extract was at hand. All variants are tested on files made after their
published column names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from smq.readers import rtt_layout
from smq.readers.column_gathering import (
    AGAIN,
    ColumnGathering,
    Summed,
    added,
    either_mark,
    newest_names,
    where_none,
)
from smq.readers.errors import DataFileError
from smq.readers.reading import MARKS, Header, StatisticReading
from smq.readers.text_columns import Flags, Floats, TextColumns, Words, flags, read_text_columns

VERIFIED = "layout only"

WEEKS = (*(f"Gt {week:02d} To {week + 1:02d} Weeks SUM 1" for week in range(52)), "Gt 52 Weeks SUM 1")
COLUMNS = (
    "Period",
    "Provider Parent Org Code",
    "Provider Parent Name",
    "Provider Org Code",
    "Provider Org Name",
    "Commissioner Parent Org Code",
    "Commissioner Parent Name",
    "Commissioner Org Code",
    "Commissioner Org Name",
    "RTT Part Type",
    "RTT Part Description",
    "Treatment Function Code",
    "Treatment Function Name",
    *WEEKS,
    "Total",
    "Patients with unknown clock start date",
    "Total All",
)
"""Of the form from October 2017 on."""
INCOMPLETE = "Part_2"
ALL_FUNCTIONS = "C_999"
INDICATOR = "rtt_18w"
CODE, NAME = "Provider Org Code", "Provider Org Name"
TOTAL_ALL = "Total All"
_FUNCTION = re.compile(r"(?:C_|IP)?([0-9X][0-9]{2})", re.IGNORECASE)
_BAND = re.compile(r"gt ([0-9]+) to ([0-9]+) weeks(?: sum 1)?")
_OPEN = re.compile(r"gt ([0-9]+) weeks(?: sum 1)?")
_FUNCTION_COLUMNS = ("Treatment Function Code", "Treatment Function Name", "Treatment Function Description")


def read_rtt_extract(path: Path, source: str = "") -> StatisticReading:
    """Read one extract: `rtt_18w`, the percentage of incomplete pathways that wait no longer than 18 weeks.

    Numerator: pathways within 18 weeks; denominator: all incomplete pathways. Raises `DataFileError`.
    """
    into = ColumnGathering(path, source or path.name)
    columns = read_text_columns(path, (CODE, NAME), _needed, counts=_counts)
    header = columns.header
    into.log.append(header.log)
    code, name = header.column(CODE), header.column(NAME)
    total = header.column(TOTAL_ALL if header.find(TOTAL_ALL) is not None else "Total")
    columns = into.rows_of_data(columns, code, name, (total,))
    parts = columns.text(header.column("RTT Part Type", "RTT Part Name"))
    incomplete = np.array([text.casefold() == INCOMPLETE.casefold() for text in parts.categories], dtype=bool)
    mask = flags(parts, incomplete)
    if not mask.any():
        what = f"no row of incomplete pathways ({INCOMPLETE})"
        raise DataFileError(path, [header.table.problem(None, "RTT Part Type", None, what, AGAIN)])
    into.log.append(f"{int((~mask).sum()):,d} rows of other parts of the statistic were not read")
    columns = columns.where(mask)
    columns, totals = into.parted(columns, code, name)
    del totals
    functions = _functions(columns)
    _check_once(columns, functions, into)
    weeks = _weeks(header)
    whole, within, marks = _pathways(columns, total, weeks, into)
    year = header.find("Year")
    period = header.column("Period Name", "Period") if year is not None else header.column("Period")
    month = into.months(columns, period, year)
    codes = columns.text(code)
    everything = flags(functions, np.array([text == "999" for text in functions.categories], dtype=bool))
    figures = {"total": (whole, marks), "within": (within, marks)}
    summed = {}
    for kind, rows in (("all", everything), ("each", ~everything)):
        chosen = {key: (numbers[rows], words[rows]) for key, (numbers, words) in figures.items()}
        summed[kind] = added(codes[rows], month[rows], columns.lines[rows], chosen)
    if everything.any() and (~everything).any():
        _compare_functions(summed["all"], summed["each"], into)
    elif not everything.any():
        what = f"the rows of all treatment functions ({ALL_FUNCTIONS}) are missing: rows may be missing too"
        into.problems.append(header.table.problem(None, _FUNCTION_COLUMNS[0], None, what, AGAIN))
    made = summed["all"]
    names = newest_names(codes, columns.text(name))
    over, under = made.sums["total"], made.sums["within"]
    none = where_none(over == 0, "no pathways (0)")
    into.frame(
        {
            "code": made.code.astype(object),
            "name": [names.get(text, "") for text in made.code],
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
    parts = ("RTT Part Type", "RTT Part Name", *_FUNCTION_COLUMNS, TOTAL_ALL, "Total")
    names = ("Period", "Year", "Period Name", CODE, NAME, "Commissioner Org Code", *parts)
    found = [place for name in names if (place := header.find(name)) is not None]
    return [*found, *(place for place, _ in _weeks(header))]


def _counts(header: Header) -> Iterable[int]:
    total = header.find(TOTAL_ALL)
    return [*(place for place, _ in _weeks(header)), *([] if total is None else [total])]


def _weeks(header: Header) -> list[tuple[int, int]]:
    """Give place and last week of each band (0: the open one). Raises `DataFileError` for a gap."""
    ends: dict[int, int] = {}
    opened: dict[int, int] = {}
    problems = []
    for place, name in enumerate(header.names):
        band, beyond = _BAND.fullmatch(name), _OPEN.fullmatch(name)
        if band is None and beyond is None:
            continue
        places, week = (ends, int(band[2])) if band else (opened, int(beyond[1]) if beyond else 0)
        if week in places:
            what = "the header holds this week twice"
            problems.append(header.table.problem(header.row, name, None, what, AGAIN))
        elif band and int(band[1]) != week - 1:
            problems.append(header.table.problem(header.row, name, None, "not one week", AGAIN))
        places[week] = place
    last = max(ends, default=0)
    if sorted(ends) != list(range(1, last + 1)) or last < rtt_layout.LIMIT or last not in opened:
        what = "the weeks do not follow one another from 'Gt 00 To 01' to the open one: a column is missing"
        problems.append(header.table.problem(header.row, "", None, what, AGAIN))
    header.table.refuse(problems)
    return [*((place, week) for week, place in sorted(ends.items())), (opened[last], 0)]


def _functions(columns: TextColumns) -> Words:
    """Give the treatment functions as three characters, from the column that holds their codes."""
    header = columns.header
    for name in _FUNCTION_COLUMNS:
        place = header.find(name)
        texts = columns.text(place) if place is not None else None
        if texts is not None and all(_FUNCTION.fullmatch(text) for text in texts.categories):
            codes = [match[1] for text in texts.categories if (match := _FUNCTION.fullmatch(text))]
            return pd.Categorical(np.array(codes, dtype=object)[texts.codes])
    what = "no column holds the codes of treatment functions alone (such as C_100)"
    raise DataFileError(columns.file, [header.table.problem(None, _FUNCTION_COLUMNS[0], None, what, AGAIN)])


def _check_once(columns: TextColumns, functions: Words, into: ColumnGathering) -> None:
    commissioner = columns.header.find("Commissioner Org Code")
    keys = pd.DataFrame({"code": columns.text(columns.header.column(CODE)), "function": functions})
    for name in ("Period", "Period Name", "Year"):
        place = columns.header.find(name)
        if place is not None:
            keys[name] = columns.text(place)
    if commissioner is not None:
        keys["commissioner"] = columns.text(commissioner)
    doubled = keys.duplicated().to_numpy()
    what = "a second row for this provider, commissioner and treatment function"
    columns.report(doubled, CODE, keys["code"].to_numpy(), what, "Keep one of the two.", into.problems)


def _pathways(
    columns: TextColumns, total: int, weeks: list[tuple[int, int]], into: ColumnGathering
) -> tuple[Floats, Floats, Words]:
    """Give all pathways and those within 18 weeks of each row. Weeks that exceed the total are a problem."""
    whole, marks = columns.numbers(total, into.problems)
    within, known = np.zeros(len(columns)), np.zeros(len(columns))
    unsaid: Flags = np.zeros(len(columns), dtype=bool)
    for place, week in weeks:
        numbers, _ = columns.numbers(place, into.problems)
        missing = np.isnan(numbers)
        unsaid |= missing
        counted = np.where(missing, 0.0, numbers)
        known += counted
        if 0 < week <= rtt_layout.LIMIT:
            within += counted
    differs = np.abs(known - whole) > 1e-6
    what = "the weeks do not sum to it"
    columns.report(
        differs & (~unsaid | (known > whole)), columns.header.names[total], whole, what, AGAIN, into.problems
    )
    # A blank week beside weeks that make the total is nobody; beside a gap it is unknown.
    gap = differs & unsaid
    words = where_none(gap & ~np.isnan(whole), f"weeks are missing ({MARKS['']})")
    return whole, np.where(gap | np.isnan(whole), np.nan, within), either_mark(marks, words)


def _compare_functions(every: Summed, each: Summed, into: ColumnGathering) -> None:
    """Compare the rows of all functions with the sums of the functions, by provider and month."""
    both = _table(every).merge(_table(each), on=["code", "month"], how="outer", suffixes=("", "_each"))
    for quantity in ("total", "within"):
        printed, summed = both[quantity], both[f"{quantity}_each"]
        wrong = (printed - summed).abs() > 1e-6
        if quantity == "total":
            wrong |= both["line"].isna() | both["line_each"].isna()
        found = both.assign(at=both["line"].fillna(both["line_each"]), printed=printed, summed=summed)[wrong]
        for code, line, value, parts in zip(
            *(found[name] for name in ("code", "at", "printed", "summed")), strict=True
        ):
            what = f"all treatment functions ({quantity}) are not the sum of the functions ({parts:,.10g})"
            into.problem(line, code, f"{value:.10g}", what)
        if not wrong.any():
            into.total(f"{ALL_FUNCTIONS}, all providers", quantity, float(printed.sum()), summed)


def _table(made: Summed) -> pd.DataFrame:
    found = pd.DataFrame({"code": made.code.astype(object), "month": made.month, "line": made.line})
    return found.assign(**made.sums)
