"""Limits and rules must be those of NHSRplotthedots 0.2.2, whose published values stand here."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smq.control_charts import spc

# The twenty values that R gives for set.seed(123); rnorm(20), as its documentation prints them.
NORMAL = [
    -0.56047565,
    -0.23017749,
    1.55870831,
    0.07050839,
    0.12928774,
    1.71506499,
    0.46091621,
    -1.26506123,
    -0.68685285,
    -0.44566197,
    1.22408180,
    0.35981383,
    0.40077145,
    0.11068272,
    -0.55584113,
    1.78691314,
    0.49785048,
    -1.96661716,
    0.70135590,
    -0.47279141,
]
OUTLYING = [*NORMAL[:14], 10.0, *NORMAL[15:]]
SHORT = [1, 2, 1, 2, 10, *[1, 2] * 6, 1]


def limits(chart: spc.Chart) -> tuple[float, float, float]:
    return float(chart.mean[-1]), float(chart.lower[-1]), float(chart.upper[-1])


@pytest.mark.parametrize(
    ("values", "screen", "expected", "within"),
    [
        # Snapshots of ptd_spc_standard: as they are, with one value of 10, and that unscreened.
        (NORMAL, True, (0.1416238, -3.01138, 3.294627), 5e-7),
        (OUTLYING, True, (0.6694159, -2.383666, 3.722497), 5e-7),
        (OUTLYING, False, (0.6694159, -4.596625, 5.935457), 5e-7),
        # Snapshots of the summary: the two halves as facets.
        (NORMAL[:10], True, (0.0746, -2.60, 2.75), 5e-3),
        (NORMAL[10:], True, (0.209, -3.28, 3.70), 5e-3),
        # The vignette on deviations from the workbook: screened, and as the workbook does it.
        (SHORT, True, (1.94, -0.72, 4.6), 5e-3),
        (SHORT, False, (1.94, -3.06, 6.95), 5e-3),
    ],
)
def test_published_limits(
    values: list[float], screen: bool, expected: tuple[float, float, float], within: float
) -> None:
    assert limits(spc.xmr(values, screen=screen)) == pytest.approx(expected, abs=within)


def test_published_points() -> None:
    # The summary: 20 points, all common cause, by the last of them too.
    chart = spc.xmr(NORMAL)
    assert not chart.special.any()
    assert chart.variation("up") == "common cause"
    # The vignette: one point is special, the fifth, above the upper limit.
    assert spc.xmr(SHORT).rule == ("", "", "", "", "outside", *[""] * 13)
    # The package's test: 5.5 and −5.5 near opposite limits are common cause.
    assert spc.xmr([*[1, -1] * 7, 5.5, -5.5]).rule[-2:] == ("", "")


def test_near_limits_are_two_thirds_of_the_way() -> None:
    chart = spc.xmr(NORMAL)
    assert chart.near_upper[0] == pytest.approx(0.1416238 + (3.294627 - 0.1416238) * 2 / 3, abs=1e-6)
    assert chart.near_lower[0] == pytest.approx(0.1416238 - (0.1416238 + 3.01138) * 2 / 3, abs=1e-6)


def test_a_run_marks_all_its_points_and_a_point_at_the_mean_breaks_it() -> None:
    assert not spc.seven_run([1] * 6).any()
    assert not spc.seven_run([1, 1, 1, 0, 1, 1, 1, 1, 1, 1]).any()
    assert spc.seven_run([1] * 8 + [-1]).tolist() == [1] * 8 + [0]
    assert spc.seven_run([-1] * 8 + [1]).tolist() == [-1] * 8 + [0]


def test_a_trend_needs_six_steps_without_a_tie() -> None:
    assert not spc.seven_trend([1, 2, 3, 4, 5, 6]).any()
    assert not spc.seven_trend([1, 2, 3, 3, 4, 5, 6]).any()
    assert spc.seven_trend([2, 1, 2, 3, 4, 5, 6, 7, 3]).tolist() == [0, *[1] * 7, 0]
    assert spc.seven_trend([2, 7, 6, 5, 4, 3, 2, 1, 3]).tolist() == [0, *[-1] * 7, 0]
    turn = spc.seven_trend([1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1])
    assert turn.tolist() == [1] * 6 + [-1] * 7


@pytest.mark.parametrize(
    ("near", "sides", "marked"),
    [
        # Vectors of the package's tests of ptd_part_of_two_in_three.
        ([1, 0, 1], [1, 1, 1], [1, 0, 1]),
        ([0, 1, 1], [1, 1, 1], [0, 1, 1]),
        ([1, 1, 0], [1, 1, 1], [1, 1, 0]),
        ([0, 0, 1, 0, 1, 0, 0], [1] * 7, [0, 0, 1, 0, 1, 0, 0]),
        ([1, 0, 0, 1], [1] * 4, [0, 0, 0, 0]),
        ([1, 0, 0, 1, 1], [1] * 5, [0, 0, 0, 1, 1]),
        ([1, 0, 1], [1, -1, 1], [0, 0, 0]),
        ([0, 0, 1, 1, 0, 0, 0], [-1, 1, -1, 1, -1, 1, -1], [0] * 7),
        ([1, 1], [1, 1], [0, 0]),
    ],
)
def test_two_in_three_marks_the_near_points_on_one_side(
    near: list[int], sides: list[int], marked: list[int]
) -> None:
    assert spc.two_in_three(near, sides).tolist() == marked


def test_a_point_outside_counts_for_the_side_but_not_as_near() -> None:
    # Mean moving range 2 and mean 0 by construction: limits ±5.32, near limits ±3.5467.
    basis = [1.0, -1.0] * 6
    chart = spc.xmr([*basis, 4.0, 6.0, 0.5], fix_after_n_points=12)
    assert limits(chart) == pytest.approx((0, -5.32, 5.32))
    assert chart.rule[-3:] == ("", "outside", "")
    near = spc.xmr([*basis, 4.0, 0.5, 4.0], fix_after_n_points=12)
    assert near.rule[-3:] == ("two in three", "", "two in three")


def test_the_first_rule_that_holds_is_the_label() -> None:
    basis = [1.0, -1.0] * 6
    rising = spc.xmr([*basis, 0.5, 1.0, 2.0, 3.0, 4.0, 4.5, 6.0], fix_after_n_points=12)
    # All seven rise on one side; two are near; the last is outside.
    assert rising.rule[-7:] == (*["trend"] * 6, "outside")
    on_one_side = spc.xmr([*basis, 1, 2, 1, 2, 1, 4, 4], fix_after_n_points=12)
    assert on_one_side.rule[-7:] == (*["run"] * 5, *["two in three"] * 2)


def test_no_moving_range_and_no_run_crosses_into_another_group() -> None:
    chart = spc.xmr([1, 2] * 6 + [101, 102] * 6, rebase_at=[12])
    assert chart.group.tolist() == [0] * 12 + [1] * 12
    assert (chart.mean[0], chart.mean[-1]) == (1.5, 101.5)
    assert chart.upper[0] == pytest.approx(1.5 + 2.66)
    assert chart.upper[-1] == pytest.approx(101.5 + 2.66)
    assert not chart.special.any()


def test_limits_on_fewer_than_twelve_points_are_trial_limits() -> None:
    assert spc.xmr(range(11)).trial
    assert not spc.xmr(range(12)).trial
    assert spc.xmr(range(20), rebase_at=[11]).trial


@pytest.mark.parametrize(
    ("better", "target", "icon"),
    [
        # Limits 1 and 3, 5 and 7, 1 and 5 with a target of 4, by the package's test of the assurance icon.
        ("up", (1, 3), "fail"),
        ("up", (5, 7), "pass"),
        ("up", (1, 5), "hit or miss"),
        ("down", (1, 3), "pass"),
        ("down", (5, 7), "fail"),
        ("down", (1, 5), "hit or miss"),
    ],
)
def test_assurance_is_the_target_against_the_last_limits(
    better: str, target: tuple[float, float], icon: str
) -> None:
    width = (target[1] - target[0]) / 2 / 2.66
    middle = sum(target) / 2
    chart = spc.xmr([middle + width / 2, middle - width / 2] * 8)
    assert limits(chart)[1:] == pytest.approx(target)
    assert chart.assurance("up" if better == "up" else "down", 4) == icon
    assert chart.assurance(None, 4) is None
    assert chart.assurance("up", None) is None


def test_what_a_special_cause_is_depends_on_which_way_is_better() -> None:
    chart = spc.xmr([1, 2] * 8 + [50])
    assert chart.variation("up") == "improvement"
    assert chart.variation("down") == "concern"
    assert chart.variation(None) == "high"
    assert spc.xmr([1, 2] * 8 + [-50]).variation(None) == "low"


def test_a_series_that_never_moves_has_no_special_cause() -> None:
    for value in (0.0, 0.1, 5.3, 1e6 / 3):
        chart = spc.xmr([value] * 30)
        assert not chart.special.any()
        assert limits(chart) == pytest.approx((value, value, value))


@pytest.mark.parametrize(
    ("values", "choices"),
    [
        ([], {}),
        ([1.0, float("nan")], {}),
        ([[1.0, 2.0]], {}),
        (range(20), {"fix_after_n_points": 11}),
        (range(20), {"rebase_at": [0]}),
        (range(20), {"rebase_at": [20]}),
    ],
)
def test_what_cannot_be_charted_is_refused(values: object, choices: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"a chart needs|limits cannot|a new group"):
        spc.xmr(values, **choices)  # type: ignore[arg-type]


series = st.lists(st.integers(0, 40), min_size=1, max_size=60)


@given(series, st.sampled_from([0.001, 0.1, 3.0, 100.0, 1e6]))
def test_a_change_of_unit_changes_the_unit_and_nothing_else(values: list[int], factor: float) -> None:
    one, other = spc.xmr(values), spc.xmr([value * factor for value in values])
    assert other.rule == one.rule
    assert other.direction.tolist() == one.direction.tolist()
    for name in ("mean", "lower", "upper", "near_lower", "near_upper"):
        assert np.allclose(getattr(other, name), getattr(one, name) * factor, rtol=1e-9, atol=1e-9 * factor)


@given(series)
def test_turned_upside_down_improvement_becomes_concern(values: list[int]) -> None:
    one, other = spc.xmr(values), spc.xmr([-value for value in values])
    assert other.rule == one.rule
    assert other.variation_of("down") == one.variation_of("up")


@given(series)
def test_screened_limits_are_never_wider(values: list[int]) -> None:
    screened, plain = spc.xmr(values), spc.xmr(values, screen=False)
    assert screened.upper[0] <= plain.upper[0] + 1e-9
    assert (screened.mean == plain.mean).all()


@given(series)
def test_every_special_cause_has_a_rule_and_a_direction(values: list[int]) -> None:
    chart = spc.xmr(values)
    for rule, direction in zip(chart.rule, chart.direction, strict=True):
        assert (rule == "") == (direction == 0)
        assert rule == "" or rule in spc.RULES
