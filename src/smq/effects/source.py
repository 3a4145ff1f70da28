"""What the effects of an indicator are estimated from: the trusts that enter, their comparators, the blocks.

Spells and comparators are chosen as for the description of the indicator (`smq.performance.usable`,
`smq.performance.trajectories`). A trust enters once, with its first spell; where the figures do not cover
that one, the trust is left out altogether, for it is no comparator either.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.effects import its
from smq.effects.cohorts import Block, Blocks, blocks
from smq.effects.group_time import NEVER
from smq.effects.standing import standings
from smq.performance import trajectories, usable
from smq.performance.indicator import Lacking
from smq.performance.timescale import MONTHS, Timescale
from smq.spells.follow_up import at_cutoff, last_day

if TYPE_CHECKING:
    from datetime import date

    import numpy.typing as npt

    from smq.config import Study
    from smq.effects.standing import Standing, Standings

    Floats = npt.NDArray[np.float64]

FEWEST_TRUSTS, FEWEST_COMPARATORS = 5, 10
"""Trusts that enter, and comparators, below which no effect is estimated."""


@dataclass(frozen=True, eq=False)
class Source:
    """Rows of one indicator up to the cut-off, and who enters when.

    spells: those used around entry, later ones of a trust among them; entries: day of first entry by
    code, of the trusts whose first spell is used; first: first spell of every trust by code; comparators:
    codes; standing: on the other indicators.
    """

    indicator: str
    rows: pd.DataFrame
    standing: Standing | None
    scale: Timescale
    spells: pd.DataFrame
    observed: int
    entries: pd.Series[pd.Timestamp]
    first: pd.DataFrame
    comparators: tuple[str, ...]
    months: int

    @cached_property
    def series(self) -> pd.DataFrame:
        """Interrupted time series of the spells used, fitted: as of `smq.effects.its.by_spell`."""
        aligned = trajectories.align(self.rows, self.spells, self.scale, self.scale.window)
        return its.by_spell(trajectories.add_gap(aligned, trajectories.england(self.rows)), self.scale)

    def blocks(
        self, block: Block = "half-year", *, entered_from: date | None = None, before: date | None = None
    ) -> Blocks:
        """Lay out the blocks; where given, of entries from a day on and of figures before another."""
        rows, entries = self.rows, self.entries
        if before is not None:
            rows = rows[rows["period"] < pd.Timestamp(before)]
            entries = entries[entries < pd.Timestamp(before)]
        if entered_from is not None:
            entries = entries[entries >= pd.Timestamp(entered_from)]
        return blocks(rows, entries, self.comparators, self.scale, block, self.months, self.standing)

    def exits(self, laid_out: Blocks) -> Floats:
        """Block of the first exit of each unit, `NEVER` where it did not leave by the cut-off."""
        left = self.first.loc[self.first["status"] == "left", "ends_on"]
        return np.array(
            [
                float(laid_out.column(left[unit])) if unit in left.index and enters else NEVER
                for unit, enters in zip(laid_out.units, laid_out.treated, strict=True)
            ]
        )


def source(
    panel: pd.DataFrame,
    spells: pd.DataFrame,
    study: Study,
    name: str,
    months: int,
    known: Standings | None = None,
) -> Source | Lacking:
    """Choose what the effects on a series are estimated from; `months`: window on each side of entry.

    known: the standings of this panel, where they have been worked out already.
    """
    series = study.series(name)
    rows = trajectories.of_indicator(panel, name)
    last = last_day(study.regime.cutoff, study.regime.end)
    rows = rows[rows["period"] <= pd.Timestamp(last)].reset_index(drop=True)
    if rows.empty:
        return Lacking(f"no data file holds figures on {series.label}")
    length = str(rows["period_length"].iloc[0])
    if length not in MONTHS:
        return Lacking(f"the figures on {series.label} are balances on single days")
    scale = Timescale.of(length, study, months)
    observed = at_cutoff(spells, study.regime.cutoff, regime_end=study.regime.end)
    used, _ = usable.select(rows, observed, scale)
    first = observed.drop_duplicates("ods_code").set_index("ods_code").sort_index()
    entries = used.drop_duplicates("ods_code").set_index("ods_code")["entered_on"].sort_index()
    entries = entries[entries == first["entered_on"].reindex(entries.index)]
    wanted = study.comparators
    codes = trajectories.comparators(
        rows,
        spells["ods_code"],
        max(1, wanted.months // MONTHS[length]),
        wanted.median_denominator.get(series.id, 0) if length == "month" else 0,
    )
    if len(entries) < FEWEST_TRUSTS or len(codes) < FEWEST_COMPARATORS:
        return Lacking(
            f"the figures on {series.label} cover the entry of {len(entries)} trusts and {len(codes)} "
            f"comparators; an effect needs at least {FEWEST_TRUSTS} and {FEWEST_COMPARATORS}"
        )
    others = known or standings(panel, study, last)
    return Source(
        name, rows, others.but(name), scale, used, len(observed), entries, first, tuple(codes), months
    )
