"""Group-time effects and their averages, as tables with influence functions.

Cells are weighed by their numbers of treated units. Standard errors come from the influence functions,
those of the estimated weights included, as in R's `did::aggte`. Intervals use a t quantile with the
number of treated units less one, and variances that factor, because a normal interval is too narrow with
few treated units.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from smq.statistics.estimates import Estimate

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cells:
    """Group-time effects: C cells over N units.

    cohort, event (periods from the start), treated and controls (numbers of units): shape (C,); att: (C,)
    in the unit of the outcome; influence: (N, C), zero for units that are not in the cell, so that the
    standard error of a cell is the root of the sum of squares over N; member: (N, C), the treated units
    of a cell.
    """

    cohort: Ints
    event: Ints
    att: Floats
    treated: Ints
    controls: Ints
    influence: Floats
    member: npt.NDArray[np.bool_]

    @property
    def error(self) -> Floats:
        """Standard errors of the cells."""
        return np.asarray(np.sqrt((self.influence**2).sum(axis=0)) / len(self.influence))

    def where(self, chosen: npt.NDArray[np.bool_]) -> Cells:
        """Keep some of the cells."""
        return Cells(
            self.cohort[chosen],
            self.event[chosen],
            self.att[chosen],
            self.treated[chosen],
            self.controls[chosen],
            self.influence[:, chosen],
            self.member[:, chosen],
        )


@dataclass(frozen=True, eq=False)
class Average:
    """An average of cells: its value, its influence function (N,), the number of treated units behind it."""

    value: float
    influence: Floats
    treated: int

    @property
    def error(self) -> float:
        """Large-sample standard error, as R prints it."""
        return math.sqrt(float((self.influence**2).sum())) / len(self.influence)

    @property
    def estimate(self) -> Estimate:
        """The value with a standard error and degrees of freedom that fit few treated units.

        Raises `ValueError` with fewer than two treated units.
        """
        if self.treated < 2:
            raise ValueError("an interval needs at least two treated units")
        factor = math.sqrt(self.treated / (self.treated - 1))
        return Estimate(self.value, self.error * factor, self.treated - 1, self.treated)


def average(cells: Cells, chosen: npt.NDArray[np.bool_]) -> Average:
    """Average cells by their treated units. Raises `ValueError` where none is chosen."""
    part = cells.where(chosen)
    if not len(part.att):
        raise ValueError("no cell to average")
    total = int(part.treated.sum())
    weight = part.treated / total
    value = float(weight @ part.att)
    many = len(part.influence)
    of_weights = part.member @ (part.att - value) * many / total
    return Average(value, part.influence @ weight + of_weights, int(part.member.any(axis=1).sum()))
