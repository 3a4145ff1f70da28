"""Checks of the faults that the sources of waits in A&E are known for.

Missing months, survivors before April 2016, the trusts that piloted new standards from May 2019, and
England's row, which is wrong from then on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smq.checking import coverage
from smq.checking.check_results import AE, NAMES, Checks, Inputs, Table
from smq.naming import listed

if TYPE_CHECKING:
    import pandas as pd

NO_ENGLAND = "no data file prints totals of England beside the figures of trusts on A&E"


def check_ae(found: Checks, given: Inputs) -> None:
    """Add what is found on A&E."""
    panel = given.panel
    lost = coverage.gaps(panel[panel["indicator"] == AE])
    found.count("months_lost", len(lost), "months")
    if lost.empty:
        found.absent["months_lost_list"] = "no month is missing for all trusts"
    else:
        found.texts["months_lost_list"] = listed([f"{month:%B %Y}" for month in lost["period"]])
    _survivors(found, panel, given.totals)
    pilots = coverage.pilots(panel)
    names = given.units.drop_duplicates("unit", keep="last").set_index("unit")["name"]
    table = pilots.assign(name=pilots["unit"].map(names).fillna(""))
    most = coverage.most_pilots(panel)
    if most:
        found.count("pilot_trusts", most, "trusts")
    else:
        found.absent["pilot_trusts"] = "no trust in the data reports attendances without waits"
    for column in ("last_value", "first_without"):
        table[column] = table[column].dt.strftime("%B %Y")
    # A world read from files without names has none to print.
    named = ["name"] if table["name"].any() else []
    found.table(
        "pilots",
        Table(
            table[["unit", *named, "last_value", "first_without", "months"]],
            "Trusts that report A&E attendances and no waits over four hours from May 2019 on",
            {"unit": "Code", "last_value": "Last month with waits", "first_without": "First without"},
            {},
            ("A trust without a last month had no figures before; it may have succeeded another.",),
        ),
        "no trust in the data reports attendances without waits",
    )
    _england_row(found, coverage.wrong_england(panel, given.totals))


def _survivors(found: Checks, panel: pd.DataFrame, totals: pd.DataFrame) -> None:
    survivors = coverage.survivors(panel, totals)
    if survivors is None:
        names = [name for name in NAMES if name.startswith("survivors")]
        found.lacks(tuple(names), NO_ENGLAND)
        return
    found.percent("survivors_before", survivors.before)
    found.percent("survivors_after", survivors.after)
    found.percent("survivors_first_share", survivors.first_year_share)
    found.count("survivors_trusts_first", survivors.trusts_first, "trusts")
    found.count("survivors_trusts_2016", survivors.trusts_april_2016, "trusts")
    found.texts["survivors_first_year"] = survivors.first_year
    by_year = coverage.england_share(panel, totals, AE)
    found.tables["survivors"] = Table(
        by_year[["year", "trusts", "held", "england", "share"]],
        "A&E attendances that trusts of the panel hold of England's, by financial year",
        {
            "trusts": "Trusts, at most",
            "held": "Attendances held",
            "england": "England",
            "share": "Held, %",
        },
        {"held": ",.0f", "england": ",.0f", "share": ".0f"},
        ("Months in which the source prints England's total.",),
    )


def _england_row(found: Checks, wrong: pd.DataFrame) -> None:
    names = (
        "england_wrong_months",
        "england_printed",
        "england_without",
        "england_rest",
        "england_row",
        "england_last_month",
    )
    wrong = wrong[wrong["pilots"] > 0]
    if wrong.empty:
        found.lacks(names, NO_ENGLAND)
        return
    found.count("england_wrong_months", len(wrong), "months")
    found.percent("england_printed", float(wrong["share_printed"].iloc[0]), ".1f")
    found.percent("england_without", float(wrong["share_without"].iloc[0]), ".1f")
    found.count("england_rest", float(wrong["unnamed"].iloc[-1]), "waits")
    found.texts["england_last_month"] = f"{wrong['period'].iloc[-1]:%B %Y}"
    columns = ["period", "printed", "summed", "pilots", "unnamed", "share_printed", "share_without"]
    found.tables["england_row"] = Table(
        wrong[columns].assign(period=wrong["period"].dt.strftime("%B %Y")),
        "Waits over four hours that a source prints for England, from May 2019 on",
        {
            "period": "Month",
            "printed": "Printed",
            "summed": "Sum of the named",
            "pilots": "Attendances of pilot trusts",
            "unnamed": "Rest",
            "share_printed": "Share as printed, %",
            "share_without": "Without pilot trusts, %",
        },
        dict.fromkeys(columns[1:5], ",.0f") | dict.fromkeys(columns[5:], ".1f"),
        ("England's waits are not used in any analysis.",),
    )
