"""The effects on all indicators beside one another, with account taken of how many there are.

An effect is clear where the run of its indicator calls it one (`effect_word`) and its p-value, adjusted
within its family, is at most 5%. Where the adjusted estimate alone is clear, and the unadjusted one is not on
its side, the two comparisons disagree, and no effect is claimed. So that indicators share one axis, the
figure shows effects in standard deviations between comparators, improvements to the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from smq import wording
from smq.effects.family import adjusted
from smq.naming import listed
from smq.statistics.estimates import LEVEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from press.record import Result
    from smq.config import Indicator, Study

Verdict = Literal["better", "worse", "disputed", "unclear"]
VERDICTS: dict[Verdict, str] = {
    "better": "better after entry than at comparable trusts",
    "worse": "worse after entry than at comparable trusts",
    "disputed": "no effect that holds in both comparisons",
    "unclear": "no clear effect of entry",
}
"""What is said of an indicator, in a heading."""

CHECKS = {
    "matched": "Nearest comparators",
    "no_first_cohort": "Without entries of 2013",
    "full_record": "Entries from April 2017",
    "cs_not_yet": "Unadjusted",
    "mean_reversion": "Chance alone, unadjusted",
    "placebo_12": "Entry moved back a year",
}
"""Columns of the table of checks, by the name of the result that they show."""
EXITS = {"exit_1y": "Change over the year after exit", "exit_2y": "Change over two years after exit"}
NEEDED = ("effect", "p_value", "detectable", "spread", "effect_word", *CHECKS, *EXITS)
"""What is read of the record of an indicator."""
NOTHING = "the data hold too few figures around entry for any indicator"
COUNTS = ("effects_total", "effects_shown", "effects_better", "effects_worse", "effects_disputed")
LISTS = ("better_list", "worse_list", "disputed_list", "unclear_list", "lacking_list")
"""Names of the indicators with each verdict, and without an estimate; absent where there are none."""
TEXTS = ("message", "exit_message", "disputed_side", *LISTS)
TABLES = ("all_effects", "checks", "after_exit")
LABELS = {
    "indicator": "Indicator (effect in)",
    "family": "Family",
    "effect": "Effect (95% interval)",
    "trusts": "Trusts",
    "p_value": "p",
    "adjusted": "p, adjusted",
    "detectable": "Detectable",
    "finding": "Finding",
}
_BESIDE = {"effect": ("low", "high"), "other": ("other_low", "other_high")}
CHECK_LABELS = {"indicator": "Indicator (effect in)", "effect": "Headline", **CHECKS}
EXIT_LABELS = {"indicator": "Indicator (change in)", **EXITS, "trusts": "Trusts that left"}
NOTES = {
    "all_effects": (
        "Effects against trusts at risk with the same past; p-values by randomisation, adjusted by "
        "Holm among the primary indicators that have figures and by Benjamini-Hochberg among the others. "
        "Detectable: the smallest effect that would be found four times in five.",
        "Better, worse: interval, randomisation and the unadjusted estimate agree, and the adjusted p-value "
        "is at most 0.05. The two comparisons disagree: the adjusted estimate alone is clear. Points: "
        "percentage points.",
    ),
    "checks": (
        "With 95% intervals; points: percentage points. Nearest comparators: the five with the most similar "
        "past. Unadjusted: against trusts not yet treated. Chance alone, unadjusted: what that gives "
        "when entry is drawn among trusts as bad, which is return towards the mean. Entry moved back a year: "
        "on figures from before entry alone; as bad figures bring entry, a worsening is expected.",
    ),
    "after_exit": (
        "From the last block before exit, against trusts not in the regime by then, adjusted for the year "
        "before exit; with 95% intervals, each for itself. Near nothing: what there was at exit lasted. "
        "Points: percentage points.",
    ),
}
_IN_TABLE: dict[Verdict, str] = {
    "better": "better",
    "worse": "worse",
    "disputed": "the two comparisons disagree",
    "unclear": "not clearly different",
}


def names(indicators: list[str]) -> list[str]:
    """Every result of the notebook `compare_effects`, for these indicators."""
    of_each = [f"{name}_{part}" for name in indicators for part in ("verdict", "direction")]
    return [*TABLES, *COUNTS, *TEXTS, "forest", *of_each]


@dataclass(frozen=True, eq=False)
class Comparison:
    """All indicators of the study.

    table: a row for each, columns `LABELS`; checks, after_exit: a row for each with an effect; all of them
    text. forest: a row for each with an effect, columns indicator, unit, shown (effect and interval as
    text), family, verdict; in standard deviations, above zero better: effect, low, high, and of the
    unadjusted estimate other, other_low, other_high (NaN where there is none). verdicts: by id, of those
    with an effect; lacking: reason by id, of the others; exits: by id, 1 where trusts got clearly better
    after exit, −1 worse, 0 neither; disputed_side: how trusts did in the adjusted comparison alone where
    the two disagree ("better", "worse", "differently"), empty where none does; origin: None where there is
    no effect at all.
    """

    table: pd.DataFrame
    checks: pd.DataFrame
    after_exit: pd.DataFrame
    forest: pd.DataFrame
    verdicts: dict[str, Verdict]
    lacking: dict[str, str]
    exits: dict[str, int]
    labels: dict[str, str]
    disputed_side: str
    origin: str | None

    @property
    def counts(self) -> dict[str, int]:
        """Numbers by name: of indicators, shown, clearly better, clearly worse, with comparisons at odds."""
        found = list(self.verdicts.values())
        several = [found.count(one) for one in ("better", "worse", "disputed")]
        return dict(zip(COUNTS, (len(self.labels), len(found), *several), strict=True))

    def texts(self) -> dict[str, str]:
        """Give every text that can be given, by name."""
        if self.origin is None:
            return {}
        verdicts = {f"{name}_verdict": VERDICTS[one] for name, one in self.verdicts.items()}
        verdicts |= {
            f"{name}_direction": one if one in ("better", "worse") else "no different"
            for name, one in self.verdicts.items()
        }
        after = {"exit_message": self.exit_message()} if self.exits else {}
        if self.disputed_side:
            after["disputed_side"] = self.disputed_side
        return {"message": self.message(), **after, **self.lists(), **verdicts}

    def absent(self) -> dict[str, str]:
        """Give the reason of every result that cannot be given, by name."""
        if self.origin is None:
            return dict.fromkeys(names(list(self.labels)), NOTHING)
        reasons = dict.fromkeys((*LISTS, "disputed_side"), "no indicator is one of these")
        reasons |= dict.fromkeys(("exit_message", "after_exit"), "what came after exit cannot be followed")
        for part in ("verdict", "direction"):
            reasons |= {f"{name}_{part}": reason for name, reason in self.lacking.items()}
        given = {*self.texts(), *(() if self.after_exit.empty else ("after_exit",))}
        return {name: reason for name, reason in reasons.items() if name not in given}

    def lists(self) -> dict[str, str]:
        """Give the names of indicators by verdict, and without an effect; an empty list is left out."""
        groups: dict[str, list[str]] = {
            f"{verdict}_list": [name for name, one in self.verdicts.items() if one == verdict]
            for verdict in VERDICTS
        }
        groups["lacking_list"] = list(self.lacking)
        return {name: listed([self.labels[one] for one in group]) for name, group in groups.items() if group}

    def message(self) -> str:
        """Give the finding over all indicators in one sentence, without a stop."""
        counts = self.counts
        good, bad, shown = (counts[name] for name in ("effects_better", "effects_worse", "effects_shown"))
        if shown == 1:
            ((name, found),) = self.verdicts.items()
            return f"{_capital(self.labels[name])}: {VERDICTS[found]}"
        if not good + bad:
            return f"No clear effect of entry on any of {shown} indicators"
        parts = [f"{count} clearly {word}" for count, word in ((good, "better"), (bad, "worse")) if count]
        return f"Of {shown} indicators, {' and '.join(parts)} after entry"

    def exit_message(self) -> str:
        """Say in how many indicators trusts changed clearly after exit, without a stop."""
        found = list(self.exits.values())
        good, bad = found.count(1), found.count(-1)
        if not good + bad:
            of = "the one indicator" if len(found) == 1 else f"any of {len(found)} indicators"
            return f"no clear change in {of}"
        parts = [f"{word} on {count}" for count, word in ((good, "better"), (bad, "worse")) if count]
        return f"clearly {' and '.join(parts)} of {len(found)} indicators"


def compare(study: Study, records: Mapping[str, Mapping[str, Result]]) -> Comparison:
    """Put the indicators beside one another in the study's order; `records` holds `NEEDED` by indicator."""
    shown = [one for one in study.indicators if records[one.id]["effect"].kind != "absent"]
    family = adjusted({one.id: _value(records[one.id]["p_value"]) for one in shown})
    after = dict(zip(family["indicator"], family["adjusted"], strict=True))
    families = dict(zip(family["indicator"], family["family"], strict=True))
    verdicts = {one.id: verdict(records[one.id], after[one.id]) for one in shown}
    lines: list[dict[str, str | None]] = []
    for indicator in study.indicators:
        results = records[indicator.id]
        named = {"indicator": row_label(indicator)}
        effect = results["effect"]
        if indicator not in shown:
            # The row says which indicator it is.
            reason = effect.reason.replace(f" on {indicator.label}", "")
            lines.append({**named, "finding": f"No result: {reason}"})
            continue
        lines.append(
            {
                **named,
                "family": families[indicator.id],
                "effect": _with_interval(effect),
                "trusts": str(effect.denominator),
                "p_value": results["p_value"].display,
                "adjusted": f"{after[indicator.id]:.3f}",
                "detectable": results["detectable"].display,
                "finding": _IN_TABLE[verdicts[indicator.id]],
            }
        )
    origins = [records[one.id]["effect"].origin for one in shown]
    left = [one for one in shown if records[one.id]["exit_1y"].kind != "absent"]
    return Comparison(
        table=pd.DataFrame(lines, columns=list(LABELS)).astype(object),
        checks=_beside(shown, records, ("effect", *CHECKS)),
        after_exit=_beside(left, records, tuple(EXITS)).assign(
            trusts=pd.array([records[one.id]["exit_1y"].denominator for one in left], dtype="Int64")
        ),
        forest=pd.DataFrame(
            [
                _on_one_scale(one, records[one.id])
                | {"family": families[one.id], "verdict": verdicts[one.id]}
                for one in shown
            ]
        ),
        verdicts=verdicts,
        lacking={one.id: records[one.id]["effect"].reason for one in study.indicators if one not in shown},
        exits={one.id: wording.goodness(_interval(records[one.id]["exit_1y"]), one.better) for one in left},
        labels={one.id: one.label for one in study.indicators},
        disputed_side=_side([one for one in shown if verdicts[one.id] == "disputed"], records),
        origin="simulated" if "simulated" in origins else min(origins, default=None),
    )


def verdict(results: Mapping[str, Result], chance: float) -> Verdict:
    """Judge an indicator by its results and its p-value after adjustment for the others."""
    said = results["effect_word"].value
    if chance > 1 - LEVEL:
        return "unclear"
    if said in ("better", "worse"):
        return "better" if said == "better" else "worse"
    headline = wording.sign(_interval(results["effect"]))
    other = results["cs_not_yet"]
    agrees = other.kind != "absent" and wording.sign(_interval(other)) == headline
    return "disputed" if headline and not agrees else "unclear"


def _side(disputed: list[Indicator], records: Mapping[str, Mapping[str, Result]]) -> str:
    sides = {wording.relative(_interval(records[one.id]["effect"]), one.better) for one in disputed}
    return "differently" if len(sides) > 1 else "".join(sides)


def row_label(indicator: Indicator) -> str:
    """Name an indicator and the unit of its effect, as the heading of a row."""
    unit = indicator.difference_unit
    return f"{_capital(indicator.label)} ({'points' if unit == 'percentage points' else unit})"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _beside(
    indicators: list[Indicator], records: Mapping[str, Mapping[str, Result]], columns: tuple[str, ...]
) -> pd.DataFrame:
    """Give a row for each indicator with its results as text; what is absent is missing."""
    lines: list[dict[str, str | None]] = [
        {"indicator": row_label(one), **{name: _with_interval(records[one.id][name]) for name in columns}}
        for one in indicators
    ]
    return pd.DataFrame(lines, columns=["indicator", *columns]).astype(object)


def _with_interval(result: Result) -> str | None:
    if result.kind == "absent":
        return None
    return f"{result.display} ({result.interval_display})" if result.interval_display else result.display


def _on_one_scale(indicator: Indicator, results: Mapping[str, Result]) -> dict[str, str | float]:
    """Give the columns of `forest` that come from the record."""
    good = (1 if indicator.better == "up" else -1) / _value(results["spread"])
    line: dict[str, str | float] = {
        "indicator": _capital(indicator.label),
        "unit": indicator.difference_unit,
        "shown": _with_interval(results["effect"]) or "",
    }
    for name, result in (("effect", "effect"), ("other", "cs_not_yet")):
        one, low, high = results[result], *_BESIDE[name]
        there = one.kind != "absent"
        ends = sorted(good * end for end in _interval(one)) if there else [float("nan")] * 2
        line |= {name: good * _value(one) if there else float("nan"), low: ends[0], high: ends[1]}
    return line


def _interval(result: Result) -> tuple[float, float]:
    if result.interval is None:
        raise ValueError(f"{result.name} has no interval")
    return result.interval


def _value(result: Result) -> float:
    if not isinstance(result.value, (int, float)):
        raise ValueError(f"{result.name} is no number")
    return float(result.value)
