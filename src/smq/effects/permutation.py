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

from smq.effects.group_time import NEVER, design_at

if TYPE_CHECKING:
    import numpy.typing as npt

    from smq.effects.cohorts import Blocks
    from smq.effects.group_time import Controls

    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]


STRATA = 4
_AT_ONCE = 250
"""Draws that are worked on together; more would only need more memory."""


@dataclass(frozen=True, eq=False)
class Randomisation:
    """Estimates under the sharp null.

    observed: ratio of the estimate to its standard error; draws: (R,) the same in every draw; starts: (R, N);
    short: how many trusts, over all draws, were drawn from a neighbouring stratum.
    """

    observed: float
    draws: Floats
    starts: Floats
    short: int

    @property
    def p_value(self) -> float:
        """Two-sided p-value (1 + k) / (1 + R): k draws at least as far from zero as what was observed."""
        return p_value(self.observed, self.draws)


def randomise(blocks: Blocks, strata: int, draws: int, seed: int) -> Randomisation:
    """Draw the entries of the headline anew, within strata of the level in the year before entry."""
    starts, short = assignments(blocks.start, blocks.level, strata, draws, seed)
    every = np.concatenate([blocks.start[None], starts])
    values, errors = ratios(blocks.outcomes, every, (1, blocks.window), covariates=blocks.path)
    found = values / errors
    return Randomisation(float(found[0]), found[1:], starts, short)


def mean_reversion(blocks: Blocks, starts: Floats) -> float:
    """Give the mean over draws of the unadjusted estimate: what return towards the mean makes by itself."""
    values, _ = ratios(blocks.outcomes, starts, (1, blocks.window), controls="not_yet")
    return float(values.mean())


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
    starting = {int(cohort): (starts == cohort).astype(float) for cohort in cohorts}
    known: dict[int, tuple[Floats, Floats]] = {}
    for event in range(min(span[0], -anticipation) if controls == "at_risk" else span[0], span[1] + 1):
        sums = _Sums.nothing(starts.shape, known)
        for cohort, treated in starting.items():
            before, period = cohort - 1 - anticipation, cohort + event
            if before < 0 or period >= length or period == before:
                continue
            if controls == "at_risk":
                free = starts > cohort
            elif controls == "never":
                free = np.isinf(starts)
            else:
                free = (starts > max(period, before) + anticipation) & (starts != cohort)
            # Controls that are themselves at an event whose effect is known, by that event.
            later = {one: starting[period - one] for one in known if cohort < period - one in starting}
            design = design_at(values, covariates, before)
            sums.add(values[:, period] - values[:, before], design, treated, free.astype(float), later)
        known[event] = sums.averages()
    inside = [known[event] for event in range(span[0], span[1] + 1)]
    there = np.sum([np.isfinite(effect) for effect, _ in inside], axis=0)
    value = np.nansum([effect for effect, _ in inside], axis=0) / there
    influence = np.nansum([one for _, one in inside], axis=0) / there[:, None]
    return value, np.sqrt((influence**2).sum(axis=1)) / many


@dataclass(eq=False)
class _Sums:
    """Sums over the cells of one event, in every draw.

    total: (R,), effects times treated units; count: (R,), treated units; score and member: (R, N), sums of
    influences and of memberships; known: effect (R,) and influence (R, N) of the events before; carried: (R,)
    for each of them, how much of its influence the cells of this event carry.
    """

    total: Floats
    count: Floats
    score: Floats
    member: Floats
    known: dict[int, tuple[Floats, Floats]]
    carried: dict[int, Floats]

    @classmethod
    def nothing(cls, shape: tuple[int, ...], known: dict[int, tuple[Floats, Floats]]) -> _Sums:
        # A draw without an event has an effect that is no number, and nothing to take out of anybody.
        numbers = {event: (np.nan_to_num(one), np.nan_to_num(many)) for event, (one, many) in known.items()}
        carried = {event: np.zeros(shape[0]) for event in known}
        empty = np.zeros(shape[0]), np.zeros(shape[0]), np.zeros(shape), np.zeros(shape)
        return cls(*empty, numbers, carried)

    def add(
        self, change: Floats, design: Floats, treated: Floats, control: Floats, later: dict[int, Floats]
    ) -> None:
        """Add a cell: change (N,), design (N, K), treated, control and later (R, N), 1 for who is in it."""
        size = design.shape[1]
        seen = np.isfinite(change) & np.isfinite(design).all(axis=1)
        change, design = np.where(seen, change, 0.0), np.where(seen[:, None], design, 0.0)
        count = treated @ seen
        enough = (control @ seen > size) & (count > 0)
        if not enough.all():
            treated, control = treated * enough[:, None], control * enough[:, None]
            count = count * enough
        outcome = np.broadcast_to(change, control.shape)
        for event, units in later.items():
            outcome = outcome - self.known[event][0][:, None] * units
        pairs = (design[:, :, None] * design[:, None, :]).reshape(len(design), size * size)
        square = (control @ pairs).reshape(-1, size, size)
        square[~enough] = np.eye(size)
        inverse = np.linalg.inv(square)
        slope = np.einsum("rjk,rk->rj", inverse, (control * outcome) @ design)
        rest = outcome - slope @ design.T
        rest *= seen
        self.total += np.einsum("rn,rn->r", treated, rest)
        self.count += count
        pull = np.einsum("rjk,rk->rj", inverse, treated @ design) @ design.T
        pull *= control
        for event, units in later.items():
            self.carried[event] += np.einsum("rn,rn->r", units, pull) / len(change)
        pull -= treated
        pull *= rest
        self.score -= pull
        self.member += treated * seen

    def averages(self) -> tuple[Floats, Floats]:
        """Give the effect of the event, weighted by treated units, and its influence; NaN where none."""
        for event, share in self.carried.items():
            if share.any():
                self.score += share[:, None] * self.known[event][1]
        with np.errstate(invalid="ignore", divide="ignore"):
            effect = self.total / self.count
            scale = self.score.shape[1] / self.count
            return effect, (self.score - effect[:, None] * self.member) * scale[:, None]
