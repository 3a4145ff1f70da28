"""Both regimes must be told apart, and no trust may be chosen for a comparison by what became of it later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smq.effects.challenged import Both, as_spells, at_risk_of_both, both_regimes, without_watched
from smq.effects.cohorts import Blocks
from smq.effects.group_time import NEVER
from smq.performance.indicator import Lacking
from tests.smq.effects import two_regimes, watched
from tests.smq.effects.test_estimate import yearly_study


def test_both_effects_are_recovered_where_both_regimes_take_the_worst() -> None:
    worlds = [two_regimes.world(seed) for seed in range(1000, 1030)]
    for estimate, truth in (
        (two_regimes.of_list, two_regimes.LIST),
        (two_regimes.of_regime, two_regimes.REGIME),
    ):
        found = [estimate(made) for made in worlds]
        values = np.array([one.value for one in found])
        # Within three standard errors of a mean over the worlds, and the small bias that is documented.
        assert abs(values.mean() - truth) < 3 * values.std(ddof=1) / np.sqrt(len(worlds)) + 0.2
        held = sum(one.interval[0] <= truth <= one.interval[1] for one in found)
        assert held >= 26


# By hand: A enters the other regime in column 2, B does not. Known: −1 at entry, −2 a block later.
def test_the_effect_of_the_other_regime_is_taken_out_and_nobody_in_it_is_compared() -> None:
    blocks = Blocks(
        ("A", "B"), np.array([[5.0, 5, 5, 5, 5], [1, 2, 3, 4, 5]]), np.array([NEVER] * 2), 0, 12, 2
    )
    cleared, path = at_risk_of_both(blocks, np.array([2.0, NEVER]), {-1: 9.0, 0: -1.0, 1: -2.0})
    assert cleared.outcomes[0].tolist()[:4] == [5, 5, 6, 7]
    # Two blocks after entry its effect is not known.
    assert np.isnan(cleared.outcomes[0, 4])
    assert cleared.outcomes[1].tolist() == [1, 2, 3, 4, 5]
    # The year before is that of the block before a start: from column 1 on, A could only start in the regime.
    assert np.isnan(path[0, :, 0]).tolist() == [False, True, True, True, True]
    assert not np.isnan(path[1, :, 0]).any()


def test_without_watched_comparators_no_trust_that_entered_is_left_out() -> None:
    made = two_regimes.world(1)
    blocks = made.blocks(made.regime)
    both = {unit for unit, on in zip(blocks.units, made.listed, strict=True) if np.isfinite(on)}
    entered = np.isfinite(made.regime)
    found = without_watched(blocks, both)
    assert found is not None
    *events, out, left = found.groups
    comparators = np.isfinite(made.listed) & ~entered
    assert (out, left) == (int(comparators.sum()), int((~entered & ~comparators).sum()))
    assert events == [18, 18, 18, 18]
    assert found.estimate.clusters == entered.sum() == 18


def estimated(listed: pd.DataFrame) -> Both:
    found = both_regimes(
        watched.panel(),
        watched.record(),
        listed,
        yearly_study(),
        watched.INDICATOR,
        window=24,
        permutations=49,
        seed=3,
    )
    assert isinstance(found, Both)
    return found


def test_the_numbers_of_trusts_behind_each_part_are_counted() -> None:
    on = watched.others()[:16]
    found = estimated(watched.listed(on))
    assert found.of_list is not None
    assert found.of_list.groups[:2] == (16, 16)
    assert found.of_list.estimate.clusters == 16
    assert found.without is not None
    assert found.without.groups[-2:] == (16, len(watched.others()) - 16)
    assert found.spread == pytest.approx(watched.figures().groupby("year")["value"].std().mean())


def test_a_trust_counts_once_and_not_where_it_was_in_the_regime_before() -> None:
    rows = watched.listed(watched.others()[:12])
    again = rows.head(3).assign(on=lambda table: table["on"] + pd.Timedelta(days=900))
    placed = watched.record().sort_values("entered_on")["ods_code"].head(1)
    early = pd.DataFrame({"trust": placed, "on": pd.Timestamp("2016-05-01"), "off": pd.NaT})
    late = pd.DataFrame({"trust": watched.others()[12:15], "on": pd.Timestamp("2021-05-01"), "off": pd.NaT})
    plain, more = (estimated(table) for table in (rows, pd.concat([rows, again, early, late])))
    assert plain.of_list is not None
    assert more.of_list is not None
    assert more.of_list.groups[:2] == plain.of_list.groups[:2] == (12, 12)
    assert more.without == plain.without


def test_first_stays_are_laid_out_like_spells() -> None:
    rows = pd.DataFrame(
        {
            "trust": ["RB", "RA", "RB"],
            "on": pd.to_datetime(["2016-01-01", "2015-01-01", "2014-01-01"]),
            "off": [pd.NaT, pd.NaT, pd.Timestamp("2015-01-01")],
        }
    )
    found = as_spells(rows)
    assert found["ods_code"].tolist() == ["RB", "RA"]
    assert found["entered_on"].dt.year.tolist() == [2014, 2015]
    assert found["ended"].tolist() == ["left", "open"]


def test_what_knows_nothing_of_the_list_is_the_same_whatever_the_list() -> None:
    one, other = (estimated(watched.listed(watched.others()[first : first + 12])) for first in (0, 30))
    assert one.everyone == other.everyone
    assert one.spread == other.spread
    assert one.of_list != other.of_list


def test_an_indicator_without_figures_is_lacking() -> None:
    found = both_regimes(
        watched.panel(),
        watched.record(),
        watched.listed(watched.others()[:12]),
        yearly_study(),
        "turnover",
        window=24,
        permutations=9,
        seed=3,
    )
    assert found == Lacking("no data file holds figures on staff turnover in a year")
