"""Tables behind the description of an indicator: paths, gaps by period, gaps by stage, units used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smq.performance import trajectories
from smq.statistics.estimates import clustered_mean

if TYPE_CHECKING:
    from smq.performance.stages import Stages
    from smq.performance.timescale import Timescale
    from smq.statistics.estimates import Estimate

PATHS = (
    "event",
    "spells",
    "smq",
    "smq_low",
    "smq_high",
    "england",
    "comparators",
    "gap",
    "gap_low",
    "gap_high",
    "comparator_gap",
)
_GAPS = ["period", "spells", "smq", "england", "gap", "gap_low", "gap_high", "comparators", "comparator_gap"]


def paths(gaps: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Means by event, with 95% intervals: columns `PATHS`, a row for each event that two trusts have.

    `gaps` as of `trajectories.add_gap`; `others` the same of comparators, with weights, or no rows.
    """
    lines = []
    for event, period in gaps.groupby("event", sort=True):
        if period["unit"].nunique() < 2:
            continue
        level = clustered_mean(period["value"], period["unit"])
        gap = clustered_mean(period["gap"], period["unit"])
        lines.append(
            {
                "event": int(str(event)),
                "spells": period["spell"].nunique(),
                "smq": level.value,
                "smq_low": level.interval[0],
                "smq_high": level.interval[1],
                "england": float(period["england"].mean()),
                "gap": gap.value,
                "gap_low": gap.interval[0],
                "gap_high": gap.interval[1],
            }
        )
    table = pd.DataFrame(lines, columns=[name for name in PATHS if not name.startswith("comparator")])
    for name, column in (("comparators", "value"), ("comparator_gap", "gap")):
        table[name] = table["event"].map(_weighted_mean(others, column)).astype(float)
    return table[list(PATHS)]


def _weighted_mean(others: pd.DataFrame, column: str) -> pd.Series[float]:
    total = (others[column] * others["weight"]).groupby(others["event"]).sum()
    mean: pd.Series[float] = total / others.groupby("event")["weight"].sum()
    return mean


def gap_table(gaps: pd.DataFrame, others: pd.DataFrame, change: Estimate, scale: Timescale) -> pd.DataFrame:
    """Levels and gaps in spans of periods around entry, and their change from before to after."""
    window, length = scale.window, scale.length
    spans = [(_entry(scale), 0, 0)]
    if length == "year":
        shown = [event for event in range(-scale.reach, scale.reach + 1) if (gaps["event"] == event).any()]
        spans = [(_span(event, event, scale) if event else _entry(scale), event, event) for event in shown]
    else:
        half = window // 2
        spans = [
            (_span(-window, -half - 1, scale), -window, -half - 1),
            (_span(-half, -1, scale), -half, -1),
            *spans,
            (_span(1, half, scale), 1, half),
            (_span(half + 1, window, scale), half + 1, window),
        ]
    compared = [_line(gaps, others, -window, -1), _line(gaps, others, 1, window)]
    lines: list[tuple[object, ...]] = [
        (label, *_line(gaps, others, first, last)) for label, first, last in spans
    ]
    if window > 1:
        for side, line in zip(("before", "after"), compared, strict=True):
            lines.append((f"All {scale.count(window)} {side}", *line))
    moved = [after - before for before, after in zip(*compared, strict=True)]
    spells = compared[0][0]
    lines.append(("Change, before to after", spells, *moved[1:3], change.value, *change.interval, *moved[6:]))
    return pd.DataFrame(lines, columns=_GAPS).astype({"spells": int})


def _line(gaps: pd.DataFrame, others: pd.DataFrame, first: int, last: int) -> list[float]:
    span = ((first, last), (first, last))
    mean = {column: trajectories.contrast(gaps, *span, column) for column in ("value", "england", "gap")}
    units = mean["gap"]["unit"]
    unknown = (float("nan"), float("nan"))
    interval = clustered_mean(mean["gap"]["before"], units).interval if len(set(units)) > 1 else unknown
    return [
        float(len(units)),
        *(float(mean[column]["before"].mean()) for column in mean),
        *interval,
        *(_comparators(others, *span, column) for column in ("value", "gap")),
    ]


def _comparators(others: pd.DataFrame, first: tuple[int, int], last: tuple[int, int], column: str) -> float:
    mean = trajectories.contrast(others, first, last, column)
    weight = mean["spell"].map(others.groupby("spell")["weight"].first())
    return float((mean["before"] * weight).sum() / weight.sum()) if len(mean) else float("nan")


def _entry(scale: Timescale) -> str:
    return f"{scale.length.capitalize()} of entry"


def _span(first: int, last: int, scale: Timescale) -> str:
    side = "before" if last < 0 else "after"
    near, far = sorted((abs(first), abs(last)))
    name = scale.length.capitalize()
    if near == far:
        return f"{name} {near} {side}"
    return f"{name}s {far} to {near} before" if last < 0 else f"{name}s {near} to {far} after"


def stage_table(
    around: pd.DataFrame,
    stages: Stages,
    estimates: dict[str, Estimate],
    counts: dict[str, int],
    scale: Timescale,
) -> pd.DataFrame:
    """Levels and gaps before, in and after the regime, and the changes from before entry.

    `around` are the gaps of the spells used around entry. Columns: stage, spells, smq, england, gap,
    gap_low, gap_high; a stage that has no estimate is left out.
    """
    year, two = scale.count(scale.per_year), scale.count(2 * scale.per_year)
    entry = [
        ("before", f"Before entry ({scale.count(scale.window)})", around["event"].between(-scale.window, -1)),
        ("entry", _entry(scale), around["event"] == 0),
    ]
    parts = [(f"gap_{key}", label, around[wanted]) for key, label, wanted in entry]
    parts += [
        (f"gap_{stage}", label, stages.of(stage))
        for stage, label in (
            ("during", f"In the regime (whole {scale.length}s)"),
            ("exit", f"{scale.length.capitalize()} of exit"),
            ("after_exit_1y", f"After exit ({year})"),
            ("after_exit_2y", f"After exit ({two})"),
        )
    ]
    lines: list[tuple[object, ...]] = []
    for name, label, part in parts:
        if name in estimates:
            means = part.groupby("spell")[["value", "england"]].mean()
            gap = estimates[name]
            lines.append(
                (label, len(means), *(float(means[one].mean()) for one in means), gap.value, *gap.interval)
            )
    for name, label in (
        ("change_during", "Change, before entry to in the regime"),
        ("change_after_exit", f"Change, before entry to after exit ({year})"),
    ):
        if name in estimates:
            nothing = float("nan")
            change = estimates[name]
            lines.append((label, counts[f"spells_{name}"], nothing, nothing, change.value, *change.interval))
    return pd.DataFrame(
        lines, columns=["stage", "spells", "smq", "england", "gap", "gap_low", "gap_high"]
    ).astype({"spells": int})


def units_used(
    observed: pd.DataFrame, used: pd.DataFrame, excluded: pd.DataFrame, stages: Stages, scale: Timescale
) -> pd.DataFrame:
    """Say of every spell how far it could be followed, or why it could not.

    Columns: trust_name, ods_code, entered_on, around_entry, during, after_exit; by day of entry.
    """
    why = {
        (code, day): reason
        for code, day, reason in excluded[["ods_code", "entered_on", "reason"]].itertuples(index=False)
    }
    status = stages.status.set_index(["spell", "stage"])
    lines = []
    for spell, trust, code, day in observed[["trust_name", "ods_code", "entered_on"]].itertuples():
        lost = int(used.loc[spell, "lost"]) if spell in used.index else 0
        reported = f"used; {scale.count(lost)} missing for all trusts" if lost else "used"
        around = why.get((code, day), reported)
        during, one, two = (
            status.loc[(spell, stage)] for stage in ("during", "after_exit_1y", "after_exit_2y")
        )
        after = one["reason"]
        if two["used"]:
            after = scale.count(2 * scale.per_year)
        elif one["used"]:
            after = f"{scale.count(scale.per_year)}; {two['reason']}"
        stay = during["reason"] or scale.count(int(during["periods"]))
        lines.append((trust, code, day, around, stay, after))
    table = pd.DataFrame(
        lines, columns=["trust_name", "ods_code", "entered_on", "around_entry", "during", "after_exit"]
    )
    return table.sort_values(["entered_on", "ods_code"], ignore_index=True)
