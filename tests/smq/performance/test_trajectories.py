"""What is compared must be right to the month, for a panel by hand and for the real one."""

from __future__ import annotations

import pandas as pd
import pytest

from smq.performance.timescale import Timescale
from smq.performance.trajectories import (
    add_gap,
    align,
    comparator_paths,
    comparators,
    contrast,
    england,
    of_indicator,
    weighted,
)
from smq.reference import load_spells
from tests.smq.indicator_cases import PROJECT, panel, real_panel, spells, years

MONTHLY = Timescale("month", 2)

ROWS = of_indicator(
    panel(
        {
            "RAA": [10, 20, 30, 40, 50],
            "RBB": [0, 0, 10, 10, 10],
            "RCC": [5, None, 5, 5, 5],
            "RDD": [1, 2, 3, 4, 5],
            "Y02584": [100, 100, 100, 100, 100],
        },
        size={"RBB": 300},
    ),
    "ae_4h",
)


def test_month_0_is_the_month_of_entry_whatever_the_day() -> None:
    for day in ("2016-01-01", "2016-01-31"):
        aligned = align(ROWS, spells(("RAA", day)), MONTHLY, 2)
        assert aligned["event"].tolist() == [-2, -1, 0, 1, 2]
        assert aligned["value"].tolist() == [10, 20, 30, 40, 50]
        assert aligned["period"].dt.strftime("%Y-%m").tolist()[0] == "2015-11"


def test_england_is_the_sum_over_trusts_and_leaves_out_other_providers() -> None:
    # November: (10 + 0 + 5 + 1) of 600; December, without RCC: (20 + 0 + 2) of 500.
    trend = england(ROWS)
    assert trend.iloc[0] == pytest.approx(100 * 16 / 600)
    assert trend.iloc[1] == pytest.approx(100 * 22 / 500)


def test_without_denominators_in_one_period_england_is_the_plain_mean_in_all() -> None:
    rows = of_indicator(
        panel({"RAA": [10, 20], "RBB": [40, 50]}, {"RBB": 300}, starts=years(2016, 2017), length="year"),
        "ae_4h",
    )
    assert weighted(rows)
    assert england(rows).tolist() == pytest.approx([(10 + 3 * 40) / 4, (20 + 3 * 50) / 4])
    bare = rows.assign(denominator=rows["denominator"].where(rows["period"] < "2017"))
    assert not weighted(bare)
    assert england(bare).tolist() == [25, 35]


def test_a_month_that_no_trust_has_does_not_take_a_comparator_away() -> None:
    rows = ROWS[ROWS["period"] != "2015-12-01"]
    paths = comparator_paths(rows, spells(("RAA", "2016-01-10")), ["RBB", "RCC"], MONTHLY)
    assert sorted(set(paths["unit"])) == ["RBB", "RCC"]
    assert paths.loc[paths["unit"] == "RCC", "event"].tolist() == [-2, 0, 1, 2]


def test_years_beyond_those_compared_are_shown_where_a_comparator_has_them() -> None:
    rows = of_indicator(
        panel({"RAA": [1] * 5, "RBB": [None, 2, 2, 2, 2]}, starts=years(2012, 2016), length="year"), "ae_4h"
    )
    paths = comparator_paths(rows, spells(("RAA", "2014-07-16")), ["RBB"], Timescale("year", 1))
    assert paths["event"].tolist() == [-1, 0, 1, 2]


def test_comparators_were_never_in_the_regime_and_report_enough() -> None:
    assert comparators(ROWS, ["RAA"], 5, 50) == ["RBB", "RDD"]
    assert comparators(ROWS, ["RAA"], 4, 50) == ["RBB", "RCC", "RDD"]
    assert comparators(ROWS, ["RAA"], 5, 100) == ["RBB"]
    bare = ROWS.assign(denominator=float("nan"))
    assert comparators(bare, ["RAA"], 5, 100) == []
    assert comparators(bare, ["RAA"], 5, 0) == ["RBB", "RDD"]


def test_a_comparator_serves_only_windows_that_it_fills() -> None:
    given = spells(("RAA", "2016-02-10"), ("RAA", "2016-01-10"))
    paths = comparator_paths(ROWS, given, ["RBB", "RCC"], Timescale("month", 1))
    assert paths.groupby("spell")["unit"].unique().map(list).to_dict() == {0: ["RBB", "RCC"], 1: ["RBB"]}
    first = paths[(paths["spell"] == 0) & (paths["unit"] == "RBB")]
    assert first["event"].tolist() == [-1, 0, 1]
    assert first["value"].tolist() == [10, 10, 10]


def test_before_and_after_of_the_gap() -> None:
    trend = pd.Series(5.0, index=sorted(ROWS["period"].unique()))
    gaps = add_gap(align(ROWS, spells(("RAA", "2016-01-10")), MONTHLY, 2), trend)
    assert contrast(gaps, (-2, -1), (1, 2)).to_dict("records") == [
        {"spell": 0, "unit": "RAA", "before": 10.0, "after": 40.0, "change": 30.0}
    ]


def test_87_comparators_in_the_real_panel() -> None:
    rows = of_indicator(real_panel(), "ae_4h")
    record = load_spells(PROJECT / "data" / "reference" / "smq_spells.csv")
    assert len(comparators(rows, record["ods_code"], 96, 3000)) == 87


def test_the_england_trend_is_near_the_published_one_once_coverage_is_nearly_full() -> None:
    # Published for England, 2016-17: 2,540,440 of 23,362,301 attendances; the panel covers 91% of them.
    trend = england(of_indicator(real_panel(), "ae_4h"))
    assert trend["2016-04":"2017-03"].mean() == pytest.approx(100 * 2_540_440 / 23_362_301, abs=1.2)
