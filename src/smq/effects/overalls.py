"""Overalls of group-time effects: by event, by cohort, by calendar period, and of all.

Source: Callaway and Sant'Anna (2021), section 3; R's `did::aggte` gives the same values and standard
errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special  # type: ignore[import-untyped]

from smq.effects.cells import Average, average

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smq.effects.cells import Cells
    from smq.statistics.estimates import Estimate

POWER = 0.8


def by_event(cells: Cells) -> dict[int, Average]:
    """Average the cells of each event (periods from the start)."""
    return {int(event): average(cells, cells.event == event) for event in np.unique(cells.event)}


def simple(cells: Cells) -> Average:
    """Average all cells from the start on."""
    return average(cells, cells.event >= 0)


def dynamic(cells: Cells, first: int = 0, last: int | None = None) -> Average:
    """Average the events from `first` to `last`, each the same."""
    chosen = [
        one for event, one in by_event(cells).items() if event >= first and (last is None or event <= last)
    ]
    if not chosen:
        raise ValueError("no cell to average")
    inside = (cells.event >= first) & (cells.event <= (np.inf if last is None else last))
    treated = int(cells.member[:, inside].any(axis=1).sum())
    return _mean(chosen, treated)


def calendar(cells: Cells, first: int = 0, last: int | None = None) -> Average:
    """Average the calendar periods, each the same; in a period all cohorts at an event from first to last."""
    period = cells.cohort + cells.event
    inside = (cells.event >= first) & (cells.event <= (np.inf if last is None else last))
    parts = [average(cells, inside & (period == one)) for one in np.unique(period[inside])]
    if not parts:
        raise ValueError("no cell to average")
    return _mean(parts, int(cells.member[:, inside].any(axis=1).sum()))


def group(cells: Cells, first: int = 0, last: int | None = None) -> Average:
    """Average over time within each cohort, then the cohorts by their units."""
    inside = (cells.event >= first) & (cells.event <= (np.inf if last is None else last))
    many = len(cells.influence)
    values, sizes, influences, members = [], [], [], []
    for cohort in np.unique(cells.cohort[inside]):
        chosen = inside & (cells.cohort == cohort)
        values.append(float(cells.att[chosen].mean()))
        influences.append(cells.influence[:, chosen].mean(axis=1))
        members.append(cells.member[:, chosen].any(axis=1))
        sizes.append(int(members[-1].sum()))
    if not values:
        raise ValueError("no cell to average")
    weight = np.array(sizes) / sum(sizes)
    value = float(weight @ np.array(values))
    member = np.column_stack(members)
    of_weights = member @ (np.array(values) - value) * many / sum(sizes)
    return Average(value, np.column_stack(influences) @ weight + of_weights, int(member.any(axis=1).sum()))


def minimum_detectable(estimate: Estimate, power: float = POWER) -> float:
    """Smallest effect that a 5% two-sided test finds with this power, in the unit of the estimate."""
    both = special.stdtrit(estimate.freedom, 0.975) + special.stdtrit(estimate.freedom, power)
    return float(both) * estimate.error


def _mean(parts: Sequence[Average], treated: int) -> Average:
    return Average(
        float(np.mean([part.value for part in parts])),
        np.mean([part.influence for part in parts], axis=0),
        treated,
    )
