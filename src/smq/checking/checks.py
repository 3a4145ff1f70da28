"""The checks of a world's data that the report quotes: numbers, tables and texts, present or absent.

`check_data` gathers what `smq.checking.coverage` and `smq.checking.plausibility` find. What a world cannot
show (the demo has no source that prints England's totals) is absent, with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smq.checking import coverage, plausibility
from smq.checking.check_results import AE, Checks, Inputs, Table
from smq.checking.checks_ae import check_ae
from smq.panel import is_trust
from smq.worlds.organisations import OWN_CODE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smq.config import Indicator, Study, Supporting

_NO_CODE = "no code is known"


def check_data(given: Inputs, study: Study) -> Checks:
    """Check everything; `given` as `smq.worlds.tidy_folder` describes it."""
    origins = set(given.panel["origin"])
    there = set(given.panel["indicator"])
    known: list[Indicator | Supporting] = [*study.indicators, *study.supporting]
    series = [entry for entry in known if entry.id in there]
    labels = {entry.id: entry.label for entry in series}
    found = Checks(
        "simulated" if "simulated" in origins else "official statistics",
        coverage.by_year(given.panel, given.totals),
        labels,
    )
    _held(found, given, labels)
    _left_out(found, given, labels)
    _agreement(found, given, labels)
    _plausible(found, given, {entry.id for entry in series if entry.unit == "%"}, labels)
    check_ae(found, given)
    return found


def _held(found: Checks, given: Inputs, labels: Mapping[str, str]) -> None:
    panel = given.panel
    trusts = panel["unit"][is_trust(panel)]
    found.count("rows", len(panel), "rows")
    found.count("series", panel["indicator"].nunique(), "series")
    found.count("units", panel["unit"].nunique(), "organisations")
    found.count("trusts", trusts.nunique(), "trusts")
    found.count("missing_values", int(panel["value"].isna().sum()), "rows", denominator=len(panel))
    for name, period in (("first_month", panel["period"].min()), ("last_month", panel["period"].max())):
        found.texts[name] = f"{period:%B %Y}"
    found.table(
        "by_year",
        Table(
            _labelled(found.held, labels),
            "What the data hold, by series and year",
            {
                "indicator": "Series",
                "units": "Organisations",
                "trusts": "Trusts with a value",
                "values": "With a value",
                "england_share": "Held of England, %",
            },
            {"england_share": ".0f", "rows": ",d", "values": ",d"},
            (
                "Financial years (April to March) for months and quarters, calendar years for the rest.",
                "Held of England: the trusts' part of England's printed total, in months that have both.",
            ),
        ),
        "the panel has no rows",
    )
    found.table("by_series", _by_series(panel, labels), "the panel has no rows")
    found.table(
        "by_spell",
        Table(
            _labelled(coverage.by_spell(panel, given.spells), labels),
            "Spells in special measures whose trust has figures, by series",
            {
                "indicator": "Series",
                "any": "With figures",
                "before": "In the two years before entry",
                "after": "In the two years after",
                "both": "Both",
            },
        ),
        "no series has a value",
    )
    joined = given.units[~given.units["reason"].astype(str).str.startswith(OWN_CODE)]
    found.count("codes_decided", joined["code"].nunique(), "codes", denominator=given.units["code"].nunique())
    found.table(
        "decided_codes",
        Table(
            joined[["code", "name", "unit", "reason"]].drop_duplicates(),
            "Organisation codes about whose unit of analysis something was decided, and why",
        ),
        "every code is a unit of its own",
    )


def _by_series(panel: pd.DataFrame, labels: Mapping[str, str]) -> Table:
    trust = is_trust(panel) & panel["value"].notna()
    counted = panel.groupby("indicator", sort=True).agg(
        first=("period", "min"),
        last=("period", "max"),
        periods=("period", "nunique"),
        rows=("unit", "size"),
        missing=("value", lambda values: int(values.isna().sum())),
    )
    counted["trusts"] = panel[trust].groupby("indicator")["unit"].nunique()
    for column in ("first", "last"):
        counted[column] = counted[column].dt.strftime("%B %Y")
    data = counted.fillna({"trusts": 0}).astype({"trusts": int}).reset_index()
    order = ["indicator", "first", "last", "periods", "trusts", "rows", "missing"]
    return Table(
        _labelled(data[order], labels),
        "Series in the data",
        {"indicator": "Series", "trusts": "Trusts with a value", "missing": "Rows without a value"},
        {"rows": ",d", "missing": ",d"},
    )


def _labelled(table: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    return table.assign(indicator=table["indicator"].map(lambda name: labels.get(name, name)))


def _left_out(found: Checks, given: Inputs, labels: Mapping[str, str]) -> None:
    found.table(
        "missing",
        Table(
            _labelled(given.missing, labels).assign(mark=given.missing["mark"].replace("", "(blank)")),
            "Marks that stand for a missing value, by series",
            {"indicator": "Series", "rows": "Rows"},
            {"rows": ",d"},
        ),
        "no data file marks a value as missing",
    )
    found.count("dropped_rows", len(given.dropped), "rows")
    unmatched = given.dropped["reason"].astype(str).str.startswith(_NO_CODE)
    names = given.dropped[unmatched].drop_duplicates(["file", "name"])
    if len(names):
        found.count("unmatched_names", len(names), "names")
    else:
        found.lacks(("unmatched_names",), "each name in the files has a code, or stands beside one")
    found.table(
        "dropped",
        Table(
            coverage.dropped_by_reason(given.titled(given.dropped)),
            "Rows of the files that were left out, and why",
            {"file": "Source"},
            {"rows": ",d"},
        ),
        "no row of a file was left out",
    )
    by_file = coverage.totals_by_file(given.titled(given.totals))
    found.count("totals_checked", len(given.totals), "totals")
    for name, column in (("totals_equal", "equal"), ("totals_explained", "explained")):
        found.count(name, int(by_file[column].sum()), "totals", denominator=len(given.totals))
    found.table(
        "totals",
        Table(
            by_file,
            "Totals printed in the files, against the sums of their rows",
            {"file": "Source", "equal": "Equal to the sum", "explained": "Different, and explained"},
        ),
        "no data file prints a total",
    )


def _agreement(found: Checks, given: Inputs, labels: Mapping[str, str]) -> None:
    names = ("agreement_shared", "agreement_equal", "agreement_share", "agreement_different")
    waits = given.agreement[given.agreement["indicator"] == AE]
    shared, equal = int(waits["shared"].sum()), int(waits["equal"].sum())
    if shared:
        found.count("agreement_shared", shared, "trust-months")
        found.count("agreement_equal", equal, "trust-months", denominator=shared)
        found.percent("agreement_share", 100 * equal / shared, ".2f")
        found.count("agreement_different", shared - equal, "trust-months", denominator=shared)
    else:
        found.lacks(names, "no two data files hold waits in A&E of the same trusts and months")
    one = "no two data files hold the same figure"
    found.table(
        "agreement",
        Table(
            given.titled(_labelled(given.agreement, labels)),
            "Agreement of two sources of the same figure, to the unit",
            {"indicator": "Series", "source_used": "Source used", "source_other": "Other source"},
            {"shared": ",d", "equal": ",d"},
        ),
        one,
    )
    found.table("differences", _differences(given, labels), "no figure differs between two sources")


def _differences(given: Inputs, labels: Mapping[str, str]) -> Table:
    listed = given.titled(_labelled(given.differences, labels))
    months = pd.to_datetime(listed["period"], format="%Y-%m-%d").dt.strftime("%B %Y")
    reasons = sorted(set(listed["reason"].astype(str)) - {""})
    return Table(
        listed.assign(period=months).drop(columns="reason"),
        "Figures that differ between two sources",
        {
            "indicator": "Series",
            "value_used": "Value used",
            "source_used": "Source used",
            "value_other": "Other value",
            "source_other": "Other source",
        },
        {"value_used": ".10g", "value_other": ".10g"},
        tuple(f"{reason[:1].upper()}{reason[1:]}." for reason in reasons),
    )


def _plausible(found: Checks, given: Inputs, shares: set[str], labels: Mapping[str, str]) -> None:
    checked = plausibility.check(given.panel[is_trust(given.panel)], shares)
    outliers, breaks = checked.outliers, checked.breaks
    found.count(
        "figures_checked", checked.checked, "figures", denominator=checked.checked + checked.unchecked
    )
    found.count("outliers", len(outliers), "figures", denominator=checked.checked)
    found.count("outlier_trusts", outliers["unit"].nunique(), "trusts")
    found.count("breaks", len(breaks), "breaks")
    found.count("breaks_trusts", breaks["unit"].nunique(), "trusts")
    note = (
        "Trusts only. Compared with the six figures before and the six after, on the logit scale (shares) or "
        "log scale, what moves all alike in a period taken off; the limits are in "
        "src/smq/checking/plausibility.py."
    )
    found.table(
        "outlier_list",
        Table(
            _labelled(outliers, labels),
            "Figures outside the plausible range of their own series",
            {"indicator": "Series", "low": "Plausible from", "high": "to"},
            {"figure": ".6g", "low": ".4g", "high": ".4g", "distance": ".1f"},
            (note, "They are kept as published: none is corrected or left out."),
        ),
        "no figure lies outside the plausible range of its series",
    )
    found.table(
        "break_list",
        Table(
            _labelled(breaks, labels),
            "Series whose level changes for good",
            {"indicator": "Series", "factor": "Factor (of odds, for shares)"},
            {"before": ".4g", "after": ".4g", "factor": ".2f"},
            (note,),
        ),
        "no series changes its level for good",
    )
