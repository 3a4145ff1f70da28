"""Load the reference facts (`data/reference`) and check them.

A file is read as UTF-8 CSV, with or without a byte-order mark. What is wrong with it is reported all at
once: `ReferenceFileError` lists line, column, value and advice of each problem. A column that the rules do
not know is kept as text. `data/reference/README.md` says what each column means.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from smq.reference_table import (
    DATE_FORMS,
    Row,
    Rule,
    a_day,
    any_text,
    as_table,
    blank_or,
    code,
    filled,
    matching,
    number,
    one_of,
    read_rows,
)

if TYPE_CHECKING:
    from pathlib import Path

    from smq.errors import Problem

TRUST_CODE = r"[RT][A-Z0-9]{2}"
"""ODS code of an NHS trust or care trust."""
REGIME_END = date(2021, 7, 13)
"""Day on which the Recovery Support Programme replaced special measures."""

CONFIDENCE = ("high", "medium", "low")
ENDED = ("left", "merged", "open")
RE_ENTERED = ("no", "yes", "re-entry")
RATINGS = ("Outstanding", "Good", "Requires improvement", "Inadequate")
TRUST_TYPES = ("acute", "ambulance", "combined", "community", "mental health")
QUALIFIERS = ("exact", "about", "nearly", "over", "up to")


def load_spells(path: Path, *, code_pattern: str = TRUST_CODE, regime_end: date = REGIME_END) -> pd.DataFrame:
    """Read the spells in special measures, in the order of the file.

    Returns one row per spell; `entered_on` and `exited_on` are datetime64[ms], the latter NaT where no exit
    is known. `ended` is how the spell stood on `regime_end`: left, merged or open; a spell whose exit is
    known to be later is open. `code_pattern` is the regular expression that a code must match in full:
    fictional trusts have their own.

    Raises `ReferenceFormatError` and `ReferenceFileError`.
    """
    rules: dict[str, Rule] = {
        "trust_name": filled,
        "ods_code": code(code_pattern),
        "trust_type": one_of(TRUST_TYPES),
        "entered_on": a_day,
        "exited_on": blank_or(a_day),
        "ended": one_of(ENDED),
        "re_entered": one_of(RE_ENTERED),
        "source": filled,
        "confidence": one_of(CONFIDENCE),
        "note": any_text,
    }
    rows, problems = read_rows(path, rules)
    for row in rows:
        problems += _spell_problems(row, regime_end)
    problems += _re_entry_problems(rows)
    return as_table(path, rows, problems, dates=("entered_on", "exited_on"))


def load_ratings(
    path: Path, *, spells: pd.DataFrame | None = None, code_pattern: str = TRUST_CODE
) -> pd.DataFrame:
    """Read the CQC ratings at entry and at exit; a rating that is not known is empty.

    With `spells`, every row must belong to one of them (same code, same day of entry).
    """
    rating = blank_or(one_of(RATINGS))
    rules: dict[str, Rule] = {
        "ods_code": code(code_pattern),
        "entered_on": a_day,
        "cqc_report_on": blank_or(a_day),
        **dict.fromkeys(("overall", "safe", "effective", "caring", "responsive", "well_led"), rating),
        "overall_at_exit": rating,
        "source": filled,
    }
    rows, problems = read_rows(path, rules)
    keys = [(row.texts["ods_code"], row.day("entered_on")) for row in rows]
    times = Counter(keys)
    for row, key in zip(rows, keys, strict=True):
        if times[key] > 1:
            problems.append(row.problem("ods_code", "has more than one row for this entry: keep one."))
    if spells is not None:
        known = {
            (code, day.date()) for code, day in zip(spells["ods_code"], spells["entered_on"], strict=True)
        }
        for row, key in zip(rows, keys, strict=True):
            if key[1] is not None and key not in known:
                problems.append(
                    row.problem(
                        "entered_on",
                        f"is no day on which {key[0]} entered: use the day given in the list of spells.",
                    )
                )
    return as_table(path, rows, problems, dates=("entered_on", "cqc_report_on"))


def load_counts(path: Path) -> pd.DataFrame:
    """Read the published counts C1 to C14, one row a quantity; `value` is a float."""
    rules: dict[str, Rule] = {
        "id": matching(r"C\d+", "is no id of a published count: write C and a number."),
        "date": filled,
        "date_precision": one_of(tuple(DATE_FORMS)),
        "statement": filled,
        "quantity": filled,
        "qualifier": one_of(QUALIFIERS),
        "value": number,
        "unit": filled,
        "source": filled,
    }
    rows, problems = read_rows(path, rules)
    for row in rows:
        form = DATE_FORMS.get(row.texts["date_precision"], ".*")
        if not re.fullmatch(form, row.texts["date"]):
            problems.append(row.problem("date", "does not fit date_precision: correct one of the two."))
    return as_table(path, rows, problems)


def load_costs(path: Path) -> pd.DataFrame:
    """Read the published costs M1 to M6: an amount in pounds of the day, or another value with its unit."""
    rules: dict[str, Rule] = {
        "id": matching(r"M\d+", "is no id of a published cost: write M and a number."),
        "period": matching(r"\d{4}/\d{2}", "is no financial year: write it like 2013/14."),
        "body": any_text,
        "item": filled,
        "qualifier": one_of(QUALIFIERS),
        "amount_gbp": blank_or(number),
        "value": blank_or(number),
        "unit": any_text,
        "source": filled,
    }
    rows, problems = read_rows(path, rules)
    for row in rows:
        if bool(row.texts["amount_gbp"]) == bool(row.texts["value"]):
            problems.append(
                row.problem("amount_gbp", "and value: fill one of the two columns, not both or none.")
            )
        if bool(row.texts["value"]) != bool(row.texts["unit"]):
            problems.append(row.problem("unit", "and value belong together: fill both, or none."))
    return as_table(path, rows, problems)


def load_results(path: Path) -> pd.DataFrame:
    """Read the results R1 to R9 of the published evaluation: a value with its unit, or a direction."""
    rules: dict[str, Rule] = {
        "id": matching(r"R\d+", "is no id of a published result: write R and a number."),
        "result": filled,
        "quantity": filled,
        "value": blank_or(number),
        "unit": any_text,
        "direction": blank_or(one_of(("better", "worse", "no different"))),
        "source": filled,
    }
    rows, problems = read_rows(path, rules)
    for row in rows:
        if bool(row.texts["value"]) == bool(row.texts["direction"]):
            problems.append(row.problem("value", "and direction: fill one of the two columns."))
    return as_table(path, rows, problems)


def load_date_ranges(
    path: Path, *, spells: pd.DataFrame | None = None, code_pattern: str = TRUST_CODE
) -> pd.DataFrame:
    """Read the days between which an uncertain entry or exit lies, both included, one row a date.

    With `spells`, every row must belong to one of them, and hold the day given there.
    """
    rules: dict[str, Rule] = {
        "ods_code": code(code_pattern),
        "entered_on": a_day,
        "which": one_of(("entry", "exit")),
        "earliest": a_day,
        "latest": a_day,
        "reason": filled,
    }
    rows, problems = read_rows(path, rules)
    keys = [(row.texts["ods_code"], row.texts["entered_on"], row.texts["which"]) for row in rows]
    listed = {} if spells is None else _listed_days(spells)
    for row, key in zip(rows, keys, strict=True):
        earliest, latest = row.day("earliest"), row.day("latest")
        if keys.count(key) > 1:
            problems.append(row.problem("which", "has more than one row for this spell: keep one."))
        if earliest is None or latest is None:
            continue
        if latest < earliest:
            problems.append(row.problem("latest", f"is before earliest ({earliest}): correct one."))
        elif spells is not None and key not in listed:
            problems.append(row.problem("entered_on", "belongs to no such date in the list of spells."))
        elif spells is not None and not earliest <= listed[key] <= latest:
            problems.append(
                row.problem("earliest", f"to latest must hold the day in the list of spells ({listed[key]}).")
            )
    return as_table(path, rows, problems, dates=("entered_on", "earliest", "latest"))


def _listed_days(spells: pd.DataFrame) -> dict[tuple[str, str, str], date]:
    """Give the days of entry and exit in the list of spells, by code, day of entry and which of the two."""
    days = {}
    columns = (spells["ods_code"], spells["entered_on"], spells["exited_on"])
    for code_of_trust, entered, exited in zip(*columns, strict=True):
        key = (code_of_trust, f"{entered:%Y-%m-%d}")
        days[*key, "entry"] = entered.date()
        if not pd.isna(exited):
            days[*key, "exit"] = exited.date()
    return days


def _spell_problems(row: Row, regime_end: date) -> list[Problem]:
    entered, exited, ended = row.day("entered_on"), row.day("exited_on"), row.texts["ended"]
    if entered is None:
        return []
    if entered > regime_end:
        return [row.problem("entered_on", f"is after the regime ended ({regime_end}): not a spell of it.")]
    if exited is None:
        if row.texts["exited_on"] == "" and ended in ("left", "merged"):
            return [row.problem("ended", "needs a date in exited_on: add it, or write 'open'.")]
        return []
    if exited <= entered:
        return [
            row.problem("exited_on", f"is not after entered_on ({entered}): correct one of the two dates.")
        ]
    if exited > regime_end and ended in ("left", "merged"):
        return [
            row.problem("ended", f"does not fit an exit on {exited}, after the regime ended: write 'open'.")
        ]
    if exited <= regime_end and ended == "open":
        return [
            row.problem(
                "ended", f"does not fit an exit on {exited}: write 'left' or 'merged', or take the date out."
            )
        ]
    return []


def _re_entry_problems(rows: list[Row]) -> list[Problem]:
    """Check the spells of each trust against one another: order, overlap, and the word in `re_entered`."""
    problems = []
    by_trust: defaultdict[str, list[tuple[date, Row]]] = defaultdict(list)
    for row in rows:
        entered = row.day("entered_on")
        if entered is not None:
            by_trust[row.texts["ods_code"]].append((entered, row))
    for dated in by_trust.values():
        spells = [row for _, row in sorted(dated, key=lambda pair: (pair[0], pair[1].line))]
        for place, row in enumerate(spells):
            expected = "re-entry" if place else "yes" if len(spells) > 1 else "no"
            if row.texts["re_entered"] in RE_ENTERED and row.texts["re_entered"] != expected:
                problems.append(
                    row.problem(
                        "re_entered",
                        f"does not fit: this is spell {place + 1} of {len(spells)} of the trust in the file. "
                        f"Write '{expected}', or correct the spells.",
                    )
                )
        for earlier, later in pairwise(spells):
            out, back = earlier.day("exited_on"), later.day("entered_on")
            if earlier.texts["ended"] == "merged":
                advice = (
                    f"comes after the trust ended by merger (line {earlier.line}): correct one of the two."
                )
                problems.append(later.problem("entered_on", advice))
            elif out is None or (back is not None and back < out):
                advice = (
                    f"comes before the spell on line {earlier.line} had ended: a re-entry follows an exit."
                )
                problems.append(later.problem("entered_on", advice))
    return problems
