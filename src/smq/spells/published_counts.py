"""The quantities that others published about the regime, counted in the list of spells.

Each is a function of a `Snapshot`: the list as it stood on a day, in one way of counting. What the list
cannot say (reviews, boards, finance) has no function but a reason, in `NOT_IN_LIST`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from smq.spells import follow_up, regime
from smq.spells.exit_definitions import restated

if TYPE_CHECKING:
    import pandas as pd

NOT_IN_LIST = {
    "trusts_reviewed": "The list holds the trusts placed, not those reviewed.",
    "foundation_trusts_reviewed": "The list holds the trusts placed, not those reviewed.",
    "nhs_trusts_reviewed": "The list holds the trusts placed, not those reviewed.",
    "stayed_six_months_more": "The list holds no extensions.",
    "no_adequate_progress": "The list holds no judgement of progress.",
    "stayed": "The list does not tell these from the trust rated inadequate.",
    "rated_inadequate": "The list holds no rating of a trust that stays in.",
    "share_of_acute_trusts": "The list does not hold all acute trusts.",
    "share_of_all_trusts": "The list does not hold all trusts.",
    "board_changes": "The list holds nothing on boards.",
    "additional_doctors": "The list holds nothing on staff.",
    "additional_nurses_and_support_staff": "The list holds nothing on staff.",
    "placed_either_regime": "The list does not hold special measures for finance.",
    "share_quality_only": "The list does not hold special measures for finance.",
    "share_finance_only": "The list does not hold special measures for finance.",
    "share_both": "The list does not hold special measures for finance.",
    "in_either_regime_june_2018": "The list does not hold special measures for finance.",
}
"""Quantities that the list of spells cannot give, and why."""


@dataclass(frozen=True)
class Counting:
    """A way of counting: what a merger is, whether trusts or spells are counted, and the hour of the day.

    `mergers` is a key of `exit_definitions.MERGERS`; `unit` is trusts or spells; `hour` says whether the
    day's own entries and exits count (evening) or not (morning).
    """

    mergers: str = "no exit"
    unit: str = "trusts"
    hour: str = "evening"

    @property
    def departures(self) -> int:
        """In how many respects it departs from the study's own way."""
        return sum(getattr(self, name) != getattr(STANDARD, name) for name in ("mergers", "unit", "hour"))


STANDARD = Counting()
"""The study's own way of counting: trusts, in the evening, and a merger is no exit."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The spells as they stood on a day, and the CQC's ratings at their exits."""

    spells: pd.DataFrame
    counting: Counting
    first_day: pd.Timestamp
    """Day on which the first group entered."""
    ratings: pd.DataFrame

    def number(self, rows: pd.DataFrame) -> float:
        """Count the spells, or the trusts that they belong to."""
        return len(rows) if self.counting.unit == "spells" else rows["ods_code"].nunique()

    @property
    def first_group(self) -> pd.DataFrame:
        """First spells of the trusts that entered on the first day."""
        return self.spells[self.spells["entered_on"] == self.first_day]

    @property
    def later_group(self) -> pd.DataFrame:
        """First spells of the trusts that entered later."""
        return self.spells[
            (self.spells["entered_on"] > self.first_day) & (self.spells["re_entered"] != "re-entry")
        ]

    @property
    def back(self) -> set[str]:
        """Codes of the trusts that had come back."""
        return set(self.spells.loc[self.spells["re_entered"] == "re-entry", "ods_code"])

    @property
    def left(self) -> pd.DataFrame:
        """Spells that had led to an exit."""
        return self.spells[self.spells["status"] == "left"]


Quantity = Callable[[Snapshot], float | None]


def snapshot(spells: pd.DataFrame, ratings: pd.DataFrame, day: date, counting: Counting) -> Snapshot:
    """Look at the list as it stood on a day. Raises `CutoffError` if no spell had begun."""
    until = day if counting.hour == "evening" else day - timedelta(days=1)
    observed = follow_up.at_cutoff(spells, until)
    seen = restated(observed, "spells", counting.mergers)
    return Snapshot(seen, counting, spells["entered_on"].min(), ratings)


def _rated(rating: str) -> Quantity:
    def rated(at: Snapshot) -> float:
        left = at.first_group[at.first_group["status"] == "left"]
        known = left.merge(at.ratings, on=["ods_code", "entered_on"], validate="one_to_one")
        return float((known["overall_at_exit"] == rating).sum())

    return rated


def _entered(year: int) -> Quantity:
    return lambda at: at.number(at.spells[at.spells["entered_on"].dt.year == year])


def _left_in(year: int) -> Quantity:
    return lambda at: at.number(at.left[at.left["ends_on"].dt.year == year])


def _mean(rows: pd.DataFrame) -> float | None:
    return regime.mean_completed_months(rows)


def _still_in_over_a_year(at: Snapshot) -> float | None:
    still_in = at.later_group[at.later_group["status"] == "open"]
    return 100 * float((still_in["months"] > 12).mean()) if len(still_in) else None


def _without_those_back(at: Snapshot) -> pd.DataFrame:
    return at.left[~at.left["ods_code"].isin(at.back)]


def _longest_years(rows: pd.DataFrame) -> float | None:
    return float(rows["months"].max()) / 12 if len(rows) else None


QUANTITIES: dict[str, Quantity] = {
    "placed": lambda at: at.number(at.spells),
    "placed_to_date": lambda at: at.number(at.spells),
    "placed_first_group": lambda at: at.number(at.first_group),
    "placed_later": lambda at: at.number(at.later_group),
    "placed_in_2013": _entered(2013),
    "placed_in_2014": _entered(2014),
    "placed_for_quality": lambda at: at.number(at.spells),
    "in_regime": lambda at: at.number(at.spells[at.spells["status"] == "open"]),
    "in_either_regime_2013": lambda at: at.number(at.spells[at.spells["status"] == "open"]),
    "left_in_2014": _left_in(2014),
    "left_to_date": lambda at: at.number(at.left),
    "improved_and_left": lambda at: at.number(at.left),
    "entered_and_left": lambda at: at.number(at.left),
    "left_rated_good": _rated("Good"),
    "left_rated_requires_improvement": _rated("Requires improvement"),
    "left_with_support": _rated("Requires improvement"),
    "first_group_left": lambda at: float((at.first_group["status"] == "left").sum()),
    "first_group_left_under_12m": lambda at: regime.exits_within(at.first_group, 12).exits,
    "first_group_reentered": lambda at: float(at.first_group["ods_code"].isin(at.back).sum()),
    "later_group_left": lambda at: float((at.later_group["status"] == "left").sum()),
    "later_group_still_in": lambda at: float((at.later_group["status"] == "open").sum()),
    "later_group_left_under_12m": lambda at: regime.exits_within(at.later_group, 12).exits,
    "later_group_still_in_over_12m_share": _still_in_over_a_year,
    "leavers_without_reentrants": lambda at: at.number(_without_those_back(at)),
    "mean_stay_of_leavers_without_reentrants": lambda at: _mean(_without_those_back(at)),
    "mean_stay_of_leavers": lambda at: _mean(at.left),
    "entered_over_12m_ago": lambda at: regime.exits_within(at.spells, 12).eligible,
    "left_within_12m": lambda at: regime.exits_within(at.spells, 12).exits,
    "two_years_or_more": lambda at: float((at.spells["months"] >= 24).sum()),
    "longest_stay": lambda at: _longest_years(at.spells),
    "longest_stay_of_those_in": lambda at: _longest_years(at.spells[at.spells["status"] == "open"]),
    "reentered": lambda at: len(at.back),
}
"""Quantities by the name that `published_counts.csv` gives them."""
