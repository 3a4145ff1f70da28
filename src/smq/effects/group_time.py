"""Group-time average treatment effects of Callaway and Sant'Anna, with their influence functions.

A *cell* is a cohort (the units that start in one period) and a period: the mean change of the cohort from
its base period, minus that of units not treated by then. With covariates the change of the controls is
predicted from them (outcome regression), so that a cohort is compared with controls of its own past.
Influence functions are those of R's `did` and `DRDID::reg_did_panel`; the library `diff-diff` gives the
same cells and standard errors, but does not hand out the influence functions that overalls and bands
need.

Source: Callaway and Sant'Anna (2021), Journal of Econometrics 225(2); Sant'Anna and Zhao (2020), ibid.
219(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from smq.effects.cells import Average, Cells, average

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

Controls = Literal["never", "not_yet", "at_risk"]
Base = Literal["varying", "universal"]
NEVER = np.inf
_KNOWN = 0.5


def group_time(
    values: Floats,
    start: Floats,
    *,
    controls: Controls = "not_yet",
    anticipation: int = 0,
    base: Base = "universal",
    covariates: Floats | None = None,
    control_until: Floats | None = None,
    events: tuple[int, int] | None = None,
) -> Cells:
    """Estimate the group-time effects, by event and cohort.

    values: (N, T), NaN where there is none; start: (N,) column of the first treated period, `NEVER` for
    none; covariates: (N, T, K), taken at the base period (`design_at`). A unit is in a cell where it has the
    values it takes. `events`: first and last event to estimate, of all there are. The base period is the last
    before start and anticipation; with `base="varying"` the period before, for periods before the start.

    Controls: with "not_yet" the units up to the period before `control_until` (default: the start, less
    the anticipation), with "never" those that never start. Where units start because of what came just
    before, both leave out controls for what happened to them later. "at_risk" keeps every unit that had
    not started when the cohort did, and takes out of the figures of later starters the effect at that
    event, which the events before have given (g-estimation of a structural nested mean model; Robins
    1994, Communications in Statistics 23(8)). It assumes one effect by event for all cohorts.

    Cells without a treated unit, or with no more controls than coefficients, are left out.
    """
    many, length = values.shape
    until = start - anticipation if control_until is None else control_until
    low, high = events or (-length, length)
    # The effects to be taken out of later starters need every event from the first treated one on.
    first = min(low, -anticipation) if controls == "at_risk" else low
    known: dict[int, Average] = {}
    found: list[_Cell] = []
    for event in range(max(first, -length), min(high, length) + 1):
        cells = []
        for cohort in np.unique(start[np.isfinite(start)]).astype(int):
            period, before = cohort + event, cohort - 1 - anticipation
            if base == "varying" and event < 0:
                before = period - 1
            if min(period, before) < 0 or period >= length or before == period:
                continue
            change = values[:, period] - values[:, before]
            design = design_at(values, covariates, before)
            seen = np.isfinite(change) & np.isfinite(design).all(axis=1)
            treated = seen & (start == cohort)
            if controls == "at_risk":
                control = seen & (start > cohort)
            else:
                free = np.isinf(until) if controls == "never" else until > max(period, before)
                control = seen & free & ~(start == cohort)
            if not treated.any() or control.sum() <= design.shape[1]:
                continue
            later = {one: control & (start == period - one) for one in known} if event > -anticipation else {}
            cells.append(_cell((cohort, event), change, design, treated, control, later, known))
        found += [cell for cell in cells if event >= low]
        if cells and controls == "at_risk" and event >= -anticipation:
            known[event] = average(_together(cells, many), np.ones(len(cells), dtype=bool))
    return _together(found, many)


def design_at(values: Floats, covariates: Floats | None, before: int) -> Floats:
    """Give a constant and the covariates at a base period: (N, 1 + K).

    A covariate that fewer than half of the units with a value have then is left out, for it would leave the
    cohort out: the first cohorts have little before them.
    """
    constant = np.ones((len(values), 1))
    if covariates is None:
        return constant
    there = np.isfinite(values[:, before])
    known = np.isfinite(covariates[there, before]).mean(axis=0) >= _KNOWN if there.any() else []
    return np.hstack([constant, covariates[:, before][:, known]])


@dataclass(frozen=True, eq=False)
class _Cell:
    place: tuple[int, int]
    att: float
    treated: npt.NDArray[np.bool_]
    controls: int
    influence: Floats


def _cell(
    place: tuple[int, int],
    change: Floats,
    design: Floats,
    treated: npt.NDArray[np.bool_],
    control: npt.NDArray[np.bool_],
    later: dict[int, npt.NDArray[np.bool_]],
    known: dict[int, Average],
) -> _Cell:
    """Effect of one cell, and its influence function over all units.

    `later` are the controls that are themselves at an event whose effect is `known`.
    """
    many = len(change)
    outcome = change.copy()
    for event, units in later.items():
        outcome[units] -= known[event].value
    seen, outcome = design[control], outcome[control]
    inverse = np.linalg.pinv(seen.T @ seen)
    slope = inverse @ (seen.T @ outcome)
    effects = change[treated] - design[treated] @ slope
    att = float(effects.mean())
    towards = inverse @ design[treated].mean(axis=0)
    influence = np.zeros(many)
    influence[treated] = many / treated.sum() * (effects - att)
    influence[control] = -many * (seen @ towards) * (outcome - seen @ slope)
    for event, units in later.items():
        influence += float((design[units] @ towards).sum()) * known[event].influence
    return _Cell(place, att, treated, int(control.sum()), influence)


def _together(cells: Sequence[_Cell], many: int) -> Cells:
    shape = (len(cells), many)
    return Cells(
        np.array([cell.place[0] for cell in cells], dtype=np.int64),
        np.array([cell.place[1] for cell in cells], dtype=np.int64),
        np.array([cell.att for cell in cells], dtype=float),
        np.array([cell.treated.sum() for cell in cells], dtype=np.int64),
        np.array([cell.controls for cell in cells], dtype=np.int64),
        np.array([cell.influence for cell in cells], dtype=float).reshape(shape).T,
        np.array([cell.treated for cell in cells], dtype=bool).reshape(shape).T,
    )
