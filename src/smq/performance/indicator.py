"""One indicator before, in and after special measures: the estimates, tables and paths that are reported.

`describe` gives a `Description`, or a `Lacking` with the reason where the world has not what it takes. The
comparisons around entry are described in `smq.performance.trajectories`, which spells can be used in
`smq.performance.usable`, the stages in and after the regime in `smq.performance.stages`, the intervals in
`smq.statistics.estimates`. None of it estimates an effect: trusts enter after bad months, so that some return
towards the mean would come by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smq.panel import is_trust
from smq.performance import indicator_notes, indicator_tables, stages, trajectories, usable
from smq.performance.timescale import MONTHS, Timescale
from smq.spells.follow_up import at_cutoff, last_day
from smq.statistics.estimates import Estimate, clustered_mean, difference

if TYPE_CHECKING:
    import pandas as pd

    from smq.config import Indicator, Study

COMPARATOR_NUMBERS = ("comparator_gap_before", "comparator_gap_after", "comparator_change", "difference")
NUMBERS = (
    "spells_used",
    "spells_total",
    "trusts_used",
    "comparators",
    "trusts_in_panel",
    "spells_with_lost_periods",
    "level_before",
    "level_entry",
    "level_after",
    "gap_before",
    "gap_entry",
    "gap_after",
    "change",
    *COMPARATOR_NUMBERS,
    *stages.COUNTS,
    *stages.ESTIMATES,
)
TEXTS = ("label", "better", "window_words", "period_word", "trend_words")
TABLES = ("gap_table", "stage_table", "units_used", "excluded", "excluded_reasons")
FIGURES = ("path", "gap_path", "exit_path")
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
    scale: Timescale
    origin: str
    numbers: dict[str, Number]
    texts: dict[str, str]
    """What "before" and "after" mean (`window_words`), a period, how trusts make up the trend."""
    estimates: dict[str, Estimate]
    """The level, gap and change estimates behind `numbers`, by name."""
    paths: pd.DataFrame
    """A row for each period from entry; columns `indicator_tables.PATHS`."""
    exit_path: pd.DataFrame
    """The same from exit, without comparators; no rows where it is absent."""
    gap_table: pd.DataFrame
    stage_table: pd.DataFrame
    units_used: pd.DataFrame
    excluded: pd.DataFrame
    excluded_reasons: pd.DataFrame
    absent: dict[str, str]
    """Names that cannot be given although the indicator is there, each with the reason."""
    notes: tuple[str, ...]
    stage_notes: tuple[str, ...]


def describe(
    panel: pd.DataFrame, spells: pd.DataFrame, study: Study, name: str, window: int
) -> Description | Lacking:
    """Describe one indicator before, in and after the regime.

    `panel` as of `smq.panel`, `spells` as of the reference; `window` in months, before entry and after it
    (where the indicator is by year, `study.window_years` holds). Raises `MappingError` for an unknown
    indicator and `ValueError` for a window below 2.
    """
    if window < 2:
        raise ValueError("the window must be at least 2 months")
    indicator = study.indicator(name)
    rows = trajectories.of_indicator(panel, name)
    if rows.empty:
        return Lacking(f"no data file holds figures on {indicator.label}")
    length = str(rows["period_length"].iloc[0])
    if length not in MONTHS:
        return Lacking(
            f"the figures on {indicator.label} are balances on single days; "
            "the comparison around entry is by month, quarter or year"
        )
    scale = Timescale.of(length, study, window)
    observed = at_cutoff(spells, study.regime.cutoff, regime_end=study.regime.end)
    used, excluded = usable.select(rows, observed, scale)
    trusts = used["ods_code"].nunique()
    if trusts < 2:
        many = {0: "no spell", 1: "1 spell"}.get(len(used), f"{len(used)} spells of one trust")
        return Lacking(
            f"the figures on {indicator.label} cover the {scale.window_words} before and after entry for "
            f"{many}; an interval needs at least two trusts"
        )
    trend = trajectories.england(rows)
    gaps = trajectories.add_gap(trajectories.align(rows, used, scale, scale.reach), trend)
    codes = _comparators(rows, spells, study, scale, name)
    others = trajectories.add_gap(trajectories.comparator_paths(rows, used, codes, scale), trend)
    lacking = _lacking_comparators(others, len(used), scale)
    others = _weighted(others.iloc[0:0] if lacking else others)

    estimates = _around_entry(gaps, others, scale)
    last = last_day(study.regime.cutoff, study.regime.end)
    followed = stages.follow(rows, observed, scale, last, trend)
    before = trajectories.contrast(gaps, (-scale.window, -1), (-scale.window, -1)).set_index("spell")
    later = stages.estimated(followed, before["before"], scale)
    estimates |= later.estimates
    exit_path = indicator_tables.paths(followed.of("around_exit"), others.iloc[0:0])
    absent = dict.fromkeys(COMPARATOR_NUMBERS, lacking) if lacking else {}
    absent |= later.absent
    if "exit_change" in absent:
        absent["exit_path"] = absent["exit_change"]
        exit_path = exit_path.iloc[0:0]
    if excluded.empty:
        absent |= dict.fromkeys(("excluded", "excluded_reasons"), "no spell had to be left out")
    counts = {
        "spells_used": Number(len(used), ",d", "spells", denominator=len(observed)),
        "spells_total": Number(len(observed), ",d", "spells"),
        "trusts_used": Number(trusts, ",d", "trusts"),
        "comparators": Number(len(codes), ",d", "trusts"),
        "trusts_in_panel": Number(_trusts_in(panel, name), ",d", "trusts"),
        "spells_with_lost_periods": Number(
            int((used["lost"] > 0).sum()), ",d", "spells", denominator=len(used)
        ),
    } | {key: Number(count, ",d", "spells", denominator=len(observed)) for key, count in later.counts.items()}
    weighted = trajectories.weighted(rows)
    return Description(
        indicator=indicator,
        scale=scale,
        origin=str(rows["origin"].iloc[0]),
        numbers=counts
        | {key: _number(key, estimate, indicator) for key, estimate in sorted(estimates.items())},
        texts={
            "window_words": scale.window_words,
            "period_word": scale.length,
            "trend_words": indicator_notes.trend_words(indicator, weighted=weighted),
        },
        estimates=estimates,
        paths=indicator_tables.paths(gaps, others),
        exit_path=exit_path,
        gap_table=indicator_tables.gap_table(gaps, others, estimates["change"], scale),
        stage_table=indicator_tables.stage_table(gaps, followed, estimates, later.counts, scale),
        units_used=indicator_tables.units_used(observed, used, excluded, followed, scale),
        excluded=excluded.drop(columns="kind"),
        excluded_reasons=usable.counted_reasons(excluded),
        absent=absent,
        notes=indicator_notes.entry_notes(indicator, scale, study, used["lost"], weighted=weighted),
        stage_notes=indicator_notes.stage_notes(indicator, scale, last, _short(followed, observed, scale)),
    )


def _trusts_in(panel: pd.DataFrame, name: str) -> int:
    return int(panel.loc[(panel["indicator"] == name) & is_trust(panel), "unit"].nunique())


def _comparators(
    rows: pd.DataFrame, spells: pd.DataFrame, study: Study, scale: Timescale, indicator: str
) -> list[str]:
    wanted = study.comparators
    return trajectories.comparators(
        rows,
        spells["ods_code"],
        max(1, wanted.months // MONTHS[scale.length]),
        wanted.median_denominator.get(indicator, 0) if scale.length == "month" else 0,
    )


def _lacking_comparators(others: pd.DataFrame, spells: int, scale: Timescale) -> str:
    if others["unit"].nunique() < 2:
        return "fewer than two trusts that were never in special measures report enough to be comparators"
    if others["spell"].nunique() < spells:
        return f"for some spells no trust that was never in special measures reports in every {scale.length}"
    return ""


def _weighted(others: pd.DataFrame) -> pd.DataFrame:
    """Weigh the comparators so that each spell counts the same, however many comparators it has."""
    size = others.groupby("spell")["unit"].transform("nunique").astype(float)
    return others.assign(weight=1.0 / size)


def _short(followed: stages.Stages, observed: pd.DataFrame, scale: Timescale) -> int:
    """Count the spells followed around exit that lasted for less than the year before it."""
    spells = observed.loc[sorted(followed.of("around_exit")["spell"].unique())]
    stay = scale.ordinals(spells["ends_on"]) - scale.ordinals(spells["entered_on"])
    return int((stay <= scale.per_year).sum())


def _around_entry(gaps: pd.DataFrame, others: pd.DataFrame, scale: Timescale) -> dict[str, Estimate]:
    before, after = (-scale.window, -1), (1, scale.window)
    level = trajectories.contrast(gaps, before, after, "value")
    gap = trajectories.contrast(gaps, before, after)
    entry = gaps[gaps["event"] == 0]
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
    # Each spell against the comparators of its own calendar periods; both groups of trusts are samples.
    paired = gap["change"] - gap["spell"].map(other.groupby("spell")["change"].mean())
    treated = clustered_mean(paired, gap["unit"])
    found["difference"] = difference(treated, found["comparator_change"], treated.value)
    return found


def _number(key: str, estimate: Estimate, indicator: Indicator) -> Number:
    level = key.startswith("level")
    decimals = 1 + (indicator.unit == "ratio") * (1 if level else 2)
    unit = indicator.unit if level else indicator.difference_unit
    return Number(estimate.value, f".{decimals}f", unit, interval=estimate.interval)
