"""What the summary says of each indicator: words that follow from the results of another run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from smq import published_directions, wording
from smq.published_directions import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from press.record import Origin
    from smq.config import Better, Study

QUOTED = ("gap_before", "gap_after", "change", "comparator_change", "difference")
"""Numbers of an indicator that the summary quotes, under `<indicator>_<name>`."""
WORDS = ("before_word", "after_word", "change_word", "relative_word", "during_word", "after_exit_word")
"""Words about an indicator: `<indicator>_<word>`."""
REGIME_QUOTED = ("spells", "trusts", "exits_24m", "median_months")
"""Numbers of the regime that the summary quotes, under their own names."""
OVERVIEW = (
    "all_indicators",
    "indicators_total",
    "indicators_shown",
    "indicators_changed",
    "indicators_relative",
)
"""The table of all indicators, and how many there are, how many can be shown, in how many the interval of the
change leaves out zero, and in how many that of the difference from comparators does."""
PUBLISHED = (
    *(f"{name}_published_{of}" for name in QUANTITIES for of in ("trend", "effect")),
    "effects_published",
)
"""How the change relative to England, and the effect of entry, stand to the published direction; all the
effects in one sentence."""
EFFECTS = ("effects_total", "effects_shown", "effects_better", "effects_worse", "effects_disputed")
"""Counts of the comparison of effects that the summary quotes, under their own names."""
EFFECT_QUOTED = {
    "effects_message": "message",
    "effects_better_list": "better_list",
    "effects_worse_list": "worse_list",
    "effects_disputed_list": "disputed_list",
}
"""Texts of the comparison of effects by their name in the summary."""
NEEDED = ("spells_used", *QUOTED, "gap_during", "gap_after_exit_1y", "better")
"""What is read of the record of an indicator."""


class NamedResult(Protocol):
    """What is used of a result in a record; absent results have a reason."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def reason(self) -> str: ...  # noqa: D102
    @property
    def value(self) -> float | int | str | None: ...  # noqa: D102
    @property
    def interval(self) -> tuple[float, float] | None: ...  # noqa: D102
    @property
    def origin(self) -> Origin: ...  # noqa: D102
    @property
    def display(self) -> str: ...  # noqa: D102
    @property
    def interval_display(self) -> str: ...  # noqa: D102


_COMPARED = {
    "before_word": "gap_before",
    "after_word": "gap_after",
    "during_word": "gap_during",
    "after_exit_word": "gap_after_exit_1y",
}
_WITH_INTERVAL = ("change", "difference")


@dataclass(frozen=True)
class _Gap:
    value: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Overview:
    """All indicators of the study beside one another."""

    table: pd.DataFrame
    """A row for each indicator; columns `OVERVIEW_LABELS`, all of them text."""
    total: int
    shown: int
    changed: int
    relative: int
    origin: Origin | None
    """Origin of the figures: simulated where any are; None where no indicator is shown."""

    @property
    def note(self) -> str:
        """Say what many intervals side by side can and cannot tell."""
        return (
            "Each interval is a 95% one for itself; none is adjusted for the number of indicators "
            f"({self.shown} here). Where nothing had happened to any of them, about one interval in twenty "
            "would still leave out zero, so a single one that does is weak evidence."
        )


OVERVIEW_LABELS = {
    "indicator": "Indicator (gap in)",
    "spells": "Spells",
    "gap_before": "Gap before entry",
    "gap_after": "Gap after entry",
    "change": "Change (95% interval)",
    "comparator_change": "Comparators' change",
    "difference": "Difference (95% interval)",
    "finding": "In words",
}


def names(indicators: Iterable[str]) -> list[str]:
    """Every result of the notebook `summarise_findings`, for these indicators."""
    of_each = [f"{name}_{part}" for name in indicators for part in (*QUOTED, *WORDS)]
    return [
        *REGIME_QUOTED,
        *of_each,
        *OVERVIEW,
        *PUBLISHED,
        *EFFECTS,
        *EFFECT_QUOTED,
        "effects_sure",
    ]


def overview(study: Study, records: Mapping[str, Mapping[str, NamedResult]]) -> Overview:
    """Put the indicators of the study beside one another, in its order.

    `records` holds, by indicator, the results named in `NEEDED`. An indicator without a change has the
    reason in place of the words.
    """
    lines: list[dict[str, str | None]] = []
    shown = [one for one in study.indicators if records[one.id]["change"].kind != "absent"]
    for indicator in study.indicators:
        results = records[indicator.id]
        label = f"{indicator.label[:1].upper()}{indicator.label[1:]} ({indicator.difference_unit})"
        if indicator not in shown:
            lines.append({"indicator": label, "finding": f"No result: {results['change'].reason}"})
            continue
        given, _ = words(results)
        said = [f"{given['before_word']} England before entry", f"the gap {given['change_word']}"]
        if "relative_word" in given:
            said.append(f"{given['relative_word']} beside comparators")
        columns = ("gap_before", "gap_after", "change", "comparator_change", "difference")
        cells = {column: _cell(results[column], column) for column in columns}
        spells = results["spells_used"].display
        lines.append({"indicator": label, "spells": spells, **cells, "finding": "; ".join(said)})
    return Overview(
        table=pd.DataFrame(lines, columns=list(OVERVIEW_LABELS)).astype(object),
        total=len(study.indicators),
        shown=len(shown),
        changed=sum(_clear(records[one.id]["change"]) for one in shown),
        relative=sum(_clear(records[one.id]["difference"]) for one in shown),
        origin=_origin([records[one.id]["change"].origin for one in shown]),
    )


def published(
    given: Mapping[str, str],
    indicators: Mapping[str, Mapping[str, NamedResult]],
    effects: Mapping[str, NamedResult],
) -> tuple[dict[str, tuple[str, Origin]], dict[str, str]]:
    """Set the change relative to England and the effect of entry beside the published direction.

    given: direction by indicator; indicators: by id, the results `change` and `better`; effects: the
    results `<id>_direction`. Returns words and their origin, and the reason of each that cannot be given.
    """
    words: dict[str, tuple[str, Origin]] = {}
    absent: dict[str, str] = {}
    for name, direction in given.items():
        change, better = indicators[name]["change"], indicators[name]["better"]
        effect = effects[f"{name}_direction"]
        for of, result in (("trend", change), ("effect", effect)):
            key = f"{name}_published_{of}"
            if result.kind == "absent":
                absent[key] = result.reason
            elif result.origin == "simulated":
                absent[key] = published_directions.SIMULATED
            else:
                ours = str(result.value)
                if of == "trend":
                    ours = wording.relative(_gap(result).interval, _better(better))
                words[key] = published_directions.agreement(ours, direction), result.origin
    beside = {name: words[key] for name in given if (key := f"{name}_published_effect") in words}
    if beside:
        said = published_directions.sentence({name: word for name, (word, _) in beside.items()})
        words["effects_published"] = said, next(iter(beside.values()))[1]
    else:
        absent["effects_published"] = absent[f"{next(iter(given))}_published_effect"]
    return words, absent


def effects_sure(better: int, worse: int) -> str:
    """Say how sure the summary is of effects, by the numbers of indicators clearly better and worse."""
    return "less sure" if better + worse else "not sure either way"


def _origin(origins: list[Origin]) -> Origin | None:
    if "simulated" in origins:
        return "simulated"
    return sorted(origins)[0] if origins else None


def _cell(result: NamedResult, column: str) -> str | None:
    if result.kind == "absent":
        return None
    return f"{result.display} ({result.interval_display})" if column in _WITH_INTERVAL else result.display


def _clear(result: NamedResult) -> bool:
    return result.interval is not None and wording.sign(result.interval) != 0


def words(results: Mapping[str, NamedResult]) -> tuple[dict[str, str], dict[str, str]]:
    """Give the words about one indicator, and the reason of each word that cannot be given.

    `results` holds the results named in `NEEDED`.
    """
    lacking = {name: results[name].reason for name in NEEDED if results[name].kind == "absent"}
    given: dict[str, str] = {}
    absent: dict[str, str] = {}
    needs = {
        "before_word": ("better", "gap_before"),
        "after_word": ("better", "gap_after"),
        "change_word": ("better", "gap_before", "gap_after", "change"),
        "relative_word": ("better", "difference"),
        "during_word": ("better", "gap_during"),
        "after_exit_word": ("better", "gap_after_exit_1y"),
    }
    for word in WORDS:
        missing = [name for name in needs[word] if name in lacking]
        if missing:
            absent[word] = lacking[missing[0]]
        else:
            given[word] = _word(word, results)
    return given, absent


def _word(word: str, results: Mapping[str, NamedResult]) -> str:
    better = _better(results["better"])
    if word == "change_word":
        before, after, change = (_gap(results[name]) for name in ("gap_before", "gap_after", "change"))
        return wording.gap_change(before, after, change, better)
    if word == "relative_word":
        return wording.relative(_gap(results["difference"]).interval, better)
    return wording.compared(_gap(results[_COMPARED[word]]).interval, better)


def _better(result: NamedResult) -> Better:
    return "up" if result.value == wording.better_word("up") else "down"


def _gap(result: NamedResult) -> _Gap:
    if result.interval is None or result.value is None:
        raise ValueError("a direction word needs a value with an interval")
    return _Gap(float(result.value), result.interval)
