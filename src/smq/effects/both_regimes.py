"""What is told of both regimes over all indicators, from what is released alone.

`tell` puts each indicator through the gate of `smq.effects.disclosure`; everything after it sees no estimate
in which the list has a part. An effect of the list is called clear by the same rule as that of the regime
(`smq.effects.estimate`, `smq.effects.family`), applied to what is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from smq import wording
from smq.effects.challenged import as_spells, both_regimes
from smq.effects.disclosure import LEAST, Released, enough, release, rounded_count, rounded_p
from smq.effects.family import adjusted
from smq.performance.indicator import Lacking
from smq.spells.follow_up import last_day
from smq.statistics.estimates import LEVEL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smq.config import Indicator, Study
    from smq.effects.challenged import Both

OF_LIST = ("indicators_shown", "indicators_clear", "indicators_better", "indicators_worse")
OF_REGIME = ("regime_shown", "regime_changed")
COUNTS = ("indicators_total", *OF_LIST, *OF_REGIME)
NUMBERS = ("listed", "least", "count_step", "permutations", "seed", *COUNTS)
NAMES = (*NUMBERS, "clear_list", "list_table", "regime_table", "forest")
"""Every result of the notebook `estimate_challenged`: each is present, or absent with a reason."""

NO_LIST = "the list of challenged providers is confidential, and this edition was made without it"
SHORT_LIST = f"the list of challenged providers holds fewer than {LEAST} trusts, of whom nothing is told"
NO_FIGURES = f"fewer than {LEAST} trusts of the list have the figures it takes"
NO_COMPARATORS = f"a group of trusts, such as the watched comparators, would be smaller than {LEAST}"


@dataclass(frozen=True)
class Line:
    """One indicator as it may be told.

    of_list, without, everyone: None where nothing may be told; agrees: whether the unadjusted effect of the
    list is clearly on the same side; everyone: the effect of the regime that is public anyway, rounded like
    the others so that they can be compared; spread: as of `Both`.
    """

    indicator: Indicator
    origin: str
    of_list: Released | None = None
    agrees: bool = False
    p_value: float = 1.0
    without: Released | None = None
    everyone: Released | None = None
    spread: float = 1.0
    reason: str = ""
    """Why the world has nothing on the indicator."""

    @property
    def same_side(self) -> bool | None:
        """Whether both intervals of the effect of the regime lie on the same side; None without both."""
        if self.without is None or self.everyone is None:
            return None
        return wording.sign(self.without.interval) == wording.sign(self.everyone.interval)


@dataclass(frozen=True, eq=False)
class Told:
    """What is told of all indicators of the study, in its order.

    listed: rounded number of trusts on the list; p_values: of the effect of the list, adjusted within their
    family, by indicator; clear: 1 better, −1 worse, 0 neither, by indicator.
    """

    lines: Sequence[Line]
    listed: int
    origin: str
    p_values: Mapping[str, float]
    clear: Mapping[str, int]

    @property
    def counts(self) -> dict[str, int]:
        """Numbers of indicators by name (`COUNTS`)."""
        sides = [line.same_side for line in self.lines if line.same_side is not None]
        clear = list(self.clear.values())
        values = (
            len(self.lines),
            len(clear),
            len(clear) - clear.count(0),
            clear.count(1),
            clear.count(-1),
            len(sides),
            sides.count(False),
        )
        return {name: value for name, value in zip(COUNTS, values, strict=True) if name not in self.absent}

    @property
    def absent(self) -> dict[str, str]:
        """Name what cannot be given, with the reason."""
        found: dict[str, str] = {}
        if not self.clear:
            found |= dict.fromkeys((*OF_LIST, "clear_list", "list_table"), NO_FIGURES)
        if all(line.without is None for line in self.lines):
            found |= dict.fromkeys((*OF_REGIME, "regime_table"), NO_COMPARATORS)
        return found

    @property
    def clear_list(self) -> str:
        """Name the indicators on which the effect of the list is clear, with the direction."""
        words = {1: "better", -1: "worse"}
        named = [
            f"{line.indicator.label} ({words[self.clear[line.indicator.id]]})"
            for line in self.lines
            if self.clear.get(line.indicator.id)
        ]
        return "; ".join(named) or "none"


def tell(
    panel: pd.DataFrame,
    spells: pd.DataFrame,
    listed: pd.DataFrame,
    study: Study,
    *,
    window: int,
    permutations: int,
    seed: int,
) -> Told | Lacking:
    """Estimate both regimes on every indicator, and give what may be told. Arguments as of `both_regimes`."""
    if listed.empty:
        return Lacking(NO_LIST)
    last = pd.Timestamp(last_day(study.regime.cutoff, study.regime.end))
    trusts = len(as_spells(listed[listed["on"] <= last]))
    if not enough(trusts):
        return Lacking(SHORT_LIST)
    lines = []
    for indicator in study.indicators:
        found = both_regimes(
            panel,
            spells,
            listed,
            study,
            indicator.id,
            window=window,
            permutations=permutations,
            seed=seed,
        )
        if isinstance(found, Lacking):
            lines.append(Line(indicator, "", reason=found.reason))
        else:
            lines.append(passed(found))
    if not any(line.of_list or line.without for line in lines):
        return Lacking(NO_FIGURES)
    return put_together(lines, rounded_count(trusts))


def passed(found: Both) -> Line:
    """Pass the gate: give of one indicator what may be told."""
    places = decimals(found.indicator)
    of_list = without = everyone = None
    agrees, p_value = False, 1.0
    if found.of_list is not None:
        of_list = release(found.of_list.estimate, found.of_list.groups, places)
        other = release(found.of_list.unadjusted, found.of_list.groups, places)
        if of_list and other:
            agrees = wording.sign(other.interval) == wording.sign(of_list.interval)
            p_value = rounded_p(found.of_list.p_value)
    if found.without is not None:
        without = release(found.without.estimate, found.without.groups, places)
    if found.everyone is not None:
        everyone = release(found.everyone, (), places)
    return Line(
        indicator=found.indicator,
        origin=found.origin,
        of_list=of_list,
        agrees=agrees,
        p_value=p_value,
        without=without,
        everyone=everyone,
        spread=found.spread,
    )


def put_together(lines: Sequence[Line], listed: int) -> Told:
    """Adjust the p-values within their families, and say what is clear; `listed` is a rounded number."""
    shown = [line for line in lines if line.of_list]
    family = adjusted({line.indicator.id: line.p_value for line in shown})
    p_values = dict(zip(family["indicator"], family["adjusted"], strict=True))
    clear = {line.indicator.id: _clear(line, p_values[line.indicator.id]) for line in shown}
    origins = {line.origin for line in lines} - {""}
    return Told(
        lines=lines,
        listed=listed,
        origin="simulated" if "simulated" in origins else "confidential aggregate",
        p_values=p_values,
        clear=clear,
    )


def _clear(line: Line, p_value: float) -> int:
    if line.of_list is None or not line.agrees or p_value > 1 - LEVEL:
        return 0
    return wording.goodness(line.of_list.interval, line.indicator.better)


def decimals(indicator: Indicator) -> int:
    """Most decimals of an effect: one, for ratios three."""
    return 3 if indicator.unit == "ratio" else 1
