"""What is concluded from the effect on one indicator, in sentences that follow from the results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smq import wording
from smq.effects import wording as words

if TYPE_CHECKING:
    from smq.effects.estimate import Effects

WIDER, MUCH_WIDER = 1.5, 3.0
"""How many times as wide an interval must be for it to be said, and to say little."""


def conclusion(found: Effects) -> str:
    """Say in a paragraph what was found, how sure it is, and what it does not show.

    It is about this indicator alone: that others were looked at too is not allowed for.
    """
    low, high = (words.shown(found, end) for end in found.headline.interval)
    said = words.sure_words(found)
    return (
        f"{words.message(found)}. The estimate is {_with_unit(found, found.headline.value)} "
        f"(95% interval {low} to {high}; {words.p_words(found.numbers['p_value'])}; "
        f"{found.headline.clusters} trusts). {said[:1].upper()}{said[1:]}. {words.curve_message(found)}. "
        f"{_limit(found)}"
    )


def survivor_words(found: Effects) -> str:
    """Say what the entries from April 2017 on show by themselves, for which no trust's past is missing.

    Needs the specification `full_record`.
    """
    alone, headline = found.estimates["full_record"], found.headline
    here, there = (wording.goodness(one.interval, found.indicator.better) for one in (alone, headline))
    if here and here == there:
        return "they show the same by themselves"
    if here:
        side = "better" if here > 0 else "worse"
        return f"by themselves they show that trusts did {side}, which all entries together do not"
    said = "they do not show it by themselves" if there else "they show no clear effect either"
    wide, usual = (one.interval[1] - one.interval[0] for one in (alone, headline))
    if wide < WIDER * usual:
        return said
    little = ", and so can say little" if wide > MUCH_WIDER * usual else ""
    return f"{said}, but have an interval {wide / usual:.1f} times as wide{little}"


def _limit(found: Effects) -> str:
    """Say what the finding does not show."""
    if words.effect_word(found) != "no different":
        return (
            "Return towards the mean is allowed for as far as figures from before entry show it; left alone, "
            f"it would give {_with_unit(found, found.numbers['mean_reversion'])} in the unadjusted "
            "comparison."
        )
    other = found.estimates.get("cs_not_yet")
    if not found.by_chance and other is not None:
        ends = [words.shown(found, one.value) for one in (found.headline, other)]
        return (
            f"The unadjusted estimate is {ends[1]}. The two err to different sides, so that the effect lies "
            f"between {ends[0]} and {ends[1]} where one of them is right, and no direction is claimed."
        )
    return (
        f"A true effect below {_with_unit(found, found.numbers['detectable'])} would be missed more than one "
        "time in five, so that this does not show that entry changed nothing."
    )


def _with_unit(found: Effects, value: float) -> str:
    return f"{words.shown(found, value)}{words.unit_words(found)}"
