"""Words about effects, and tables that hold them. Directions follow intervals and the p-value."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from smq import wording
from smq.effects.checks import MATCHES
from smq.naming import listed
from smq.statistics.estimates import LEVEL

if TYPE_CHECKING:
    from smq.effects.estimate import Effects
    from smq.statistics.estimates import Estimate


def decimals(found: Effects) -> int:
    """Decimals of an effect: one, for ratios three."""
    return 3 if found.indicator.unit == "ratio" else 1


def shown(found: Effects, value: float) -> str:
    """Write a value with its decimals and a true minus sign; what rounds to nothing has no sign."""
    return rounded(value, decimals(found))


def rounded(value: float, places: int) -> str:
    """Write a value with so many decimals and a true minus sign; what rounds to nothing has no sign."""
    text = f"{value:.{places}f}".replace("-", "−")
    return text if any(digit in text for digit in "123456789") else text.lstrip("−")


def with_interval(found: Effects, estimate: Estimate) -> str:
    """Write an estimate with its 95% interval."""
    low, high = (shown(found, end) for end in estimate.interval)
    return f"{shown(found, estimate.value)} (95% interval {low} to {high})"


def unit_words(found: Effects) -> str:
    """Unit of an effect after a value; a ratio has none."""
    unit = found.indicator.difference_unit
    return "" if unit == "ratio" else f" {unit}"


def p_words(value: float) -> str:
    """Write a p-value: "p = 0.021", or "p below 0.001" where three decimals would be zeros."""
    return f"p = {value:.3f}" if f"{value:.3f}" != "0.000" else "p below 0.001"


def effect_word(found: Effects) -> str:
    """Say what became of trusts that entered: better, worse, no different, against comparable trusts.

    "no different" unless interval, randomisation and the unadjusted estimate all say otherwise.
    """
    if not found.sure:
        return wording.relative((-1.0, 1.0), found.indicator.better)
    return wording.relative(found.headline.interval, found.indicator.better)


def sure_words(found: Effects) -> str:
    """Say how sure the headline is, in one clause."""
    inside = wording.sign(found.headline.interval) == 0
    if found.sure:
        return "the interval excludes zero, and chance alone would seldom give as much"
    if not found.by_chance:
        return "it is clear only among trusts of the same past, so that it may be the choice of comparison"
    if inside and found.numbers["p_value"] > 1 - LEVEL:
        return "the interval includes zero, and chance alone would often give as much"
    return "interval and randomisation disagree, so that it cannot be called an effect"


def message(found: Effects) -> str:
    """Give the finding in one sentence, without a stop."""
    label = found.indicator.label[:1].upper() + found.indicator.label[1:]
    word = effect_word(found)
    if word == "no different":
        return f"{label}: no clear effect of entry"
    return f"{label}: {word} after entry than at comparable trusts"


def curve_message(found: Effects) -> str:
    """Say in one sentence, without a stop, how many specifications show an effect."""
    drawn = [one.estimate for one in found.specifications if one.estimate is not None]
    signs = [wording.goodness(one.interval, found.indicator.better) for one in drawn]
    counts = [
        (signs.count(1), "a clear improvement"),
        (signs.count(-1), "a clear worsening"),
        (signs.count(0), "no clear effect"),
    ]
    there = sorted(((count, words) for count, words in counts if count), reverse=True)
    if len(there) == 1:
        return f"All {len(drawn)} specifications show {there[0][1]}"
    said = [f"{count} {'shows' if count == 1 else 'show'} {words}" for count, words in there]
    return f"Of {len(drawn)} specifications, {listed(said)}"


def subtitle(found: Effects, how: str) -> str:
    """Say under the message of a figure what is drawn; `how` explains its lines."""
    simulated = "Simulated data about fictional trusts. " if found.origin == "simulated" else ""
    return f"{simulated}{axis(found)}; {found.headline.clusters} trusts that entered; {how}"


def axis(found: Effects) -> str:
    """Say what is measured, in which unit and which way is better."""
    unit = "," + unit_words(found) if unit_words(found) else ""
    better = wording.better_word(found.indicator.better)
    return f"Difference from comparable trusts{unit}; {better} is better"


def block_word(found: Effects) -> str:
    """Name a block: half-year, year."""
    return {3: "quarter", 6: "half-year", 12: "year"}[found.blocks.months]


def past_words(found: Effects) -> str:
    """Say what the headline adjusts for: the past that trusts have in common."""
    others = "" if found.blocks.others is None else " and for how trusts stood on the other indicators"
    return f"the two years before entry{others}"


def window_words(found: Effects) -> str:
    """Say how long the window after entry is: "24 months", "2 calendar years"."""
    blocks = found.blocks
    if blocks.months == 12:
        return "calendar year" if blocks.window == 1 else f"{blocks.window} calendar years"
    return f"{blocks.window * blocks.months} months"


def specification_table(found: Effects) -> pd.DataFrame:
    """Give a row for each specification: columns specification, past, estimate, low, high, trusts, reason."""
    nothing = float("nan")
    lines = []
    for one in found.specifications:
        past = "same past" if one.adjusted else "parallel trends"
        if one.estimate is None:
            lines.append((one.label, past, nothing, nothing, nothing, 0, one.reason))
        else:
            interval = one.estimate.interval
            lines.append((one.label, past, one.estimate.value, *interval, one.estimate.clusters, ""))
    return pd.DataFrame(
        lines, columns=["specification", "past", "estimate", "low", "high", "trusts", "reason"]
    )


def _few(found: Effects, estimate: Estimate) -> str:
    """Write an estimate with its interval, which two trusts are too few for."""
    if estimate.clusters > 2:
        return with_interval(found, estimate)
    return f"{shown(found, estimate.value)} (two trusts, too few for an interval)"


def _end(found: Effects, value: float) -> str:
    return "no end" if math.isnan(value) else shown(found, value)


def threats(found: Effects) -> pd.DataFrame:
    """How far to believe this: columns threat, check, result."""
    numbers, estimates = found.numbers, found.estimates

    def result(*keys: str) -> str:
        parts = [_few(found, estimates[key]) for key in keys if key in estimates]
        return "; ".join(parts) if parts else f"cannot be given: {found.absent[keys[0]]}"

    moved = [one.estimate for one in found.specifications if one.estimate is not None]
    same = [one.estimate for one in found.specifications if one.estimate is not None and one.adjusted]

    def span(values: list[Estimate]) -> str:
        ends = [shown(found, end([one.value for one in values])) for end in (min, max)]
        return f"{ends[0]} to {ends[1]} in {len(values)} specifications"

    bend = "cannot be given: " + found.absent["bends"] if "bends" in found.absent else ""
    if not bend:
        straight, worst = found.bends.iloc[0], found.bends.iloc[-1]
        bend = (
            f"{shown(found, straight['low'])} to {shown(found, straight['high'])} with straight trends; "
            f"{shown(found, worst['low'])} to {shown(found, worst['high'])} with bends as before entry"
        )
    change = "cannot be given: " + found.absent["magnitudes"] if "magnitudes" in found.absent else ""
    if not change:
        said = {1.0: "with changes as before entry", 2.0: "with changes twice as large"}
        change = "; ".join(
            f"{_end(found, low)} to {_end(found, high)} {said[size]}"
            for size, low, high in found.magnitudes.itertuples(index=False)
            if size in said
        )
    placebo = result("placebo_indicator")
    if "placebo_indicator" in estimates:
        one = estimates["placebo_indicator"]
        ends = [f"{end:.1f}%".replace("-", "−") for end in (one.value, *one.interval)]
        placebo = f"{found.placebo_label}: {ends[0]} (95% interval {ends[1]} to {ends[2]})"
    reviewed = result("reviewed_placed")
    if "reviewed_not_placed" in estimates:
        reviewed = (
            f"placed: {reviewed}; the {estimates['reviewed_not_placed'].clusters} not placed: "
            + result("reviewed_not_placed")
        )
    pretrend = (
        p_words(numbers["pretrend_p"])
        if "pretrend_p" in numbers
        else f"cannot be given: {found.absent['pretrend_p']}"
    )
    lines = [
        (
            "Chance, with few trusts",
            f"Entry drawn anew {numbers['permutations']:,.0f} times among trusts with a like year before",
            p_words(numbers["p_value"]),
        ),
        (
            "Too small to be seen",
            "Smallest effect that would be found four times in five",
            shown(found, numbers["detectable"]) + unit_words(found),
        ),
        (
            "Return towards the mean",
            "What the unadjusted estimate gives when entry is drawn by chance among trusts as bad",
            f"{shown(found, numbers['mean_reversion'])}, where {result('cs_not_yet')} was found",
        ),
        (
            "Return towards the mean",
            "Only the year before entry on this indicator allowed for, as if nobody had looked at the others",
            result("own_year"),
        ),
        (
            "Return towards the mean",
            f"The {MATCHES} nearest comparators by what came before entry",
            result("matched"),
        ),
        ("Return towards the mean", "The 12 months before entry dropped", result("cs_dip_12")),
        ("Trends differed before entry", "Joint test of the differences before entry, unadjusted", pretrend),
        ("Trends differed before entry", "Robust intervals where the unadjusted trend may bend", bend),
        (
            "Trends differed before entry",
            "Robust intervals where it may change by as much as it did before, or twice as much",
            change,
        ),
        (
            "Effects found where there are none",
            "Entry moved 12 and 24 months back, figures from before entry alone (bad figures bring entry, so "
            "that a worsening is expected)",
            result("placebo_12", "placebo_24"),
        ),
        ("Effects found where there are none", "A series that the regime should not move", placebo),
        (
            "The first trusts were chosen by one review",
            "Trusts of the review of 2013 that were placed, and those that never were",
            reviewed,
        ),
        ("The first trusts were chosen by one review", "Entries of 2013 left out", result("no_first_cohort")),
        (
            "One trust makes the result",
            "Each trust left out in turn",
            f"{shown(found, numbers['leave_one_low'])} to {shown(found, numbers['leave_one_high'])}",
        ),
        (
            "Older figures are those of trusts that survived",
            "Entries from April 2017 only",
            result("full_record"),
        ),
        (
            "The choice of comparison",
            "Headline and unadjusted: each right where its assumption holds; else the truth may lie outside",
            result("effect", "cs_not_yet"),
        ),
        ("The choice of method", "All specifications", span(moved)),
        ("The choice of method", "Those that compare trusts of the same past", span(same)),
        (
            "It did not last",
            "Change from the last block in the regime to one and two years after exit",
            result("exit_1y", "exit_2y"),
        ),
    ]
    return pd.DataFrame(lines, columns=["threat", "check", "result"])


def notes(found: Effects) -> tuple[str, ...]:
    """Say how the headline was made."""
    block = block_word(found)
    return (
        f"Effects are {'differences of a' if found.indicator.unit == 'ratio' else 'in'} "
        f"{found.indicator.difference_unit}; {wording.better_word(found.indicator.better)} is better. "
        f"Headline: mean over the {window_words(found)} after the {block} of entry, against trusts still at "
        f"risk, adjusted for {past_words(found)}. Effects are those of ever having entered.",
        f"Intervals: 95%, t with one degree less than the trusts that enter. Randomisation: "
        f"{found.numbers['permutations']:,.0f} draws, seed {found.numbers['seed']:.0f}, "
        f"{found.numbers['strata']:.0f} strata of the year before entry.",
        "The comparison takes trusts with the same figures as alike. What inspectors saw beyond the figures "
        "is not in them, and could work either way.",
    )
