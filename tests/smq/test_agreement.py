"""Two sources agree only where both quantities are the same to the unit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from smq.agreement import differences, overlap
from tests.smq.panels import ae_row, of

if TYPE_CHECKING:
    from pathlib import Path

USED = of(
    [
        ae_row("RAA", "2016-04-01", 10, 100),
        ae_row("RAA", "2016-05-01", 11, 100),
        ae_row("RAB", "2016-04-01", math.nan, 50),
        ae_row("RAC", "2016-04-01", 1, 50),
    ]
)
OTHER = of(
    [
        ae_row("RAA", "2016-04-01", 10, 100),
        ae_row("RAA", "2016-05-01", 11, 101),
        ae_row("RAB", "2016-04-01", math.nan, 50),
        ae_row("RAD", "2016-04-01", 1, 50),
    ]
)


def test_a_unit_month_is_equal_only_where_both_quantities_are() -> None:
    counted = overlap(USED, OTHER, "a", "b")
    assert counted.to_numpy().tolist() == [["ae_4h", "a", "b", 3, 2]]


def test_differences_name_quantity_values_and_sources() -> None:
    listed = differences(USED, OTHER, "a", "b")
    assert listed.to_numpy().tolist() == [
        ["RAA", pd.Timestamp("2016-05-01"), "ae_4h", "denominator", 100.0, "a", 101.0, "b"]
    ]


def test_sources_that_share_nothing_give_empty_tables() -> None:
    assert overlap(USED.iloc[:1], OTHER.iloc[3:], "a", "b").empty
    assert differences(USED.iloc[:1], OTHER.iloc[3:], "a", "b").empty


def test_the_two_sources_of_waits_agree_in_5197_of_5198_trust_months(real_data: Path) -> None:
    """As the README of howsmynhs-ae says: all but Royal Free (RAL), March 2019."""
    long = pd.read_csv(real_data / "howsmynhs-ae/ae_all_types_monthly_by_provider.csv")
    long = long[long["ods_code"].notna() & (long["ods_code"] != "ENG") & (long["period"] < "2019-04-01")]
    other = pd.DataFrame(
        {
            "unit": long["ods_code"],
            "period": pd.to_datetime(long["period"]),
            "indicator": "ae_4h",
            "numerator": long["over_4h"],
            "denominator": long["attendances"],
        }
    )
    typed = pd.read_csv(real_data / "nhsrdatasets-ae/ae_attendances.csv")
    used = typed.groupby(["org_code", "period"], as_index=False)[["breaches", "attendances"]].sum()
    used.columns = pd.Index(["unit", "period", "numerator", "denominator"])
    used = used.assign(period=pd.to_datetime(used["period"]), indicator="ae_4h")
    counted = overlap(used, other, "NHSRdatasets", "HowsMyNHS").iloc[0]
    assert (counted["shared"], counted["equal"]) == (5198, 5197)
    apart = differences(used, other, "NHSRdatasets", "HowsMyNHS")
    assert set(zip(apart["unit"], apart["period"], strict=True)) == {("RAL", pd.Timestamp("2019-03-01"))}
    assert apart["value_used"].tolist() == [25166.0, 3498.0]
    assert apart["value_other"].tolist() == [25167.0, 3389.0]
