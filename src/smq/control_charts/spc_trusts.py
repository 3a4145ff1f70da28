"""Control charts of trusts that were ever in special measures, and their points by spell.

The rules are those of `smq.control_charts.spc`. A spell that had not ended when the regime was replaced has
no exit here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smq.control_charts import spc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smq.config import Better, Study

AROUND = 12
"""Months before entry and after exit that are counted."""
PERIODS = ("before", "during", "after")
KINDS: tuple[spc.Variation, ...] = ("concern", "improvement", "common cause")


@dataclass(frozen=True)
class TrustChart:
    """The chart of one trust."""

    code: str
    name: str
    months: pd.DatetimeIndex
    chart: spc.Chart
    unscreened: spc.Chart
    spells: pd.DataFrame
    """Its spells: columns entered_on, exited_on (missing while it goes on), in order of entry."""

    def points(self, better: Better) -> pd.DataFrame:
        """Tabulate the chart: a row for each month, with limits, rule and what the point is."""
        chart = self.chart
        return pd.DataFrame(
            {
                "unit": self.code,
                "period": self.months,
                "value": chart.observed,
                "mean": chart.mean,
                "lower": chart.lower,
                "upper": chart.upper,
                "near_lower": chart.near_lower,
                "near_upper": chart.near_upper,
                "rule": [spc.RULES[rule] if rule else "" for rule in chart.rule],
                "point": chart.variation_of(better),
            }
        )

    def autocorrelation(self) -> float:
        """Correlation of each month with the month before it; 0 for a series that never moves."""
        distance = self.chart.observed - self.chart.mean
        total = float(np.sum(distance**2))
        return float(np.sum(distance[1:] * distance[:-1])) / total if total else 0.0


def chart_trust(
    rows: pd.DataFrame, code: str, column: str, spells: pd.DataFrame, study: Study, baseline: int = 0
) -> TrustChart:
    """Chart one trust. `rows` are those of one indicator, by unit and period; `column` holds the values.

    `baseline` takes mean and limits from the first so many months of each group (0: all); a documented step
    change begins a new group. Raises `ValueError` for a baseline of 1 to 11.
    """
    mine = rows[rows["unit"] == code]
    values = mine[column].to_numpy()
    starts = _starts(mine, study)
    own = spells[spells["ods_code"] == code].sort_values("entered_on", ignore_index=True)
    exits = own["exited_on"].where(own["exited_on"] <= pd.Timestamp(study.regime.end))
    return TrustChart(
        code=code,
        name=str(own["trust_name"].iloc[-1]) if len(own) else code,
        months=pd.DatetimeIndex(mine["period"]),
        chart=spc.xmr(values, rebase_at=starts, fix_after_n_points=baseline or None),
        unscreened=spc.xmr(values, rebase_at=starts, fix_after_n_points=baseline or None, screen=False),
        spells=own.assign(exited_on=exits)[["entered_on", "exited_on"]],
    )


def choose(charts: Sequence[TrustChart]) -> str:
    """Code of the trust that is drawn where none is asked for.

    Of the trusts with the most months of figures, the one that entered first; ties by code.
    """
    most = max(len(chart.months) for chart in charts)
    full = [chart for chart in charts if len(chart.months) == most]
    return min(full, key=lambda chart: (chart.spells["entered_on"].iloc[0], chart.code)).code


def count_by_spell(charts: Sequence[TrustChart], better: Better, study: Study) -> pd.DataFrame:
    """Count the points of each spell by period: a row for each spell, in order of entry and code.

    Columns: unit, name, entered_on, exited_on, and for each of before (the 12 months before the month of
    entry), during (from that month to the month of exit, or in which the regime was replaced) and after (the
    12 months from then, of spells that had ended): <period>, the months with a figure, and <period>_<kind>
    for each of `KINDS`.
    """
    lines = []
    for chart in charts:
        points = chart.points(better)
        month = points["period"].dt.to_period("M")
        for entered_on, exited_on in zip(chart.spells["entered_on"], chart.spells["exited_on"], strict=True):
            entry = pd.Timestamp(entered_on).to_period("M")
            ended = not pd.isna(exited_on)
            leaving = pd.Timestamp(exited_on if ended else study.regime.end).to_period("M")
            inside = {
                "before": (month >= entry - AROUND) & (month < entry),
                "during": (month >= entry) & (month <= leaving),
                "after": ended & (month > leaving) & (month <= leaving + AROUND),
            }
            line: dict[str, object] = {
                "unit": chart.code,
                "name": chart.name,
                "entered_on": entered_on,
                "exited_on": exited_on,
            }
            for period, rows in inside.items():
                line[period] = int(rows.sum())
                line |= {f"{period}_{kind}": int((points["point"][rows] == kind).sum()) for kind in KINDS}
            lines.append(line)
    return pd.DataFrame(lines).sort_values(["entered_on", "unit"], kind="stable", ignore_index=True)


def _starts(mine: pd.DataFrame, study: Study) -> list[int]:
    """Places at which a documented step change begins a new group of a trust's months."""
    if not study.step_changes or mine.empty:
        return []
    code, indicator = str(mine["unit"].iloc[0]), str(mine["indicator"].iloc[0])
    places = {
        int((mine["period"] < pd.Timestamp(step.month.replace(day=1))).sum())
        for step in study.step_changes
        if step.indicator == indicator and step.trust in ("", code)
    }
    return sorted(place for place in places if 0 < place < len(mine))
