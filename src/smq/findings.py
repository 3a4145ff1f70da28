"""What the summary says of each indicator: words that follow from the results of another run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from smq import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smq.config import Better

QUOTED = ("gap_before", "gap_after", "change", "comparator_change", "difference")
"""Numbers of an indicator that the summary quotes, under `<indicator>_<name>`."""
WORDS = ("before_word", "after_word", "change_word", "relative_word")
"""Words about an indicator: `<indicator>_<word>`."""
REGIME_QUOTED = ("spells", "trusts", "exits_24m", "median_months")
"""Numbers of the regime that the summary quotes, under their own names."""


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


@dataclass(frozen=True)
class _Gap:
    value: float
    interval: tuple[float, float]


def words(results: Mapping[str, NamedResult]) -> tuple[dict[str, str], dict[str, str]]:
    """Give the words about one indicator, and the reason of each word that cannot be given.

    `results` holds the results named in `QUOTED`, and `better`.
    """
    lacking = {name: results[name].reason for name in (*QUOTED, "better") if results[name].kind == "absent"}
    given: dict[str, str] = {}
    absent: dict[str, str] = {}
    needs = {
        "before_word": ("better", "gap_before"),
        "after_word": ("better", "gap_after"),
        "change_word": ("gap_before", "gap_after", "change"),
        "relative_word": ("better", "difference"),
    }
    for word in WORDS:
        missing = [name for name in needs[word] if name in lacking]
        if missing:
            absent[word] = lacking[missing[0]]
        else:
            given[word] = _word(word, results)
    return given, absent


def _word(word: str, results: Mapping[str, NamedResult]) -> str:
    if word == "change_word":
        before, after, change = (_gap(results[name]) for name in ("gap_before", "gap_after", "change"))
        return wording.gap_change(before, after, change)
    better: Better = "up" if results["better"].value == wording.better_word("up") else "down"
    if word == "relative_word":
        return wording.relative(_gap(results["difference"]).interval, better)
    gap = "gap_before" if word == "before_word" else "gap_after"
    return wording.compared(_gap(results[gap]).interval, better)


def _gap(result: NamedResult) -> _Gap:
    if result.interval is None or result.value is None:
        raise ValueError("a direction word needs a value with an interval")
    return _Gap(float(result.value), result.interval)
