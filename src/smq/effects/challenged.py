"""What coming on the list of challenged providers did, and what watched comparators hide of the regime.

Two regimes are at work. A trust is at risk of the list until it has come on it or has entered special
measures, so the headline comparison is made among trusts that are in neither. A trust that enters special
measures later is not left out, for that would be because of what happened to it afterwards: the effect of
the regime by event, as it is estimated, is taken out of its figures (g-estimation, as in
`smq.effects.group_time`). That effect is taken as known, and figures beyond the window after its entry are
not used.

What is estimated here is not fit to be told as it is: see `smq.effects.disclosure`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.effects import checks, overalls, permutation
from smq.effects.group_time import NEVER, group_time
from smq.effects.permutation import STRATA
from smq.effects.source import Source, source
from smq.effects.specifications import headline
from smq.performance import trajectories
from smq.performance.indicator import Lacking
from smq.spells.follow_up import last_day
from smq.statistics.threads import one_thread

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy.typing as npt

    from smq.config import Indicator, Study
    from smq.effects.cells import Cells
    from smq.effects.cohorts import Blocks
    from smq.statistics.estimates import Estimate

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OfTheList:
    """Effect of coming on the list.

    estimate: adjusted for the past; unadjusted: not; groups: numbers of watched trusts behind each
    event, and the fewest trusts with which any of them are compared.
    """

    estimate: Estimate
    unadjusted: Estimate
    p_value: float
    groups: tuple[int, ...]


@dataclass(frozen=True)
class WithoutWatched:
    """Effect of the regime where no watched trust is a comparator.

    groups: numbers of trusts that entered behind each event, of comparators taken out, and of those left.
    """

    estimate: Estimate
    groups: tuple[int, ...]


@dataclass(frozen=True)
class Both:
    """One indicator under both regimes; None where there is no estimate.

    `everyone` (effect of the regime, watched comparators among the others) and `spread` (standard deviation
    between trusts, in the unit of the indicator) know nothing of the list.
    """

    indicator: Indicator
    origin: str
    of_list: OfTheList | None
    without: WithoutWatched | None
    everyone: Estimate | None
    spread: float


@one_thread()
def both_regimes(
    panel: pd.DataFrame,
    spells: pd.DataFrame,
    listed: pd.DataFrame,
    study: Study,
    name: str,
    *,
    window: int,
    permutations: int,
    seed: int,
) -> Both | Lacking:
    """Estimate on one indicator; window in months. Lacking where the world has no figures on it.

    `panel` and `spells` as of `smq.effects.estimate.effects`; `listed` as of
    `smq.readers.challenged_list`, of which the first stay of each trust counts.
    """
    indicator = study.indicator(name)
    rows = trajectories.of_indicator(panel, name)
    if rows.empty:
        return Lacking(f"no data file holds figures on {indicator.label}")
    last = pd.Timestamp(last_day(study.regime.cutoff, study.regime.end))
    stays = as_spells(listed[listed["on"] <= last])
    regime = source(panel, spells, study, name, window)
    laid_out = regime.blocks() if isinstance(regime, Source) else None
    watched = source(panel, stays, study, name, window) if len(stays) else None
    entered = spells[spells["entered_on"] <= last].groupby("ods_code")["entered_on"].min()
    of_list = None
    if isinstance(watched, Source):
        known = {} if laid_out is None else _by_event(checks.adjusted(laid_out))
        of_list = effect_of_list(watched.blocks(), entered, known, permutations, seed)
    return Both(
        indicator=indicator,
        origin=str(rows["origin"].iloc[0]),
        of_list=of_list,
        without=None if laid_out is None else without_watched(laid_out, set(stays["ods_code"])),
        everyone=None if laid_out is None else _headline(laid_out),
        spread=float(rows.groupby("period")["value"].std().mean()),
    )


def as_spells(listed: pd.DataFrame) -> pd.DataFrame:
    """Give first stays on the list with the columns of spells, by day."""
    first = listed.sort_values(["on", "trust"]).drop_duplicates("trust", ignore_index=True)
    return pd.DataFrame(
        {
            "trust_name": first["trust"],
            "ods_code": first["trust"],
            "entered_on": first["on"],
            "exited_on": first["off"],
            "ended": np.where(first["off"].notna(), "left", "open"),
        }
    )


def effect_of_list(
    blocks: Blocks,
    entered: pd.Series[pd.Timestamp],
    known: Mapping[int, float],
    permutations: int,
    seed: int,
) -> OfTheList | None:
    """Estimate the effect of the list. None where it cannot be estimated.

    `blocks` start when a trust comes on the list; entered: day of first entry to special measures by code;
    known: effect of that by event, from 0 on.
    """
    other = np.array(
        [float(blocks.column(entered[unit])) if unit in entered.index else NEVER for unit in blocks.units]
    )
    cleared, path = at_risk_of_both(blocks, other, known)
    span = (1, blocks.window)
    censored = blocks.outcomes.copy()
    censored[_from(other, censored.shape[1])] = np.nan
    plain = group_time(censored, blocks.start, controls="not_yet", events=span)
    cells = group_time(cleared.outcomes, blocks.start, controls="at_risk", covariates=path, events=span)
    try:
        estimate = overalls.dynamic(cells, *span).estimate
        unadjusted = overalls.dynamic(plain, *span).estimate
    except ValueError:
        return None
    level = np.where(np.isnan(path).all(axis=2), np.nan, blocks.level)
    starts, _ = permutation.assignments(blocks.start, level, STRATA, permutations, seed)
    observed, error = permutation.ratios(cleared.outcomes, blocks.start[None], span, covariates=path)
    values, errors = permutation.ratios(cleared.outcomes, starts, span, covariates=path)
    return OfTheList(
        estimate=estimate,
        unadjusted=unadjusted,
        p_value=permutation.p_value(float(observed[0] / error[0]), values / errors),
        groups=(*_treated(cells), int(cells.controls.min())),
    )


def at_risk_of_both(blocks: Blocks, other: Floats, known: Mapping[int, float]) -> tuple[Blocks, Floats]:
    """Take the effects of another regime out of the figures; give them, and the past of trusts at risk.

    other: (N,) column in which each unit entered it, `NEVER` for none; known: its effect by event. The past
    (N, T, K) has no value from the block before entry on, so that nobody is compared from then on, neither
    as one that starts nor as one that has not.
    """
    length = blocks.outcomes.shape[1]
    outcomes, path = blocks.outcomes.copy(), blocks.path
    events = np.arange(length) - other[:, None]
    effect = np.full(events.shape, np.nan)
    effect[events < 0] = 0.0
    for event, value in known.items():
        if event >= 0:
            effect[events == event] = value
    path[_from(other - 1, length)] = np.nan
    return replace(blocks, outcomes=outcomes - effect), path


def without_watched(blocks: Blocks, watched: Collection[str]) -> WithoutWatched | None:
    """Estimate the effect of the regime without watched comparators; `blocks` start at entry to it."""
    out = np.array([unit in watched for unit in blocks.units]) & ~blocks.treated
    fewer = blocks.restricted(~out)
    estimate = _headline(fewer)
    if estimate is None:
        return None
    left = int((~fewer.treated).sum())
    inside = checks.adjusted(fewer)
    after = inside.where((inside.event >= 1) & (inside.event <= blocks.window))
    return WithoutWatched(estimate, (*_treated(after), int(out.sum()), left))


def _from(columns: Floats, length: int) -> npt.NDArray[np.bool_]:
    """Mark for each unit the columns from that one on: (N, length)."""
    return np.asarray(np.arange(length) >= columns[:, None])


def _headline(blocks: Blocks) -> Estimate | None:
    try:
        return headline(blocks)
    except ValueError:
        return None


def _by_event(cells: Cells) -> dict[int, float]:
    return {event: average.value for event, average in overalls.by_event(cells).items()}


def _treated(cells: Cells) -> list[int]:
    """Numbers of treated units behind each event."""
    return [average.treated for average in overalls.by_event(cells).values()]
