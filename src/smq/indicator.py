"""One indicator around entry to special measures: the estimates, the table and the paths that are reported.

`describe` gives a `Description`, or a `Lacking` with the reason where the world has not what it takes. The
comparisons are described in `smq.trajectories`, the intervals in `smq.estimates`. None of it estimates an
effect: trusts enter after bad months, so that some return towards the mean would come by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from smq import trajectories
from smq.estimates import Estimate, clustered_mean, difference
from smq.panel import is_trust

if TYPE_CHECKING:
    from smq.config import Indicator, Study

COMPARATOR_NUMBERS = ("comparator_gap_before", "comparator_gap_after", "comparator_change", "difference")
NUMBERS = (
    "spells_used",
    "spells_total",
    "trusts_used",
    "comparators",
    "trusts_in_panel",
    "level_before",
    "level_entry",
    "level_after",
    "gap_before",
    "gap_entry",
    "gap_after",
    "change",
    *COMPARATOR_NUMBERS,
)
TEXTS = ("label", "better")
TABLES = ("gap_table", "excluded")
FIGURES = ("path", "gap_path")
PATHS = (
    "event_month",
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
NAMES = (*NUMBERS, *TEXTS, *TABLES, *FIGURES)
"""Every result of the notebook `describe_indicator`: each is present, or absent with a reason."""


@dataclass(frozen=True)
class Lacking:
    """The world cannot show the indicator; `reason` is what a reader is told."""

    reason: str


@dataclass(frozen=True)
class Number:
    """A number to be named. `interval` in the unit of the value; `denominator` what it was counted out of."""

    value: float
    format: str
    unit: str
    interval: tuple[float, float] | None = None
    denominator: int | None = None


@dataclass(frozen=True)
class Description:
    """What is reported of one indicator."""

    indicator: Indicator
    window: int
    origin: str
    numbers: dict[str, Number]
    estimates: dict[str, Estimate]
    """The level, gap and change estimates behind `numbers`, by name."""
    paths: pd.DataFrame
    """A row for each event month; columns `PATHS`."""
    gap_table: pd.DataFrame
    excluded: pd.DataFrame
    absent: dict[str, str]
    """Names that cannot be given although the indicator is there, each with the reason."""
    notes: tuple[str, ...]


def describe(
    panel: pd.DataFrame, spells: pd.DataFrame, study: Study, name: str, window: int
) -> Description | Lacking:
    """Describe one indicator from `window` months before entry to as many after it.

    `panel` as of `smq.panel`, `spells` as of the reference. Raises `MappingError` for an unknown indicator
    and `ValueError` for a window below 2.
    """
    if window < 2:
        raise ValueError("the window must be at least 2 months")
    indicator = study.indicator(name)
    rows = trajectories.of_indicator(panel, name)
    if rows.empty:
        return Lacking(f"no file of this world holds figures on {indicator.label}")
    lengths = sorted(set(rows["period_length"]) - {"month"})
    if lengths:
        return Lacking(
            f"the figures on {indicator.label} are by {lengths[0]}; the comparison around entry is by month"
        )
    used, excluded = trajectories.select(rows, spells, window)
    trusts = used["ods_code"].nunique()
    if trusts < 2:
        return Lacking(
            f"the figures on {indicator.label} cover {window} months before and after entry for {len(used)} "
            "spell(s); an interval needs at least two trusts"
        )
    trend = trajectories.england(rows)
    gaps = trajectories.add_gap(trajectories.align(rows, used, window), trend)
    codes = trajectories.comparators(
        rows, spells["ods_code"], study.comparators.months, study.comparators.median_denominator
    )
    others = trajectories.add_gap(trajectories.comparator_paths(rows, used, codes, window), trend)
    lacking = _lacking_comparators(others, len(used))
    if lacking:
        others = others.iloc[0:0]
    others = _weighted(others)

    estimates = _estimates(gaps, others, window)
    counts = {
        "spells_used": Number(len(used), ",d", "spells", denominator=len(spells)),
        "spells_total": Number(len(spells), ",d", "spells"),
        "trusts_used": Number(trusts, ",d", "trusts"),
        "comparators": Number(len(codes), ",d", "trusts"),
        "trusts_in_panel": Number(_trusts_in(panel, name), ",d", "trusts"),
    }
    absent = dict.fromkeys(COMPARATOR_NUMBERS, lacking) if lacking else {}
    if excluded.empty:
        absent["excluded"] = "no spell had to be left out"
    return Description(
        indicator=indicator,
        window=window,
        origin=str(rows["origin"].iloc[0]),
        numbers=counts
        | {key: _number(key, estimate, indicator) for key, estimate in sorted(estimates.items())},
        estimates=estimates,
        paths=_paths(gaps, others),
        gap_table=_gap_table(gaps, others, estimates, window),
        excluded=excluded,
        absent=absent,
        notes=_notes(indicator, window, study),
    )


def _trusts_in(panel: pd.DataFrame, name: str) -> int:
    return int(panel.loc[(panel["indicator"] == name) & is_trust(panel), "unit"].nunique())


def _lacking_comparators(others: pd.DataFrame, spells: int) -> str:
    if others["unit"].nunique() < 2:
        return "fewer than two trusts that were never in special measures report enough to be comparators"
    if others["spell"].nunique() < spells:
        return "for some spells no trust that was never in special measures reports in every month"
    return ""


def _weighted(others: pd.DataFrame) -> pd.DataFrame:
    """Weigh the comparators so that each spell counts the same, however many comparators it has."""
    size = others.groupby("spell")["unit"].transform("nunique").astype(float)
    return others.assign(weight=1.0 / size)


def _estimates(gaps: pd.DataFrame, others: pd.DataFrame, window: int) -> dict[str, Estimate]:
    before, after = (-window, -1), (1, window)
    level = trajectories.contrast(gaps, before, after, "value")
    gap = trajectories.contrast(gaps, before, after)
    entry = gaps[gaps["event_month"] == 0]
    found = {
        "level_before": clustered_mean(level["before"], level["unit"]),
        "level_entry": clustered_mean(entry["value"], entry["unit"]),
        "level_after": clustered_mean(level["after"], level["unit"]),
        "gap_before": clustered_mean(gap["before"], gap["unit"]),
        "gap_entry": clustered_mean(entry["gap"], entry["unit"]),
        "gap_after": clustered_mean(gap["after"], gap["unit"]),
        "change": clustered_mean(gap["change"], gap["unit"]),
    }
    if others.empty:
        return found
    other = trajectories.contrast(others, before, after)
    weight = other["spell"].map(others.groupby("spell")["weight"].first())
    for key, column in (
        ("comparator_gap_before", "before"),
        ("comparator_gap_after", "after"),
        ("comparator_change", "change"),
    ):
        found[key] = clustered_mean(other[column], other["unit"], weight)
    # Each spell against the comparators of its own calendar months; both groups of trusts are samples.
    paired = gap["change"] - gap["spell"].map(other.groupby("spell")["change"].mean())
    treated = clustered_mean(paired, gap["unit"])
    found["difference"] = difference(treated, found["comparator_change"], treated.value)
    return found


def _number(key: str, estimate: Estimate, indicator: Indicator) -> Number:
    unit = indicator.unit if key.startswith("level") else indicator.difference_unit
    return Number(
        estimate.value, ".2f" if indicator.unit == "ratio" else ".1f", unit, interval=estimate.interval
    )


def _paths(gaps: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    lines = []
    for event, month in gaps.groupby("event_month", sort=True):
        level = clustered_mean(month["value"], month["unit"])
        gap = clustered_mean(month["gap"], month["unit"])
        lines.append(
            {
                "event_month": int(str(event)),
                "smq": level.value,
                "smq_low": level.interval[0],
                "smq_high": level.interval[1],
                "england": float(month["england"].mean()),
                "gap": gap.value,
                "gap_low": gap.interval[0],
                "gap_high": gap.interval[1],
            }
        )
    paths = pd.DataFrame(lines)
    for name, column in (("comparators", "value"), ("comparator_gap", "gap")):
        paths[name] = paths["event_month"].map(_weighted_mean(others, column)).astype(float)
    return paths[list(PATHS)]


def _weighted_mean(others: pd.DataFrame, column: str) -> pd.Series[float]:
    total = (others[column] * others["weight"]).groupby(others["event_month"]).sum()
    mean: pd.Series[float] = total / others.groupby("event_month")["weight"].sum()
    return mean


def _gap_table(
    gaps: pd.DataFrame, others: pd.DataFrame, estimates: dict[str, Estimate], window: int
) -> pd.DataFrame:
    half = window // 2
    spans = [
        (_period(-window, -half - 1), -window, -half - 1),
        (_period(-half, -1), -half, -1),
        ("Month of entry", 0, 0),
        (_period(1, half), 1, half),
        (_period(half + 1, window), half + 1, window),
        (f"All {window} months before", -window, -1),
        (f"All {window} months after", 1, window),
    ]
    lines: dict[str, list[float]] = {}
    for label, first, last in spans:
        mean = trajectories.contrast(gaps, (first, last), (first, last))
        estimate = clustered_mean(mean["before"], mean["unit"])
        inside = gaps[gaps["event_month"].between(first, last)]
        other = others[others["event_month"].between(first, last)]
        weight = other["weight"].sum() or float("nan")
        lines[label] = [
            float(inside["value"].mean()),
            float(inside["england"].mean()),
            estimate.value,
            *estimate.interval,
            *(float((other[column] * other["weight"]).sum() / weight) for column in ("value", "gap")),
        ]
    change = estimates["change"]
    moved = [after - before for before, after in zip(lines[spans[-2][0]], lines[spans[-1][0]], strict=True)]
    lines["Change, before to after"] = [*moved[:2], change.value, *change.interval, *moved[5:]]
    return pd.DataFrame(
        [(label, *line) for label, line in lines.items()],
        columns=["period", "smq", "england", "gap", "gap_low", "gap_high", "comparators", "comparator_gap"],
    )


def _period(first: int, last: int) -> str:
    side = "before" if last < 0 else "after"
    near, far = sorted((abs(first), abs(last)))
    if near == far:
        return f"Month {near} {side}"
    return f"Months {far} to {near} before" if last < 0 else f"Months {near} to {far} after"


def _notes(indicator: Indicator, window: int, study: Study) -> tuple[str, ...]:
    return (
        f"Month 0 is the month of entry. A spell is used where its trust reports in each of the "
        f"{window} months before and after; each spell counts the same.",
        "England: all trusts of the panel together, those in special measures included; not the published "
        "national figure.",
        f"Comparators: trusts never in special measures with at least {study.comparators.months} months of "
        f"figures and a median above {study.comparators.median_denominator:,.0f} {indicator.of} a month, in "
        "the same calendar months as each spell.",
        "Intervals are 95% t intervals, clustered by trust. Trusts enter after bad months, so some return "
        "towards England would be expected without any effect.",
    )
