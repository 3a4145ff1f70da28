"""The tables of the notebook `chart_spc`: by spell, by period, by rule, and the trusts that have no chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smq import naming
from smq.control_charts import spc
from smq.control_charts.spc_trusts import AROUND, KINDS, PERIODS
from smq.control_charts.spc_words import ICON_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smq.config import Better, Indicator
    from smq.control_charts.spc_trusts import TrustChart

SAME, ALL = "Same spells", "All spells"
"""Rows of `period_table`: of the spells with all three periods, and of every spell with months in one."""
PERIOD_WORDS = (f"{AROUND} months before entry", "In special measures", f"{AROUND} months after exit")


def overview_table(charts: Sequence[TrustChart], counted: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """A row for each spell: mean and limits of its trust, icons, points by period (concern / improvement)."""
    of = {chart.code: chart.chart for chart in charts}
    target = None if indicator.target is None else indicator.target.value
    lines = []
    for row in counted.to_dict("records"):
        chart = of[row["unit"]]
        leaving = "on" if pd.isna(row["exited_on"]) else f"to {row['exited_on']:%b %Y}"
        line = {
            "trust": naming.short_name(row["name"]),
            "spell": f"{row['entered_on']:%b %Y} {leaving}",
            "mean": float(chart.mean[-1]),
            "lower": float(chart.lower[-1]),
            "upper": float(chart.upper[-1]),
            "last_point": chart.variation(indicator.better),
            "target": ICON_WORDS[chart.assurance(indicator.better, target)],
        }
        for period in PERIODS:
            points = f"{row[f'{period}_concern']} / {row[f'{period}_improvement']} of {row[period]}"
            line[period] = points if row[period] else None
        lines.append(line)
    return pd.DataFrame(lines)


def with_all_periods(counted: pd.DataFrame, gap_counted: pd.DataFrame) -> pd.Series[bool]:
    """Which spells have every month before entry and after exit, and months inside, in both series."""
    full = pd.Series(data=True, index=counted.index)
    for table in (counted, gap_counted):
        full &= (table["before"] == AROUND) & (table["during"] > 0) & (table["after"] == AROUND)
    return full


def period_table(counted: pd.DataFrame, gap_counted: pd.DataFrame) -> pd.DataFrame:
    """Special causes in per cent of months by period, as reported and against England.

    `counted` and `gap_counted` are of `spc_trusts.count_by_spell`, of the same spells in the same order.
    Rows: the three periods of the spells with all of them (`SAME`), which alone can be compared with one
    another, then of all spells (`ALL`). Columns: counted, period, spells, months, concern, improvement,
    gap_concern, gap_improvement; NaN where there are no months.
    """
    lines = []
    same = with_all_periods(counted, gap_counted)
    for name, of, gap_of in ((SAME, counted[same], gap_counted[same]), (ALL, counted, gap_counted)):
        for label, period in zip(PERIOD_WORDS, PERIODS, strict=True):
            line: dict[str, str | float] = {
                "counted": name,
                "period": label,
                "spells": int((of[period] > 0).sum()),
                "months": int(of[period].sum()),
            }
            for prefix, table in (("", of), ("gap_", gap_of)):
                months = int(table[period].sum())
                for kind in KINDS[:2]:
                    found = int(table[f"{period}_{kind}"].sum())
                    line[f"{prefix}{kind}"] = 100 * found / months if months else float("nan")
            lines.append(line)
    return pd.DataFrame(lines)


def rules_table(
    charts: Sequence[TrustChart], gap_charts: Sequence[TrustChart], better: Better
) -> pd.DataFrame:
    """Special causes by the rule that labels them, as reported and against England."""
    series = {
        prefix: pd.concat([chart.points(better) for chart in group])
        for prefix, group in (("", charts), ("gap_", gap_charts))
    }
    lines = []
    for rule in spc.RULES.values():
        line: dict[str, str | int] = {"rule": rule[:1].upper() + rule[1:]}
        for prefix, points in series.items():
            for kind in KINDS[:2]:
                line[f"{prefix}{kind}"] = int(((points["rule"] == rule) & (points["point"] == kind)).sum())
        lines.append(line)
    return pd.DataFrame(lines)


def not_charted(
    spells: pd.DataFrame, months: pd.Series[int], codes: Sequence[str], label: str
) -> pd.DataFrame:
    """List the trusts of `spells` that are not among `codes`, with the reason, by first entry and code.

    `months` counts the months of figures by code. Columns: trust, type, entered (first), months, reason.
    """
    first = spells.sort_values(["entered_on", "ods_code"]).drop_duplicates("ods_code")
    lines = []
    for row in first[~first["ods_code"].isin(codes)].to_dict("records"):
        found = int(months.get(row["ods_code"], 0))
        if not found:
            reason = f"no monthly figures on {label}"
        elif found < spc.TRIAL:
            reason = f"fewer than {spc.TRIAL} months of figures"
        else:
            reason = "no figure of England in the same months"
        lines.append(
            {
                "trust": naming.short_name(row["trust_name"]),
                "type": row["trust_type"],
                "entered": f"{row['entered_on']:%B %Y}",
                "months": found,
                "reason": reason,
            }
        )
    return pd.DataFrame(lines, columns=["trust", "type", "entered", "months", "reason"])
