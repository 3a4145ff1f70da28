"""What the notebook names of the effects: numbers with formats, texts, tables with captions and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from smq import wording
from smq.effects import wording as words
from smq.effects.conclusion import conclusion, survivor_words
from smq.performance.indicator import Number

if TYPE_CHECKING:
    from smq.effects.estimate import Effects

_COUNTS = {
    "trusts": "trusts",
    "trusts_ever": "trusts",
    "comparators": "trusts",
    "cohort_count": "cohorts",
    "spells": "spells",
    "permutations": "draws",
    "strata": "strata",
    "seed": "",
}
MEANINGS = {
    "effect": "The headline: mean effect over the window after entry",
    "p_value": "Share of draws of entry by chance whose effect over its standard error is as far from zero",
    "permutations": "Draws of entry by chance",
    "strata": "Strata of the year before entry in which entry is drawn",
    "seed": "Seed of the draws",
    "detectable": "Smallest effect that would be found four times in five",
    "spread": "Standard deviation between comparators",
    "mean_reversion": "Mean of the unadjusted estimate over the draws: return towards the mean by itself",
    "pretrend_p": "Joint test that the unadjusted differences before entry are all zero",
    "leave_one_low": "Smallest headline when one trust is left out",
    "leave_one_high": "Largest headline when one trust is left out",
    "twfe": "Two-way fixed effects, which are not to be believed here",
    "twfe_forbidden": "Share of their weight on comparisons with trusts that had entered already",
    "trusts": "Trusts whose entry the headline rests on",
    "trusts_ever": "Trusts ever in the regime",
    "comparators": "Trusts never in the regime, with figures",
    "cohort_count": "Cohorts of entry",
    "spells": "Spells with figures around entry, later ones of a trust among them",
    "its_ml": "Interrupted time series of each trust, by maximum likelihood",
    "placebo_12": "Placebo: entry moved 12 months back, figures from before entry alone",
    "placebo_24": "Placebo: entry moved 24 months back, figures from before entry alone",
    "placebo_indicator": "Placebo: the headline on a series that the regime should not move",
    "exit_1y": "Change over the year after exit",
    "exit_2y": "Change over the two years after exit",
    "reviewed_placed": "Trusts of the review of 2013 that were placed, against trusts that never entered",
    "reviewed_not_placed": "Trusts of the same review that never were placed",
}
_IN_UNIT = ("detectable", "spread", "mean_reversion", "leave_one_low", "leave_one_high", "twfe")


def numbers(found: Effects) -> dict[str, Number]:
    """Give every number by name. Intervals are 95%; denominators are trusts."""
    spec, unit = f".{words.decimals(found)}f", found.indicator.difference_unit
    given = {}
    for name, estimate in found.estimates.items():
        percent = name == "placebo_indicator"
        given[name] = Number(
            estimate.value,
            ".1f" if percent else spec,
            "%" if percent else unit,
            interval=estimate.interval,
            denominator=estimate.clusters,
        )
    for name, value in found.numbers.items():
        if name in _COUNTS:
            # A seed is a name, so it takes no separators.
            given[name] = Number(value, "d" if name == "seed" else ",d", _COUNTS[name])
        elif name in _IN_UNIT:
            given[name] = Number(value, spec, unit)
        elif name == "twfe_forbidden":
            given[name] = Number(value, ".1f", "%")
        else:
            given[name] = Number(value, ".3f", "")
    return {
        name: Number(int(one.value), one.format, one.unit) if one.format.endswith("d") else one
        for name, one in given.items()
    }


def texts(found: Effects) -> dict[str, str]:
    """Give every text by name; `survivor_words` only where it can be given."""
    given = {
        "label": found.indicator.label,
        "better": wording.better_word(found.indicator.better),
        "effect_word": words.effect_word(found),
        "window_words": words.window_words(found),
        "block_word": words.block_word(found),
        "sure_words": words.sure_words(found),
        "curve_words": words.curve_message(found),
        "conclusion": conclusion(found),
    }
    return given if "full_record" in found.absent else given | {"survivor_words": survivor_words(found)}


def tables(found: Effects) -> dict[str, pd.DataFrame]:
    """Give every table by name; those about trends before entry only where they can be given."""
    given = {
        "events": found.events,
        "cohort_table": found.cohorts,
        "specification_table": words.specification_table(found),
        "threats": words.threats(found),
    }
    trends = {"bends": found.bends, "magnitudes": found.magnitudes}
    return given | {name: table for name, table in trends.items() if name not in found.absent}


def described(found: Effects, name: str) -> dict[str, Any]:
    """Give what is said of a table: caption, headings, formats, notes and origin, for `results.table`."""
    return {
        "caption": captions(found)[name],
        "labels": labels(found, name),
        "formats": formats(found, name),
        "notes": table_notes(found)[name],
        "origin": found.origin,
    }


def estimates(found: Effects) -> pd.DataFrame:
    """List every number with what it is: all of it text, its name in the index."""
    lines = []
    for name, one in numbers(found).items():
        ends = [_written(end, one.format) for end in one.interval] if one.interval else ["", ""]
        trusts = "" if one.denominator is None else str(one.denominator)
        value = _written(one.value, one.format)
        if name in ("p_value", "pretrend_p"):
            value = words.p_words(one.value)
        lines.append((name, meaning(found, name), value, one.unit, *ends, trusts))
    columns = ["result", "meaning", "value", "unit", "95% interval from", "to", "trusts"]
    return pd.DataFrame(lines, columns=columns).set_index("result")


def scale(found: Effects) -> pd.DataFrame:
    """Say what the figures are and how large, so that an effect can be judged: all of it text.

    Levels are means over trusts: of those that enter in the block before, of the others over all blocks.
    """
    indicator, blocks = found.indicator, found.blocks
    before = blocks.start[blocks.treated].astype(int) - 1
    entering = blocks.outcomes[blocks.treated, before]
    others = np.nanmean(blocks.outcomes[~blocks.treated], axis=1)
    spec = f".{words.decimals(found)}f"
    lines = {
        "indicator": indicator.label,
        "unit": indicator.unit,
        "out of": indicator.of,
        "better": wording.better_word(indicator.better),
        f"at trusts that enter, the {words.block_word(found)} before": _written(
            float(np.nanmean(entering)), spec
        ),
        "at trusts that never enter, all the time": _written(float(others.mean()), spec),
        "standard deviation between the latter": _written(found.numbers["spread"], spec),
    }
    return pd.DataFrame({"": lines.values()}, index=pd.Index(list(lines), name="the figures"))


def meaning(found: Effects, name: str) -> str:
    """Say what a number is."""
    specified = {one.name: one.label for one in found.specifications}
    return MEANINGS.get(name) or specified[name]


def captions(found: Effects) -> dict[str, str]:
    """Captions of the tables."""
    label = found.indicator.label
    return {
        "events": f"Effect of entry on {label}, by {words.block_word(found)} from entry",
        "cohort_table": f"Trusts in the figures on {label}, by {words.block_word(found)} of entry",
        "specification_table": f"Effect of entry on {label}, in every specification",
        "bends": f"Effect of entry on {label} where trends before entry may bend on",
        "magnitudes": f"Effect of entry on {label} where trends may change as much as before entry",
        "threats": f"How far to believe the estimate of {label}: threats, checks, results",
    }


def labels(found: Effects, name: str) -> dict[str, str]:
    """Headings of a table."""
    unit = found.indicator.difference_unit
    short = {"percentage points": "points"}.get(unit, unit)
    block = words.block_word(found)
    known = {
        "event": f"{block.capitalize()}s from entry",
        "trusts": "Trusts",
        "plain": f"Unadjusted, {short}",
        "plain_low": "95% band from",
        "plain_high": "to",
        "effect": f"Adjusted, {short}",
        "effect_low": "95% band from",
        "effect_high": "to",
        "cohort": f"{block.capitalize()} of entry",
        "specification": "Specification",
        "past": "Rests on",
        "estimate": f"Effect, {short}",
        "low": "95% interval from",
        "high": "to",
        "reason": "Why none",
        "bend": f"Bend a {block}, {short}",
        "magnitude": "Times the largest change before entry",
        "threat": "Threat",
        "check": "Check",
        "result": "Result",
    }
    return {str(column): known[str(column)] for column in tables(found)[name].columns}


def formats(found: Effects, name: str) -> dict[str, str]:
    """Formats of the numbers in a table."""
    text = ("cohort", "specification", "past", "reason", "threat", "check", "result")
    spec = f".{words.decimals(found)}f"
    return {
        str(column): {"trusts": ",d", "event": "d", "magnitude": ".1f"}.get(str(column), spec)
        for column in tables(found)[name].columns
        if column not in text
    }


def table_notes(found: Effects) -> dict[str, tuple[str, ...]]:
    """Notes under the tables."""
    general = words.notes(found)
    block = words.block_word(found)
    return {
        "events": (
            f"{block.capitalize()} 0 is that of entry, partly before and after. Unadjusted: against trusts "
            f"not yet treated, from the {block} before entry. Adjusted: from that {block} too, against "
            "trusts at risk with the same past; before entry it is nothing by construction. Bands "
            "hold for all events of a series together.",
            *general[:1],
        ),
        "cohort_table": (
            "A trust enters once, with its first spell. Trusts whose figures do not cover the window around "
            "it are left out, and are no comparators.",
        ),
        "specification_table": (
            "The list is fixed; the first line is the headline. 'Same past' compares trusts with the same "
            "figures before entry; 'parallel trends' does not, so that return towards the mean is part of "
            f"it. The headline adjusts for {words.past_words(found)}.",
            "The standard errors of Sun–Abraham and imputation take the cohorts as given and are too small "
            "where a cohort is one trust.",
            *general[:2],
        ),
        "bends": (
            "Smoothness bounds of Rambachan and Roth (2023) around the unadjusted estimate, 95%: the "
            "difference in trends may bend by so much a step. The largest is the largest bend before entry.",
        ),
        "magnitudes": (
            "Bounds by relative magnitudes of Rambachan and Roth (2023) around the unadjusted estimate, 95%: "
            f"from one {block} to the next, the difference in trends may change by so many times its largest "
            "change before entry. No end: it is beyond all that was looked at.",
        ),
        "threats": general,
    }


def _written(value: float, spec: str) -> str:
    return format(value, spec).replace("-", "−")
