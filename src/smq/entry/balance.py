"""Two groups of trusts on one measure: those of the regime (`smq`) and those that never were in it (`never`).

`pair_of` and `spread_of` give what is compared, or in words why it cannot be. Intervals treat the trusts as a
sample, and no allowance is made for looking at several measures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from smq import wording
from smq.statistics import standardised_difference as standardised

if TYPE_CHECKING:
    from smq.statistics.standardised_difference import Difference, Distance

Kind = Literal["mean", "share", "categories"]
GROUPS = ("smq", "never")

SMALLEST_GROUP = 5
"""A difference is given where each group has at least so many trusts with a value."""


@dataclass(frozen=True)
class Measure:
    """One characteristic: `mean` of a number, `share` of trusts for which it holds, or `categories`."""

    id: str
    label: str
    kind: Kind
    unit: str
    format: str
    when: str
    """When it was measured, in words."""
    lacking: str = ""
    """Why it is not there, in worlds without it."""


@dataclass(frozen=True)
class Group:
    """The trusts of one group: how many have a value, how many do not, and what it is like.

    `level` is a mean, or a share in per cent; `spread` a standard deviation, NaN for shares; `count` the
    trusts for which a share holds.
    """

    known: int
    missing: int
    level: float
    spread: float
    count: int

    @classmethod
    def of(cls, values: pd.Series[float], members: int, kind: Kind) -> Group:
        """Describe the values of a group of so many members."""
        share = kind == "share"
        return cls(
            known=len(values),
            missing=members - len(values),
            level=float(values.mean()) * (100 if share else 1),
            spread=float("nan") if share else float(values.std()),
            count=int(values.sum()) if share else len(values),
        )


@dataclass(frozen=True)
class Pair:
    """Both groups on one measure; `difference` is SMQ minus never."""

    measure: Measure
    smq: Group
    never: Group
    difference: Difference

    @property
    def sign(self) -> int:
        """1 or −1 where the interval lies on that side of 0, else 0."""
        return wording.sign(self.difference.interval)

    @property
    def word(self) -> str:
        """How trusts of the regime compare with the others: higher, lower, not clearly different."""
        return {1: "higher", -1: "lower", 0: "not clearly different"}[self.sign]


@dataclass(frozen=True)
class Spread:
    """Both groups over categories: the counts of each, and how far apart they are."""

    measure: Measure
    counts: pd.DataFrame
    """Index: category; columns smq, never."""
    distance: Distance

    @property
    def word(self) -> str:
        """How evenly the groups are spread over the categories, beside what chance alone would bring."""
        beyond = self.distance.value > self.distance.by_chance
        return "more unevenly than by chance alone" if beyond else "no more unevenly than chance alone allows"


def pair_of(measure: Measure, values: pd.Series[float], groups: pd.Series[str]) -> Pair | str:
    """Compare the groups on one measure. `values` and `groups` are indexed by code.

    A trust of `groups` without a value counts as missing; a value of a trust outside them is not used.
    """
    if values.empty:
        return measure.lacking
    parts = {name: values[values.index.isin(groups.index[groups == name])] for name in GROUPS}
    if min(len(part) for part in parts.values()) < SMALLEST_GROUP:
        return _too_few(measure, len(parts["smq"]), len(parts["never"]))
    smq, never = (Group.of(parts[name], int((groups == name).sum()), measure.kind) for name in GROUPS)
    difference = (
        standardised.of_shares(smq.count, smq.known, never.count, never.known)
        if measure.kind == "share"
        else standardised.of_means(parts["smq"], parts["never"])
    )
    if difference is None:
        return f"{lower(measure.label)} ({measure.when}): no trust differs from any other"
    return Pair(measure, smq, never, difference)


def spread_of(measure: Measure, values: pd.Series[str], groups: pd.Series[str]) -> Spread | str:
    """Compare the groups over categories."""
    if values.empty:
        return measure.lacking
    known = values[values.index.isin(groups.index)]
    counts = pd.crosstab(known, groups.reindex(known.index)).reindex(columns=list(GROUPS), fill_value=0)
    if counts.sum().min() < SMALLEST_GROUP:
        return _too_few(measure, int(counts["smq"].sum()), int(counts["never"].sum()))
    distance = standardised.of_categories(counts["smq"].tolist(), counts["never"].tolist())
    if distance is None:
        return f"{lower(measure.label)}: the groups share too few categories"
    return Spread(measure, counts.sort_index(), distance)


def line(pair: Pair) -> dict[str, object]:
    """Give a pair as a row: what is measured, both groups as shown and in numbers, the difference."""
    low, high = pair.difference.interval
    groups = {
        f"{name}_{part}": getattr(group, part)
        for name, group in (("smq", pair.smq), ("never", pair.never))
        for part in ("known", "missing", "level", "spread")
    }
    measure = pair.measure
    return {
        "label": measure.label + (f", {measure.unit}" if measure.kind == "mean" else ""),
        "when": measure.when,
        "smq_shown": _shown(pair.smq, measure),
        "never_shown": _shown(pair.never, measure),
        **groups,
        "difference": pair.difference.value,
        "low": low,
        "high": high,
    }


def largest_first(pairs: dict[str, Pair]) -> list[Pair]:
    """Sort by the absolute difference."""
    return sorted(pairs.values(), key=lambda pair: -abs(pair.difference.value))


def lower(label: str) -> str:
    """Write a label as it stands within a sentence."""
    return label if label[1:2].isupper() or label[1:2] == "&" else label[:1].lower() + label[1:]


def _shown(group: Group, measure: Measure) -> str:
    if measure.kind == "share":
        return f"{group.count} ({group.level:{measure.format}}%)"
    return f"{group.level:{measure.format}} ({group.spread:{measure.format}})"


def _too_few(measure: Measure, smq: int, never: int) -> str:
    return (
        f"{lower(measure.label)} ({measure.when}): known for {smq} trusts of the regime and {never} others; "
        f"a comparison needs at least {SMALLEST_GROUP} of each"
    )
