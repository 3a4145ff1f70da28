"""A spell must be used wherever it can be, and never where its trust has a gap of its own."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smq.performance.timescale import Timescale
from smq.performance.trajectories import of_indicator
from smq.performance.usable import counted_reasons, coverage, select
from smq.reference import load_spells
from tests.smq.indicator_cases import PROJECT, SHARED, months, panel, real_panel, spells, years

MONTHLY = Timescale("month", 2)
ROWS = of_indicator(
    panel({"RAA": [10, 20, 30, 40, 50], "RBB": [1, 1, 1, 1, 1], "RCC": [5, None, 5, 5, 5]}), "ae_4h"
)
STRETCH = months("2014-01-01", 41)
LONG = of_indicator(panel({"RAA": [1.0] * 41, "RBB": [2.0] * 41}, starts=STRETCH), "ae_4h")
LONG_SPELLS = spells(("RAA", "2015-09-15"), ("RBB", "2015-09-15"))


def test_spells_are_left_out_with_their_reason() -> None:
    entries = spells(
        ("RAA", "2016-01-15"),
        ("RCC", "2016-01-15"),
        ("RBB", "2016-02-15"),
        ("RZZ", "2016-01-15"),
        ("RBB", "2019-01-15"),
    )
    used, excluded = select(ROWS, entries, MONTHLY)
    assert used["ods_code"].tolist() == ["RAA"]
    assert excluded[["ods_code", "reason"]].to_numpy().tolist() == [
        ["RCC", "figures for 1 of 2 months before entry"],
        ["RZZ", "no figures for this trust"],
        ["RBB", "figures for 1 of 2 months after entry"],
        ["RBB", "no figures around entry"],
    ]
    assert counted_reasons(excluded).to_numpy().tolist() == [
        ["Figures missing after entry", 1, 1],
        ["Figures missing before entry", 1, 1],
        ["Figures, but none around entry", 1, 1],
        ["No figures for the trust", 1, 1],
    ]


def test_a_missing_month_of_entry_leaves_the_spell_out() -> None:
    rows = of_indicator(panel({"RAA": [1, 2, None, 4, 5], "RBB": [1] * 5}), "ae_4h")
    excluded = select(rows, spells(("RAA", "2016-01-15")), MONTHLY)[1]
    assert excluded["reason"].tolist() == ["figures for none in the month of entry"]
    assert excluded["kind"].tolist() == ["Figures missing in the month of entry"]


def test_a_month_that_no_trust_has_is_no_gap_but_the_month_of_one_trust_is() -> None:
    lost = ROWS[ROWS["period"] != "2016-02-01"]
    entries = spells(("RAA", "2016-01-15"), ("RCC", "2016-01-15"))
    assert select(lost, entries, MONTHLY)[0].empty
    used, excluded = select(lost, entries, Timescale("month", 2, lost=1))
    assert used[["ods_code", "lost"]].to_numpy().tolist() == [["RAA", 1]]
    assert excluded["reason"].tolist() == ["figures for 1 of 2 months before entry"]


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from([place for place in range(41) if place != 20]), max_size=8))
def test_months_lost_to_all_are_allowed_up_to_the_limit_on_each_side(gone: set[int]) -> None:
    rows = LONG[~LONG["period"].isin(pd.to_datetime([STRETCH[place] for place in gone]))]
    used, _ = select(rows, LONG_SPELLS, Timescale("month", 20, lost=3))
    sides = [sum(place < 20 for place in gone), sum(place > 20 for place in gone)]
    assert len(used) == (2 if max(sides) <= 3 else 0)
    assert set(used["lost"]) <= {len(gone)}


def test_years_need_the_year_before_and_the_year_after() -> None:
    rows = of_indicator(
        panel(
            {"RAA": [1, 1, 1, 1], "RBB": [None, 1, 1, 1], "RCC": [1, 1, 1, None]},
            starts=years(2012, 2015),
            length="year",
        ),
        "ae_4h",
    )
    entries = spells(*((code, "2013-07-16") for code in ("RAA", "RBB")), ("RCC", "2014-12-31"))
    used, excluded = select(rows, entries, Timescale("year", 1))
    assert used["ods_code"].tolist() == ["RAA"]
    assert excluded["reason"].tolist() == [
        "figures for none in the year before entry",
        "figures for none in the year after entry",
    ]


def test_months_with_data_agree_with_the_published_overlap() -> None:
    rows = of_indicator(real_panel(), "ae_4h")
    expected = pd.read_csv(SHARED / "smq_data_overlap.csv").set_index(["ods_code", "entered_on"])
    record = load_spells(PROJECT / "data" / "reference" / "smq_spells.csv")
    counts = coverage(rows, record, Timescale("month", 24))
    entered = record["entered_on"].dt.strftime("%Y-%m-%d")
    counts.index = pd.MultiIndex.from_arrays([record["ods_code"], entered])
    assert len(counts) == 42
    for mine, theirs in (("before", "ae_months_before_24"), ("after", "ae_months_after_24")):
        assert counts[mine].to_dict() == expected[theirs].to_dict()


@pytest.mark.parametrize("lost", [0, 3])
def test_thirty_spells_of_28_trusts_in_the_real_panel(lost: int) -> None:
    rows = of_indicator(real_panel(), "ae_4h")
    record = load_spells(PROJECT / "data" / "reference" / "smq_spells.csv")
    used, excluded = select(rows, record, Timescale("month", 24, lost))
    assert (len(used), used["ods_code"].nunique(), len(excluded)) == (30, 28, 12)


@pytest.mark.parametrize(
    ("column", "side", "spells_used", "left_out"),
    [
        ("shmi", "shmi_year", 34, {"RD7", "RQQ", "RMY", "RRU", "RYD", "RYC", "TAH"}),
        ("recommend_work_share", "survey_year", 33, {"RD7", "RQQ", "RMY", "RRU", "RYD", "RYC", "TAH", "R1F"}),
    ],
)
def test_spells_with_a_year_before_and_after_agree_with_the_published_overlap(
    column: str, side: str, spells_used: int, left_out: set[str]
) -> None:
    folder = SHARED / "real" / "ebmgt-shmi-staff-survey"
    if not folder.is_dir():
        pytest.skip("needs the folder ../shared/data/real with real NHS statistics, which is not here")
    yearly = pd.read_csv(folder / "shmi_staff_survey_acute_trusts_2012_2019.csv").dropna(subset=[column])
    rows = pd.DataFrame(
        {
            "unit": yearly["ods_code"],
            "period": pd.to_datetime(yearly["year"].astype(str) + "-01-01"),
            "value": yearly[column],
        }
    )
    record = load_spells(PROJECT / "data" / "reference" / "smq_spells.csv")
    used, excluded = select(rows, record, Timescale("year", 1))
    assert len(used) == spells_used
    assert set(excluded["ods_code"]) == left_out
    expected = pd.read_csv(SHARED / "smq_data_overlap.csv")
    both = expected[(expected[f"{side}_before"] == 1) & (expected[f"{side}_after"] == 1)]
    assert sorted(both["ods_code"]) == sorted(used["ods_code"])
