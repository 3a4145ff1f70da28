"""Published counts beside ours: do they agree, by which way of counting, and if not, why not.

A text that gives several counts is taken as one: the way of counting is looked for that makes most of its
counts agree, and departs least from the study's own. Where a text names no day, every day of its month or
year is tried. A count that agrees only so is said to agree by definition, with the definition; nothing is
changed in the list to make one agree.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING

import pandas as pd

from smq.errors import CutoffError
from smq.naming import long_date
from smq.spells.exit_definitions import MERGERS
from smq.spells.published_counts import NOT_IN_LIST, QUANTITIES, STANDARD, Counting, snapshot

if TYPE_CHECKING:
    from smq.spells.published_counts import Snapshot

AGREES, BY_DEFINITION, DIFFERS, NOT_LISTED = (
    "agrees",
    "agrees by definition",
    "differs",
    "not in the list of spells",
)
VERDICTS = (AGREES, BY_DEFINITION, DIFFERS, NOT_LISTED)
ABOUT = 0.05
"""A count given as "about" agrees within this share of it."""
ALTERNATIVES = {
    "longest_stay": (
        "longest_stay_of_those_in",
        "Agrees if it is the longest of the trusts still in on that day.",
    )
}
"""Another reading of what a text says, and its words."""
OWN_DATE = {"in_either_regime_2013": ("2013", "year")}
"""Quantities that are of another date than their text, with its precision."""
NOTES = {
    "left_with_support": "The list does not say who was supported: these are the trusts that left rated "
    "requires improvement.",
    "in_either_regime_2013": "There were no special measures for finance yet.",
}
"""What else to know about a count."""
HYPOTHESES = {
    ("C7", "mean_stay_of_leavers"): "Perhaps stays were measured to the CQC's reports, which come before the "
    "regulator's decision; this could not be checked."
}
"""Possible reasons of a difference; none is established."""
_QUALITY = ("share_quality_only", "share_both", "placed_either_regime")
_COUNTINGS = sorted(
    (Counting(*chosen) for chosen in product(MERGERS, ("trusts", "spells"), ("evening", "morning"))),
    key=lambda counting: counting.departures,
)


@dataclass(frozen=True)
class Period:
    """The days on which a statement can have been true, and the one that is taken by default."""

    first: date
    last: date
    default: date


@dataclass(frozen=True)
class Statement:
    """One published count that the list can give."""

    id: str
    quantity: str
    qualifier: str
    value: float
    period: Period


@dataclass(frozen=True)
class Way:
    """A way of counting, and the day on which the list is looked at."""

    counting: Counting
    day: date


@dataclass
class Book:
    """The list of spells, to be opened on any day in any way of counting; opened pages are kept."""

    spells: pd.DataFrame
    ratings: pd.DataFrame
    pages: dict[Way, Snapshot | None] = field(default_factory=dict)

    def value(self, quantity: str, way: Way) -> float | None:
        """Count a quantity; None where it is not defined then."""
        if way not in self.pages:
            try:
                self.pages[way] = snapshot(self.spells, self.ratings, way.day, way.counting)
            except CutoffError:
                self.pages[way] = None
        page = self.pages[way]
        return None if page is None else QUANTITIES[quantity](page)

    def changes(self, period: Period) -> list[date]:
        """Give the days of the period on which something changes, its first and its default day too."""
        ends = self.spells["exited_on"].dropna()
        days = {day.date() for day in [*self.spells["entered_on"], *ends]} | {period.first, period.default}
        return sorted(day for day in days if period.first <= day <= period.last)

    def ways(self, period: Period) -> list[Way]:
        """Give ways of counting and days, beginning with those that depart least from the study's own."""
        days = sorted(self.changes(period), reverse=True)
        # The morning of an unknown day is the evening of another.
        countings = [each for each in _COUNTINGS if each.hour == "evening" or period.first == period.last]
        ways = [Way(counting, day) for counting in countings for day in days]
        return sorted(ways, key=lambda way: way.counting.departures + (way.day != period.default))


@dataclass(frozen=True)
class Finding:
    """What a count came to: ours by the study's definition, the verdict, the definition that agrees."""

    ours: float | None
    verdict: str
    by_definition: float | None
    explanation: str


def period_of(text: str, precision: str) -> Period:
    """Give the days that a date of a precision (`reference_table.DATE_FORMS`) can mean.

    The default is its last day. A report year ends on 31 March, and is reported on until the end of that
    calendar year.
    """
    if precision == "day":
        day = date.fromisoformat(text)
        return Period(day, day, day)
    year = int(text[:4])
    if precision == "month":
        month = int(text[5:7])
        last = date(year, month, calendar.monthrange(year, month)[1])
        return Period(date(year, month, 1), last, last)
    if precision == "report year":
        return Period(date(year, 4, 1), date(year + 1, 12, 31), date(year + 1, 3, 31))
    return Period(date(year, 1, 1), date(year, 12, 31), date(year, 12, 31))


def agrees(published: float, ours: float | None, qualifier: str) -> bool:
    """Say whether our value is the published one, to the decimals printed and as its qualifier allows."""
    if ours is None:
        return False
    if qualifier in ("over", "nearly", "up to"):
        return ours > published if qualifier == "over" else ours <= published
    if qualifier == "about":
        return abs(ours - published) <= ABOUT * published
    decimals = len(f"{published:g}".partition(".")[2])
    return round(ours, decimals) == published


def reconcile(counts: pd.DataFrame, spells: pd.DataFrame, ratings: pd.DataFrame) -> pd.DataFrame:
    """Set the published counts (`reference.load_counts`) beside ours, in the order of the file.

    Columns: `id`, `date`, `statement`, `quantity`, `qualifier`, `value`, `unit` (as published), `ours` (by
    the study's definition), `difference` (ours less the published), `verdict` (one of `VERDICTS`),
    `by_definition` (ours by the definition that agrees), `explanation`, `source`. NaN where there is none.
    """
    rows, book = _with_quality(counts), Book(spells, ratings)
    statements = _statements(rows)
    texts: defaultdict[tuple[str, Period], list[Statement]] = defaultdict(list)
    for statement in statements:
        if statement.quantity in QUANTITIES:
            texts[statement.id, statement.period].append(statement)
    joint = {text: _best(members, book) for text, members in texts.items()}
    found = []
    for statement in statements:
        if statement.quantity in QUANTITIES:
            text = (statement.id, statement.period)
            found.append(_judge(statement, texts[text], joint[text], book))
        else:
            found.append(Finding(None, NOT_LISTED, None, NOT_IN_LIST[statement.quantity]))
    table = rows[["id", "date", "statement", "quantity", "qualifier", "value", "unit"]].copy()
    table["ours"] = pd.Series([each.ours for each in found], dtype=float)
    table["difference"] = table["ours"] - table["value"]
    table["verdict"] = [each.verdict for each in found]
    table["by_definition"] = pd.Series([each.by_definition for each in found], dtype=float)
    table["explanation"] = [each.explanation for each in found]
    table["source"] = rows["source"]
    return table


def with_share(
    table: pd.DataFrame, published: pd.DataFrame, quantity: str, ours: float, explanation: str
) -> pd.DataFrame:
    """Add a result of the published evaluation (`reference.load_results`), our value and what is to be said.

    Raises ValueError if the published results do not hold the quantity once.
    """
    rows = published[published["quantity"] == quantity]
    if len(rows) != 1:
        raise ValueError(f"the published results hold {quantity} {len(rows)} times, not once")
    row = rows.iloc[0]
    same = agrees(float(row["value"]), ours, "exact")
    added = {
        "id": row["id"],
        "date": "",
        "statement": row["result"],
        "quantity": quantity,
        "qualifier": "exact",
        "value": float(row["value"]),
        "unit": row["unit"],
        "ours": ours,
        "difference": ours - float(row["value"]),
        "verdict": AGREES if same else DIFFERS,
        "by_definition": ours if same else float("nan"),
        "explanation": explanation,
        "source": row["source"],
    }
    return pd.concat([table, pd.DataFrame([added])], ignore_index=True)


def printed(table: pd.DataFrame) -> pd.DataFrame:
    """Write the table for reading: `id`, `date` (who said it, and when), `statement`, `published`, `ours`,
    `difference`, `by_definition`, `verdict`, `explanation`, `source`, all text.
    """
    whole = ~table["unit"].isin(["months", "years", "percent"])
    written = {
        column: [_written(value, whole=of) for value, of in zip(table[column], whole, strict=True)]
        for column in ("ours", "by_definition")
    }
    units = [_unit(*each) for each in zip(table["unit"], table["value"], strict=True)]
    qualifiers = table["qualifier"].map(lambda qualifier: "" if qualifier == "exact" else f"{qualifier} ")
    return pd.DataFrame(
        {
            "id": table["id"],
            "date": [_said(*each) for each in zip(table["source"], table["date"], strict=True)],
            "statement": table["statement"],
            "published": qualifiers + table["value"].map("{:,g}".format) + units,
            "ours": written["ours"],
            "difference": [
                _written(value, whole=of, sign="+")
                for value, of in zip(table["difference"], whole, strict=True)
            ],
            "by_definition": written["by_definition"],
            "verdict": table["verdict"],
            "explanation": table["explanation"],
            "source": table["source"],
        }
    )


def verdict_counts(table: pd.DataFrame) -> dict[str, int]:
    """Count the statements by verdict."""
    return {verdict: int((table["verdict"] == verdict).sum()) for verdict in VERDICTS}


def compared_sentence(verdicts: dict[str, int]) -> str:
    """Say how the counts that can be compared came out. The published share is not among them."""
    agree, by_definition, differ = (verdicts[verdict] for verdict in (AGREES, BY_DEFINITION, DIFFERS))
    return (
        f"Of {agree + by_definition + differ} published counts that the list can give, {agree} agree, "
        f"{by_definition} agree by another definition and {differ} differ; it cannot give "
        f"{verdicts[NOT_LISTED]} more. The published share of exits within 24 months is beside ours in the "
        "last row of the table, and is none of these counts."
    )


def _said(source: str, text: str) -> str:
    """Write who said it (the first words of the source) and when: NHS Providers, 26 April 2017."""
    short = source.partition(" (")[0]
    if not text:
        return short
    who = short.partition(",")[0]
    parts = text.split("-")
    if len(parts) == 3:
        return f"{who}, {long_date(date.fromisoformat(text))}"
    return f"{who}, {date(int(parts[0]), int(parts[1]), 1):%B %Y}" if len(parts) == 2 else f"{who}, {text}"


def _unit(unit: str, value: float) -> str:
    if unit == "percent":
        return "%"
    return f" {unit.removesuffix('s') if value == 1 else unit}"


def _statements(rows: pd.DataFrame) -> list[Statement]:
    columns = ("id", "quantity", "qualifier", "value", "date", "date_precision")
    statements = []
    for name, quantity, qualifier, value, day, precision in zip(*(rows[c] for c in columns), strict=True):
        when = OWN_DATE.get(quantity, (day, precision))
        statements.append(Statement(name, quantity, qualifier, float(value), period_of(*when)))
    return statements


def _judge(statement: Statement, text: list[Statement], joint: Way | None, book: Book) -> Finding:
    quantity, default = statement.quantity, Way(STANDARD, statement.period.default)
    ours = book.value(quantity, default)
    if agrees(statement.value, ours, statement.qualifier):
        return Finding(ours, AGREES, ours, NOTES.get(quantity, ""))
    for way, members in ((joint, text), (_best([statement], book), [statement])):
        if way is not None and _agreeing([statement], way, book):
            words = _definition_words(way, members, book)
            words += f" {NOTES[quantity]}" if quantity in NOTES else ""
            if way != joint:
                words += " The other counts of the text need another definition."
            return Finding(ours, BY_DEFINITION, book.value(quantity, way), words)
    if quantity in ALTERNATIVES:
        other, words = ALTERNATIVES[quantity]
        value = book.value(other, default)
        if agrees(statement.value, value, statement.qualifier):
            return Finding(ours, BY_DEFINITION, value, words)
    values = [book.value(quantity, way) for way in book.ways(statement.period)]
    tried = sorted({f"{value:.1f}" for value in values if value is not None}, key=float)
    words = f"By the ways of counting tried it is {' or '.join(tried)}." if tried else ""
    hypothesis = HYPOTHESES.get((statement.id, quantity), "We know of no explanation.")
    return Finding(ours, DIFFERS, None, f"{words} {hypothesis}".strip())


def _best(text: list[Statement], book: Book) -> Way | None:
    """Give the way by which most of the counts agree; of several, that which departs least."""
    best, most = None, 0
    for way in book.ways(text[0].period):
        number = _agreeing(text, way, book)
        if number > most:
            best, most = way, number
        if most == len(text):
            break
    return best


def _agreeing(text: list[Statement], way: Way, book: Book) -> int:
    return sum(agrees(each.value, book.value(each.quantity, way), each.qualifier) for each in text)


def _definition_words(way: Way, text: list[Statement], book: Book) -> str:
    words = []
    if way.counting.unit == "spells":
        words.append("spells are counted, re-entries among them")
    if way.counting.mergers == "exit":
        words.append("the merger of a trust counts as an exit")
    if way.counting.mergers == "left out":
        words.append("the merged trust is left out")
    if way.counting.hour == "morning":
        words.append("what happened on the day itself does not count yet")
    if way.day != text[0].period.default:
        first, last = _stretch(way, text, book)
        words.append(f"the day meant lies between {long_date(first)} and {long_date(last)}")
    return f"Agrees if {' and '.join(words)}."


def _stretch(way: Way, text: list[Statement], book: Book) -> tuple[date, date]:
    """Give the first and last day around that of `way` on which as many of the counts agree."""
    number, period = _agreeing(text, way, book), text[0].period
    days = book.changes(period)
    first = last = days.index(way.day)
    while first > 0 and _agreeing(text, Way(way.counting, days[first - 1]), book) >= number:
        first -= 1
    while last + 1 < len(days) and _agreeing(text, Way(way.counting, days[last + 1]), book) >= number:
        last += 1
    return days[first], days[last + 1] - timedelta(days=1) if last + 1 < len(days) else period.last


def _with_quality(counts: pd.DataFrame) -> pd.DataFrame:
    """Add the number of trusts placed for quality that follows from shares of those in either regime."""
    rows = counts.reset_index(drop=True)
    values = [rows.loc[rows["quantity"] == name] for name in _QUALITY]
    if any(len(value) != 1 for value in values):
        return rows
    only, both, placed = values
    share = float(only["value"].iloc[0] + both["value"].iloc[0])
    total = float(placed["value"].iloc[0])
    worked_out = placed.assign(
        statement=f"For quality or for both, worked out: {share:g}% of {total:g} or a few more",
        quantity="placed_for_quality",
        qualifier="about",
        value=float(round(share / 100 * total)),
    )
    place = int(both.index[0]) + 1
    return pd.concat([rows.iloc[:place], worked_out, rows.iloc[place:]], ignore_index=True)


def _written(value: float, *, whole: bool, sign: str = "") -> str:
    if pd.isna(value):
        return "–"
    text = format(value, f"{sign}.0f" if whole else f"{sign}.1f")
    return text.replace("-", "−") if float(text) else text.lstrip("+-")
