"""What trusts were like before the regime began: groups of trusts, and one value a trust for each measure.

The *baseline* is one year before the first entry, so that every measure is taken before any trust could have
been treated. A trust belongs to the comparison where it has figures of any series in that year (or in the
calendar year in which it begins). Groups:

- `smq`: trusts of the list of spells, whenever they first entered;
- `linked`: never in the list, but before or after one of them in the chain of successors. They are in neither
  group: a trust that took over one of the regime is not untouched by it;
- `never`: all others.

Figures keep the code of their period, so the values are those of the trust as it was then. All functions are
pure. Panels are those of `smq.panel`; `organisations` and `units` are the tidy files of a world.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from smq.errors import BaselineError
from smq.panel import is_trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

MINIMUM_MONTHS = 10
"""A trust has a year's figure where it reports in at least so many of its months."""
SNAPSHOT_MONTHS = 15
"""A trust exists at a snapshot where it has figures in so many months up to it: a financial year and the
calendar year in which that began."""

_BY_FORM = frozenset({"NHS trust", "care trust", "primary care trust", "other provider", ""})
"""Types that follow from the form of a code, and say nothing of what a trust does."""
_FOUNDATION = "foundation trust"
_MILLION = 1e6


@dataclass(frozen=True)
class Baseline:
    """The twelve months from `start` on."""

    start: pd.Timestamp

    @property
    def last(self) -> pd.Timestamp:
        """First day of its last month."""
        return self.start + pd.DateOffset(months=11)

    @property
    def end(self) -> pd.Timestamp:
        """First day after it."""
        return self.start + pd.DateOffset(months=12)

    @property
    def calendar_year(self) -> pd.Timestamp:
        """First day of the calendar year in which it begins: yearly figures are those of that year."""
        return pd.Timestamp(self.start.year, 1, 1)

    @property
    def months_in_words(self) -> str:
        """Such as April 2012 to March 2013."""
        return f"{self.start:%B %Y} to {self.last:%B %Y}"


def baseline(start: date, spells: pd.DataFrame) -> Baseline:
    """Give the baseline year. Raises `BaselineError` unless it is over before the first entry."""
    year = Baseline(pd.Timestamp(start).to_period("M").to_timestamp())
    first = spells["entered_on"].min()
    if year.end > first:
        raise BaselineError(start, (year.end - pd.Timedelta(days=1)).date(), first.date())
    return year


def present(panel: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> list[str]:
    """List the trusts with a value of any series in a period from `first` to `last`."""
    rows = panel[is_trust(panel) & panel["value"].notna() & panel["period"].between(first, last)]
    return sorted(rows["unit"].unique())


def group_of(codes: Iterable[str], spells: pd.DataFrame, organisations: pd.DataFrame) -> pd.Series[str]:
    """Give the group of each code: smq, linked or never; index: the codes."""
    regime = set(spells["ods_code"])
    links = _links(organisations)
    linked = _reached(regime, links) | _reached(regime, _turned(links))
    index = pd.Index(sorted(set(codes)), name="code")
    words = ["smq" if code in regime else "linked" if code in linked else "never" for code in index]
    return pd.Series(words, index=index, dtype="str")


def first_entries(spells: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """Give the day of the first entry of each trust; index: code."""
    entries: pd.Series[pd.Timestamp] = spells.groupby("ods_code")["entered_on"].min()
    return entries


def over_a_year(
    panel: pd.DataFrame, series: str, year: Baseline, least: float = 0
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Give the ratio over the year (numerators over denominators, %) and the mean denominator a month.

    Of trusts with at least `MINIMUM_MONTHS` months and more than `least` a month; index: code.
    """
    rows = _rows(panel, series, year.start, year.last)
    summed = rows.groupby("unit").agg(
        months=("period", "size"), top=("numerator", "sum"), bottom=("denominator", "sum")
    )
    summed["monthly"] = summed["bottom"] / summed["months"]
    enough = summed[(summed["months"] >= MINIMUM_MONTHS) & (summed["monthly"] > least)]
    return 100 * enough["top"] / enough["bottom"], enough["monthly"]


def mean_over_year(panel: pd.DataFrame, series: str, year: Baseline) -> pd.Series[float]:
    """Give the mean of the values in the year (of quarters, say), of trusts with all that any trust has."""
    rows = _rows(panel, series, year.start, year.last)
    values = rows.groupby("unit")["value"]
    whole = values.size() == rows["period"].nunique()
    means: pd.Series[float] = values.mean()[whole]
    return means


def of_period(panel: pd.DataFrame, series: str, period: pd.Timestamp) -> pd.Series[float]:
    """Give the values of one period; index: code."""
    values: pd.Series[float] = _rows(panel, series, period, period).set_index("unit")["value"]
    return values


def types(organisations: pd.DataFrame, codes: Iterable[str]) -> pd.Series[str]:
    """Give what each trust does (acute, mental health, …) where a list of the world says it; index: code."""
    known = organisations[~organisations["type"].isin(_BY_FORM)].drop_duplicates("code")
    return _of_codes(known.set_index("code")["type"], codes)


def regions(organisations: pd.DataFrame, codes: Iterable[str]) -> pd.Series[str]:
    """Give the region of each trust, or of the trusts that took it over where these are all in one region."""
    own = organisations[organisations["region"] != ""].drop_duplicates("code").set_index("code")["region"]
    links = _links(organisations)
    found = {}
    for code in set(codes):
        if code in own.index:
            found[code] = own[code]
            continue
        after = {own[new] for new in _reached({code}, links) if new in own.index}
        if len(after) == 1:
            found[code] = after.pop()
    return pd.Series(found, dtype="str").sort_index()


def foundation(organisations: pd.DataFrame, units: pd.DataFrame, codes: Iterable[str]) -> pd.Series[float]:
    """Say of each trust whether its name says that it is a foundation trust (1, else 0); index: code.

    The name is the newest that the lists have: a trust that became one after the baseline counts as one.
    """
    lists = [organisations[["code", "name"]], units.sort_values("last_period")[["code", "name"]].iloc[::-1]]
    names = pd.concat(lists)
    known = names[names["name"] != ""].drop_duplicates("code").set_index("code")["name"]
    says = _of_codes(known, codes).str.casefold()
    trusts = says[says.str.contains("trust", regex=False)]
    return trusts.str.contains(_FOUNDATION, regex=False).astype(float)


def snapshots(panel: pd.DataFrame, series: str) -> list[pd.Timestamp]:
    """List the periods of a series in order."""
    rows = panel[(panel["indicator"] == series) & panel["value"].notna() & is_trust(panel)]
    return sorted(rows["period"].unique())


def loans(panel: pd.DataFrame, series: str, period: pd.Timestamp) -> pd.Series[float]:
    """Give the balance of each trust in £ million at a snapshot; index: code.

    The source lists trusts with loans only, so a trust that has other figures around that day has none.
    """
    there = present(panel, period - pd.DateOffset(months=SNAPSHOT_MONTHS - 1), period)
    balances = of_period(panel, series, period) / _MILLION
    return balances.reindex(sorted({*there, *balances.index}), fill_value=0.0)


def _rows(panel: pd.DataFrame, series: str, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    wanted = (panel["indicator"] == series) & panel["value"].notna() & panel["period"].between(first, last)
    return panel[wanted & is_trust(panel)]


def _of_codes(known: pd.Series[str], codes: Iterable[str]) -> pd.Series[str]:
    return known[known.index.isin(list(codes))].sort_index()


def _links(organisations: pd.DataFrame) -> dict[str, set[str]]:
    """Give the successors of each code."""
    found: dict[str, set[str]] = {}
    rows = organisations[organisations["succeeded_by"] != ""]
    for old, new in zip(rows["code"], rows["succeeded_by"], strict=True):
        found.setdefault(old, set()).add(new)
    return found


def _turned(links: Mapping[str, set[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for old, successors in links.items():
        for new in successors:
            found.setdefault(new, set()).add(old)
    return found


def _reached(start: set[str], links: Mapping[str, set[str]]) -> set[str]:
    """Follow links as far as they go; a code that was only started from is not among them."""
    reached: set[str] = set()
    ahead = set().union(*(links.get(code, set()) for code in start)) if start else set()
    while ahead:
        reached |= ahead
        ahead = set().union(*(links.get(code, set()) for code in ahead)) - reached
    return reached
