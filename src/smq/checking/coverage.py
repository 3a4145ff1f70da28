"""What a panel holds and what it lacks: by year, next to England, around known faults of sources.

All functions are pure. Panels have the columns of `smq.panel`; `totals`, `dropped` and `differences` are the
tables that preparing a world writes beside its panel. Years are financial years (April to March, `2015-16`)
for weeks, months and quarters, calendar years for the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from smq.panel import is_trust

SURVIVORS_UNTIL = pd.Timestamp(2016, 4, 1)
"""Before this month the A&E panel rests on a source that holds only names still in use when it was made."""
PILOT_FROM = pd.Timestamp(2019, 5, 1)
"""From this month on trusts that tested new standards published no waits over four hours."""
PILOT_MONTHS = 6

ENGLAND_TOTALS = {"ae_4h": ("attendances", "denominator"), "beds_available": ("beds available", "value")}
"""Indicator: the name of England's printed total in `totals`, and the column of the panel it is a sum of."""
ENGLAND_WAITS = "over"
"""What England's printed waits over four hours are called in `totals`."""

_WHOLE_YEAR = ("year", "snapshot")
_ENGLAND = re.compile(r"England ([0-9]{4}-[0-9]{2})")

BY_YEAR = ["indicator", "year", "periods", "units", "trusts", "rows", "values", "england_share"]


def year(period: pd.Series[pd.Timestamp], length: pd.Series[str]) -> pd.Series[str]:
    """Give the year that each period belongs to: `2015-16`, or `2015` where a period is a year or a day."""
    start = period.dt.year - (period.dt.month < 4)
    financial = start.astype(str) + "-" + ((start + 1) % 100).astype(str).str.zfill(2)
    return financial.where(~length.isin(_WHOLE_YEAR), period.dt.year.astype(str))


def by_year(panel: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Count what the panel holds of each indicator in each year: columns `BY_YEAR`.

    `units` are organisations of any kind, `trusts` those with a value; `england_share` is what trusts hold of
    England's printed total in the months in which it is printed, in per cent, NaN where it is not known.
    """
    rows = panel.assign(
        year=year(panel["period"], panel["period_length"]),
        known=panel["value"].notna(),
        trust=is_trust(panel),
    )
    keys = ["indicator", "year"]
    counted = rows.groupby(keys, sort=True).agg(
        periods=("period", "nunique"),
        units=("unit", "nunique"),
        rows=("unit", "size"),
        values=("known", "sum"),
    )
    counted["trusts"] = rows[rows["trust"] & rows["known"]].groupby(keys)["unit"].nunique()
    shares = [england_share(panel, totals, indicator) for indicator in ENGLAND_TOTALS]
    counted = counted.reset_index().merge(
        pd.concat(shares).rename(columns={"share": "england_share"})[[*keys, "england_share"]],
        on=keys,
        how="left",
    )
    counted["trusts"] = counted["trusts"].fillna(0).astype(int)
    return counted[BY_YEAR]


def england(totals: pd.DataFrame) -> pd.DataFrame:
    """Give the printed totals of England by month or quarter: file, period, quantity, printed, summed."""
    matched = totals["total"].astype(str).str.extract(_ENGLAND.pattern, expand=False)
    rows = totals[matched.notna()].assign(
        period=pd.to_datetime(matched.dropna() + "-01", format="%Y-%m-%d").astype("datetime64[ms]")
    )
    columns = ["file", "period", "quantity", "printed", "summed", "difference", "explanation"]
    return rows[columns].sort_values(["file", "quantity", "period"], ignore_index=True)


def england_by_period(panel: pd.DataFrame, totals: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Set trusts beside England where both are known: period, trusts, held, england."""
    name, column = ENGLAND_TOTALS[indicator]
    printed = england(totals)
    printed = printed[(printed["quantity"] == name) & (printed["printed"] > 0)].drop_duplicates("period")
    rows = panel[(panel["indicator"] == indicator) & is_trust(panel) & panel[column].notna()]
    held = rows.groupby("period").agg(trusts=("unit", "nunique"), held=(column, "sum"))
    both = held.join(printed.set_index("period")["printed"].rename("england"), how="inner")
    return both.reset_index()


def england_share(panel: pd.DataFrame, totals: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """What trusts of the panel hold of England by year: indicator, year, trusts, held, england, share (%)."""
    both = england_by_period(panel, totals, indicator)
    both["year"] = year(both["period"], pd.Series("month", index=both.index))
    grouped = both.groupby("year", sort=True).agg(
        trusts=("trusts", "max"), held=("held", "sum"), england=("england", "sum")
    )
    grouped["share"] = 100 * grouped["held"] / grouped["england"]
    return grouped.reset_index().assign(indicator=indicator)


@dataclass(frozen=True)
class Survivors:
    """How much of England the trusts hold before and from April 2016 on, in per cent."""

    before: float
    after: float
    first_year: str
    first_year_share: float
    trusts_first: int
    """Trusts in the first month that is compared."""
    trusts_april_2016: int


def survivors(panel: pd.DataFrame, totals: pd.DataFrame, indicator: str = "ae_4h") -> Survivors | None:
    """Compare the share of England that trusts hold before April 2016 with the share from then on.

    None where the panel or the totals do not reach both sides.
    """
    both = england_by_period(panel, totals, indicator)
    early = both["period"] < SURVIVORS_UNTIL
    if not early.any() or early.all():
        return None
    shares = [100 * part["held"].sum() / part["england"].sum() for part in (both[early], both[~early])]
    yearly = england_share(panel, totals, indicator)
    # The first year that is there in full, for shares of broken years say less.
    months = year(both["period"], pd.Series("month", index=both.index)).value_counts()
    full = yearly[yearly["year"].map(months) == months.max()].iloc[0]
    return Survivors(
        float(shares[0]),
        float(shares[1]),
        str(full["year"]),
        float(full["share"]),
        int(both["trusts"].iloc[0]),
        int(both.loc[~early, "trusts"].iloc[0]),
    )


def pilots(panel: pd.DataFrame, indicator: str = "ae_4h") -> pd.DataFrame:
    """List the trusts that report attendances but no waits in any month from May 2019 on.

    Columns: unit, last_value (NaT where the unit had none before), first_without, months (without a value).
    Six months are asked for, so that a slip of one month is not taken for a pilot.
    """
    rows = panel[(panel["indicator"] == indicator) & is_trust(panel)]
    late = rows[(rows["period"] >= PILOT_FROM) & rows["denominator"].gt(0)]
    late = late.groupby("unit", sort=True).agg(
        values=("value", "count"), first_without=("period", "min"), months=("period", "size")
    )
    late = late[(late["values"] == 0) & (late["months"] >= PILOT_MONTHS)]
    known = rows[rows["value"].notna()].groupby("unit")["period"].max().rename("last_value")
    found = late.join(known).rename_axis("unit").reset_index()
    return found[["unit", "last_value", "first_without", "months"]]


def most_pilots(panel: pd.DataFrame, indicator: str = "ae_4h") -> int:
    """Give the largest number of `pilots` that report in one month (a successor follows a pilot trust)."""
    rows = panel[
        (panel["indicator"] == indicator)
        & (panel["period"] >= PILOT_FROM)
        & panel["denominator"].gt(0)
        & panel["unit"].isin(pilots(panel, indicator)["unit"])
    ]
    return int(rows.groupby("period")["unit"].nunique().max()) if len(rows) else 0


def wrong_england(panel: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Test whether England's printed waits count all attendances of the pilot trusts, month by month.

    Columns: period, printed (waits), summed (waits of the rows), attendances (England's), pilots (attendances
    of the pilot trusts), unnamed (what is left of the difference: waits of those the file lacks),
    share_printed and share_without (per cent of attendances over four hours, as printed, and without the
    pilot trusts in both parts). The months from May 2019 on.
    """
    printed = england(totals)
    waits = printed[(printed["quantity"] == ENGLAND_WAITS) & (printed["period"] >= PILOT_FROM)]
    whole = printed[printed["quantity"] == ENGLAND_TOTALS["ae_4h"][0]].drop_duplicates("period")
    units = pilots(panel)["unit"]
    theirs = panel[(panel["indicator"] == "ae_4h") & panel["unit"].isin(units) & panel["value"].isna()]
    months = waits.drop_duplicates("period").set_index("period")[["printed", "summed"]]
    months = months.join(whole.set_index("period")["printed"].rename("attendances"), how="inner")
    months["pilots"] = theirs.groupby("period")["denominator"].sum()
    months = months.dropna()
    months["unnamed"] = months["printed"] - months["summed"] - months["pilots"]
    months["share_printed"] = 100 * months["printed"] / months["attendances"]
    months["share_without"] = (
        100 * (months["printed"] - months["pilots"]) / (months["attendances"] - months["pilots"])
    )
    return months.reset_index()


def gaps(panel: pd.DataFrame) -> pd.DataFrame:
    """List periods that no unit has between the first and the last of an indicator: indicator, period.

    Only of months and quarters: the other lengths have no grid that every source keeps to.
    """
    found = []
    for (indicator, length), rows in panel.groupby(["indicator", "period_length"], sort=True):
        step = {"month": "MS", "quarter": "QS"}.get(str(length))
        known = rows.loc[rows["value"].notna(), "period"]
        if step is None or known.empty:
            continue
        grid = pd.date_range(known.min(), known.max(), freq=step, unit="ms")
        found += [(indicator, period) for period in grid.difference(pd.DatetimeIndex(known.unique()))]
    listed = pd.DataFrame(found, columns=["indicator", "period"])
    return listed.astype({"indicator": "str", "period": "datetime64[ms]"})


def dropped_by_reason(dropped: pd.DataFrame) -> pd.DataFrame:
    """Count the rows left out by file and reason: file, reason, rows. Numbers in a reason are left out."""
    general = (
        dropped["reason"]
        .astype(str)
        .str.split(";")
        .str[0]
        .str.replace(r"^[0-9,]+ ", "", regex=True)
        .str.strip()
    )
    counted = dropped.assign(reason=general).groupby(["file", "reason"], sort=True).size()
    return counted.rename("rows").reset_index()


def totals_by_file(totals: pd.DataFrame) -> pd.DataFrame:
    """Count the printed totals by file: file, totals, equal, explained, explanation (each once)."""
    equal = totals["difference"].abs() == 0
    rows = totals.assign(equal=equal, explained=~equal, explanation=totals["explanation"].fillna(""))

    def once(explanations: pd.Series[str]) -> str:
        return "; ".join(dict.fromkeys(words for words in sorted(explanations) if words))

    return (
        rows.groupby("file", sort=True)
        .agg(
            totals=("total", "size"),
            equal=("equal", "sum"),
            explained=("explained", "sum"),
            explanation=("explanation", once),
        )
        .reset_index()
    )


def by_spell(panel: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    """Count, for each indicator, spells whose trust has figures: indicator, spells, any, before, after, both.

    Before and after mean within two years of the month of entry.
    """
    entered = pd.to_datetime(spells["entered_on"]).dt.to_period("M").dt.to_timestamp()
    entries = pd.DataFrame(
        {"spell": range(len(spells)), "unit": spells["ods_code"].to_numpy(), "entry": entered}
    )
    two_years = pd.DateOffset(years=2)
    found = []
    for indicator, rows in panel[panel["value"].notna()].groupby("indicator", sort=True):
        joined = entries.merge(rows[["unit", "period"]], on="unit")
        early = joined["period"].between(joined["entry"] - two_years, joined["entry"], inclusive="left")
        late = joined["period"].between(joined["entry"], joined["entry"] + two_years, inclusive="right")
        before, after = set(joined.loc[early, "spell"]), set(joined.loc[late, "spell"])
        known = joined["spell"].nunique()
        found.append((indicator, len(spells), known, len(before), len(after), len(before & after)))
    return pd.DataFrame(found, columns=["indicator", "spells", "any", "before", "after", "both"])
