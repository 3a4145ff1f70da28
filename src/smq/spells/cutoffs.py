"""The regime as it looks on different days: the same figures at each cut-off, side by side."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from smq import naming
from smq.reference import REGIME_END
from smq.spells import follow_up, regime

if TYPE_CHECKING:
    from collections.abc import Sequence

CUTOFFS = (
    date(2017, 5, 31),
    date(2018, 9, 30),
    date(2019, 12, 31),
    date(2020, 12, 31),
    date(2021, 7, 13),
)
"""Just after the fullest published counts; when the published evaluation began; before the pandemic; the
cut-off of the study; the day on which the regime was replaced."""


def by_cutoff(
    spells: pd.DataFrame,
    cutoffs: Sequence[date],
    first_spells_at: date,
    *,
    regime_end: date = REGIME_END,
) -> pd.DataFrame:
    """Tabulate the main figures at each cut-off, and of first spells alone at `first_spells_at`.

    Columns: `cutoff` (written), `counted`, `spells`, `trusts`, `exits`, `not_left` (still in, or merged);
    `within_12m` and so on (exits) and `share_12m`, `share_24m`, `share_36m` (% of all); `all_exits_24m`: all
    exits within 24 months, of later spells too, as % of the spells begun 24 months before the cut-off (in the
    words of `exit_definitions`, "eligible, all exits"); `median_months` and `still_in_24m` (Kaplan-Meier, the
    latter in percent); `mean_completed_months`. NaN where the data do not reach.
    """
    rows = []
    for cutoff in cutoffs:
        observed = follow_up.at_cutoff(spells, cutoff, regime_end=regime_end)
        rows.append(_row(observed, follow_up.last_day(cutoff, regime_end), "all spells"))
    observed = follow_up.at_cutoff(spells, first_spells_at, regime_end=regime_end)
    last = follow_up.last_day(first_spells_at, regime_end)
    rows.append(_row(follow_up.first_spells(observed), last, "first spells"))
    estimates = ["all_exits_24m", "median_months", "still_in_24m", "mean_completed_months"]
    return pd.DataFrame(rows).astype(dict.fromkeys(estimates, float))


def _row(observed: pd.DataFrame, last: date, counted: str) -> dict[str, object]:
    within = {limit: regime.exits_within(observed, limit) for limit in regime.LIMITS}
    curve = regime.time_to_exit(observed)
    median, still_in = curve.quantile(0.5), curve.at(24 + follow_up.TOLERANCE_MONTHS)
    exits, eligible = int((observed["status"] == "left").sum()), within[24].eligible
    return {
        "cutoff": naming.long_date(last),
        "counted": counted,
        "spells": len(observed),
        "trusts": observed["ods_code"].nunique(),
        "exits": exits,
        "not_left": len(observed) - exits,
        "within_12m": within[12].exits,
        "share_12m": within[12].share,
        "within_18m": within[18].exits,
        "within_24m": within[24].exits,
        "share_24m": within[24].share,
        "all_exits_24m": 100 * within[24].exits / eligible if eligible else None,
        "within_36m": within[36].exits,
        "share_36m": within[36].share,
        "median_months": None if median is None else median.value,
        "still_in_24m": None if still_in is None else 100 * still_in.value,
        "mean_completed_months": regime.mean_completed_months(observed),
    }
