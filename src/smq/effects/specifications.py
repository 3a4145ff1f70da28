"""The same question answered in other ways: one estimate for each specification.

Every estimate is the mean over the window after entry, in the unit of the indicator. Nothing is chosen by
its result: the list is fixed, and the first is the headline.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from smq.effects import checks, its, library, overalls
from smq.effects.cohorts import past
from smq.effects.group_time import group_time
from smq.effects.source import FEWEST_TRUSTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from smq.effects.cohorts import Blocks
    from smq.effects.group_time import Controls
    from smq.effects.source import Source
    from smq.statistics.estimates import Estimate

FULL_RECORD = date(2017, 4, 1)
"""From here on all trusts have figures before entry; older figures are those of trusts that survived."""
PANDEMIC = date(2020, 1, 1)
FIRST_COHORT_OVER = date(2013, 12, 31)
SYNTHETIC_DRAWS = 20


@dataclass(frozen=True)
class Specification:
    """One specification: its name, what it is in words, and its estimate or the reason why there is none.

    adjusted: whether trusts are compared with those of the same past.
    """

    name: str
    label: str
    adjusted: bool
    estimate: Estimate | None
    reason: str = ""


def specifications(source: Source, blocks: Blocks, seed: int) -> list[Specification]:
    """Estimate every specification. `blocks` are those of the headline."""
    year = blocks.months == 12
    found: list[Specification] = []

    def add(name: str, label: str, adjusted: bool, estimate: Callable[[], Estimate | None]) -> None:
        try:
            value = estimate()
            reason = "" if value else "no cohort can be followed for so long"
        except ValueError as error:
            value, reason = None, str(error)
        found.append(Specification(name, label, adjusted, value, reason))

    def classic(controls: Controls, anticipation: int = 0, *, path: bool = False) -> Estimate:
        cells = group_time(
            blocks.outcomes,
            blocks.start,
            controls=controls,
            anticipation=anticipation,
            covariates=blocks.path if path else None,
            events=(1, blocks.window),
        )
        return overalls.dynamic(cells, 1, blocks.window).estimate

    add("headline", "Trusts at risk, same past (headline)", True, lambda: headline(blocks))
    add("own_year", "The same, its own year before alone", True, lambda: own_year(blocks))
    add("cohorts", "The same, averaged by cohort", True, lambda: by_cohort(blocks))
    add("calendar", "The same, averaged by calendar period", True, lambda: by_period(blocks))
    if not year:
        add("quarters", "The same, by quarters", True, lambda: headline(source.blocks("quarter")))
    add(
        "cs_path_not_yet",
        "Callaway–Sant'Anna, not yet treated, same past",
        True,
        lambda: classic("not_yet", path=True),
    )
    add(
        "cs_path_never",
        "Callaway–Sant'Anna, never treated, same past",
        True,
        lambda: classic("never", path=True),
    )
    add("matched", f"{checks.MATCHES} nearest comparators by past", True, lambda: checks.matched(blocks))
    add(
        "no_first_cohort",
        "Without the entries of 2013",
        True,
        lambda: headline(source.blocks(entered_from=FIRST_COHORT_OVER)),
    )
    add(
        "full_record",
        "Entries from April 2017 only",
        True,
        lambda: headline(source.blocks(entered_from=FULL_RECORD)),
    )
    if not year:
        add("before_2020", "Figures before 2020 only", True, lambda: headline(source.blocks(before=PANDEMIC)))
    add("cs_not_yet", "Callaway–Sant'Anna, not yet treated", False, lambda: classic("not_yet"))
    add("cs_never", "Callaway–Sant'Anna, never treated", False, lambda: classic("never"))
    dip = 12 // blocks.months
    if not year:
        add("cs_dip_6", "Not yet treated, last 6 months dropped", False, lambda: classic("not_yet", dip // 2))
    add("cs_dip_12", "Not yet treated, last 12 months dropped", False, lambda: classic("not_yet", dip))
    add("sun_abraham", "Sun–Abraham", False, lambda: library.sun_abraham(blocks))
    add("imputation", "Imputation", False, lambda: library.imputation(blocks))
    before = min(blocks.window, int(blocks.start.min()))
    add(
        "synthetic",
        "Synthetic difference in differences",
        False,
        lambda: library.synthetic(blocks, before, seed, SYNTHETIC_DRAWS),
    )
    if not year:
        add("its", "Interrupted time series of each trust", False, lambda: time_series(source).estimate)
    return found


def headline(blocks: Blocks) -> Estimate:
    """Give the headline estimate: its mean over the window after entry.

    Raises `ValueError` where fewer than `FEWEST_TRUSTS` trusts enter.
    """
    trusts = int(blocks.treated.sum())
    if trusts < FEWEST_TRUSTS:
        raise ValueError(f"{trusts} trusts enter; at least {FEWEST_TRUSTS} are needed")
    return overalls.dynamic(checks.adjusted(blocks), 1, blocks.window).estimate


def own_year(blocks: Blocks) -> Estimate:
    """Give the headline adjusted for the year before on the indicator itself, and for nothing else."""
    cells = group_time(
        blocks.outcomes,
        blocks.start,
        controls="at_risk",
        covariates=past(blocks.outcomes, blocks.lags),
        events=(0, blocks.window),
    )
    return overalls.dynamic(cells, 1, blocks.window).estimate


def by_period(blocks: Blocks) -> Estimate:
    """Average the headline within calendar periods first."""
    return overalls.calendar(checks.adjusted(blocks), 1, blocks.window).estimate


def by_cohort(blocks: Blocks) -> Estimate:
    """Average the headline over time within cohorts first."""
    return overalls.group(checks.adjusted(blocks), 1, blocks.window).estimate


def time_series(source: Source, *, likelihood: bool = False) -> its.Combined:
    """Combine the interrupted time series of all spells used. Raises `ValueError` with fewer than two."""
    suffix = "_ml" if likelihood else ""
    fits = source.series
    return its.combine(fits[f"effect{suffix}"].to_numpy(), fits[f"error{suffix}"].to_numpy())
