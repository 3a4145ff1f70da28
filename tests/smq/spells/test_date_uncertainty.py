"""Ranges must hold whatever the uncertain dates really were, and be reached by some of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smq import reference
from smq.errors import ReferenceFileError
from smq.spells import date_uncertainty, follow_up, regime

REFERENCE = Path(__file__).parents[3] / "data" / "reference"
STUDY_CUTOFF = date(2020, 12, 31)
EARLY = date(2017, 5, 31)


@pytest.fixture(scope="module")
def spells() -> pd.DataFrame:
    return reference.load_spells(REFERENCE / "smq_spells.csv")


@pytest.fixture(scope="module")
def ranges(spells: pd.DataFrame) -> pd.DataFrame:
    return reference.load_date_ranges(REFERENCE / "date_ranges.csv", spells=spells)


def moved(spells: pd.DataFrame, ranges: pd.DataFrame, shares: list[float]) -> pd.DataFrame:
    """Move each uncertain date to a share of its range."""
    at = spells.copy()
    columns = (ranges[name] for name in ("ods_code", "entered_on", "which", "earliest", "latest"))
    for (code, entered, which, earliest, latest), share in zip(
        zip(*columns, strict=True), shares, strict=True
    ):
        mine = (spells["ods_code"] == code) & (spells["entered_on"] == entered)
        day = earliest + pd.Timedelta(days=round(share * (latest - earliest).days))
        at.loc[mine, "entered_on" if which == "entry" else "exited_on"] = day
    return at


def bounds_of(spells: pd.DataFrame, ranges: pd.DataFrame, last: date) -> dict[str, tuple[float, float]]:
    table = date_uncertainty.table(spells, ranges, last)
    assert table is not None
    ends = zip(table["measure"], table["lowest"].astype(float), table["highest"].astype(float), strict=True)
    return {measure: (lowest, highest) for measure, lowest, highest in ends}


def figures(spells: pd.DataFrame, last: date) -> dict[str, float]:
    observed = follow_up.at_cutoff(spells, last)
    curve = regime.time_to_exit(observed)
    median, still_in = curve.quantile(0.5), curve.at(24.1)
    assert median is not None
    assert still_in is not None
    return {
        "exits_12m": regime.exits_within(observed, 12).exits,
        "exits_24m": regime.exits_within(observed, 24).exits,
        "median_months": median.value,
        "still_in_24m": 100 * still_in.value,
    }


def test_every_date_known_to_be_inferred_has_a_range(spells: pd.DataFrame, ranges: pd.DataFrame) -> None:
    # Named with the list of spells: month certain and day inferred, and the one date of low confidence.
    inferred = {("RXQ", "exit"), ("RCX", "exit"), ("RMY", "exit"), ("RVV", "exit"), ("R1F", "exit")}
    inferred |= {(code, "entry") for code in ("RCX", "RVV", "RXC", "RWP", "TAH", "RYC")}
    assert inferred | {("RJ7", "exit")} <= set(zip(ranges["ods_code"], ranges["which"], strict=True))
    doubtful = spells[spells["confidence"] != "high"]
    assert set(doubtful["ods_code"]) <= set(ranges["ods_code"])


def test_a_whole_month_begins_on_its_first_and_ends_on_its_last_day(ranges: pd.DataFrame) -> None:
    whole = ranges[ranges["reason"].str.endswith("the whole month")]
    assert len(whole) >= 7
    for earliest, latest in zip(whole["earliest"], whole["latest"], strict=True):
        assert f"{earliest:%d}" == "01"
        assert f"{latest + pd.Timedelta(days=1):%d}" == "01"


def test_the_exit_a_year_and_a_day_after_entry_is_the_one_in_doubt_within_12_months(
    spells: pd.DataFrame, ranges: pd.DataFrame
) -> None:
    table = date_uncertainty.table(spells, ranges, STUDY_CUTOFF)
    assert table is not None
    rows = {row["measure"]: row for row in table.to_dict("records")}
    # George Eliot: 366 days as listed; at the end of July 2014 it would be 380, more than 12 months.
    exits = rows["exits_12m"]
    assert (exits["lowest"], exits["value"], exits["highest"]) == (4, 5, 5)
    exits = rows["exits_24m"]
    assert (exits["lowest"], exits["value"], exits["highest"]) == (13, 13, 13)
    for measure, value in figures(spells, STUDY_CUTOFF).items():
        assert rows[measure]["value"] == pytest.approx(value)


@pytest.mark.parametrize("last", [EARLY, date(2020, 5, 15), STUDY_CUTOFF])
def test_all_dates_at_their_ends_reach_no_further_than_the_range(
    spells: pd.DataFrame, ranges: pd.DataFrame, last: date
) -> None:
    bounds = bounds_of(spells, ranges, last)
    for number in range(0, 2 ** len(ranges), 401):
        ends = [float(number >> place & 1) for place in range(len(ranges))]
        for measure, value in figures(moved(spells, ranges, ends), last).items():
            lowest, highest = bounds[measure]
            assert lowest - 1e-9 <= value <= highest + 1e-9


@pytest.fixture(scope="module")
def early(spells: pd.DataFrame, ranges: pd.DataFrame) -> dict[str, tuple[float, float]]:
    return bounds_of(spells, ranges, EARLY)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(shares=st.lists(st.floats(0, 1), min_size=13, max_size=13))
def test_no_admissible_dates_leave_the_range(
    spells: pd.DataFrame,
    ranges: pd.DataFrame,
    early: dict[str, tuple[float, float]],
    shares: list[float],
) -> None:
    for measure, value in figures(moved(spells, ranges, shares), EARLY).items():
        lowest, highest = early[measure]
        assert lowest - 1e-9 <= value <= highest + 1e-9


def test_a_cutoff_with_too_many_combinations_gives_none_not_a_guess(
    spells: pd.DataFrame, ranges: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(date_uncertainty, "MOST_COMBINATIONS", 10)
    assert date_uncertainty.table(spells, ranges, STUDY_CUTOFF) is None


def made(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Make spells from (code, entered, exited or empty, ended)."""
    return pd.DataFrame(
        {
            "trust_name": [f"Trust {code}" for code, *_ in rows],
            "ods_code": [code for code, *_ in rows],
            "entered_on": pd.to_datetime([row[1] for row in rows]),
            "exited_on": pd.to_datetime([row[2] or "NaT" for row in rows]),
            "ended": [row[3] for row in rows],
            "re_entered": "no",
        }
    )


def between(code: str, entered: str, which: str, earliest: str, latest: str) -> pd.DataFrame:
    days = pd.to_datetime([entered, earliest, latest])
    return pd.DataFrame(
        {
            "ods_code": [code],
            "entered_on": days[:1],
            "which": [which],
            "earliest": days[1:2],
            "latest": days[2:],
        }
    )


def test_an_end_that_crosses_a_censoring_moves_the_estimate_though_both_are_early() -> None:
    # Three spells: one ends between 100 and 300 days, one is censored at 200, one goes on. Before the
    # censoring the event is one of three, after it one of two: still in, 2/3 or 1/2.
    spells = made(
        ("RAA", "2014-01-01", "2014-06-01", "left"),
        ("RBB", "2014-01-01", "2014-07-20", "merged"),
        ("RCC", "2014-01-01", "", "open"),
    )
    ranges = between("RAA", "2014-01-01", "exit", "2014-04-11", "2014-10-28")
    ways = date_uncertainty.endings(spells, ranges, STUDY_CUTOFF)
    assert ways[0] == [date_uncertainty.Ending(100, 300, left=True)]
    stay = date_uncertainty.stay_ranges(ways)
    assert stay is not None
    assert stay[1].low == pytest.approx(50)
    assert stay[1].high == pytest.approx(100 * 2 / 3)


def test_a_spell_that_may_not_have_begun_or_ended_by_the_cutoff_is_tried_both_ways() -> None:
    spells = made(("RAA", "2014-01-10", "2014-06-01", "left"), ("RBB", "2014-01-01", "", "open"))
    out = between("RAA", "2014-01-10", "exit", "2014-05-20", "2014-06-20")
    ways = date_uncertainty.endings(spells, out, date(2014, 5, 31))
    assert [end.left for end in ways[0]] == [False, True]
    begun = between("RBB", "2014-01-01", "entry", "2013-12-01", "2014-01-31")
    assert (
        date_uncertainty.Ending(0, 0, left=False)
        in date_uncertainty.endings(spells, begun, date(2014, 1, 15))[1]
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("RXQ,2013-07-16,exit,2014-07-01,2014-06-30,why", "is before earliest (2014-07-01): correct one."),
        ("RXQ,2013-07-17,exit,2014-06-01,2014-06-30,why", "belongs to no such date in the list of spells."),
        (
            "RXQ,2013-07-16,exit,2014-06-21,2014-06-30,why",
            "must hold the day in the list of spells (2014-06-20)",
        ),
        ("RXQ,2013-07-16,exit,2014-06-01,2014-06-30,", "is empty: fill it in."),
        ("RXQ,2013-07-16,end,2014-06-01,2014-06-30,why", "write entry, exit."),
    ],
)
def test_a_range_that_cannot_be_is_named_with_advice(
    tmp_path: Path, spells: pd.DataFrame, row: str, said: str
) -> None:
    path = tmp_path / "ranges.csv"
    path.write_text(f"ods_code,entered_on,which,earliest,latest,reason\n{row}\n", encoding="utf-8")
    with pytest.raises(ReferenceFileError) as caught:
        reference.load_date_ranges(path, spells=spells)
    assert said in str(caught.value)


def test_a_doubled_range_is_found(tmp_path: Path, spells: pd.DataFrame) -> None:
    row = "RXQ,2013-07-16,exit,2014-06-01,2014-06-30,why"
    path = tmp_path / "ranges.csv"
    path.write_text(f"ods_code,entered_on,which,earliest,latest,reason\n{row}\n{row}\n", encoding="utf-8")
    with pytest.raises(ReferenceFileError, match="more than one row"):
        reference.load_date_ranges(path, spells=spells)
