"""Who enters: trusts of the regime against trusts that never were in it, before the first entry.

`compare` gives a `Comparison`: the standardised difference of each measure, and for what the world lacks the
reason. Most trusts of the regime are non-specialist acute ones, for which the SHMI is published. Where the
world has it, like is compared with like: all but the kind of trust is compared among these alone. It
describes; it does not say why trusts entered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from smq.entry import characteristics as traits
from smq.entry.balance import Measure, Pair, Spread, largest_first, line, lower, pair_of, spread_of
from smq.naming import listed
from smq.spells.follow_up import MONTH_DAYS
from smq.statistics.standardised_difference import GUIDE

if TYPE_CHECKING:
    from datetime import date

    from smq.config import Study
    from smq.entry.characteristics import Baseline

    Values = dict[str, pd.Series[Any]]

BEFORE = (
    "ae_4h",
    "ae_attendances",
    "beds",
    "shmi",
    "survey_work",
    "survey_care",
    "survey_stress",
    "acute",
    "foundation",
)
"""Measures taken before the first entry."""
CATEGORIES = ("type", "region")
LATER = ("loans", "loan_balance", "staff_fte")
"""Measures taken after many trusts had entered: named for the trusts that first entered after them."""
_OF_ALL_KINDS = ("acute", "type")

_PARTS = ("smq", "never", "difference")
COUNTS = (
    "smq_trusts",
    "smq_present",
    "never_present",
    "smq_compared",
    "never_compared",
    "linked_trusts",
    "measures",
    "clear_differences",
    "beyond_guide",
)
LEADS = ("lead_median", "lead_longest")
NUMBERS = (
    *COUNTS,
    *LEADS,
    *(f"{name}_{part}" for name in (*BEFORE, *LATER) for part in _PARTS),
    *(f"{name}_{part}" for name in CATEGORIES for part in ("distance", "chance")),
)
TEXTS = (
    "baseline",
    "pool",
    "clear_list",
    *(f"{name}_word" for name in (*BEFORE, *CATEGORIES)),
    *(f"{name}_day" for name in LATER),
)
TABLES = ("characteristics", "categories", "sensitivity", "later", "linked", "not_compared")
FIGURES = ("differences",)
ALWAYS_ABSENT = {"earlier_ratings": "the year that is compared lies before the CQC gave ratings"}
NAMES = (*NUMBERS, *TEXTS, *TABLES, *FIGURES, *ALWAYS_ABSENT)
"""Every result of the notebook `compare_characteristics`: each is present, or absent with a reason."""

ACUTE_POOL, WHOLE_POOL = "non-specialist acute trusts", "trusts"
AFTER_SNAPSHOT, ALL_OF_REGIME = "First entered after it", "All of the regime"

_LOANS, _STAFF = "loans_closing", "staff_fte"
_NO_FIGURES = "no measure is known for enough trusts of both groups"
_WHY_EMPTY = {
    "characteristics": _NO_FIGURES,
    "sensitivity": _NO_FIGURES,
    "categories": "no list in the data says what trusts do, or where they are",
    "later": "no data file holds loans or staff in post",
    "linked": "no successor of a trust of the regime, and no trust before one, is known in this world",
    "not_compared": "every trust of the list has figures of the baseline year",
}


@dataclass(frozen=True)
class Comparison:
    """Everything that the notebook shows and names."""

    origin: str
    baseline: Baseline
    pool: str
    """Which trusts are compared, in words."""
    counts: dict[str, int]
    """`COUNTS`, in trusts or measures."""
    leads: dict[str, float]
    """Months from the end of the baseline year to the first entry of a compared trust: `LEADS`."""
    pairs: dict[str, Pair]
    spreads: dict[str, Spread]
    later: dict[str, Pair]
    """First snapshot of each later measure, with only the trusts of the regime that entered after it."""
    tables: dict[str, pd.DataFrame]
    absent: dict[str, str]

    @property
    def clear(self) -> list[Pair]:
        """The pairs whose interval excludes 0, the largest difference first."""
        return [pair for pair in largest_first(self.pairs) if pair.sign]

    def clear_list(self) -> str:
        """List the clear differences in words, the largest first."""
        return listed([f"{lower(pair.measure.label)} ({pair.word})" for pair in self.clear])


def compare(
    panel: pd.DataFrame,
    spells: pd.DataFrame,
    organisations: pd.DataFrame,
    units: pd.DataFrame,
    study: Study,
    baseline_from: date,
) -> Comparison:
    """Compare the groups. Raises `BaselineError` where the baseline year is not over before the first entry.

    `panel` as of `smq.panel`, `spells` as of the reference, the other tables as of the tidy folder.
    """
    year = traits.baseline(baseline_from, spells)
    there = traits.present(panel, year.calendar_year, year.last)
    everyone = traits.group_of(there, spells, organisations)
    values = _values(panel, organisations, units, study, year, there)
    acute = everyone.index.isin(values["shmi"].index)
    pool = everyone[acute] if acute.any() else everyone
    entries = traits.first_entries(spells)
    measures = _measures(year)
    absent = dict(ALWAYS_ABSENT)
    pairs, spreads = {}, {}
    for name, measure in measures.items():
        groups = everyone if name in _OF_ALL_KINDS else pool
        found = (spread_of if measure.kind == "categories" else pair_of)(measure, values[name], groups)
        if isinstance(found, Pair):
            pairs[name] = found
        elif isinstance(found, Spread):
            spreads[name] = found
        else:
            absent |= dict.fromkeys(_names_of(name), found)
    later, snapshots, lacking = _later(panel, spells, organisations, entries, pool)
    tables = {
        "characteristics": pd.DataFrame([line(pair) for pair in largest_first(pairs)]),
        "categories": _categories(spreads),
        "sensitivity": _sensitivity(values, pairs, everyone, pool, entries),
        "later": snapshots,
        "linked": _linked(everyone, organisations, units),
        "not_compared": _not_compared(spells, everyone),
    }
    absent |= lacking | {name: _WHY_EMPTY[name] for name, table in tables.items() if table.empty}
    if not pairs:
        absent["differences"] = _NO_FIGURES
    if not any(pair.sign for pair in pairs.values()):
        absent["clear_list"] = "no difference has an interval that excludes 0"
    leads = _leads(pool, entries, year)
    if not leads:
        absent |= dict.fromkeys(LEADS, "no trust of the list has figures of the baseline year")
    counts = {
        "smq_trusts": len(entries),
        **{f"{name}_present": int((everyone == name).sum()) for name in ("smq", "never")},
        **{f"{name}_compared": int((pool == name).sum()) for name in ("smq", "never")},
        "linked_trusts": int((everyone == "linked").sum()),
        "measures": len(pairs),
        "clear_differences": sum(pair.sign != 0 for pair in pairs.values()),
        "beyond_guide": sum(abs(pair.difference.value) > GUIDE for pair in pairs.values()),
    }
    return Comparison(
        origin=str(panel["origin"].iloc[0]),
        baseline=year,
        pool=ACUTE_POOL if acute.any() else WHOLE_POOL,
        counts=counts,
        leads=leads,
        pairs=pairs,
        spreads=spreads,
        later=later,
        tables=tables,
        absent=absent,
    )


def _measures(year: Baseline) -> dict[str, Measure]:
    months, calendar, listed = year.months_in_words, str(year.start.year), "newest list"

    def mean(name: str, label: str, unit: str, spec: str, when: str) -> Measure:
        return Measure(name, label, "mean", unit, spec, when, _no_file(lower(label), when))

    return {
        measure.id: measure
        for measure in (
            mean("ae_4h", "Waits over four hours in A&E", "%", ".1f", months),
            mean("ae_attendances", "A&E attendances a month", "number", ",.0f", months),
            mean("beds", "Beds available overnight", "number", ",.0f", months),
            mean("shmi", "Hospital mortality (SHMI)", "ratio", ".2f", calendar),
            mean("survey_work", "Staff who recommend the trust as a workplace", "%", ".1f", calendar),
            mean("survey_care", "Staff who recommend the trust's care", "%", ".1f", calendar),
            mean("survey_stress", "Staff unwell from stress at work", "%", ".1f", calendar),
            Measure(
                "acute",
                "Non-specialist acute trusts (SHMI published)",
                "share",
                "%",
                ".0f",
                calendar,
                _no_file("the SHMI, which is published for such trusts only", calendar),
            ),
            Measure(
                "foundation",
                "Foundation trusts, by their names",
                "share",
                "%",
                ".0f",
                listed,
                "no list in the data names the trusts",
            ),
            Measure(
                "type",
                "Type of trust",
                "categories",
                "",
                ".2f",
                listed,
                "no list in the data says what trusts do",
            ),
            Measure(
                "region",
                "Region",
                "categories",
                "",
                ".2f",
                listed,
                "no list in the data says where trusts are",
            ),
        )
    }


def _values(
    panel: pd.DataFrame,
    organisations: pd.DataFrame,
    units: pd.DataFrame,
    study: Study,
    year: Baseline,
    there: list[str],
) -> Values:
    # Units with few attendances are minor injury units, where hardly anybody waits for four hours.
    waits, attendances = traits.over_a_year(
        panel, "ae_4h", year, study.comparators.median_denominator.get("ae_4h", 0)
    )
    surveys = ("survey_work", "survey_care", "survey_stress")
    shmi = traits.of_period(panel, "shmi", year.calendar_year)
    return {
        "ae_4h": waits,
        "ae_attendances": attendances,
        "beds": traits.mean_over_year(panel, "beds_available", year),
        "shmi": shmi,
        **{name: traits.of_period(panel, name, year.calendar_year) for name in surveys},
        "acute": pd.Series(1.0, index=shmi.index).reindex(there if len(shmi) else [], fill_value=0.0),
        "foundation": traits.foundation(organisations, units, there),
        "type": traits.types(organisations, there),
        "region": traits.regions(organisations, there),
    }


def _later(
    panel: pd.DataFrame,
    spells: pd.DataFrame,
    organisations: pd.DataFrame,
    entries: pd.Series[pd.Timestamp],
    pool: pd.Series[str],
) -> tuple[dict[str, Pair], pd.DataFrame, dict[str, str]]:
    first: dict[str, Pair] = {}
    lines: list[dict[str, object]] = []
    absent: dict[str, str] = {}
    for name in LATER:
        periods = traits.snapshots(panel, _STAFF if name == "staff_fte" else _LOANS)
        if not periods:
            what = "staff in post" if name == "staff_fte" else "loans"
            absent |= dict.fromkeys(_names_of(name), f"no data file holds {what}")
        for period in periods:
            measure, values = _at_snapshot(panel, name, period)
            # Only trusts of the pool that still exist: those that merged since have no balance.
            groups = traits.group_of(values.index.intersection(pool.index), spells, organisations)
            after = entries.reindex(groups.index) > period + pd.offsets.MonthEnd(0)
            for who, kept in ((AFTER_SNAPSHOT, (groups != "smq") | after), (ALL_OF_REGIME, groups != "")):
                found = pair_of(measure, values, groups[kept])
                if isinstance(found, Pair):
                    lines.append({"who": who, **line(found)})
                if period == periods[0] and who == AFTER_SNAPSHOT:
                    if isinstance(found, Pair):
                        first[name] = found
                    else:
                        absent |= dict.fromkeys(_names_of(name), found)
    return first, pd.DataFrame(lines), absent


def _at_snapshot(panel: pd.DataFrame, name: str, period: pd.Timestamp) -> tuple[Measure, pd.Series[float]]:
    when = f"end of {period:%B %Y}"
    if name == "staff_fte":
        staff = Measure(name, "Staff in post", "mean", "full-time equivalents", ",.0f", f"{period:%B %Y}")
        return staff, traits.of_period(panel, _STAFF, period)
    balances = traits.loans(panel, _LOANS, period)
    if name == "loans":
        return Measure(name, "Has interim loans", "share", "%", ".0f", when), (balances > 0).astype(float)
    return Measure(name, "Interim loans owed", "mean", "£ million", ".1f", when), balances


def _leads(pool: pd.Series[str], entries: pd.Series[pd.Timestamp], year: Baseline) -> dict[str, float]:
    months = (entries.reindex(pool.index[pool == "smq"]) - year.end).dt.days / MONTH_DAYS
    return dict(zip(LEADS, (float(months.median()), float(months.max())), strict=True)) if len(months) else {}


def _sensitivity(
    values: Values,
    pairs: dict[str, Pair],
    everyone: pd.Series[str],
    pool: pd.Series[str],
    entries: pd.Series[pd.Timestamp],
) -> pd.DataFrame:
    """Give the difference of each measure with other choices of who belongs to which group."""
    lines = []
    for name, pair in pairs.items():
        groups = everyone if name in _OF_ALL_KINDS else pool
        in_first_year = entries.reindex(groups.index).dt.year == entries.min().year
        choices = {
            "first_year": groups[(groups != "smq") | in_first_year],
            "later_years": groups[(groups != "smq") | ~in_first_year],
            "linked_kept": groups.replace("linked", "never"),
            "every_kind": everyone,
        }
        row: dict[str, object] = {"label": pair.measure.label, "difference": pair.difference.value}
        for choice, chosen in choices.items():
            found = pair_of(pair.measure, values[name], chosen)
            row[choice] = found.difference.value if isinstance(found, Pair) else float("nan")
        lines.append(row)
    return pd.DataFrame(lines)


def _categories(spreads: dict[str, Spread]) -> pd.DataFrame:
    lines = []
    for spread in spreads.values():
        totals = spread.counts.sum()
        lines += [
            {
                "measure": spread.measure.label,
                "category": str(category),
                "smq": int(row["smq"]),
                "smq_share": 100 * row["smq"] / totals["smq"],
                "never": int(row["never"]),
                "never_share": 100 * row["never"] / totals["never"],
            }
            for category, row in spread.counts.iterrows()
        ]
    return pd.DataFrame(lines)


def _linked(groups: pd.Series[str], organisations: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """List the trusts that are in neither group: code, name."""
    names = pd.concat([organisations[["code", "name"]], units[["code", "name"]]])
    named = names[names["name"] != ""].drop_duplicates("code").set_index("code")["name"]
    codes = groups.index[groups == "linked"]
    return pd.DataFrame({"code": list(codes), "name": [named.get(code, "") for code in codes]})


def _not_compared(spells: pd.DataFrame, groups: pd.Series[str]) -> pd.DataFrame:
    """List the trusts of the list that have no figures of the baseline year."""
    out = spells[~spells["ods_code"].isin(groups.index)].sort_values(["entered_on", "ods_code"])
    columns = ["trust_name", "ods_code", "trust_type", "entered_on"]
    return out.drop_duplicates("ods_code")[columns].reset_index(drop=True)


def _names_of(name: str) -> list[str]:
    if name in CATEGORIES:
        return [f"{name}_distance", f"{name}_chance", f"{name}_word"]
    return [*(f"{name}_{part}" for part in _PARTS), f"{name}_{'day' if name in LATER else 'word'}"]


def _no_file(what: str, when: str) -> str:
    return f"no data file holds {what} ({when})"
