"""What is compared must be right to the month, for a panel by hand and for the real one."""

from __future__ import annotations

import pandas as pd
import pytest

from smq.reference import load_spells
from smq.trajectories import (
    add_gap,
    align,
    comparator_paths,
    comparators,
    contrast,
    coverage,
    england,
    of_indicator,
    select,
)
from tests.smq.indicator_cases import PROJECT, SHARED, panel, real_panel, spells

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
        aligned = align(ROWS, spells(("RAA", day)), 2)
        assert aligned["event_month"].tolist() == [-2, -1, 0, 1, 2]
        assert aligned["value"].tolist() == [10, 20, 30, 40, 50]
        assert aligned["period"].dt.strftime("%Y-%m").tolist()[0] == "2015-11"


def test_spells_are_left_out_with_their_reason() -> None:
    given = spells(
        ("RAA", "2016-01-15"),
        ("RCC", "2016-01-15"),
        ("RBB", "2016-02-15"),
        ("RZZ", "2016-01-15"),
        ("RDD", "2019-01-15"),
    )
    used, excluded = select(ROWS, given, 2)
    assert used["ods_code"].tolist() == ["RAA"]
    assert dict(zip(excluded["ods_code"], excluded["reason"], strict=True)) == {
        "RCC": "figures for 1 of 2 months before entry",
        "RBB": "figures for 1 of 2 months after entry",
        "RZZ": "no figures for this trust",
        "RDD": "no figures around entry",
    }


def test_a_missing_month_of_entry_leaves_the_spell_out() -> None:
    rows = of_indicator(panel({"RAA": [1, 2, None, 4, 5]}), "ae_4h")
    assert select(rows, spells(("RAA", "2016-01-15")), 2)[1]["reason"].tolist() == [
        "figures for none in the month of entry"
    ]


def test_england_is_the_sum_over_trusts_and_leaves_out_other_providers() -> None:
    # November: (10 + 0 + 5 + 1) of 600; December, without RCC: (20 + 0 + 2) of 500.
    trend = england(ROWS)
    assert trend.iloc[0] == pytest.approx(100 * 16 / 600)
    assert trend.iloc[1] == pytest.approx(100 * 22 / 500)


def test_comparators_were_never_in_the_regime_and_report_enough() -> None:
    assert comparators(ROWS, ["RAA"], 5, 50) == ["RBB", "RDD"]
    assert comparators(ROWS, ["RAA"], 4, 50) == ["RBB", "RCC", "RDD"]
    assert comparators(ROWS, ["RAA"], 5, 100) == ["RBB"]


def test_a_comparator_serves_only_windows_that_it_fills() -> None:
    paths = comparator_paths(ROWS, spells(("RAA", "2016-02-10"), ("RAA", "2016-01-10")), ["RBB", "RCC"], 1)
    assert paths.groupby("spell")["unit"].unique().map(list).to_dict() == {0: ["RBB", "RCC"], 1: ["RBB"]}
    first = paths[(paths["spell"] == 0) & (paths["unit"] == "RBB")]
    assert first["event_month"].tolist() == [-1, 0, 1]
    assert first["value"].tolist() == [10, 10, 10]


def test_before_and_after_of_the_gap() -> None:
    trend = pd.Series(5.0, index=sorted(ROWS["period"].unique()))
    gaps = add_gap(align(ROWS, spells(("RAA", "2016-01-10")), 2), trend)
    assert contrast(gaps, (-2, -1), (1, 2)).to_dict("records") == [
        {"spell": 0, "unit": "RAA", "before": 10.0, "after": 40.0, "change": 30.0}
    ]


def test_months_with_data_agree_with_the_published_overlap() -> None:
    rows = of_indicator(real_panel(), "ae_4h")
    expected = pd.read_csv(SHARED / "smq_data_overlap.csv").set_index(["ods_code", "entered_on"])
    record = load_spells(PROJECT / "data" / "reference" / "smq_spells.csv")
    counts = coverage(rows, record, 24)
    entered = record["entered_on"].dt.strftime("%Y-%m-%d")
    counts.index = pd.MultiIndex.from_arrays([record["ods_code"], entered])
    assert len(counts) == 42
    for mine, theirs in (("before", "ae_months_before_24"), ("after", "ae_months_after_24")):
        assert counts[mine].to_dict() == expected[theirs].to_dict()


def test_thirty_spells_of_28_trusts_and_87_comparators_in_the_real_panel() -> None:
    rows = of_indicator(real_panel(), "ae_4h")
    record = load_spells(PROJECT / "data" / "reference" / "smq_spells.csv")
    used, excluded = select(rows, record, 24)
    assert (len(used), used["ods_code"].nunique(), len(excluded)) == (30, 28, 12)
    assert len(comparators(rows, record["ods_code"], 96, 3000)) == 87


def test_the_england_trend_is_near_the_published_one_once_coverage_is_nearly_full() -> None:
    # Published for England, 2016-17: 2,540,440 of 23,362,301 attendances; the panel covers 91% of them.
    trend = england(of_indicator(real_panel(), "ae_4h"))
    assert trend["2016-04":"2017-03"].mean() == pytest.approx(100 * 2_540_440 / 23_362_301, abs=1.2)
