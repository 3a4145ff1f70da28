"""What is estimated in a simulated world, beside what was planted in it; the accepted study of many worlds.

A 95% interval misses the truth in one world of twenty by chance alone, and more often where an estimate is
off on average. The accepted study (`smq.effects.study`) says by how much it is, indicator by indicator, so
that a miss can be told from a fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from smq.effects.both_regimes import decimals
from smq.effects.comparison import row_label
from smq.effects.planted import planted
from smq.effects.source import Source, source
from smq.effects.standing import standings
from smq.effects.study import COVERED, SIZE
from smq.effects.wording import rounded
from smq.naming import listed
from smq.performance.indicator import Lacking
from smq.spells.follow_up import last_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from press.record import Result
    from smq.config import Indicator, Study

NEEDED = ("effect",)
"""What is read of the record of an indicator."""
COUNTS = ("planted_shown", "planted_inside", "worlds")
NUMBERS = (*COUNTS, "inside_expected")
TEXTS = ("message", "missed", "coverage_words", "size_words", "naive_words")
TABLES = ("planted_effects", "study")
NAMES = (*NUMBERS, *TEXTS, *TABLES)
"""Every result of the notebook `validate_effects`: each is present, or absent with a reason."""
REAL = "the figures of this world are real, so that nobody knows the true effects"
LABELS = {
    "indicator": "Indicator (effect in)",
    "planted": "Planted",
    "estimate": "Estimate (95% interval)",
    "comparators": "From comparators",
    "inside": "Inside",
    "why": "Why not",
}
STUDY_LABELS = {
    "indicator": "Indicator (effect in)",
    "worlds": "Worlds",
    "truth": "Planted, mean",
    "bias": "Bias",
    "spread": "Spread of estimates",
    "covered": "Intervals that hold the truth, %",
    "covered_none": "The same, nothing planted, %",
    "rejected_none": "Tests that reject, nothing planted, %",
    "claimed_none": "Effects claimed, nothing planted, %",
    "found": "Planted effects claimed, %",
    "naive_none": "Before and after: rejects, nothing planted, %",
}
_SURE = 2.0
"""Standard errors of a bias over worlds beyond which it is one."""


@dataclass(frozen=True, eq=False)
class Validation:
    """What was planted beside what was estimated, and the accepted study.

    table: a row for each indicator with an estimate, columns `LABELS`, all text; study: columns
    `STUDY_LABELS`, in the unit of the indicator and in percent; inside: by id; accepted: the rows of the
    study.
    """

    table: pd.DataFrame
    study: pd.DataFrame
    inside: dict[str, bool]
    labels: dict[str, str]
    accepted: pd.DataFrame

    @property
    def numbers(self) -> dict[str, float]:
        """Give every number by name."""
        covered = self.accepted[self.accepted["planted"]].set_index("indicator")["covered"]
        return {
            "planted_shown": len(self.inside),
            "planted_inside": sum(self.inside.values()),
            "inside_expected": float(covered.reindex(list(self.inside)).sum() / 100),
            "worlds": int(self.accepted["worlds"].max()),
        }

    @property
    def texts(self) -> dict[str, str]:
        """Give every text by name; `missed` only where an effect was missed."""
        outside = [self.labels[name] for name, held in self.inside.items() if not held]
        given = {"message": self._message(), **self._study_words()}
        return given | {"missed": listed(outside)} if outside else given

    @property
    def absent(self) -> dict[str, str]:
        """Give the reason of every result that cannot be given, by name."""
        given = {*self.numbers, *self.texts, *TABLES}
        return {name: "no planted effect lies outside its interval" for name in NAMES if name not in given}

    def described(self, name: str) -> dict[str, Any]:
        """Give format, unit and origin of a number, for `results.number`."""
        unit = "worlds" if name == "worlds" else "indicators"
        return {"format": ".1f" if name == "inside_expected" else ",d", "unit": unit, "origin": "simulated"}

    @property
    def notes(self) -> dict[str, tuple[str, ...]]:
        """Notes under the tables."""
        row = self.accepted.iloc[0]
        return {
            "planted_effects": (
                "Planted: mean of what the simulation adds to the figures of the trusts and blocks of the "
                "estimate, with its weights. From comparators: what effects planted at challenged providers "
                "add to the estimate; these are among the trusts compared. Points: percentage points.",
            ),
            "study": (
                f"Worlds of {row['world_trusts']:,.0f} trusts, seeds from {row['first_seed']:.0f} on, each "
                "with effects and without; more of them for the indicators that were declared primary; "
                f"{row['draws']:.0f} draws of the randomisation in each. Bias: mean of estimate minus truth, "
                "with effects. Claimed: interval, randomisation and unadjusted estimate agree. Before and "
                "after: change of the gap to all trusts, a 95% t interval.",
                "Figures by year end up to a year before entry, so that part of the bad run is not in the "
                "past that is adjusted for. Points: percentage points.",
            ),
        }

    def _message(self) -> str:
        held, shown = sum(self.inside.values()), len(self.inside)
        if held == shown:
            return f"all of {shown} planted effects lie inside their intervals"
        return f"{held} of {shown} planted effects lie inside their intervals"

    def _study_words(self) -> dict[str, str]:
        with_effects = self.accepted[self.accepted["planted"]]
        without = self.accepted[~self.accepted["planted"]]
        naive = without["before_after_rejected"]
        return {
            "coverage_words": self._within(with_effects, "covered", COVERED),
            "size_words": self._within(without, "rejected", SIZE),
            "naive_words": f"{naive.min():.0f}% to {naive.max():.0f}%, {naive.median():.0f}% in the middle",
        }

    def _within(self, rows: pd.DataFrame, column: str, wanted: tuple[float, float]) -> str:
        """Say in how many indicators a share is as it should be, and name the others with theirs."""
        low, high = wanted
        off = rows[(rows[column] < low) | (rows[column] > high)]
        said = f"between {low:.0f}% and {high:.0f}% for {len(rows) - len(off)} of {len(rows)} indicators"
        named = [
            f"{self.labels[name]} ({share:.0f}%)"
            for name, share in zip(off["indicator"], off[column], strict=True)
        ]
        return f"{said}; outside: {listed(named)}" if named else said


def validate(
    panel: pd.DataFrame,
    spells: pd.DataFrame,
    truth: pd.DataFrame,
    accepted: pd.DataFrame,
    study: Study,
    records: Mapping[str, Mapping[str, Result]],
    *,
    window: int,
) -> Validation | Lacking:
    """Put planted and estimated effects beside one another.

    truth: as of `smq.worlds.tidy_folder.TRUTH_COLUMNS`; accepted: the table of `smq.effects.study`; records:
    `NEEDED` by indicator; window: in months, that of the records.
    """
    if truth.empty:
        return Lacking(REAL)
    known = standings(panel, study, last_day(study.regime.cutoff, study.regime.end))
    lines, inside, shown = [], {}, []
    for indicator in study.indicators:
        effect = records[indicator.id]["effect"]
        chosen = source(panel, spells, study, indicator.id, window, known)
        if effect.interval is None or not isinstance(chosen, Source):
            continue
        held, line = _line(indicator, effect, chosen, truth, accepted)
        lines.append(line)
        inside[indicator.id] = held
        shown.append(indicator)
    return Validation(
        table=pd.DataFrame(lines, columns=list(LABELS)).astype(object),
        study=_study_table(shown, accepted),
        inside=inside,
        labels={one.id: one.label for one in study.indicators},
        accepted=accepted,
    )


def _line(
    indicator: Indicator, effect: Result, chosen: Source, truth: pd.DataFrame, accepted: pd.DataFrame
) -> tuple[bool, dict[str, str | None]]:
    true, places = planted(chosen, truth), decimals(indicator)
    low, high = effect.interval or (0.0, 0.0)
    held = low <= true.effect <= high
    return held, {
        "indicator": row_label(indicator),
        "planted": rounded(true.effect, places),
        "estimate": f"{effect.display} ({effect.interval_display})",
        "comparators": rounded(true.comparators, places + 1),
        "inside": "yes" if held else "no",
        "why": None if held else _why_not(indicator, low > true.effect, accepted),
    }


def _why_not(indicator: Indicator, above: bool, accepted: pd.DataFrame) -> str:
    """Say why an interval that lies above the truth, or below it, may have missed it."""
    rows = accepted[accepted["planted"] & (accepted["indicator"] == indicator.id)]
    if rows.empty:
        return "not in the accepted study"
    row = rows.iloc[0]
    missed = f"{100 - row['covered']:.0f}% of intervals miss in {row['worlds']:.0f} worlds"
    bias = rounded(row["bias"], decimals(indicator) + 1)
    if abs(row["bias"]) > _SURE * row["bias_error"] and (row["bias"] > 0) == above:
        return f"estimates are off to this side by {bias.lstrip('−')} on average; {missed}"
    return f"chance: {missed}, and the bias, {bias}, does not explain this one"


def _study_table(indicators: list[Indicator], accepted: pd.DataFrame) -> pd.DataFrame:
    rows = {(str(row["indicator"]), bool(row["planted"])): row for row in accepted.to_dict("records")}
    lines: list[dict[str, str | None]] = []
    for indicator in indicators:
        there, none = rows.get((indicator.id, True)), rows.get((indicator.id, False))
        if there is None or none is None:
            continue
        places = decimals(indicator) + 1
        lines.append(
            {
                "indicator": row_label(indicator),
                "worlds": f"{there['worlds']:,.0f}",
                **{name: rounded(float(there[name]), places) for name in ("truth", "bias", "spread")},
                "covered": f"{there['covered']:.1f}",
                "covered_none": f"{none['covered']:.1f}",
                "rejected_none": f"{none['rejected']:.1f}",
                "claimed_none": f"{none['claimed']:.1f}",
                "found": f"{there['claimed']:.1f}" if there["truth"] else None,
                "naive_none": f"{none['before_after_rejected']:.1f}",
            }
        )
    return pd.DataFrame(lines, columns=list(STUDY_LABELS)).astype(object)
