"""What the notebook `chart_spc` reports of one indicator: the charts, the counts and the tables.

`describe` gives a `Description`, or a `Lacking` with the reason. The rules are applied to two series of each
trust that was ever in special measures: the figures as reported, and their distance from England in the same
month, which takes out what moves all trusts alike (the season, the trend, the pandemic). Neither series
meets what the rules assume, that months are independent around one mean; a special cause is a question to
ask of a month, not evidence of what the regime did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from press.errors import nearest
from smq import naming
from smq.control_charts import spc, spc_tables, spc_words
from smq.control_charts.spc_trusts import AROUND, TrustChart, chart_trust, choose, count_by_spell
from smq.performance import trajectories
from smq.performance.indicator import Lacking, Number
from smq.readers.errors import MappingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smq.config import Better, Indicator, Study

WINTER = (12, 1, 2, 3)
TARGET_NUMBERS = (
    "target",
    "target_failed",
    "target_met",
    "target_hit_or_miss",
    "target_met_months",
    "chart_target_met",
)
LAST_NUMBERS = ("last_concern", "last_improvement", "last_common")
SPELL_NUMBERS = ("spells_counted", "concern_before_entry", "improvement_in_spell", "concern_in_spell")
SEASON_NUMBERS = ("winter_concern", "other_concern")
HALF_NUMBERS = ("early_concern", "early_improvement", "late_concern", "late_improvement")
"""Of the months up to the middle of all months with figures, and of those after it."""
_SERIES_NUMBERS = (*LAST_NUMBERS, *SPELL_NUMBERS, *SEASON_NUMBERS, *HALF_NUMBERS)
GAP_NUMBERS = tuple(f"gap_{name}" for name in _SERIES_NUMBERS)
"""The same of the distance from England."""
NUMBERS = (
    "smq_trusts",
    "trusts_charted",
    "spells_charted",
    *TARGET_NUMBERS,
    *_SERIES_NUMBERS,
    *GAP_NUMBERS,
    "points",
    "special_points",
    "special_points_unscreened",
    "last_changed_unscreened",
    "autocorrelation",
    "chart_months",
    "chart_mean",
    "chart_lower",
    "chart_upper",
    "chart_lower_unscreened",
    "chart_upper_unscreened",
    "chart_concern",
    "chart_improvement",
)
TEXTS = (
    "label",
    "better",
    "early_until",
    "target_source",
    "chart_trust",
    "chart_code",
    "chart_choice",
    "chart_first_month",
    "chart_last_month",
    "chart_months_words",
    "chart_variation",
    "chart_assurance",
)
TABLES = ("overview_table", "period_table", "rules_table", "not_charted")
FIGURES = ("chart", "overview", "gap_overview")
NAMES = (*NUMBERS, *TEXTS, *TABLES, *FIGURES)
"""Every result of the notebook `chart_spc`: each is present, or absent with a reason."""
_BY_RULE = (
    "of the trusts with the most months of figures, the first to enter special measures "
    "(of several, the first by code)"
)


@dataclass(frozen=True)
class Description:
    """What is reported of one indicator."""

    indicator: Indicator
    origin: str
    regime_end: pd.Timestamp
    chosen: TrustChart
    charts: tuple[TrustChart, ...]
    """Of the figures as reported, by code."""
    gap_charts: tuple[TrustChart, ...]
    """Of the distance from England, by code."""
    numbers: dict[str, Number]
    texts: dict[str, str]
    tables: dict[str, pd.DataFrame]
    absent: dict[str, str]
    notes: tuple[str, ...]
    caution: str
    """Why the marks are no measure of an effect."""


def describe(
    panel: pd.DataFrame, spells: pd.DataFrame, study: Study, name: str, trust: str = "", baseline: int = 0
) -> Description | Lacking:
    """Chart one indicator. `trust` is the code to draw in full (empty: as `spc_trusts.choose` says).

    `baseline` takes mean and limits from the first so many months (0: all). Raises `MappingError` for an
    unknown indicator or trust and `ValueError` for a baseline of 1 to 11 months.
    """
    indicator = study.indicator(name)
    better = indicator.better
    rows = trajectories.of_indicator(panel, name)
    if rows.empty:
        return Lacking(f"no data file holds figures on {indicator.label}")
    lengths = sorted(set(rows["period_length"]) - {"month"})
    if lengths:
        return Lacking(f"the figures on {indicator.label} are by {lengths[0]}; the charts are by month")
    gaps = trajectories.add_gap(rows, trajectories.england(rows)).dropna(subset="gap")
    months = rows.groupby("unit").size()
    enough = set(months[months >= spc.TRIAL].index) & set(gaps["unit"])
    codes = sorted(enough & set(spells["ods_code"]))
    if not codes:
        return Lacking(
            f"no trust that was ever in special measures has {spc.TRIAL} months of figures "
            f"on {indicator.label}"
        )
    if trust and int(months.get(trust, 0)) < 2:
        raise MappingError(
            f"the trust '{trust}' has no two months of figures on {indicator.label} in this world. "
            f"{nearest(trust, months.index)}"
        )
    charts = tuple(chart_trust(rows, code, "value", spells, study, baseline) for code in codes)
    gap_charts = tuple(chart_trust(gaps, code, "gap", spells, study, baseline) for code in codes)
    chosen = chart_trust(rows, trust or choose(charts), "value", spells, study, baseline)
    counted, gap_counted = (count_by_spell(group, better, study) for group in (charts, gap_charts))
    until = _middle(charts)
    numbers = (
        _of_trusts(charts, spells, better)
        | _of_target(charts, chosen, indicator)
        | _of_series(charts, counted, better, until, "")
        | _of_series(gap_charts, gap_counted, better, until, "gap_")
        | _of_chosen(chosen, indicator)
    )
    texts = _texts(chosen, indicator, by_rule=not trust) | {
        "early_until": f"{until:%B %Y}",
        "chart_months_words": spc_words.months_words(chosen.months, set(rows["period"])),
    }
    steps = sum(step.indicator == name for step in study.step_changes)
    tables = {
        "overview_table": spc_tables.overview_table(charts, counted, indicator),
        "period_table": spc_tables.period_table(counted, gap_counted),
        "rules_table": spc_tables.rules_table(charts, gap_charts, better),
        "not_charted": spc_tables.not_charted(spells, months, codes, indicator.label),
    }
    absent = _absent({*numbers, *texts}, indicator)
    if tables["not_charted"].empty:
        del tables["not_charted"]
        absent["not_charted"] = "every trust that was ever in special measures has a chart"
    return Description(
        indicator=indicator,
        origin=str(rows["origin"].iloc[0]),
        regime_end=pd.Timestamp(study.regime.end),
        chosen=chosen,
        charts=charts,
        gap_charts=gap_charts,
        numbers=numbers,
        texts=texts,
        tables=tables,
        absent=absent,
        notes=spc_words.notes(baseline, steps),
        caution=spc_words.caution(baseline, steps),
    )


def _absent(given: set[str], indicator: Indicator) -> dict[str, str]:
    """Give the reason of each number and text that could not be given."""
    spells = f"no trust has figures for each of the {AROUND} months before entry and for its spell"
    reasons = dict.fromkeys(SEASON_NUMBERS, f"the figures on {indicator.label} are not of all seasons")
    reasons |= dict.fromkeys(HALF_NUMBERS, f"the figures on {indicator.label} are of one half of the months")
    reasons |= dict.fromkeys(SPELL_NUMBERS, spells)
    reasons |= {f"gap_{name}": reason for name, reason in reasons.items()}
    without = f"no national standard is laid down for {indicator.label}"
    reasons |= dict.fromkeys((*TARGET_NUMBERS, "target_source", "chart_assurance"), without)
    return {name: reason for name, reason in reasons.items() if name not in given}


def _of_trusts(charts: Sequence[TrustChart], spells: pd.DataFrame, better: Better) -> dict[str, Number]:
    trusts, ever = len(charts), spells["ods_code"].nunique()
    points = sum(len(chart.months) for chart in charts)
    special = sum(int(chart.chart.special.sum()) for chart in charts)
    unscreened = sum(int(chart.unscreened.special.sum()) for chart in charts)
    changed = sum(chart.chart.variation(better) != chart.unscreened.variation(better) for chart in charts)
    neighbours = float(np.median([chart.autocorrelation() for chart in charts]))
    return {
        "smq_trusts": Number(ever, ",d", "trusts"),
        "trusts_charted": _count(trusts, "trusts", ever),
        "spells_charted": _count(sum(len(chart.spells) for chart in charts), "spells", len(spells)),
        "points": Number(points, ",d", "months"),
        "special_points": _count(special, "months", points),
        "special_points_unscreened": _count(unscreened, "months", points),
        "last_changed_unscreened": _count(changed, "trusts", trusts),
        "autocorrelation": Number(neighbours, ".2f", ""),
    }


def _of_target(charts: Sequence[TrustChart], chosen: TrustChart, indicator: Indicator) -> dict[str, Number]:
    if indicator.target is None:
        return {}
    target = indicator.target.value
    icons = [chart.chart.assurance(indicator.better, target) for chart in charts]
    months, points = sum(months_met(one, indicator) for one in charts), sum(len(one.months) for one in charts)
    return {
        "target": Number(target, "g", indicator.unit),
        "target_failed": _count(icons.count("fail"), "trusts", len(charts)),
        "target_met": _count(icons.count("pass"), "trusts", len(charts)),
        "target_hit_or_miss": _count(icons.count("hit or miss"), "trusts", len(charts)),
        "target_met_months": _count(months, "months", points),
        "chart_target_met": _count(months_met(chosen, indicator), "months", len(chosen.months)),
    }


def months_met(one: TrustChart, indicator: Indicator) -> int:
    """Count the months in which a trust met the target; 0 where there is none."""
    if indicator.target is None:
        return 0
    distance = one.chart.observed - indicator.target.value
    return int((distance >= 0).sum() if indicator.better == "up" else (distance <= 0).sum())


def _of_series(
    charts: Sequence[TrustChart], counted: pd.DataFrame, better: Better, until: pd.Timestamp, prefix: str
) -> dict[str, Number]:
    """Count last points, spells with special causes, and special causes by season and by half.

    `until` is the last month of the earlier half.
    """
    found: dict[str, Number] = {}
    last = [chart.chart.variation(better) for chart in charts]
    for name, kind in zip(LAST_NUMBERS, ("concern", "improvement", "common cause"), strict=True):
        found[name] = _count(sum(point == kind for point in last), "trusts", len(charts))
    full = counted[(counted["before"] == AROUND) & (counted["during"] > 0)]
    columns = ("before_concern", "during_improvement", "during_concern")
    if len(full):
        found["spells_counted"] = _count(len(full), "spells", len(counted))
        for name, column in zip(SPELL_NUMBERS[1:], columns, strict=True):
            found[name] = _count(int((full[column] > 0).sum()), "spells", len(full))
    points = pd.concat([chart.points(better) for chart in charts])
    winter = points["period"].dt.month.isin(WINTER)
    if winter.any() and not winter.all():
        for name, rows in zip(SEASON_NUMBERS, (points[winter], points[~winter]), strict=True):
            share = 100 * float((rows["point"] == "concern").mean())
            found[name] = Number(share, ".0f", "%", denominator=len(rows))
    early = points["period"] <= until
    if early.any() and not early.all():
        for half, rows in (("early", points[early]), ("late", points[~early])):
            for kind in ("concern", "improvement"):
                share = 100 * float((rows["point"] == kind).mean())
                found[f"{half}_{kind}"] = Number(share, ".0f", "%", denominator=len(rows))
    return {prefix + name: number for name, number in found.items()}


def _middle(charts: Sequence[TrustChart]) -> pd.Timestamp:
    """Last month of the earlier half of the months with figures of any of the trusts."""
    months = sorted({month for chart in charts for month in chart.months})
    return pd.Timestamp(months[len(months) // 2 - 1])


def _of_chosen(chosen: TrustChart, indicator: Indicator) -> dict[str, Number]:
    chart, plain = chosen.chart, chosen.unscreened
    points = chart.variation_of(indicator.better)
    levels = {
        "chart_mean": chart.mean,
        "chart_lower": chart.lower,
        "chart_upper": chart.upper,
        "chart_lower_unscreened": plain.lower,
        "chart_upper_unscreened": plain.upper,
    }
    form = spc_words.value_format(indicator)
    return {
        "chart_months": _count(len(points), "months", len(spc_words.span_of(chosen.months))),
        "chart_concern": _count(points.count("concern"), "months", len(points)),
        "chart_improvement": _count(points.count("improvement"), "months", len(points)),
    } | {name: Number(float(line[-1]), form, indicator.unit) for name, line in levels.items()}


def _texts(chosen: TrustChart, indicator: Indicator, *, by_rule: bool) -> dict[str, str]:
    found = {
        "label": indicator.label,
        "better": "higher" if indicator.better == "up" else "lower",
        "chart_trust": naming.short_name(chosen.name),
        "chart_code": chosen.code,
        "chart_choice": _BY_RULE if by_rule else "asked for by its code",
        "chart_first_month": f"{chosen.months[0]:%B %Y}",
        "chart_last_month": f"{chosen.months[-1]:%B %Y}",
        "chart_variation": spc_words.variation_words(chosen.chart.variation(indicator.better)),
    }
    if indicator.target is not None:
        icon = chosen.chart.assurance(indicator.better, indicator.target.value)
        found |= {
            "target_source": indicator.target.source,
            "chart_assurance": spc_words.assurance_words(icon),
        }
    return found


def _count(number: int, unit: str, denominator: int) -> Number:
    return Number(number, ",d", unit, denominator=denominator)
