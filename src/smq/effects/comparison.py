"""The effects on all indicators beside one another, with account taken of how many there are.

An effect is clear where the run of its indicator calls it one (`effect_word`) and its p-value, adjusted
within its family, is at most 5%. So that indicators share one axis, the figure shows effects in standard
deviations between comparators, improvements to the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from smq.effects.family import adjusted
from smq.estimates import LEVEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from press.record import Result
    from smq.config import Study

NEEDED = ("effect", "p_value", "detectable", "spread", "effect_word")
"""What is read of the record of an indicator."""
COUNTS = ("effects_total", "effects_shown", "effects_better", "effects_worse")
NAMES = ("all_effects", *COUNTS, "forest")
"""Every result of the notebook `compare_effects`."""
LABELS = {
    "indicator": "Indicator (effect in)",
    "family": "Family",
    "effect": "Effect (95% interval)",
    "trusts": "Trusts",
    "p_value": "p",
    "adjusted": "p, adjusted",
    "detectable": "Detectable",
    "finding": "Trusts after entry",
}


@dataclass(frozen=True, eq=False)
class Comparison:
    """All indicators of the study.

    table: a row for each, columns `LABELS`, all text; forest: a row for each that is shown, columns
    indicator, family, effect, low, high (standard deviations; above zero is better), clear (−1, 0, 1);
    origin: None where none is shown.
    """

    table: pd.DataFrame
    forest: pd.DataFrame
    total: int
    origin: str | None

    @property
    def counts(self) -> dict[str, int]:
        """Numbers by name: of indicators, shown, clearly better, clearly worse."""
        clear = self.forest["clear"]
        values = (self.total, len(self.forest), int((clear > 0).sum()), int((clear < 0).sum()))
        return dict(zip(COUNTS, values, strict=True))


def compare(study: Study, records: Mapping[str, Mapping[str, Result]]) -> Comparison:
    """Put the indicators beside one another in the study's order; `records` holds `NEEDED` by indicator."""
    shown = [one for one in study.indicators if records[one.id]["effect"].kind != "absent"]
    family = adjusted({one.id: _value(records[one.id]["p_value"]) for one in shown})
    after = dict(zip(family["indicator"], family["adjusted"], strict=True))
    families = dict(zip(family["indicator"], family["family"], strict=True))
    lines: list[dict[str, str | None]] = []
    drawn = []
    for indicator in study.indicators:
        results = records[indicator.id]
        label = f"{indicator.label[:1].upper()}{indicator.label[1:]}"
        named = {"indicator": f"{label} ({indicator.difference_unit})"}
        effect = results["effect"]
        if effect.interval is None or effect.value is None:
            lines.append({**named, "finding": f"No result: {effect.reason}"})
            continue
        chance = after[indicator.id]
        said = {"better": 1, "worse": -1}.get(str(results["effect_word"].value), 0)
        clear = said if chance <= 1 - LEVEL else 0
        lines.append(
            {
                **named,
                "family": families[indicator.id],
                "effect": f"{effect.display} ({effect.interval_display})",
                "trusts": str(effect.denominator),
                "p_value": results["p_value"].display,
                "adjusted": f"{chance:.3f}",
                "detectable": results["detectable"].display,
                "finding": {1: "better", -1: "worse", 0: "no different"}[clear],
            }
        )
        good = (1 if indicator.better == "up" else -1) / _value(results["spread"])
        ends = sorted(good * end for end in effect.interval)
        place = (label, lines[-1]["family"], good * _value(effect), *ends, clear)
        drawn.append(place)
    origins = [records[one.id]["effect"].origin for one in shown]
    return Comparison(
        table=pd.DataFrame(lines, columns=list(LABELS)).astype(object),
        forest=pd.DataFrame(drawn, columns=["indicator", "family", "effect", "low", "high", "clear"]),
        total=len(study.indicators),
        origin="simulated" if "simulated" in origins else min(origins, default=None),
    )


def _value(result: Result) -> float:
    if not isinstance(result.value, (int, float)):
        raise ValueError(f"{result.name} is no number")
    return float(result.value)
