"""Re-entries against the four that the list holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smq import reference
from smq.spells import follow_up, reentry

if TYPE_CHECKING:
    import pandas as pd

SPELLS = Path(__file__).parents[3] / "data" / "reference" / "smq_spells.csv"
LAST = date(2020, 12, 31)


@pytest.fixture(scope="module")
def observed() -> pd.DataFrame:
    return follow_up.at_cutoff(reference.load_spells(SPELLS), LAST)


def test_four_of_33_trusts_that_left_came_back_at_the_times_in_the_list(observed: pd.DataFrame) -> None:
    curve = reentry.of_trusts(observed, LAST, "exit")
    assert curve is not None
    # Days from exit to re-entry: RMY 2016-10-14 to 2017-10-13, RWD 2015-03-27 to 2017-04-11,
    # RJL 2014-07-16 to 2017-04-06, RCX 2015-08-07 to 2018-09-13.
    assert [round(time * 30.4375) for time in curve.times] == [364, 746, 995, 1133]
    assert len(curve.followed) == 33
    assert curve.mean[0] == pytest.approx(1 / curve.at_risk[0])


def test_since_entry_every_trust_is_followed_and_none_comes_back_before_it_left(
    observed: pd.DataFrame,
) -> None:
    since = reentry.of_trusts(observed, LAST, "entry")
    assert since is not None
    assert len(since.followed) == 38
    # The shortest stay that a trust came back from was that of Northern Lincolnshire and Goole: 365 days.
    assert since.times.min() > 365 / 30.4375
    table = reentry.table(observed, LAST)
    assert table.loc[table["months"] == 60, "re_entries"].tolist() == [4, 4]


def test_a_day_on_which_nobody_had_left_has_no_curve_since_the_exit() -> None:
    early = date(2013, 12, 31)
    observed = follow_up.at_cutoff(reference.load_spells(SPELLS), early)
    assert reentry.of_trusts(observed, early, "exit") is None
    table = reentry.table(observed, early)
    assert set(table["clock"]) == {"Since the first entry"}
    assert table["per_100"].isna().all()
