"""What is called in the regime, or after it, must be so in every period."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smq.performance.stages import COUNTS, ESTIMATES, Stages, estimated, follow
from smq.performance.timescale import Timescale
from smq.performance.trajectories import england, of_indicator
from smq.reference import load_spells
from smq.spells.follow_up import at_cutoff
from tests.smq.indicator_cases import PROJECT, SHARED, months, panel, real_panel, spells, years

LAST = date(2020, 12, 31)
YEARLY = Timescale("year", 1)
# England is the mean of four: 10 in every year, so that gaps are the values less 10.
VALUES: dict[str, list[float | None]] = {
    #       2012 2013 2014 2015 2016 2017 2018 2019
    "RAA": [14, 15, 16, 13, 12, 11, 10, 10],
    "RBB": [16, 17, 18, 18, 14, 12, 15, 16],
    "RCC": [10, 10, 10, 10, 10, 10, 10, 10],
    "RDD": [0, -2, -4, -1, 4, 7, 5, 4],
}
ENTRIES = spells(
    ("RAA", "2013-07-16", "2015-03-27"),
    ("RBB", "2013-07-16", "2016-05-01"),
    ("RBB", "2018-02-01"),
    ("RCC", "2013-07-16", "2014-10-01", "merged"),
)


def yearly(values: dict[str, list[float | None]], last: date = LAST) -> tuple[Stages, pd.DataFrame]:
    shifted: dict[str, list[float | None]] = {
        code: [None if share is None else share + 10 for share in line] for code, line in values.items()
    }
    rows = of_indicator(panel(shifted, starts=years(2012, 2019), length="year"), "ae_4h")
    observed = at_cutoff(ENTRIES, last)
    return follow(rows, observed, YEARLY, last, england(rows)), observed


def reasons(stages: Stages, observed: pd.DataFrame, stage: str) -> dict[tuple[str, int], str]:
    """Reasons of a stage, by trust and year of entry."""
    status = stages.status[stages.status["stage"] == stage].set_index("spell")
    return {
        (code, day.year): status.loc[spell, "reason"]
        for spell, code, day in observed[["ods_code", "entered_on"]].itertuples()
    }


def key(observed: pd.DataFrame, spell: object) -> tuple[str, int]:
    line = observed.loc[[spell]]
    return str(line["ods_code"].iloc[0]), int(line["entered_on"].dt.year.iloc[0])


def gaps_of(stages: Stages, observed: pd.DataFrame, stage: str) -> dict[tuple[str, int], list[float]]:
    return {key(observed, spell): part["gap"].tolist() for spell, part in stages.of(stage).groupby("spell")}


def test_stages_by_hand() -> None:
    stages, observed = yearly(VALUES)
    # RAA: in all of 2014, left in 2015. RBB: in 2014 and 2015, left in 2016, back in 2018, still in.
    assert gaps_of(stages, observed, "during") == {
        ("RAA", 2013): [6],
        ("RBB", 2013): [8, 8],
        ("RBB", 2018): [6],
    }
    assert gaps_of(stages, observed, "exit") == {("RAA", 2013): [3], ("RBB", 2013): [4]}
    assert gaps_of(stages, observed, "after_exit_1y") == {("RAA", 2013): [2], ("RBB", 2013): [2]}
    assert gaps_of(stages, observed, "after_exit_2y") == {("RAA", 2013): [2, 1]}
    assert gaps_of(stages, observed, "around_exit") == {("RAA", 2013): [6, 3, 2], ("RBB", 2013): [8, 4, 2]}


def test_reasons_by_hand() -> None:
    stages, observed = yearly(VALUES)
    assert reasons(stages, observed, "during")["RCC", 2013] == "no whole year in the regime"
    assert reasons(stages, observed, "after_exit_1y") == {
        ("RAA", 2013): "",
        ("RBB", 2013): "",
        ("RBB", 2018): "still in at the cut-off",
        ("RCC", 2013): "ended by merger",
    }
    assert reasons(stages, observed, "after_exit_2y")["RBB", 2013] == "re-entered within 2 years"


def test_the_year_of_re_entry_is_not_after_exit() -> None:
    rows = of_indicator(
        panel({"RAA": [1] * 9, "RBB": [1] * 9}, starts=years(2012, 2020), length="year"), "ae_4h"
    )
    entries = spells(("RAA", "2013-07-16", "2014-05-01"), ("RAA", "2015-11-01"))
    observed = at_cutoff(entries, LAST)
    stages = follow(rows, observed, YEARLY, LAST, england(rows))
    assert reasons(stages, observed, "after_exit_1y")["RAA", 2013] == "re-entered within 1 year"


def test_a_period_that_the_cut_off_cuts_is_left_out() -> None:
    # Seen to the middle of 2017, which is no whole year: one after 2015 for RAA, none after 2016 for RBB.
    stages, observed = yearly(VALUES, date(2017, 6, 30))
    after = reasons(stages, observed, "after_exit_1y")
    assert after["RAA", 2013] == ""
    assert after["RBB", 2013] == "left less than 1 year before the cut-off"
    assert (
        reasons(stages, observed, "after_exit_2y")["RAA", 2013] == "left less than 2 years before the cut-off"
    )


def test_a_gap_of_the_trust_leaves_the_stage_out_and_nothing_else() -> None:
    stages, observed = yearly(VALUES | {"RAA": [14, 15, 16, 13, 12, None, 10, 10]})
    assert reasons(stages, observed, "after_exit_1y")["RAA", 2013] == ""
    assert reasons(stages, observed, "after_exit_2y")["RAA", 2013] == "figures for 1 of 2 years"
    gone, observed = yearly({code: line for code, line in VALUES.items() if code != "RAA"})
    assert set(gone.status.loc[gone.status["unit"] == "RAA", "reason"]) == {"no figures for this trust"}


def test_estimates_by_hand() -> None:
    stages, observed = yearly(VALUES)
    gaps = {("RAA", 2013): 4.0, ("RBB", 2013): 6.0}
    first = [spell for spell in observed.index if key(observed, spell) in gaps]
    before = pd.Series([gaps[key(observed, spell)] for spell in first], index=first)
    found = estimated(stages, before, YEARLY)
    values = {name: estimate.value for name, estimate in found.estimates.items()}
    # In the regime (6 + 8 + 6) / 3, changes 6 − 4 and 8 − 6; after exit 2 − 4 and 2 − 6;
    # around exit 2 − 6 and 2 − 8.
    assert values["gap_during"] == pytest.approx(20 / 3)
    assert values["level_exit"] == pytest.approx(23.5)
    assert (values["change_during"], values["change_after_exit"]) == (2, -3)
    assert (values["exit_gap_before"], values["exit_gap_after"], values["exit_change"]) == (7, 2, -5)
    # The two changes −2 and −4: standard error 1, t(1) quantile 12.7062.
    assert found.estimates["change_after_exit"].interval == pytest.approx((-15.7062, 9.7062), abs=1e-3)
    assert found.counts == {
        "spells_during": 3,
        "spells_exit": 2,
        "spells_after_exit_1y": 2,
        "spells_after_exit_2y": 1,
        "spells_around_exit": 2,
        "spells_change_during": 2,
        "spells_change_after_exit": 2,
    }
    assert found.absent["gap_after_exit_2y"] == (
        "1 spell could be followed for so long; an interval needs at least two trusts"
    )
    assert {*found.estimates, *found.absent} == set(ESTIMATES)
    assert set(found.counts) == set(COUNTS)


def test_months_lost_to_all_are_no_gap_of_a_trust() -> None:
    starts = months("2014-01-01", 40)
    rows = of_indicator(panel({"RAA": [1] * 40, "RBB": [1] * 40}, starts=starts), "ae_4h")
    observed = at_cutoff(spells(("RAA", "2014-03-01", "2015-06-20")), LAST)
    for lost, kept in ((3, True), (4, False)):
        there = rows[~rows["period"].isin(pd.to_datetime(starts[20 : 20 + lost]))]
        stages = follow(there, observed, Timescale("month", 24, lost=3), LAST, england(there))
        assert (reasons(stages, observed, "after_exit_1y")["RAA", 2014] == "") is kept
        assert len(stages.of("after_exit_1y")) == (9 if kept else 0)


@settings(max_examples=10, deadline=None)
@given(st.floats(0, 50), st.integers(1, 12), st.integers(1, 28))
def test_gaps_do_not_move_with_the_level_of_everybody_nor_with_the_day_in_the_year_of_exit(
    shift: float, month: int, day: int
) -> None:
    moved, _ = yearly(
        {code: [value + shift for value in line if value is not None] for code, line in VALUES.items()}
    )
    assert moved.gaps["gap"].tolist() == pytest.approx(yearly(VALUES)[0].gaps["gap"].tolist(), abs=1e-9)
    rows = of_indicator(
        panel({"RAA": [1] * 9, "RBB": [2] * 9}, starts=years(2012, 2020), length="year"), "ae_4h"
    )
    observed = at_cutoff(spells(("RAA", "2013-07-16", f"2016-{month:02}-{day:02}")), LAST)
    stages = follow(rows, observed, YEARLY, LAST, england(rows))
    assert stages.of("during")["event"].tolist() == [1, 2]
    assert stages.of("after_exit_2y")["period"].dt.year.tolist() == [2017, 2018]


def test_spells_followed_for_a_year_after_exit_agree_with_the_published_overlap() -> None:
    rows = of_indicator(real_panel(), "ae_4h")
    record = load_spells(PROJECT / "data" / "reference" / "smq_spells.csv")
    observed = at_cutoff(record, LAST)
    stages = follow(rows, observed, Timescale("month", 24, lost=3), LAST, england(rows))
    status = stages.status[(stages.status["stage"] == "after_exit_1y") & stages.status["used"]]
    used = observed.loc[status["spell"]]
    expected = pd.read_csv(SHARED / "smq_data_overlap.csv")
    whole_year = (expected["ae_months_after_exit_12"] == 12) & (expected["exited_on"] <= "2019-12-31")
    assert whole_year.sum() == 23
    assert sorted(used["ods_code"]) == sorted(expected.loc[whole_year, "ods_code"])
