"""The regime against published counts, and against figures worked out from the list when it was compiled."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smq import naming, reference
from smq import ratings as cqc
from smq.errors import CutoffError
from smq.spells import follow_up, regime
from smq.statistics.survival import kaplan_meier

REFERENCE = Path(__file__).parents[3] / "data" / "reference"
STUDY_CUTOFF = date(2020, 12, 31)

# Published with the list of spells: cut-off, spells, trusts, exits, exits within 12, 18, 24 and 36 months,
# exits within 24 months as % of the spells begun 24 months before, Kaplan-Meier median, still in at 24
# months, mean months of the completed spells.
ACCEPTANCE = [
    ("2017-05-31", 35, 33, 19, (5, 7, 11, 15), 52.4, 24.7, 0.532, 23.5),
    ("2018-09-30", 39, 35, 24, (5, 8, 12, 19), 41.4, 28.0, 0.628, 25.1),
    ("2019-12-31", 40, 36, 30, (5, 8, 12, 22), 32.4, 28.7, 0.677, 27.2),
    ("2020-12-31", 42, 38, 33, (5, 8, 13, 24), 32.5, 29.8, 0.667, 28.1),
    ("2021-07-13", 42, 38, 33, (5, 8, 13, 24), 32.5, 29.8, 0.669, 28.1),
]
FIRST_SPELLS = ("2020-12-31", 38, 38, 33, (5, 8, 13, 24), 36.1, 28.0, 0.629, 28.1)


@pytest.fixture(scope="module")
def spells() -> pd.DataFrame:
    return reference.load_spells(REFERENCE / "smq_spells.csv")


@pytest.fixture(scope="module")
def observed(spells: pd.DataFrame) -> pd.DataFrame:
    return follow_up.at_cutoff(spells, STUDY_CUTOFF)


def made(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Make spells from (code, entered, exited or empty, ended)."""
    seen: list[str] = []
    for code, *_ in rows:
        seen.append("re-entry" if code in seen else code)
    return pd.DataFrame(
        {
            "trust_name": [f"Trust {code}" for code, *_ in rows],
            "ods_code": [code for code, *_ in rows],
            "trust_type": "acute",
            "entered_on": pd.to_datetime([row[1] for row in rows]),
            "exited_on": pd.to_datetime([row[2] or "NaT" for row in rows]),
            "ended": [row[3] for row in rows],
            "re_entered": ["re-entry" if word == "re-entry" else "no" for word in seen],
            "confidence": "high",
        }
    )


@pytest.mark.parametrize("case", [*ACCEPTANCE, FIRST_SPELLS], ids=lambda case: f"{case[0]}-{case[1]}")
def test_figures_published_with_the_list_are_reproduced(
    spells: pd.DataFrame,
    case: tuple[str, int, int, int, tuple[int, ...], float, float, float, float],
) -> None:
    cutoff, total, trusts, exits, within, of_eligible, median, still_in, mean = case
    observed = follow_up.at_cutoff(spells, date.fromisoformat(cutoff))
    if case is FIRST_SPELLS:
        observed = follow_up.first_spells(observed)
    assert len(observed) == total
    assert observed["ods_code"].nunique() == trusts
    assert (observed["status"] == "left").sum() == exits
    counted = [regime.exits_within(observed, limit) for limit in regime.LIMITS]
    assert tuple(each.exits for each in counted) == within
    # The published share divides all exits by the eligible spells, also those of spells that are not.
    assert round(100 * counted[2].exits / counted[2].eligible, 1) == of_eligible
    curve = regime.time_to_exit(observed)
    half, at_24 = curve.quantile(0.5), curve.at(24)
    assert half is not None
    assert at_24 is not None
    assert round(half.value, 1) == median
    assert round(at_24.value, 3) == still_in
    assert round(regime.mean_completed_months(observed) or 0, 1) == mean


def test_quartiles_and_merger_at_the_cutoff_of_the_study(observed: pd.DataFrame) -> None:
    stay, shares = regime.length_of_stay(observed), regime.shares_at(observed, 24)
    rounded = {name: round(each.value, 1) for name, each in {**stay, **shares}.items() if each is not None}
    assert rounded["quartile_lower"] == 20.3
    assert rounded["quartile_upper"] == 41.9
    assert rounded["still_in_24m"] == 66.7
    assert rounded["km_exit_24m"] == 33.3
    # One of the 41 that had been followed to its day: 2.4%.
    assert rounded["ended_by_merger_24m"] == 2.4
    assert rounded["exits_24m_eligible_share"] == 32.5
    assert observed["status"].value_counts().to_dict() == {"left": 33, "open": 8, "merged": 1}


def test_an_exit_is_counted_among_the_eligible_only_if_its_spell_is(spells: pd.DataFrame) -> None:
    early = follow_up.at_cutoff(spells, date(2017, 5, 31))
    counted = regime.exits_within(early, 24)
    assert (counted.exits, counted.exits_of_eligible, counted.eligible) == (11, 10, 21)
    assert counted.eligible_share == pytest.approx(100 * 10 / 21)


def test_written_answer_of_2015(spells: pd.DataFrame) -> None:
    flow = regime.flow_by_year(follow_up.at_cutoff(spells, date(2015, 4, 15)), date(2015, 4, 15)).set_index(
        "year"
    )
    assert flow["entries"].to_dict() == {2013: 14, 2014: 4, 2015: 3}
    # The answer counts the end of Heatherwood and Wexham Park, a merger, as an exit.
    assert (flow["exits"] + flow["mergers"]).to_dict() == {2013: 0, 2014: 6, 2015: 1}


def test_hansard_of_january_2016(spells: pd.DataFrame) -> None:
    observed = follow_up.at_cutoff(spells, date(2016, 1, 5))
    assert len(observed) == 26
    assert (observed["status"] != "open").sum() == 11


def test_cqc_of_march_2017_still_counted_the_trust_that_left_that_day(spells: pd.DataFrame) -> None:
    observed = follow_up.at_cutoff(spells, date(2017, 3, 29))
    assert observed["ods_code"].nunique() == 31
    assert regime.in_regime(observed, date(2017, 3, 28)) == 12
    assert regime.in_regime(observed, date(2017, 3, 29)) == 11


def test_nhs_providers_of_april_2017(spells: pd.DataFrame) -> None:
    observed = follow_up.at_cutoff(spells, date(2017, 4, 26))
    counted = observed[observed["status"] != "merged"]  # its 32 leave the merged trust out
    first = counted[counted["entered_on"] == "2013-07-16"]
    later = counted[(counted["entered_on"] > "2013-07-16") & (counted["re_entered"] != "re-entry")]
    back = set(observed.loc[observed["re_entered"] == "re-entry", "ods_code"])
    leavers = counted[(counted["status"] == "left") & ~counted["ods_code"].isin(back)]
    assert counted["ods_code"].nunique() == 32
    assert (first["status"] == "left").sum() == 11
    assert regime.exits_within(first, 12).exits == 5
    assert len(back) == 2
    assert later["status"].value_counts().to_dict() == {"open": 13, "left": 8}
    assert regime.exits_within(later, 12).exits == 0
    assert len(leavers) == 17
    assert regime.mean_completed_months(leavers) == pytest.approx(24, abs=1)


def test_hsj_of_may_2017(spells: pd.DataFrame) -> None:
    observed = follow_up.at_cutoff(spells, date(2017, 5, 1))
    counted = regime.exits_within(observed, 12)
    assert (counted.eligible, counted.exits) == (27, 5)
    assert (observed["status"] != "open").sum() == 20


def test_shropshire_star_of_november_2018(observed: pd.DataFrame) -> None:
    assert regime.in_regime(observed, date(2018, 11, 10)) == 15


def test_the_daily_number_is_that_of_each_day(observed: pd.DataFrame) -> None:
    daily = regime.over_time(observed, STUDY_CUTOFF)
    assert daily["in_regime"].iloc[[0, -1]].tolist() == [11, 8]
    assert daily[["entries", "exits", "mergers"]].sum().tolist() == [42, 33, 1]
    steps = daily["entries"] - daily["exits"] - daily["mergers"]
    assert daily["in_regime"].tolist() == steps.cumsum().tolist()
    by_day = daily.set_index("day")["in_regime"]
    # Published: 15 when Shrewsbury and Telford entered, reported on 10 November 2018.
    assert by_day[:"2018-11-10"].iloc[-1] == 15
    assert by_day.index.is_unique


def test_first_and_repeat_spells_share_the_list_between_them(observed: pd.DataFrame) -> None:
    first, repeat = follow_up.first_spells(observed), follow_up.repeat_spells(observed)
    assert (len(first), len(repeat)) == (38, 4)
    assert set(repeat["ods_code"]) == {"RJL", "RWD", "RMY", "RCX"}
    assert set(repeat["status"]) == {"open"}


@given(
    entered=st.dates(date(2013, 7, 16), date(2017, 7, 1)),
    limit=st.sampled_from(regime.LIMITS),
)
@example(entered=date(2014, 8, 31), limit=18)
@example(entered=date(2016, 2, 29), limit=12)
@example(entered=date(2014, 1, 31), limit=24)
def test_an_exit_on_the_anniversary_counts_and_one_five_days_later_does_not(
    entered: date, limit: int
) -> None:
    # The anniversary of the last day of a month is the last day of a month that is shorter.
    anniversary = pd.Timestamp(entered) + pd.DateOffset(months=limit)
    for days, exits in ((0, 1), (5, 0)):
        out = anniversary + pd.Timedelta(days=days)
        observed = follow_up.at_cutoff(made(("RAA", f"{entered}", f"{out:%Y-%m-%d}", "left")), STUDY_CUTOFF)
        assert regime.exits_within(observed, limit).exits == exits


def test_flow_adds_up_to_the_trusts_in_the_regime(observed: pd.DataFrame) -> None:
    flow = regime.flow_by_year(observed, STUDY_CUTOFF)
    assert flow["entries"].tolist() == [14, 4, 8, 5, 6, 3, 0, 2]
    assert flow["re_entries"].sum() == 4
    balance = (flow["entries"] - flow["exits"] - flow["mergers"]).cumsum()
    assert flow["in_regime"].tolist() == balance.tolist()
    assert regime.peak(observed) == regime.Peak(18, date(2016, 11, 1))


def test_nothing_after_the_end_of_the_regime_counts(spells: pd.DataFrame) -> None:
    far = follow_up.at_cutoff(spells, date(2026, 6, 30))
    assert far["status"].value_counts().to_dict() == {"left": 33, "open": 8, "merged": 1}
    assert far["ends_on"].max() == pd.Timestamp("2021-07-13")
    flow = regime.flow_by_year(far, date(2026, 6, 30))
    assert flow["year"].iloc[-1] == 2021
    assert flow["in_regime"].iloc[-1] == 8


def test_an_exit_after_the_cutoff_is_not_yet_known() -> None:
    observed = follow_up.at_cutoff(made(("RAA", "2014-01-01", "2016-01-01", "left")), date(2015, 1, 1))
    assert observed["status"].tolist() == ["open"]
    assert observed["months"].tolist() == [pytest.approx(365 / 30.4375)]


def test_on_the_day_of_its_exit_a_spell_has_ended_and_the_trust_is_out() -> None:
    observed = follow_up.at_cutoff(made(("RAA", "2014-01-01", "2015-01-01", "left")), date(2015, 1, 1))
    assert observed["status"].tolist() == ["left"]
    assert regime.in_regime(observed, date(2014, 12, 31)) == 1
    assert regime.in_regime(observed, date(2015, 1, 1)) == 0


def test_a_year_and_a_day_is_twelve_months_but_a_year_and_four_days_is_not() -> None:
    observed = follow_up.at_cutoff(
        made(("RAA", "2013-07-16", "2014-07-17", "left"), ("RBB", "2013-07-16", "2014-07-20", "left")),
        STUDY_CUTOFF,
    )
    assert regime.exits_within(observed, 12).exits == 1


def test_a_merger_is_never_an_exit() -> None:
    observed = follow_up.at_cutoff(
        made(("RAA", "2014-01-01", "2014-07-01", "merged"), ("RBB", "2014-01-01", "", "open")), STUDY_CUTOFF
    )
    assert regime.exits_within(observed, 36).exits == 0
    assert regime.mean_completed_months(observed) is None
    merged = regime.shares_at(observed, 24)["ended_by_merger_24m"]
    assert merged is not None
    assert merged.value == 50.0


def test_too_short_a_follow_up_gives_none_not_a_number(spells: pd.DataFrame) -> None:
    early = follow_up.at_cutoff(spells, date(2014, 6, 30))
    assert set(regime.shares_at(early, 24).values()) == {None}
    assert regime.length_of_stay(early)["median_months"] is None
    table = regime.exits_table(follow_up.at_cutoff(spells, date(2014, 12, 31)))
    assert table["km_exit"].isna().tolist() == [False, True, True, True]
    assert table["exits"].tolist() == [5, 5, 5, 5]


def test_a_cutoff_before_the_first_entry_says_when_that_was(spells: pd.DataFrame) -> None:
    with pytest.raises(
        CutoffError, match=r"by the cut-off 2013-07-15: the first began on 2013-07-16\. Choose"
    ):
        follow_up.at_cutoff(spells, date(2013, 7, 15))


def test_a_cutoff_on_the_day_of_entry_can_be_analysed(spells: pd.DataFrame) -> None:
    observed = follow_up.at_cutoff(spells, date(2013, 7, 16))
    assert len(observed) == 11
    assert regime.length_of_stay(observed)["median_months"] is None


def test_the_list_for_the_appendix_hides_dates_after_the_cutoff(spells: pd.DataFrame) -> None:
    table = regime.spells_table(follow_up.at_cutoff(spells, STUDY_CUTOFF))
    assert len(table) == 42
    assert table["how"].value_counts().to_dict() == {"Left": 33, "Still in": 8, "Trust merged": 1}
    assert (table["ended"].dropna() <= "2020-12-31").all()
    assert table.loc[table["how"] == "Still in", "ended"].isna().all()


@pytest.mark.parametrize(
    ("name", "short"),
    [
        (
            "The Queen Elizabeth Hospital King's Lynn NHS Foundation Trust",
            "Queen Elizabeth Hospital King's Lynn",
        ),
        ("Colchester Hospital University NHS Foundation Trust", "Colchester"),
        ("Barking, Havering and Redbridge University Hospitals NHS Trust", "Barking, Havering and Redbridge"),
        ("Medway NHS Foundation Trust", "Medway"),
        ("Hospital NHS Trust", "Hospital"),
        ("Fictional Trust 01\n(simulated)", "Fictional Trust 01 (simulated)"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert naming.short_name(name) == short


def test_ratings_are_known_for_28_entries_and_32_exits(observed: pd.DataFrame) -> None:
    rated = cqc.of_spells(reference.load_ratings(REFERENCE / "smq_cqc_ratings.csv"), observed)
    overall = cqc.at_entry(rated).set_index("question").loc["Overall"]
    assert overall.to_dict() == {
        "Outstanding": 0,
        "Good": 0,
        "Requires improvement": 1,
        "Inadequate": 27,
        "Not known": 14,
    }
    assert cqc.at_exit(rated) == {
        "Outstanding": 0,
        "Good": 7,
        "Requires improvement": 25,
        "Inadequate": 0,
        "Not known": 1,
    }


def test_few_are_followed_from_where_one_fewer_than_ten_is_left() -> None:
    # Twelve spells that end in months 1 to 12: after the third end nine are left.
    curve = kaplan_meier(np.arange(1.0, 13.0), [True, False] * 6)
    assert regime.few_followed_from(curve) == 3.0
    assert curve.number_at_risk([3.0, 3.01]) == [10, 9]
    assert regime.few_followed_from(kaplan_meier([5.0] * 12, [False] * 12)) is None
    assert regime.few_followed_from(kaplan_meier([5.0, 6.0], [True, True])) == 0.0
