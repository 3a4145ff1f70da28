"""Randomisation inference: entry dates drawn anew within strata of the pre-entry path.

At every date on which trusts entered, all trusts are ranked by their level in the year
before it and cut into strata; as many trusts enter in each stratum as did, drawn at random. So the worst
stay the ones that enter, and a trust that entered in one draw is at risk no more. Under the sharp null
(no trust's figures would have been others) the figures do not depend on the draw, and the p-value is
exact if within a stratum chance alone decided who entered. The estimate is that of
`smq.effects.group_time`, recomputed in every draw, and compared by its ratio to its standard error: the
trusts that enter are extreme, so that their estimate is less sure than that of trusts drawn from the
middle of a stratum.

Source: Fisher (1935); Rosenbaum (2002), Observational Studies, chapter 2; Phipson and Smyth (2010) for
the p-value; DiCiccio and Romano (2017), Journal of the American Statistical Association 112(519), for the
ratio.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from smq.effects.group_time import NEVER

if TYPE_CHECKING:
    import numpy.typing as npt

    from smq.effects.group_time import Controls

    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]


_AT_ONCE = 250
"""Draws that are worked on together; more would only need more memory."""


@dataclass(frozen=True, eq=False)
class Randomisation:
    """Estimates under the sharp null.

    observed: ratio of the estimate to its standard error; draws: (R,) the same in every draw; values:
    (R,) the estimates themselves; short: how many trusts, over all draws, were drawn from a neighbouring
    stratum.
    """

    observed: float
    draws: Floats
    values: Floats
    short: int

    @property
    def p_value(self) -> float:
        """Two-sided p-value (1 + k) / (1 + R): k draws at least as far from zero as what was observed."""
        return p_value(self.observed, self.draws)


def p_value(observed: float, draws: Floats) -> float:
    """Give (1 + k) / (1 + R) for k draws at least as far from zero as the observed estimate."""
    return float((1 + (np.abs(draws) >= abs(observed) - 1e-12).sum()) / (1 + len(draws)))


def strata_at(level: Floats, count: int) -> npt.NDArray[np.int64]:
    """Cut units into `count` strata of their level; −1 for units without one. level: (N,), NaN for none."""
    known = np.isfinite(level)
    stratum = np.full(len(level), -1, dtype=np.int64)
    order = np.argsort(level[known], kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    stratum[known] = rank * count // max(1, len(order))
    return stratum


def assignments(start: Floats, level: Floats, strata: int, draws: int, seed: int) -> tuple[Floats, int]:
    """Draw starts: (draws, N), and the number of units taken from outside their stratum.

    start: (N,); level: (N, T), the pre-entry level as of each block, taken at the block before entry. A
    cohort whose block has no block before it is not drawn: its units keep their start.
    """
    many = len(start)
    generator = np.random.default_rng(seed)
    drawn = np.full((draws, many), NEVER)
    short = 0
    for cohort in np.unique(start[np.isfinite(start)]).astype(int):
        mine = start == cohort
        before = level[:, cohort - 1] if cohort else np.full(many, np.nan)
        # Of all units: one that entered earlier in truth can be at risk still in a draw.
        stratum = strata_at(before, strata)
        fixed = mine & (stratum < 0)
        drawn[:, fixed] = cohort
        free = np.isinf(drawn) & (stratum >= 0)[None, :]
        key = generator.random((draws, many))
        for one in np.unique(stratum[mine & (stratum >= 0)]):
            wanted = int((mine & (stratum == one)).sum())
            # Units of the stratum come first; those of the nearest other strata only where it is used up.
            order = np.where(free, np.abs(stratum - one)[None, :] + key, NEVER)
            chosen = np.argpartition(order, wanted - 1, axis=1)[:, :wanted]
            taken = np.take_along_axis(order, chosen, axis=1)
            short += int(((taken >= 1) & np.isfinite(taken)).sum())
            rows = np.repeat(np.arange(draws), wanted)
            drawn[rows, chosen.ravel()] = cohort
            free[rows, chosen.ravel()] = False
    return drawn, short


def ratios(
    values: Floats,
    starts: Floats,
    span: tuple[int, int],
    *,
    controls: Controls = "at_risk",
    anticipation: int = 0,
    covariates: Floats | None = None,
) -> tuple[Floats, Floats]:
    """Give the dynamic overall of every row of starts over the events of `span`, and its standard error.

    values: (N, T); starts: (R, N); covariates: (N, T, K), taken at the base period. The same as
    `group_time` and `overalls.dynamic` give for one start, for R of them at once.
    """
    parts = [
        _ratios(values, starts[row : row + _AT_ONCE], span, controls, anticipation, covariates)
        for row in range(0, len(starts), _AT_ONCE)
    ]
    return np.concatenate([value for value, _ in parts]), np.concatenate([error for _, error in parts])


def _ratios(
    values: Floats,
    starts: Floats,
    span: tuple[int, int],
    controls: Controls,
    anticipation: int,
    covariates: Floats | None,
) -> tuple[Floats, Floats]:
    many, length = values.shape
    cohorts = np.unique(starts[np.isfinite(starts)]).astype(int)
    known: dict[int, tuple[Floats, Floats]] = {}
    for event in range(min(span[0], -anticipation) if controls == "at_risk" else span[0], span[1] + 1):
        score = np.zeros(starts.shape)
        total, treated = np.zeros(len(starts)), np.zeros(len(starts))
        member = np.zeros(starts.shape)
        for cohort in cohorts:
            before, period = cohort - 1 - anticipation, cohort + event
            if before < 0 or period >= length or period == before:
                continue
            cell = _cell(values, starts, covariates, (cohort, before, period), controls, anticipation, known)
            total += cell.effect * cell.count
            treated += cell.count
            score += cell.score
            member += cell.member
        with np.errstate(invalid="ignore", divide="ignore"):
            effect = total / treated
            influence = (score - effect[:, None] * member) * (many / treated)[:, None]
        known[event] = (effect, influence)
    inside = [known[event] for event in range(span[0], span[1] + 1)]
    there = np.sum([np.isfinite(effect) for effect, _ in inside], axis=0)
    value = np.nansum([effect for effect, _ in inside], axis=0) / there
    influence = np.nansum([one for _, one in inside], axis=0) / there[:, None]
    return value, np.sqrt((influence**2).sum(axis=1)) / many


@dataclass(frozen=True, eq=False)
class _Cell:
    """One cell in every draw: its effect (R,), its treated units (R,), their sum of influences (R, N)."""

    effect: Floats
    count: Floats
    score: Floats
    member: Floats


def _cell(
    values: Floats,
    starts: Floats,
    covariates: Floats | None,
    place: tuple[int, int, int],
    controls: Controls,
    anticipation: int,
    known: dict[int, tuple[Floats, Floats]],
) -> _Cell:
    cohort, before, period = place
    change = values[:, period] - values[:, before]
    design = np.ones((len(change), 1))
    if covariates is not None:
        design = np.hstack([design, covariates[:, before]])
    seen = np.isfinite(change) & np.isfinite(design).all(axis=1)
    change, design, here = change[seen], design[seen], starts[:, seen]
    treated = (here == cohort).astype(float)
    if controls == "at_risk":
        free = here > cohort
    elif controls == "never":
        free = np.isinf(here)
    else:
        free = (here > max(period, before) + anticipation) & (here != cohort)
    size = design.shape[1]
    enough = (free.sum(axis=1) > size) & (treated.sum(axis=1) > 0)
    control = free * enough[:, None].astype(float)
    treated *= enough[:, None]
    later = {}
    outcome = np.broadcast_to(change, here.shape)
    if controls == "at_risk":
        # Products with a flag, not selections: a draw without that event has an effect that is no number.
        later = {event: control * (here == period - event) for event in known if event + cohort < period}
        for event, units in later.items():
            outcome = outcome - np.nan_to_num(known[event][0])[:, None] * units
    square = (control @ (design[:, :, None] * design[:, None, :]).reshape(len(change), size * size)).reshape(
        -1, size, size
    )
    square[~enough] = np.eye(size)
    inverse = np.linalg.inv(square)
    slope = np.einsum("rjk,rk->rj", inverse, (control * outcome) @ design)
    rest = outcome - slope @ design.T
    count = treated.sum(axis=1)
    effect = (treated * rest).sum(axis=1) / np.maximum(count, 1)
    pull = np.einsum("rjk,rk->rj", inverse, treated @ design) @ design.T
    score, member = np.zeros(starts.shape), np.zeros(starts.shape)
    score[:, seen] = treated * rest - control * pull * rest
    member[:, seen] = treated
    for event, units in later.items():
        score += ((units * pull).sum(axis=1) / len(values))[:, None] * np.nan_to_num(known[event][1])
    return _Cell(effect, count, score, member)
