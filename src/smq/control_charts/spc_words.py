"""Words of the notebook `chart_spc`: icons, spans of months, what each number is, notes, what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smq.control_charts import spc
from smq.control_charts.spc_trusts import AROUND
from smq.naming import listed

if TYPE_CHECKING:
    from collections.abc import Collection

    from smq.config import Indicator
    from smq.control_charts.spc_results import Description

ICON_WORDS: dict[spc.Assurance | None, str] = {
    "fail": "missed",
    "pass": "met",
    "hit or miss": "varies",
    None: "–",
}
"""The assurance icon in a word."""
MEANING = {
    "smq_trusts": "Trusts ever in special measures",
    "trusts_charted": "Of these, trusts with a chart",
    "spells_charted": "Spells of the trusts with a chart",
    "last_concern": "Trusts whose last month is special cause concern",
    "last_improvement": "Trusts whose last month is special cause improvement",
    "last_common": "Trusts whose last month is common cause",
    "target": "The target",
    "target_failed": "Trusts with limits wholly on the wrong side of the target: missed",
    "target_met": "Trusts with limits wholly on the right side of the target: met",
    "target_hit_or_miss": "Trusts with the target between their limits: varies",
    "target_met_months": "Months in which a trust met the target",
    "spells_counted": f"Spells with each of the {AROUND} months before entry, and months inside",
    "concern_before_entry": f"Of these spells, with concern in the {AROUND} months before entry",
    "improvement_in_spell": "Of these spells, with improvement inside",
    "concern_in_spell": "Of these spells, with concern inside",
    "winter_concern": "Months of December to March that are concern",
    "other_concern": "Other months that are concern",
    "early_concern": "Months of the earlier half of the figures that are concern",
    "early_improvement": "Months of the earlier half that are improvement",
    "late_concern": "Months of the later half that are concern",
    "late_improvement": "Months of the later half that are improvement",
    "points": "Months of all trusts with a chart",
    "special_points": "Of these, special causes",
    "special_points_unscreened": "The same with limits that are not screened",
    "last_changed_unscreened": "Trusts whose last month would then be something else",
    "autocorrelation": "Median lag-1 autocorrelation of the monthly series, as reported, of the trusts",
    "chart_months": "Trust drawn: months with a figure, of those from the first to the last",
    "chart_mean": "Trust drawn: mean",
    "chart_lower": "Trust drawn: lower limit",
    "chart_upper": "Trust drawn: upper limit",
    "chart_lower_unscreened": "Trust drawn: lower limit, not screened",
    "chart_upper_unscreened": "Trust drawn: upper limit, not screened",
    "chart_concern": "Trust drawn: months of concern",
    "chart_improvement": "Trust drawn: months of improvement",
    "chart_target_met": "Trust drawn: months in which it met the target",
    "label": "The indicator",
    "better": "Which values are better",
    "early_until": "Last month of the earlier half of the months with figures",
    "target_source": "Where the target comes from",
    "chart_trust": "Trust drawn",
    "chart_code": "Trust drawn: code",
    "chart_choice": "Trust drawn: how it was chosen",
    "chart_first_month": "Trust drawn: first month",
    "chart_last_month": "Trust drawn: last month",
    "chart_months_words": "Trust drawn: months with a figure",
    "chart_variation": "Trust drawn: variation icon",
    "chart_assurance": "Trust drawn: assurance icon",
}
"""What each number and text is; one that begins with `gap_` is the same of the distance from England."""
_LISTED = 4
"""Months without a figure that are named; more are counted."""


def meaning(name: str) -> str:
    """Say what a number or text is."""
    plain = name.removeprefix("gap_")
    return f"Against England: {MEANING[plain]}" if plain != name else MEANING[name]


def value_format(indicator: Indicator) -> str:
    """Format of a value of the indicator."""
    return ".2f" if indicator.unit == "ratio" else ".1f"


def variation_words(variation: spc.Variation) -> str:
    """Word the variation icon."""
    return variation if variation == "common cause" else f"special cause {variation}"


def assurance_words(icon: spc.Assurance | None) -> str:
    """Word the assurance icon."""
    return {
        "fail": "by its limits, misses the target consistently",
        "pass": "by its limits, meets the target consistently",
        "hit or miss": "by its limits, hits the target in some months and misses it in others",
        None: "no target",
    }[icon]


def span_of(months: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Give every month from the first to the last."""
    return pd.date_range(months[0], months[-1], freq="MS")


def months_words(months: pd.DatetimeIndex, of_anyone: Collection[pd.Timestamp]) -> str:
    """Say how many of the months from the first to the last have a figure, and which have none.

    `of_anyone`: the months in which some organisation of the data has one.
    """
    span = span_of(months)
    ends = f"{len(span)} months from {months[0]:%B %Y} to {months[-1]:%B %Y}"
    gone = span.difference(months)
    if gone.empty:
        return f"all {ends}"
    lost = [month for month in gone if month not in of_anyone]
    own = [month for month in gone if month in of_anyone]
    parts = []
    if lost:
        parts.append(f"no trust has figures for {_listed(lost)}")
    if own:
        parts.append(f"this trust has none for {_listed(own)}")
    return f"{len(months)} of the {ends} ({'; '.join(parts)})"


def notes(baseline: int, step_changes: int) -> tuple[str, ...]:
    """Notes on every chart and table; `step_changes` documented for the indicator, `baseline` in months."""
    basis = f"the first {baseline} months" if baseline else "all months"
    steps = {0: "none is documented", 1: "one is documented"}.get(
        step_changes, f"{step_changes} are documented"
    )
    return (
        f"XmR charts: limits are the mean ± {spc.LIMIT} × the mean moving range of {basis} of the trust, "
        f"without moving ranges of {spc.SCREEN} times their mean or more. Rules and icons are those of "
        "Making Data Count, by the definitions of NHSRplotthedots 0.2.2.",
        "Seasonality is not removed, and neighbouring months are alike, so the rules fire more often than "
        "on independent months, above all in winter. Limits do not begin anew at entry or exit: only a "
        f"documented cause would be a reason, and {steps}. A month without a figure is passed over.",
        "Target: missed or met where the limits lie wholly on that side of it, so that the months as a whole "
        "would do so; varies where it lies between them. Single months may have done otherwise.",
    )


def caution(baseline: int, step_changes: int) -> str:
    """Say why the marks are no measure of an effect; arguments as of `notes`."""
    if baseline:
        mean = f"The mean of a trust is that of its first {baseline} months"
    elif step_changes:
        mean = "The mean of a trust begins anew only where a documented change does"
    else:
        mean = "Each trust has one mean over all its months, in special measures or not, pandemic or not"
    return (
        f"{mean}. Trusts enter after poor performance, so that some return to the mean would come without "
        "any effect, and no comparison trusts are charted. The marks are questions to ask of months, and no "
        "measure of what special measures did."
    )


def found(description: Description) -> list[str]:
    """Say in sentences what the notebook found."""
    numbers, texts = description.numbers, description.texts

    def shown(name: str) -> str:
        return format(numbers[name].value, numbers[name].format).replace("-", "−")

    def halves(prefix: str) -> str:
        return (
            f"concern in {shown(f'{prefix}early_concern')}% of months in the earlier half (to "
            f"{texts['early_until']}) and {shown(f'{prefix}late_concern')}% in the later; improvement in "
            f"{shown(f'{prefix}early_improvement')}% and {shown(f'{prefix}late_improvement')}%"
        )

    said = [
        f"{shown('trusts_charted')} of {shown('smq_trusts')} trusts that were ever in special measures have "
        f"a chart, with {shown('points')} months in all.",
        f"The rules mark {shown('special_points')} of these months as special causes. They assume that a "
        "month does not depend on the months before; the median lag-1 autocorrelation of the monthly series "
        f"is {shown('autocorrelation')}.",
    ]
    for prefix, words in (("", "As reported"), ("gap_", "Against England")):
        if f"{prefix}early_concern" in numbers:
            said.append(f"{words}: {halves(prefix)}.")
    if "winter_concern" in numbers:
        said.append(
            f"As reported, {shown('winter_concern')}% of the months of December to March are concern, and "
            f"{shown('other_concern')}% of the others."
        )
    said += _by_period(description.tables["period_table"])
    unit = "%" if description.indicator.unit == "%" else f" {description.indicator.unit}"
    if "target" in numbers:
        said.append(
            f"Target of {shown('target')}{unit}, by the limits of each trust: missed at "
            f"{shown('target_failed')}, met at {shown('target_met')}, varies at "
            f"{shown('target_hit_or_miss')}."
        )
    own = f"{texts['chart_trust']}, the trust drawn: its last month is {texts['chart_variation']}"
    said.append(f"{own}; {texts['chart_assurance']}." if "chart_assurance" in texts else f"{own}.")
    said.append(description.caution)
    return said


def _by_period(periods: pd.DataFrame) -> list[str]:
    same = periods[periods["counted"] == periods["counted"].iloc[0]]
    if not same["months"].all():
        return []
    spells = int(same["spells"].iloc[0])
    lead = "The one spell" if spells == 1 else f"The {spells} spells"
    parts = []
    for prefix, words in (("", "as reported"), ("gap_", "against England")):
        for kind in ("concern", "improvement"):
            shares = [f"{share:.0f}%" for share in same[f"{prefix}{kind}"]]
            parts.append(f"{kind} {words} {shares[0]}, {shares[1]} and {shares[2]}")
    return [
        f"{lead} with all three periods, in per cent of the months before entry, inside and after exit: "
        f"{'; '.join(parts)}."
    ]


def _listed(months: list[pd.Timestamp]) -> str:
    if len(months) > _LISTED:
        return f"{len(months)} of them"
    return listed([f"{month:%B %Y}" for month in months])
