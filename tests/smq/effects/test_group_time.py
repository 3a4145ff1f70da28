"""Group-time effects must be those that are published, and must not move with what should not matter."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import diff_diff  # type: ignore[import-untyped]
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smq.effects import bands, overalls
from smq.effects.group_time import NEVER, Controls, group_time
from tests.smq.effects.published import Floats, mpdta

if TYPE_CHECKING:
    from smq.effects.cells import Cells


def classic(controls: Controls = "never") -> Cells:
    values, start, _ = mpdta()
    return group_time(values, start, controls=controls, base="varying")


def test_the_cells_of_callaway_and_santanna_are_those_that_r_prints() -> None:
    # R did 2.5.1, reference page of att_gt: no covariates, never-treated controls.
    published = {
        2004: (-0.0105, -0.0704, -0.1373, -0.1008),
        2006: (0.0065, -0.0028, -0.0046, -0.0412),
        2007: (0.0305, -0.0027, -0.0311, -0.0261),
    }
    cells = classic()
    for cohort, effects in published.items():
        mine = cells.where(cells.cohort == cohort - 2003)
        assert mine.att.tolist() == pytest.approx(effects, abs=5e-5)
    assert bands.wald(
        cells.att[cells.event < 0], cells.influence[:, cells.event < 0]
    ).p_value == pytest.approx(0.16812, abs=5e-5)


def test_the_overalls_are_those_that_r_prints() -> None:
    # R did 2.5.1, README and reference page of aggte; its standard errors are bootstrapped.
    cells = classic()
    for average, value, error, near in (
        (overalls.simple(cells), -0.0400, 0.0119, 5e-4),
        (overalls.dynamic(cells), -0.0772, 0.0203, 2e-3),
        (overalls.group(cells), -0.0310, 0.0126, 5e-4),
        (overalls.calendar(cells), -0.0417, 0.0175, 2e-3),
    ):
        assert average.value == pytest.approx(value, abs=5e-5)
        assert average.error == pytest.approx(error, abs=near)
    published = {-3: 0.0305, -2: -0.0006, -1: -0.0245, 0: -0.0199, 1: -0.0510, 2: -0.1373, 3: -0.1008}
    assert {event: one.value for event, one in overalls.by_event(cells).items()} == pytest.approx(
        published, abs=5e-5
    )


def test_analytic_standard_errors_are_those_of_four_packages() -> None:
    # diff-diff, csdid, differences and moderndid agree on these.
    for controls, simple, dynamic in (
        ("never", (-0.0399513, 0.0120340), (-0.0772398, 0.0199650)),
        ("not_yet", (-0.0397636, 0.0120524), None),
    ):
        cells = classic(controls)  # type: ignore[arg-type]
        assert (overalls.simple(cells).value, overalls.simple(cells).error) == pytest.approx(simple, abs=1e-7)
        if dynamic:
            average = overalls.dynamic(cells)
            assert (average.value, average.error) == pytest.approx(dynamic, abs=1e-7)


@pytest.mark.parametrize("covariate", [False, True])
def test_the_library_gives_the_same_cells_with_gaps_in_the_panel(covariate: bool) -> None:
    values, start, table = mpdta()
    generator = np.random.default_rng(3)
    values = np.where(generator.random(values.shape) < 0.05, np.nan, values)
    prior = table.groupby("countyreal")["lpop"].first().to_numpy()
    rows, columns = np.nonzero(np.isfinite(values))
    long = table.iloc[:0].assign(unit=[]).reset_index(drop=True)
    long = long.reindex(range(len(rows))).assign(
        unit=rows,
        period=columns + 1,
        value=values[rows, columns],
        first=np.where(np.isinf(start), 0, start + 1)[rows].astype(int),
        prior=prior[rows],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        library = diff_diff.CallawaySantAnna(
            control_group="not_yet_treated", estimation_method="reg", base_period="universal"
        ).fit(
            long,
            outcome="value",
            unit="unit",
            time="period",
            first_treat="first",
            covariates=["prior"] if covariate else None,
        )
    path = np.repeat(prior[:, None, None], values.shape[1], axis=1) if covariate else None
    cells = group_time(values, start, controls="not_yet", covariates=path)
    assert len(cells.att) >= 9
    for cohort, event, att, error in zip(cells.cohort, cells.event, cells.att, cells.error, strict=True):
        other = library.group_time_effects[(cohort + 1, cohort + event + 1)]
        assert (other["effect"], other["se"]) == pytest.approx((att, error), abs=1e-9)


def world(seed: int, units: int = 40, periods: int = 8) -> tuple[Floats, Floats]:
    generator = np.random.default_rng(seed)
    values = generator.normal(size=(units, 1)) + generator.normal(size=(units, periods)).cumsum(axis=1)
    start = np.full(units, NEVER)
    start[:12] = np.repeat([3.0, 5.0], 6)
    return values, start


def test_one_cohort_is_two_by_two() -> None:
    values, start = world(1)
    start[start == 5] = NEVER
    (cell,) = group_time(values, start, events=(2, 2)).att
    change = values[:, 5] - values[:, 2]
    assert cell == pytest.approx(change[start == 3].mean() - change[np.isinf(start)].mean())


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), controls=st.sampled_from(["never", "not_yet", "at_risk"]))
def test_names_constants_and_common_shocks_change_nothing(seed: int, controls: Controls) -> None:
    values, start = world(seed)
    generator = np.random.default_rng(seed + 1)
    reference = overalls.dynamic(group_time(values, start, controls=controls), 1, 2)
    shocked = values + generator.normal(size=values.shape[1]) + generator.normal(size=(len(values), 1))
    order = generator.permutation(len(values))
    for moved, starts in ((shocked, start), (values[order], start[order])):
        again = overalls.dynamic(group_time(moved, starts, controls=controls), 1, 2)
        assert (again.value, again.error) == pytest.approx((reference.value, reference.error), abs=1e-9)


def test_trusts_at_risk_give_the_effect_back_that_later_starters_carry() -> None:
    # No noise: every unit gains 1, 2, 3 … from its start, in a world of common shocks.
    periods, units = 10, 30
    start = np.full(units, NEVER)
    start[:9] = np.repeat([3.0, 4.0, 6.0], 3)
    event = np.arange(periods)[None, :] - start[:, None]
    shocks = np.random.default_rng(1).normal(size=periods)
    values = np.where(event >= 0, event + 1.0, 0.0) + shocks
    effects = overalls.by_event(group_time(values, start, controls="at_risk", events=(0, 3)))
    assert {one: average.value for one, average in effects.items()} == pytest.approx({0: 1, 1: 2, 2: 3, 3: 4})


def test_controls_that_start_because_of_a_bad_run_bias_all_but_those_at_risk() -> None:
    # Trusts whose noise is high start; nothing happens to them. Other controls have had no bad run since.
    found: dict[Controls, list[float]] = {"never": [], "not_yet": [], "at_risk": []}
    for seed in range(60):
        generator = np.random.default_rng(seed)
        values = generator.normal(size=(120, 12))
        for period in range(1, 12):
            values[:, period] += 0.8 * values[:, period - 1]
        start = np.full(120, NEVER)
        for period in range(3, 9):
            level = np.where(np.isinf(start), values[:, period - 1], -np.inf)
            start[np.argsort(level)[-6:]] = period
        for controls, values_found in found.items():
            cells = group_time(values, start, controls=controls, covariates=values[:, :, None], events=(0, 3))
            values_found.append(overalls.dynamic(cells, 1, 3).value)
    mean = {controls: float(np.mean(values)) for controls, values in found.items()}
    error = float(np.std(found["at_risk"])) / np.sqrt(60)
    assert abs(mean["at_risk"]) < 2.5 * error
    assert mean["not_yet"] > 3 * error
    assert mean["never"] > mean["not_yet"]


def test_a_band_is_wider_than_an_interval_and_narrower_than_bonferroni() -> None:
    averages = list(overalls.by_event(classic()).values())
    critical = bands.critical_value(averages, seed=1)
    # t quantiles with 19 degrees of freedom, the counties of 2004 less one: 0.975 and 1 − 0.025/7.
    assert 2.093 < critical < 3.05
    assert critical == bands.critical_value(averages, seed=1)
